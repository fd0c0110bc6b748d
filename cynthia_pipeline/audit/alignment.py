"""Arithmetic of edges, gaps and balance: what lies on one line, what is usual, where the weight is."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from cynthia_pipeline.audit.geometry import Rect


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


def _lean(one: float, other: float) -> float:
    heavier = max(one, other)
    return abs(one - other) / heavier if heavier > 0 else 0.0
