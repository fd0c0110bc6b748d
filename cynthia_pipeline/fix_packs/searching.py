"""The search for what holds together: which remedies, tried in which way, show no problem as a whole.

Pure but for the question that it asks again and again: does the page hold with these? Whoever answers may name who is
to blame. Blame decides what is tried next, never what is dropped: a remedy is dropped only where it failed as the one
addition to what holds, or its own finding stayed.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_STAYS: Final = "the finding is still there"
_UNDOES: Final = "it undoes another fix"
_OUT_OF_TRIES: Final = "not proven in time"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A remedy in one of its ways.

    Attributes:
        place: among what was proposed; of a part of a divided remedy, its place within that too.
        last: no other way is tried after this one: each has been.
        known: it held already, where that was cheaper to ask.
        narrowing: it is part of one of which every way failed: it is divided again before another way is tried.
    """

    remedy: Remedy
    place: tuple[int, ...]
    way: int = 0
    last: bool = False
    known: bool = False
    narrowing: bool = False

    @property
    def chosen(self) -> Way:
        """The way that is tried."""
        return self.remedy.ways[self.way]


@dataclass(frozen=True)
class Outcome:
    """What came of trying some attempts together.

    Attributes:
        problem: what must not have happened, in words; empty if nothing did.
        failed: what certainly failed by itself, and why.
        remaining: of each attempt, the elements whose findings are still there.
        suspects: of each attempt that may have caused the problem, the elements that it is nearest to.
        shown_on: of each attempt, its own elements that show the problem, or in which it is shown.
    """

    problem: str = ""
    failed: Mapping[Attempt, str] = field(default_factory=dict)
    remaining: Mapping[Attempt, frozenset[str]] = field(default_factory=dict)
    suspects: Mapping[Attempt, frozenset[str]] = field(default_factory=dict)
    shown_on: Mapping[Attempt, frozenset[str]] = field(default_factory=dict)


Try: TypeAlias = Callable[[Sequence[Attempt]], Awaitable[Outcome]]
"""Tries attempts together on the page."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A remedy that did not pass, and why."""

    remedy: Remedy
    reason: str


@dataclass
class Search:
    """One search.

    Attributes:
        ask: tries attempts together.
        most: how often at most.
        may: whether an attempt can be tried here at all; what cannot is set aside.
        tries: how often it was asked so far.
        dropped: what did not pass.
        aside: what could not be tried, or not within `most` tries.
    """

    ask: Try
    most: int
    may: Callable[[Attempt], bool] = lambda _: True
    tries: int = 0
    dropped: list[Dropped] = field(default_factory=list)
    aside: list[Attempt] = field(default_factory=list)
    _partial: dict[tuple[int, ...], tuple[Attempt, int]] = field(default_factory=dict)

    async def largest(self, attempts: Iterable[Attempt]) -> list[Attempt]:
        """What was found to hold together, in the order of the places. The last try that held was of just these.

        Every remedy that holds with whatever else does is among it, and of a remedy of rules every such element, if
        `most` sufficed; the sum over all remedies of 4 times its elements times its ways always does.
        """
        return await self._grown([], self._possible(attempts), None)

    async def _grown(self, base: list[Attempt], added: list[Attempt], known: Outcome | None) -> list[Attempt]:
        """`base`, which holds, with those of `added` that hold with it.

        Args:
            known: the outcome of all of them together, where it has been asked for.
        """
        while added:
            outcome = known
            if outcome is None:
                if self.tries >= self.most:
                    self.aside += added
                    return base
                self.tries += 1
                outcome = await self.ask(_in_order([*base, *added]))
            known = None
            changed = self._possible(self._after_own_failures(added, outcome))
            if changed != added:
                added = changed
                continue
            if not outcome.problem and not _undone(base, outcome):
                return _in_order([*base, *added])
            first, second = _parted(added, outcome)
            if not first:
                added = self._possible(self._next(second[0], outcome.problem or _UNDOES))
                continue
            grown = await self._grown(base, first, None)
            # With all of the first part in it, this is what was just tried, and its outcome is known.
            known = outcome if grown == _in_order([*base, *first]) else None
            base, added = grown, second
        return base

    def _after_own_failures(self, added: Sequence[Attempt], outcome: Outcome) -> list[Attempt]:
        """`added` with those that failed by themselves, wholly or for some elements, in their next way."""
        left: list[Attempt] = []
        for attempt in added:
            remaining = outcome.remaining.get(attempt, frozenset())
            if attempt in outcome.failed:
                left += self._next(attempt, outcome.failed[attempt])
            elif not remaining:
                left.append(attempt)
            elif remaining.issuperset(path for _, path in attempt.remedy.faults):
                left += self._next(attempt, _STAYS)
            elif attempt.last or attempt.way + 1 >= len(attempt.remedy.ways):
                left += self._best(attempt, len(remaining))
            else:
                left += self._improved(attempt, remaining)
        return left

    def _improved(self, attempt: Attempt, remaining: frozenset[str]) -> list[Attempt]:
        """One whose way mended a part: the rest tries the next way, alone if it can be told apart."""
        divided = _divided(attempt, remaining)
        if divided is not None:
            rest, mended = divided
            return [*self._next(rest, _STAYS), mended]
        before = self._partial.get(attempt.place)
        if before is None or len(remaining) < before[1]:
            self._partial[attempt.place] = attempt, len(remaining)
        return [replace(attempt, way=attempt.way + 1)]

    def _best(self, attempt: Attempt, remaining: int) -> list[Attempt]:
        """After its last way: an earlier one, if that mended more."""
        before = self._partial.pop(attempt.place, None)
        if before is not None and before[1] < remaining:
            return [replace(before[0], last=True)]
        return [replace(attempt, last=True)] if before is not None else [attempt]

    def _next(self, attempt: Attempt, reason: str) -> list[Attempt]:
        """The next way of an attempt that failed; dropped after the last."""
        if not attempt.last and attempt.way + 1 < len(attempt.remedy.ways):
            return [replace(attempt, way=attempt.way + 1, known=False)]
        before = self._partial.pop(attempt.place, None)
        if before is not None:
            return [replace(before[0], last=True)]
        self.dropped.append(Dropped(attempt.remedy, reason))
        return []

    def _possible(self, attempts: Iterable[Attempt]) -> list[Attempt]:
        possible: list[Attempt] = []
        for attempt in attempts:
            (possible if self.may(attempt) else self.aside).append(attempt)
        return possible

    def give_up(self, late: Iterable[Attempt]) -> None:
        """These, which are aside, count as dropped."""
        for attempt in tuple(late):
            self.aside.remove(attempt)
            self.dropped.append(Dropped(attempt.remedy, _OUT_OF_TRIES))


