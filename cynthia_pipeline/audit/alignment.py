"""Arithmetic of edges, gaps and balance: what lies on one line, what is usual, where the weight is."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from cynthia_pipeline.audit.geometry import Rect

_SLIVER = 0.01
"""px; thinner than that, a piece cut off at an axis is nothing."""


def clusters(values: Iterable[float], tolerance: float) -> list[list[float]]:
    """`values` in groups: neighbours no further apart than `tolerance` share one. Sorted, whatever the order given."""
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] <= tolerance:
            found[-1].append(value)
        else:
            found.append([value])
    return found


def usual(values: Sequence[float], share: float) -> float | None:
    """The value, to a whole px, that at least `share` of `values` have; None where there is none. Ties: the smaller."""
    counted = Counter(round(value) for value in values)
    if not counted:
        return None
    value, count = min(counted.items(), key=lambda item: (-item[1], item[0]))
    return float(value) if count >= share * len(values) else None


def coverage(rects: Iterable[Rect], frame: Rect, cell: int = 8) -> float:
    """The share of `frame` that `rects` cover together, 0 to 1, counted in cells of `cell` px by their centres."""
    columns, rows = max(int(frame.width // cell), 1), max(int(frame.height // cell), 1)
    taken: set[int] = set()
    for rect in rects:
        left = max(math.ceil((rect.x - frame.x) / cell - 0.5), 0)
        right = min(math.ceil((rect.right - frame.x) / cell - 0.5), columns)
        top = max(math.ceil((rect.y - frame.y) / cell - 0.5), 0)
        bottom = min(math.ceil((rect.bottom - frame.y) / cell - 0.5), rows)
        for row in range(top, bottom):
            taken.update(range(row * columns + left, row * columns + max(left, right)))
    return len(taken) / (columns * rows)


def balance(rects: Iterable[Rect], frame: Rect) -> float:
    """Ngo's balance of a screen, 0 to 1 (Ngo, Teo and Byrne 2003, "Modelling interface aesthetics").

    BM = 1 − (|BM vertical| + |BM horizontal|) / 2, where each is the difference of the weights of the two halves over
    the larger of them, and the weight of an object is its area times the distance of its centre from the axis.
    """
    left = right = top = bottom = 0.0
    middle_x, middle_y = frame.x + frame.width / 2, frame.y + frame.height / 2
    for rect in rects:
        dx, dy = rect.x + rect.width / 2 - middle_x, rect.y + rect.height / 2 - middle_y
        left, right = left + rect.area * max(-dx, 0.0), right + rect.area * max(dx, 0.0)
        top, bottom = top + rect.area * max(-dy, 0.0), bottom + rect.area * max(dy, 0.0)
    return 1 - (_lean(left, right) + _lean(top, bottom)) / 2


def equilibrium(rects: Sequence[Rect], frame: Rect) -> float:
    """How near the centre of mass is to the middle of the frame, 0 to 1 (Ngo, Teo and Byrne 2003, "equilibrium").

    EM = 1 − (|EMx| + |EMy|) / 2, EMx = 2 Σ area × (x − middle) / (count × width × Σ area), and so for y.
    """
    mass = math.fsum(rect.area for rect in rects)
    if mass <= 0:
        return 1.0
    across = math.fsum(rect.area * (rect.x + rect.width / 2 - frame.x - frame.width / 2) for rect in rects)
    down = math.fsum(rect.area * (rect.y + rect.height / 2 - frame.y - frame.height / 2) for rect in rects)
    share = len(rects) * mass
    off = abs(2 * across / (share * frame.width)) + abs(2 * down / (share * frame.height))
    return 1 - min(off, 2.0) / 2


def symmetry(rects: Iterable[Rect], frame: Rect) -> float:
    """How alike the four quarters of the frame are, 0 to 1 (Ngo, Teo and Byrne 2003, "symmetry").

    For each quarter six sums over its objects: distances of the centre from both axes and from the middle, slope,
    width and height; each scaled to 0 to 1 over the quarters. SYM = 1 − (vertical + horizontal + radial) / 3, each the
    mean difference of the quarters that lie opposite each other that way. What crosses an axis is cut there.
    """
    pieces = tuple(rects)
    sums = [_sums(pieces, frame, right=right, low=low) for low in (False, True) for right in (False, True)]
    scaled = [_scaled(column) for column in zip(*sums, strict=True)]
    # Upper left, upper right, lower left, lower right: mirrored across, down, and through the middle.
    ways = (((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2)))
    off = [
        math.fsum(abs(column[one] - column[other]) for column in scaled for one, other in pairs) / (2 * len(scaled))
        for pairs in ways
    ]
    return 1 - math.fsum(off) / len(off)


def _sums(rects: Sequence[Rect], frame: Rect, *, right: bool, low: bool) -> tuple[float, ...]:
    """The six sums of one quarter, as if it lay right below the middle, so that mirrored quarters give the same."""
    middle_x, middle_y = frame.x + frame.width / 2, frame.y + frame.height / 2
    found: list[tuple[float, ...]] = []
    for rect in rects:
        start, end = _beyond(rect.x - middle_x, rect.right - middle_x, positive=right)
        top, bottom = _beyond(rect.y - middle_y, rect.bottom - middle_y, positive=low)
        if end - start > _SLIVER and bottom - top > _SLIVER:
            dx, dy = (start + end) / 2, (top + bottom) / 2
            found.append((dx, dy, math.hypot(dx, dy), dy / dx, end - start, bottom - top))
    return tuple(math.fsum(column) for column in zip(*found, strict=True)) if found else (0.0,) * 6


def _beyond(start: float, end: float, *, positive: bool) -> tuple[float, float]:
    """The part of a stretch on one side of 0, as distances from it."""
    if not positive:
        start, end = -end, -start
    return max(start, 0.0), max(end, 0.0)


def _scaled(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.0 for value in values]


def _lean(one: float, other: float) -> float:
    heavier = max(one, other)
    return abs(one - other) / heavier if heavier > 0 else 0.0
