"""Which remedies hold: the patched page is opened and measured; what does not pass is tried another way or dropped."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from cynthia_pipeline.fix_packs.judging import Comparison, Problem, blamed
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.patching import Patch, conflicting, patch_of
from cynthia_pipeline.fix_packs.probing import Probe
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

MOST_PROBES: Final = 10
"""How often the patched page is opened; what is not proven by then is dropped."""

Retry: TypeAlias = Callable[[Patch], Awaitable[Probe]]
"""Opens the page with a patch and measures it."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A remedy that did not pass, and why."""

    remedy: Remedy
    reason: str


@dataclass
class Proof:
    """The search for the remedies that hold together.

    Attributes:
        dropped: what did not pass.
        probes: how often the page was opened.
        noise: problems that the unpatched page shows as well, when it is opened twice.
    """

    page: FixablePage
    retry: Retry
    reworded: bool
    dropped: list[Dropped] = field(default_factory=list)
    probes: int = 0
    noise: frozenset[tuple[str, str]] | None = None
    _way: dict[int, int] = field(default_factory=dict)

    async def find(self, remedies: list[Remedy]) -> tuple[Comparison, Patch] | None:
        """The largest part of `remedies` that was found to hold; None if none does.

        Raises:
            WorkError: the page could not be opened any more.
        """
        active = list(remedies)
        while active and self.probes < MOST_PROBES:
            active = self._without_conflicts(active)
            comparison, patch = await self._try(active)
            problems = await self._real(comparison.problems())
            failed = self._failed(comparison, problems)
            if not failed and not problems:
                return comparison, patch
            if not failed:
                active = await self._bisected(active, problems)
                break
            active = self._advanced(active, failed)
        if not active or self.probes >= MOST_PROBES:
            self.dropped += [Dropped(remedy, "not proven in time") for remedy in active]
            return None
        comparison, patch = await self._try(active)
        problems = await self._real(comparison.problems())
        if problems:
            self.dropped += [Dropped(remedy, problems[0].what) for remedy in active]
            return None
        return comparison, patch

    def way(self, remedy: Remedy) -> Way:
        """The way that is being tried."""
        return remedy.ways[self._way.get(id(remedy), 0)]

    async def _try(self, active: list[Remedy]) -> tuple[Comparison, Patch]:
        taken = [(remedy, self.way(remedy)) for remedy in active]
        patch = patch_of(self.page, taken)
        self.probes += 1
        return Comparison(self.page, await self.retry(patch), taken, self.reworded), patch

    async def _real(self, problems: list[Problem]) -> list[Problem]:
        """Those that are not the page's own restlessness: what it shows unpatched, too, is no patch's doing."""
        if problems and self.noise is None:
            unchanged = Comparison(self.page, await self.retry(patch_of(self.page, ())), (), self.reworded)
            self.noise = frozenset((item.viewport.value, item.path + _kind(item.what)) for item in unchanged.problems())
        noise = self.noise or frozenset()
        return [item for item in problems if (item.viewport.value, item.path + _kind(item.what)) not in noise]

    def _failed(self, comparison: Comparison, problems: list[Problem]) -> dict[int, str]:
        """Remedies to be changed, by identity, with the reason: problems first, else findings that remain."""
        failed: dict[int, str] = {}
        for problem in problems:
            for remedy in blamed(problem, comparison.applied):
                failed.setdefault(id(remedy), f"{problem.what} ({problem.viewport.value})")
        for remedy, _ in comparison.applied:
            remaining = comparison.remaining_of(remedy)
            last = self._way.get(id(remedy), 0) + 1 >= len(remedy.ways)
            if remaining and (not last or len(remaining) == len(remedy.faults)):
                failed.setdefault(id(remedy), "the finding is still there")
        return failed

    def _advanced(self, active: list[Remedy], failed: dict[int, str]) -> list[Remedy]:
        """The failed ones try their next way, or are dropped after the last."""
        kept = []
        for remedy in active:
            if id(remedy) in failed:
                if self._way.get(id(remedy), 0) + 1 >= len(remedy.ways):
                    self.dropped.append(Dropped(remedy, failed[id(remedy)]))
                    continue
                self._way[id(remedy)] = self._way.get(id(remedy), 0) + 1
            kept.append(remedy)
        return kept

    def _without_conflicts(self, active: list[Remedy]) -> list[Remedy]:
        while (one := conflicting([(remedy, self.way(remedy)) for remedy in active])) is not None:
            active = self._advanced(active, {id(one): "it changes the same place as another fix"})
        return active

    async def _bisected(self, active: list[Remedy], problems: list[Problem]) -> list[Remedy]:
        """The part of `active` that shows no problem, found by halving; what shows one alone is dropped."""
        return await self._good([], active, problems)

    async def _good(self, base: list[Remedy], candidates: list[Remedy], problems: list[Problem]) -> list[Remedy]:
        """`base`, which holds, with those of `candidates` that hold with it."""
        if len(candidates) == 1 or self.probes >= MOST_PROBES:
            reason = problems[0].what if len(candidates) == 1 else "not proven in time"
            self.dropped += [Dropped(remedy, reason) for remedy in candidates]
            return base
        half = len(candidates) // 2
        for part in (candidates[:half], candidates[half:]):
            comparison, _ = await self._try([*base, *part])
            real = await self._real(comparison.problems())
            base = [*base, *part] if not real else await self._good(base, part, real)
        return base


def _kind(what: str) -> str:
    """A problem without its figures."""
    return what.partition(" by ")[0]
