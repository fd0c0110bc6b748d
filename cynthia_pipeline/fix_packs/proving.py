"""Which remedies hold: rehearsed on the page that is open anyway, then proven on the patched one, opened anew.

A rehearsal costs a tenth of an opening and decides nothing: it only sorts out what is not worth an opening. What holds
is what the patched files, served to a fresh page and audited whole, have shown to hold.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TypeAlias

from cynthia_pipeline.audit.artifacts import EVERY_PART, Part, Viewport
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.fix_packs.faults import faults_of
from cynthia_pipeline.fix_packs.judging import Comparison, Problem, shown_on, suspected
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.parts import look_the_same
from cynthia_pipeline.fix_packs.patching import Patch, conflicting, patch_of
from cynthia_pipeline.fix_packs.probing import (
    WHOLE,
    AwaitingPage,
    LiveChanges,
    OpenedPage,
    Probe,
    Scope,
    axe_rules_of,
)
from cynthia_pipeline.fix_packs.rehearsing import Stage
from cynthia_pipeline.fix_packs.remedies import Remedy, Way
from cynthia_pipeline.fix_packs.searching import Attempt, Dropped, Outcome, Search
from cynthia_pipeline.fix_packs.unaltered import unaltered

MOST_REHEARSALS: Final = 32
"""How many compositions are tried on the open page; what is not sorted out by then is dropped."""

MOST_PROOFS: Final = 6
"""How often the patched page is opened; what is not proven by then is dropped."""

MOST_AHEAD: Final = 4
"""Remedies up to which the patched page is opened while they are rehearsed. About one in five does not hold: of more,
mostly one does not, and the page that was opened with all of them was opened in vain (docs/fix-packs.md, Measured)."""

_NOT_REHEARSED: Final = frozenset((Part.KEYBOARD, Part.PIXELS, Part.PICTURE))
"""What takes long or leaves the page another one than it was; pictures are taken where something moved."""

Reopen: TypeAlias = Callable[[Patch], AbstractAsyncContextManager[AwaitingPage]]
"""Opens the page with a patch."""


@dataclass(frozen=True)
class Noise:
    """The page's own restlessness: what it shows unpatched, too, is no patch's doing.

    Attributes:
        problems: by viewport, element and kind.
        restless: by viewport the elements that look different.
        again: the unpatched page as it was then.
    """

    problems: frozenset[tuple[Viewport, str, str]] = frozenset()
    restless: Mapping[Viewport, frozenset[int]] = field(default_factory=dict)
    again: Probe | None = None

    @classmethod
    def of(cls, unchanged: Comparison) -> "Noise":
        """What differs though nothing was changed."""
        problems = frozenset(map(_kind, unchanged.problems()))
        return cls(
            problems,
            {viewport: frozenset(item.where) for viewport, item in unchanged.pictures.items()},
            unchanged.after,
        )

    def without(self, problems: Sequence[Problem]) -> list[Problem]:
        """Those that are a patch's doing."""
        return [item for item in problems if _kind(item) not in self.problems]

    def to_listen_for(self, problems: Sequence[Problem]) -> frozenset[Part] | None:
        """What the unpatched page has to show once more before it is known whose doing these are; None if it has."""
        shown_by = frozenset[Part]().union(*(problem.shown_by for problem in problems))
        known = self.again.parts if self.again is not None else frozenset[Part]()
        return shown_by | known if problems and (self.again is None or not shown_by <= known) else None


@dataclass(frozen=True, slots=True)
class _Guess:
    """A patched page that was opened before it was known whether it will be asked for."""

    patch: Patch
    page: AwaitingPage
    closing: AsyncExitStack


