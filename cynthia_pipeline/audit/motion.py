"""What moves on a page, as plain data, and how often it flashes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cynthia_pipeline.audit.untrusted import number, text


@dataclass(frozen=True, slots=True)
class Keyframe:
    """One frame: where in the animation it stands, 0 to 1, and the declarations that hold there."""

    offset: float
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Animation:
    """One animation of one element.

    Attributes:
        element: index of the element.
        pseudo: "::before" and the like; empty for the element itself.
        name: of its @keyframes; empty for one that a script started.
        duration: of one turn, ms.
        turns: how often it runs; None = without end.
        direction: as CSS writes it.
        paused: whether it stands still.
        frames: in the order of their offsets; empty where the style sheet may not be read.
    """

    element: int
    pseudo: str
    name: str
    duration: float
    turns: float | None
    direction: str
    paused: bool
    frames: tuple[Keyframe, ...]

    @property
    def total(self) -> float:
        """How long it runs, ms; infinite where it does not end."""
        return float("inf") if self.turns is None else self.duration * self.turns

    @property
    def properties(self) -> frozenset[str]:
        """Which CSS properties its frames name."""
        return frozenset(name for frame in self.frames for name in frame.values)


@dataclass(frozen=True, slots=True)
class Transition:
    """One property's transition on one element.

    Attributes:
        property: as CSS writes it; "all" for every one.
        duration: ms.
        easing: its timing function, as CSS writes it.
    """

    element: int
    property: str
    duration: float
    easing: str


@dataclass(frozen=True, slots=True)
class Media:
    """A <video> or <audio>.

    Attributes:
        duration: seconds; 0 where it is not known.
    """

    element: int
    autoplay: bool
    muted: bool
    loop: bool
    controls: bool
    duration: float


@dataclass(frozen=True, slots=True)
class Reduced:
    """What goes on for a visitor whose system asks for less motion.

    Attributes:
        moving: places in Motion.animations of those that still run.
    """

    moving: frozenset[int]
    smooth_scroll: bool


@dataclass(frozen=True, slots=True)
class Motion:
    """Everything that moves in a view.

    Attributes:
        smooth_scroll: whether jumps within the page are animated.
        reduced: None where nothing moves, and so nothing was asked.
    """

    animations: tuple[Animation, ...] = ()
    transitions: tuple[Transition, ...] = ()
    media: tuple[Media, ...] = ()
    smooth_scroll: bool = False
    reduced: Reduced | None = None


def parse_motion(answer: dict[str, Any], count: int) -> Motion:
    """The motion from the in-page script's answer, for a view of `count` elements.

    Raises:
        ValueError, KeyError, TypeError, IndexError, AttributeError: the answer is not in the script's shape.
    """
    return Motion(
        animations=tuple(_animation(row) for row in answer["animations"] if 0 <= int(row[0]) < count),
        transitions=tuple(
            transition for row in answer["transitions"] if 0 <= int(row[0]) < count for transition in _transitions(row)
        ),
        media=tuple(
            Media(int(row[0]), bool(row[1]), bool(row[2]), bool(row[3]), bool(row[4]), number(row[5]))
            for row in answer["media"]
            if 0 <= int(row[0]) < count
        ),
        smooth_scroll=bool(answer["smoothScroll"]),
    )


def _animation(row: list[Any]) -> Animation:
    index, pseudo, name, duration, turns, direction, state, frames = row
    return Animation(
        element=int(index),
        pseudo=text(pseudo),
        name=text(name),
        duration=number(duration),
        turns=None if turns == -1 else number(turns),
        direction=text(direction),
        paused=state == "paused",
        frames=tuple(
            Keyframe(min(max(number(offset), 0.0), 1.0), {text(key): text(value) for key, value in values.items()})
            for offset, values in frames
        ),
    )


def _transitions(row: list[Any]) -> list[Transition]:
    """CSS repeats the shorter lists until every property has its duration and its easing."""
    properties, durations, easings = split_list(row[1]), split_list(row[2]), split_list(row[3])
    found = []
    for place, name in enumerate(properties):
        duration = milliseconds(durations[place % len(durations)])
        if duration > 0:
            found.append(Transition(int(row[0]), name, duration, easings[place % len(easings)]))
    return found


def split_list(value: str) -> list[str]:
    """The parts of a comma-separated CSS list; commas within brackets do not separate."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(value):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(value[start:place].strip())
            start = place + 1
    return [*parts, value[start:].strip()]


def milliseconds(value: str) -> float:
    """A computed CSS time such as "0.3s" or "300ms", in ms; 0 for anything else."""
    for unit, factor in (("ms", 1.0), ("s", 1000.0)):
        if value.endswith(unit):
            try:
                return number(round(float(value.removesuffix(unit)) * factor, 3))
            except ValueError:
                return 0.0
    return 0.0


def pairs_of_changes(levels: Sequence[float], least: float) -> float:
    """How many pairs of opposing changes of at least `least` a repeating sequence of levels goes through in one turn.

    A flash is a pair of opposing changes (WCAG 2.2, "general flash and red flash thresholds"); a sequence that ends
    on another level than it began with jumps back, and the jump counts.
    """
    if not levels:
        return 0.0
    top = levels.index(max(levels))
    turning: list[float] = []
    for level in (*levels[top:], *levels[: top + 1]):
        if len(turning) > 1 and (turning[-1] - turning[-2]) * (level - turning[-1]) >= 0:
            turning[-1] = level
        elif not turning or level != turning[-1]:
            turning.append(level)
    return sum(abs(other - one) >= least for one, other in pairwise(turning)) / 2
