"""The search against oracles that know which remedies are bad alone, together, or for one of their elements."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Override, Remedy, Way, stylesheet
from cynthia_pipeline.fix_packs.searching import Attempt, Outcome, Search

Cell = tuple[str, str]
"""A way by its description, and one element that it is applied to."""


def _way(name: str, paths: Sequence[str]) -> Way:
    return Way(FixState.SOUND, name, overrides=(Override(tuple(paths), (("color", name),)),))


@dataclass(frozen=True)
class Oracle:
    """A page.

    Attributes:
        bad: what spoils it wherever it is applied.
        enemies: what spoils it together.
        idle: what does not mend its element.
        blames: whether it names suspects, and whether rightly.
    """

    remedies: tuple[Remedy, ...]
    bad: frozenset[Cell]
    enemies: frozenset[frozenset[Cell]]
    idle: frozenset[Cell]
    blames: str

    def cells(self, attempts: Sequence[Attempt]) -> dict[Cell, Attempt]:
        return {(one.chosen.description, path): one for one in attempts for path in one.remedy.touched}

    async def ask(self, attempts: Sequence[Attempt]) -> Outcome:
        cells = self.cells(attempts)
        guilty = {cell for cell in cells if cell in self.bad}
        guilty |= {cell for pair in self.enemies if pair <= cells.keys() for cell in pair}
        named = guilty if self.blames == "rightly" else set(cells) - guilty if self.blames == "wrongly" else set()
        suspects: dict[Attempt, frozenset[str]] = {}
        for cell in named if guilty else ():
            suspects[cells[cell]] = suspects.get(cells[cell], frozenset()) | {cell[1]}
        remaining: dict[Attempt, frozenset[str]] = {}
        for cell, attempt in cells.items():
            if cell in self.idle:
                remaining[attempt] = remaining.get(attempt, frozenset()) | {cell[1]}
        shown_on = suspects if self.blames == "rightly" else {}
        return Outcome("spoilt" if guilty else "", remaining=remaining, suspects=suspects, shown_on=shown_on)


@st.composite
def oracles(draw: st.DrawFn) -> Oracle:
    remedies = []
    cells: list[Cell] = []
    for number in range(draw(st.integers(1, 7))):
        paths = [f"#e{number}-{place}" for place in range(draw(st.integers(1, 4)))]
        names = [f"w{number}-{place}" for place in range(draw(st.integers(1, 3)))]
        remedies.append(
            Remedy(tuple(("rule", path) for path in paths), tuple(_way(name, paths) for name in names), tuple(paths))
        )
        cells += [(name, path) for name in names for path in paths]
    some = st.frozensets(st.sampled_from(cells), max_size=4)
    pairs = st.frozensets(st.tuples(st.sampled_from(cells), st.sampled_from(cells)).map(frozenset), max_size=2)
    return Oracle(
        tuple(remedies), draw(some), draw(pairs), draw(some), draw(st.sampled_from(["", "rightly", "wrongly"]))
    )


def _searched(oracle: Oracle, most: int) -> tuple[Search, list[Attempt]]:
    search = Search(oracle.ask, most)
    attempts = [Attempt(remedy, (place,)) for place, remedy in enumerate(oracle.remedies)]
    return search, asyncio.run(search.largest(attempts))


def _bound(oracle: Oracle) -> int:
    return sum(4 * len(remedy.ways) * len(remedy.touched) for remedy in oracle.remedies)


@given(oracles(), st.integers(0, 12))
def test_what_is_found_holds_whatever_the_patience(oracle: Oracle, most: int) -> None:
    search, held = _searched(oracle, most)
    outcome = asyncio.run(oracle.ask(held))
    assert not outcome.problem
    assert search.tries <= most
    assert all(
        not outcome.remaining.get(one, frozenset()).issuperset(path for _, path in one.remedy.faults) for one in held
    )


@given(oracles())
def test_every_element_that_can_be_mended_without_harm_is(oracle: Oracle) -> None:
    search, held = _searched(oracle, _bound(oracle))
    assert not search.aside
    in_enmity = {cell for pair in oracle.enemies for cell in pair}
    harmful = oracle.bad | oracle.idle | in_enmity
    mended = {path for one in held for path in one.remedy.touched}
    for remedy in oracle.remedies:
        for path in remedy.touched:
            if not any((way.description, path) in harmful for way in remedy.ways):
                assert path in mended


@given(oracles())
def test_every_element_is_held_dropped_or_set_aside_once(oracle: Oracle) -> None:
    search, held = _searched(oracle, 5)
    remedies = [*(one.remedy for one in held), *(one.remedy for one in search.dropped)]
    remedies += [one.remedy for one in search.aside]
    paths = sorted(path for remedy in remedies for path in remedy.touched)
    assert paths == sorted(path for remedy in oracle.remedies for path in remedy.touched)


def test_where_each_element_fails_none_is_tried_alone() -> None:
    paths = tuple(f"#e{place}" for place in range(32))
    remedy = Remedy(tuple(("rule", path) for path in paths), (_way("red", paths),), paths)
    spoilt = Oracle((remedy,), frozenset(("red", path) for path in paths), frozenset(), frozenset(), "rightly")
    search, held = _searched(spoilt, 40)
    assert not held
    assert search.tries == 1


def test_a_remedy_that_is_narrowed_down_tries_its_other_ways_on_single_elements() -> None:
    paths = tuple(f"#e{place}" for place in range(8))
    remedy = Remedy(tuple(("rule", path) for path in paths), (_way("red", paths), _way("blue", paths)), paths)
    bad = frozenset((name, path) for name in ("red", "blue") for path in paths) - {("blue", "#e5")}
    search, held = _searched(Oracle((remedy,), bad, frozenset(), frozenset(), ""), 40)
    assert [(one.chosen.description, one.remedy.touched) for one in held] == [("blue", ("#e5",))]
    parts_of_two_and_four = 6
    assert search.tries <= 2 + parts_of_two_and_four + 2 * len(paths) + 1


def test_what_was_late_is_dropped_and_what_cannot_be_tried_stays_aside() -> None:
    late, apart = (Remedy((("rule", path),), (_way("red", (path,)),), (path,)) for path in ("#a", "#b"))
    search = Search(Oracle((), frozenset(), frozenset(), frozenset(), "").ask, 0, lambda one: one.remedy is late)
    asyncio.run(search.largest([Attempt(late, (0,)), Attempt(apart, (1,))]))
    search.give_up(one for one in search.aside if one.remedy is late)
    assert [one.remedy for one in search.aside] == [apart]
    assert [(one.remedy, one.reason) for one in search.dropped] == [(late, "not proven in time")]


@given(oracles())
def test_without_harm_one_try_is_enough(oracle: Oracle) -> None:
    calm = Oracle(oracle.remedies, frozenset(), frozenset(), frozenset(), "")
    search, held = _searched(calm, 1)
    assert search.tries == 1
    assert [one.remedy for one in held] == list(oracle.remedies)


def test_the_parts_of_a_divided_remedy_become_one_rule_again() -> None:
    paths = ("#a", "#b", "#c")
    remedy = Remedy(tuple(("rule", path) for path in paths), (_way("red", paths),), paths)
    divided = remedy.divided(0, ["#b"])
    assert divided is not None
    rules = [rule for part in divided for rule in part.ways[0].overrides]
    assert stylesheet(rules).count("{") == 1
    assert all(path in stylesheet(rules) for path in paths)


def test_a_remedy_that_edits_a_file_is_not_divided() -> None:
    remedy = Remedy((("rule", "#a"), ("rule", "#b")), (Way(FixState.SOUND, "x"),), ("#a", "#b"))
    assert remedy.divided(0, ["#a"]) is None
