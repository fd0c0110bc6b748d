"""Whose doing a problem may be, and that another opening excuses only what it shows."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.fix_packs.faults import faults_of
from cynthia_pipeline.fix_packs.judging import Comparison, Problem, shown_on, suspected
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.probing import PageUnderTest, Probe, Source
from cynthia_pipeline.fix_packs.remedies import Remedy, Way
from cynthia_pipeline.messages import Language

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADDRESS = "https://draft.invalid/"

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The bakery</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body { font: 16px/1.5 Arial, sans-serif; color: #222; background: #fff }
.action { color: #fff; background-color: #f4623a }
.wide { height: 200px; background: #eee }</style></head>
<body><main><h1>The bakery</h1><p id="first"><a class="action" href="/order">Order bread</a></p>
<div class="wide"></div>
<section id="second"><p id="near">We bake for the town.</p>
<p id="other"><a class="action" href="/visit">Visit us</a></p></section></main></body></html>"""

ORDER, VISIT = "#first > a:nth-of-type(1)", "#other > a:nth-of-type(1)"


async def _measured(prober: BrowserProber, html: str = PAGE) -> Probe:
    replaced = {ADDRESS: Source(ADDRESS, "text/html", html)} if html != PAGE else {}
    async with prober.awaiting(PageUnderTest("", Language.ENGLISH, PAGE, replaced)) as page:
        return await page.measured()


def _page(before: Probe) -> FixablePage:
    found = faults_of(before.artifacts)
    return FixablePage(before, found.every, found, Language.ENGLISH)


def _applied(*paths: str, sets: tuple[tuple[str, str], ...] = ()) -> tuple[Remedy, Way]:
    way = Way(FixState.SOUND, "x", sets=sets)
    return Remedy(tuple(("rule", path) for path in paths), (way,), paths), way


def _suspected(page: FixablePage, after: Probe, applied: Sequence[tuple[Remedy, Way]]) -> dict[int, frozenset[str]]:
    problem = Problem(Viewport.DESKTOP, VISIT, "new finding")
    return suspected([problem], Comparison(page, after, applied, reworded=False))


async def test_who_restyled_an_element_elsewhere_is_suspected_and_not_who_is_near(prober: BrowserProber) -> None:
    page = _page(await _measured(prober))
    after = await _measured(prober, PAGE.replace("#f4623a", "#d44418"))
    near = _applied("#near", sets=(("color", "#000000"),))
    shared = _applied(ORDER, sets=(("background-color", "#d44418"),))
    assert _suspected(page, after, [near, shared]) == {1: frozenset((ORDER,))}
    nobody = _applied(ORDER, sets=(("background-color", "#123456"),))
    assert _suspected(page, after, [near, nobody]) == {0: frozenset(("#near",))}


async def test_a_problem_inside_of_a_touched_element_is_shown_on_it() -> None:
    outer, inner = _applied("html > body", "html > body > p")[0], _applied("html > body > p:nth-of-type(2)")[0]
    problems = [
        Problem(Viewport.DESKTOP, f"html > body > p{end}", "x")
        for end in (" > a", ":nth-of-type(2)", ":nth-of-type(21)")
    ]
    assert shown_on(problems[:1], [outer, inner]) == {"html > body > p"}
    assert shown_on(problems[1:2], [outer, inner]) == {"html > body > p:nth-of-type(2)"}
    assert shown_on(problems[2:], [inner]) == frozenset()


async def test_another_opening_without_pictures_excuses_no_picture(prober: BrowserProber) -> None:
    before = await _measured(prober)
    after = await _measured(prober, PAGE.replace("background: #eee", "background: #400"))
    desktop, mobile = (replace(view.artifacts, screenshot=None) for view in (before.desktop, before.mobile))
    unseen = replace(
        before, desktop=replace(before.desktop, artifacts=desktop), mobile=replace(before.mobile, artifacts=mobile)
    )
    page = _page(before)
    for again in (None, unseen, before):
        problems = Comparison(page, after, (), reworded=False, again=again).problems()
        assert any(problem.what.startswith("the picture differs") for problem in problems)
