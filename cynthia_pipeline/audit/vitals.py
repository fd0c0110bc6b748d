"""How a page loaded: what the browser recorded, and the measures made of it.

CLS    the largest sum of layout shifts within a session window (web.dev, "Cumulative Layout Shift")
TBT    Σ (length − 50 ms) over the long tasks after the first contentful paint (web.dev, "Total Blocking Time")
score  of a value on Lighthouse's log-normal curve
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cynthia_pipeline.audit.untrusted import number, text

_WINDOW_MS = 5000.0
_GAP_MS = 1000.0
_LONG_MS = 50.0

_ERFC_INVERSE_FIFTH = 0.9061938024368232
"""erfc of this is 0.2: where the upper tail of the curve holds a tenth, and the score is 0.9."""


@dataclass(frozen=True, slots=True)
class ShiftSource:
    """An element that a layout shift moved, and how far, CSS px; None for one that is gone."""

    element: int | None
    dx: float
    dy: float


@dataclass(frozen=True, slots=True)
class Shift:
    """One layout shift without a visitor's doing.

    Attributes:
        at: ms since navigation.
        value: share of the view that moved × distance as a share of the view's larger side.
    """

    at: float
    value: float
    sources: tuple[ShiftSource, ...] = ()


@dataclass(frozen=True, slots=True)
class LargestPaint:
    """The largest contentful paint: when, ms; the element, None if it is gone; a picture's address, else empty."""

    at: float
    element: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Task:
    """A long task: start and length, ms."""

    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Blocking:
    """A file without which nothing is painted: its address, and when it had come, ms."""

    url: str
    until: float


@dataclass(frozen=True, slots=True)
class ScrollThrough:
    """What moved by itself while the page was scrolled through.

    Attributes:
        reached: how far down the view went, CSS px.
    """

    shifts: tuple[Shift, ...]
    reached: float


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the browser recorded of a page's loading, up to its measurement.

    Attributes:
        first_paint: first contentful paint, ms since navigation; None if there was none.
        scroll: None where nothing can be scrolled.
    """

    first_paint: float | None = None
    largest: LargestPaint | None = None
    shifts: tuple[Shift, ...] = ()
    tasks: tuple[Task, ...] = ()
    blocking: tuple[Blocking, ...] = ()
    scroll: ScrollThrough | None = None


class Metric(StrEnum):
    """The measures with a curve."""

    FCP = "FCP"
    LCP = "LCP"
    CLS = "CLS"
    TBT = "TBT"


@dataclass(frozen=True, slots=True)
class Curve:
    """Lighthouse's control points: the values that score 0.9 and 0.5."""

    p10: float
    median: float

    def score(self, value: float) -> float:
        """0 to 1, falling with the value: ½ erfc(0.9062 · ln(value / median) / ln(median / p10))."""
        if value <= 0:
            return 1.0
        z = _ERFC_INVERSE_FIFTH * (math.log(value) - math.log(self.median)) / math.log(self.median / self.p10)
        return math.erfc(z) / 2


MOBILE: Mapping[Metric, Curve] = {
    Metric.FCP: Curve(1800, 3000),
    Metric.LCP: Curve(2500, 4000),
    Metric.CLS: Curve(0.1, 0.25),
    Metric.TBT: Curve(200, 600),
}
"""Control points of Lighthouse 10 to 13 for phones: core/audits/metrics, `defaultOptions`."""

DESKTOP: Mapping[Metric, Curve] = {
    Metric.FCP: Curve(934, 1600),
    Metric.LCP: Curve(1200, 2400),
    Metric.CLS: Curve(0.1, 0.25),
    Metric.TBT: Curve(150, 350),
}
"""The same for desktops."""


def cumulative_shift(shifts: Iterable[Shift]) -> float:
    """CLS: the largest sum in a window of shifts less than 1 s apart and 5 s long at most; 0 without shifts."""
    return max((math.fsum(shift.value for shift in window) for window in windows(shifts)), default=0.0)


def windows(shifts: Iterable[Shift]) -> list[list[Shift]]:
    """The session windows of layout shifts, in order of time."""
    found: list[list[Shift]] = []
    for shift in sorted(shifts, key=lambda each: each.at):
        current = found[-1] if found else None
        if current and shift.at - current[-1].at < _GAP_MS and shift.at - current[0].at < _WINDOW_MS:
            current.append(shift)
        else:
            found.append([shift])
    return found


def worst_window(shifts: Iterable[Shift]) -> Sequence[Shift]:
    """The window that CLS is the sum of."""
    return max(windows(shifts), key=lambda window: math.fsum(shift.value for shift in window), default=[])


def total_blocking(tasks: Iterable[Task], first_paint: float) -> float:
    """TBT, ms: of each long task what lies beyond its first 50 ms and after the first paint."""
    total = 0.0
    for task in tasks:
        start = max(task.start, first_paint)
        total += max(task.start + task.length - start - _LONG_MS, 0.0)
    return total


def parse_vitals(answer: dict[str, Any], count: int) -> Vitals:
    """The record of loading from the in-page script's answer, for a view of `count` elements.

    Raises:
        ValueError, KeyError, TypeError, IndexError: the answer is not in the script's shape.
    """
    largest = answer["lcp"]
    return Vitals(
        first_paint=None if answer["fcp"] is None else number(answer["fcp"]),
        largest=None
        if largest is None
        else LargestPaint(number(largest[0]), _known(largest[1], count), text(largest[2])),
        shifts=_shifts(answer["shifts"], count),
        tasks=tuple(Task(number(start), number(length)) for start, length in answer["tasks"]),
        blocking=tuple(Blocking(text(url), number(until)) for url, until in answer["blocking"]),
    )


def parse_scroll(answer: dict[str, Any] | None, count: int) -> ScrollThrough | None:
    """What scrolling through showed.

    Raises:
        ValueError, KeyError, TypeError, IndexError: the answer is not in the script's shape.
    """
    return None if answer is None else ScrollThrough(_shifts(answer["shifts"], count), number(answer["reached"]))


def _shifts(rows: list[Any], count: int) -> tuple[Shift, ...]:
    return tuple(
        Shift(
            number(at),
            number(value),
            tuple(ShiftSource(_known(index, count), number(dx), number(dy)) for index, dx, dy in sources),
        )
        for at, value, sources in rows
    )


def _known(index: object, count: int) -> int | None:
    return index if isinstance(index, int) and 0 <= index < count else None