@dataclass
class Proof:
    """The search for the remedies that hold together.

    Attributes:
        dropped: what did not pass.
        rehearsals: how often changes were tried on the open page.
        openings: how often the page was opened again, with a patch or without, measured or not.
        is_moody: whether it looked different though the patch gave no reason to.
        noise: what the unpatched page shows as well, when it is opened twice.
    """

    page: FixablePage
    reopen: Reopen
    reworded: bool
    dropped: list[Dropped] = field(default_factory=list)
    rehearsals: int = 0
    openings: int = 0
    is_moody: bool = False
    noise: Noise = field(default_factory=Noise)
    _held: tuple[Comparison, Patch] | None = None
    _guess: "_Guess | None" = None

    @asynccontextmanager
    async def ahead(self, remedies: Sequence[Remedy]) -> AsyncIterator[None]:
        """Meanwhile opens the page with all of the remedies, if they are so few that most likely all of them hold."""
        taken = [(remedy, remedy.ways[0]) for remedy in remedies]
        if 0 < len(taken) <= MOST_AHEAD and conflicting(taken) is None:
            patch, closing = patch_of(self.page, taken), AsyncExitStack()
            self.openings += 1
            self._guess = _Guess(patch, await closing.enter_async_context(self.reopen(patch)), closing)
        try:
            yield
        finally:
            await self.forgo()

    async def forgo(self) -> None:
        """Closes the page that was opened ahead, if it is still waiting: it is not what will be proven."""
        guess, self._guess = self._guess, None
        if guess is not None:
            await guess.closing.aclose()

    async def rehearse(self, remedies: Sequence[Remedy], opened: OpenedPage) -> list[Attempt]:
        """What is worth a proof: all that held on the open page, and all that could not be tried there.

        Args:
            opened: the page as it was probed; it is left changed.
        """
        attempts = [Attempt(remedy, (place,)) for place, remedy in enumerate(remedies)]
        rehearsal = _Rehearsal(self, opened)
        search = Search(rehearsal.ask, MOST_REHEARSALS, rehearsal.may)
        held = await search.largest(attempts)
        self.rehearsals = rehearsal.count
        untried = [attempt for attempt in search.aside if not rehearsal.may(attempt)]
        search.give_up(attempt for attempt in search.aside if rehearsal.may(attempt))
        self.dropped += search.dropped
        return [*(replace(attempt, known=True) for attempt in held), *untried]

    async def find(self, attempts: Sequence[Attempt], opened: OpenedPage) -> tuple[Comparison, Patch] | None:
        """The largest part of `attempts` that was found to hold; None if none does.

        Args:
            opened: the page as it was probed. What was not measured of it yet is, while the patched page loads.

        Raises:
            WorkError: the page could not be opened any more.
        """
        completing = asyncio.ensure_future(self._completed(opened))
        search = Search(partial(self._ask, completing), MOST_PROOFS)
        try:
            held = await search.largest(attempts)
        finally:
            completing.cancel()
            await asyncio.wait((completing,))
        search.give_up(search.aside)
        self.dropped += search.dropped
        return self._held if held else None

    async def _completed(self, opened: OpenedPage) -> None:
        """Measures the rest of the original. What cannot be is not known to be wrong before, see `Noise`."""
        rest = EVERY_PART - self.page.probe.parts
        probe = await opened.completed(rest) if rest else None
        if probe is not None:
            self.page = self.page.completed(probe, faults_of(probe.artifacts))

    async def _patched(self, patch: Patch, completing: "asyncio.Future[None]") -> Probe:
        """The patched page; what its patch cannot have changed, and has not to be seen, is as it was."""
        left = frozenset[Part]() if self.is_moody else unaltered(self.page, patch)
        after = await self._opened(patch, Scope(EVERY_PART - left))
        await asyncio.shield(completing)
        if not left:
            return after
        was = self.page.probe
        same = was.parts == EVERY_PART and all(
            look_the_same(was.view(viewport).artifacts, after.view(viewport).artifacts) for viewport in Viewport
        )
        whole = after.with_parts(was, left) if same else None
        if whole is None:
            self.is_moody = True
            whole = await self._opened(patch, WHOLE)
        return whole

    async def _opened(self, patch: Patch, scope: Scope) -> Probe:
        guess = self._guess
        if guess is not None and guess.patch.replaced == patch.replaced:
            self._guess = None
            async with guess.closing:
                return await guess.page.measured(scope)
        await self.forgo()
        self.openings += 1
        async with self.reopen(patch) as page:
            return await page.measured(scope)

    async def _ask(self, completing: "asyncio.Future[None]", attempts: Sequence[Attempt]) -> Outcome:
        taken = [(attempt.remedy, attempt.chosen) for attempt in attempts]
        if (one := conflicting(taken)) is not None:
            return clash(attempts, one)
        patch = patch_of(self.page, taken)
        after = await self._patched(patch, completing)
        comparison = self.compared(after, taken, self.noise)
        problems = self.noise.without(comparison.problems())
        if (parts := self.noise.to_listen_for(problems)) is not None:
            await self._listen(parts)
            comparison = self.compared(after, taken, self.noise)
            problems = self.noise.without(comparison.problems())
        outcome = outcome_of(attempts, comparison, problems)
        if not outcome.problem:
            self._held = comparison, patch
        return outcome

    async def _listen(self, parts: frozenset[Part]) -> None:
        """Opens the unpatched page once more, for what these parts show of it."""
        scope = Scope(parts)
        again = await self._opened(patch_of(self.page, ()), scope)
        self.noise = Noise.of(self.compared(again, (), Noise(), scope))

    def compared(
        self, after: Probe, taken: Sequence[tuple[Remedy, Way]], noise: Noise, scope: Scope = WHOLE
    ) -> Comparison:
        """The original beside the page with what is taken; its own restlessness, where known, is not counted."""
        return Comparison(self.page, after, taken, self.reworded, noise.restless, noise.again, scope)