def _parted(added: Sequence[Attempt], outcome: Outcome) -> tuple[list[Attempt], list[Attempt]]:
    """Two parts of what failed together, the one that is more likely to hold first; one attempt alone is the second."""
    suspects = outcome.suspects
    splits = (
        lambda attempt: attempt not in suspects if suspects else True,
        lambda attempt: attempt.known,
    )
    for likely in splits:
        first = [attempt for attempt in added if likely(attempt)]
        if 0 < len(first) < len(added):
            return first, [attempt for attempt in added if not likely(attempt)]
    if len(added) > 1:
        half = len(added) // 2
        return list(added[:half]), list(added[half:])
    (only,) = added
    if not only.last and only.way + 1 < len(only.remedy.ways) and not only.narrowing:
        return [], [only]
    if outcome.shown_on.get(only, frozenset()).issuperset(only.remedy.touched):
        return [], [only]  # each of its elements failed
    blamed = suspects.get(only, frozenset())
    divided = _begun_anew(only, blamed) or _begun_anew(only, only.remedy.touched[: len(only.remedy.touched) // 2])
    return ([], [only]) if divided is None else ([divided[1]], [divided[0]])


def _begun_anew(attempt: Attempt, paths: Iterable[str]) -> tuple[Attempt, Attempt] | None:
    """Two parts of a remedy none of whose ways held as a whole: each begins with the first that can be divided."""
    for way in range(len(attempt.remedy.ways)):
        divided = _divided(replace(attempt, way=way, last=False, known=False, narrowing=True), paths)
        if divided is not None:
            return divided
    return None


def _undone(base: Iterable[Attempt], outcome: Outcome) -> bool:
    """Whether a finding is back that was gone."""
    return any(
        outcome.remaining.get(attempt, frozenset()).issuperset(path for _, path in attempt.remedy.faults)
        for attempt in base
    )


def _divided(attempt: Attempt, paths: Iterable[str]) -> tuple[Attempt, Attempt] | None:
    parts = attempt.remedy.divided(attempt.way, paths)
    if parts is None:
        return None
    first, second = parts
    # Divided remedies begin at the way that was being tried.
    return (
        replace(attempt, remedy=first, way=0, place=(*attempt.place, 1)),
        replace(attempt, remedy=second, way=0, place=(*attempt.place, 0)),
    )


def _in_order(attempts: Iterable[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.place)