@dataclass
class _Rehearsal:
    """Trials on the page that is open."""

    proof: Proof
    opened: OpenedPage
    count: int = 0
    over: bool = False
    noise: Noise = field(default_factory=Noise)

    def __post_init__(self) -> None:
        self.stage = Stage(self.proof.page)
        needed = (fault.rule.needs for fault in self.proof.page.faults)
        self.scope = Scope(frozenset((Part.AXE,)).union(*needed) - _NOT_REHEARSED)

    def may(self, attempt: Attempt) -> bool:
        """Whether it can be rehearsed."""
        return not self.over and self.stage.can(attempt.chosen)

    async def ask(self, attempts: Sequence[Attempt]) -> Outcome:
        """Tries them on the open page; once that is gone, everything is let through to the proof."""
        if self.count:
            await self.proof.forgo()  # not all of them held
        taken = [(attempt.remedy, attempt.chosen) for attempt in attempts]
        if (one := conflicting(taken)) is not None:
            return clash(attempts, one)
        changes = self.stage.changes([way for _, way in taken])
        probe = None if changes is None or self.over else await self._changed(changes)
        judged = None if probe is None else await self._judged(probe, taken)
        if judged is None:
            self.over = True
            return Outcome()
        return outcome_of(attempts, *judged)

    async def _judged(
        self, probe: Probe, taken: Sequence[tuple[Remedy, Way]]
    ) -> tuple[Comparison, list[Problem]] | None:
        """What it shows; with pictures only where something moved: what stays where it is looks the same."""
        comparison = self._compared(probe, taken)
        problems = self.noise.without(comparison.problems())
        if not problems and self._is_worth_a_picture(comparison):
            pictured = await self.opened.pictured(probe)
            if pictured is None:
                return None
            comparison = self._compared(pictured, taken)
            problems = self.noise.without(comparison.problems())
        self._narrow(problems)
        if (parts := self.noise.to_listen_for(problems)) is not None:
            scope = replace(self.scope, parts=parts)
            unchanged = await self._changed(LiveChanges(), scope)
            if unchanged is None:
                return None
            self.noise = Noise.of(self.proof.compared(unchanged, (), Noise(), scope))
            comparison = self._compared(comparison.after, taken)
            problems = self.noise.without(comparison.problems())
        return comparison, problems

    @staticmethod
    def _is_worth_a_picture(comparison: Comparison) -> bool:
        """Whether something moved, and nothing is tried in another way next in any case."""
        moved = any(item.moved for item in comparison.pictures.values())
        return moved and all(
            comparison.remaining_of(remedy) != frozenset(remedy.faults) for remedy, _ in comparison.applied
        )

    def _narrow(self, problems: Sequence[Problem]) -> None:
        """After the first trial only those of axe's rules are run that are mended or complained then."""
        if self.scope.axe_rules is None:
            blamed = {problem.rule for problem in problems}
            rules = [*(fault.rule for fault in self.proof.page.faults), *(rule for rule in RULES if rule.id in blamed)]
            named = frozenset[str]().union(*(axe_rules_of(rule) for rule in rules if Part.AXE in rule.needs))
            parts = self.scope.parts if named else self.scope.parts - {Part.AXE}
            self.scope = replace(self.scope, parts=parts, axe_rules=named)

    def _compared(self, after: Probe, taken: Sequence[tuple[Remedy, Way]]) -> Comparison:
        return self.proof.compared(after, taken, self.noise, self.scope)

    async def _changed(self, changes: LiveChanges, scope: Scope | None = None) -> Probe | None:
        self.count += 1
        return await self.opened.changed(changes, scope or self.scope)


def outcome_of(attempts: Sequence[Attempt], comparison: Comparison, problems: Sequence[Problem]) -> Outcome:
    """What a comparison says of each attempt."""
    suspects = suspected(problems, comparison) if problems else {}
    shown = shown_on(problems, [attempt.remedy for attempt in attempts])
    remaining: Mapping[Attempt, frozenset[str]] = {
        attempt: frozenset(path for _, path in comparison.remaining_of(attempt.remedy)) for attempt in attempts
    }
    return Outcome(
        problem=f"{problems[0].what} ({problems[0].viewport.value})" if problems else "",
        remaining={attempt: paths for attempt, paths in remaining.items() if paths},
        suspects={attempts[place]: paths for place, paths in suspects.items()},
        shown_on={attempt: shown & frozenset(attempt.remedy.touched) for attempt in attempts} if shown else {},
    )


def clash(attempts: Sequence[Attempt], remedy: Remedy) -> Outcome:
    """The outcome where one remedy changes the same characters as another."""
    return Outcome(
        failed={attempt: "it changes the same place as another fix" for attempt in attempts if attempt.remedy is remedy}
    )


def _kind(problem: Problem) -> tuple[Viewport, str, str]:
    """A problem without its figures."""
    return problem.viewport, problem.path, problem.what.partition(" by ")[0]
