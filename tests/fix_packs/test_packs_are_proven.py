"""Whole packs of pages with planted faults, made and verified in real Chromium."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.report import Report
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.fix_packs.faults import faults_of
from cynthia_pipeline.fix_packs.judging import Comparison
from cynthia_pipeline.fix_packs.maker import ProvingPackMaker
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.patches import applied, undone
from cynthia_pipeline.fix_packs.ports import DraftedPage, FixPackType, FixState, MadePack, PackOrder
from cynthia_pipeline.fix_packs.probing import (
    WHOLE,
    AskedElements,
    AwaitingPage,
    OpenedPage,
    PageUnderTest,
    Probe,
    Prober,
    Scope,
    Source,
    none_asked,
)
from cynthia_pipeline.fix_packs.proving import MOST_AHEAD
from cynthia_pipeline.fix_packs.remedies import Remedy, Way
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.fix_pack import fix_pack_markdown, render_fix_pack

from .conftest import measured

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOW = datetime(2026, 11, 1, tzinfo=UTC)

PAGE = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { --muted: #9a9a9a; }
body { margin: 0; padding: 16px; font: 16px/1.5 Arial, sans-serif; color: #222; background: #fff }
.muted { color: var(--muted) }
.small a { display: inline-block; width: 16px; height: 16px; overflow: hidden }
</style>
</head>
<body>
<main>
<h1>The bakery on the corner</h1>
<p>We bake bread for the town, and the shop is open to you from six in the morning.</p>
<p class="muted">Closed on Sundays and on the days that are holidays in the whole of the country.</p>
<p style="color: #b0b0b0">Ask for the cake of the day.</p>
<figure><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="80" height="80">
<figcaption>A loaf of rye bread</figcaption></figure>
<div class="small"><a href="/a">a</a><a href="/b">b</a><a href="/c">c</a></div>
<form><input name="email" placeholder="Your e-mail"></form>
</main>
</body>
</html>
"""

UNEVEN = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>The bakery on the corner</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { margin: 0; padding: 16px; font: 16px/1.5 Arial, sans-serif; color: #222; background: #fff }
@keyframes slide { to { transform: translateX(200px) } }
.moves { width: 200px; animation: slide 1s linear infinite alternate }
</style>
</head>
<body>
<main>
<h1>The bakery on the corner</h1>
<p style="color: #666666">We bake bread for the town, and the shop is open from six.</p>
<p style="color: #ffffff; background: #767676">No other colour of these words is near white and far from grey.</p>
<p class="moves">Fresh bread!</p>
</main>
</body>
</html>
"""
"""A text that a darker grey mends, one that no small change of its colour does, and one that never stands still."""

_SQUARE = (
    "iVBORw0KGgoAAAANSUhEUgAAAKAAAACgCAIAAAAErfB6AAABC0lEQVR42u3RQQ0AAAjEsJOCFKTgXwUueJAmU7CmevS4WABYgAVY"
    "gAVYgAUYsAALsAALsAALMGABFmABFmABFmABBizAAizAAizAAgxYgAVYgAVYgAUYsAALsAALsAALsAADFmABFmABFmABBizAAizA"
    "AizAAgzYBcACLMACLMACLMCABViABViABViAAQuwAAuwAAuwAAswYAEWYAEWYAEWYMACLMACLMACLMCABViABViABViABRiwAAuw"
    "AAuwAAswYAEWYAEWYAEWYMAuABZgARZgARZgAQYswAIswAIswAIMWIAFWIAFWIAFWIABC7AAC7AAC7AAAxZgARZgARZgAQYswAIs"
    "wLptAd90BGaBLBuUAAAAAElFTkSuQmCC"
)
"""A PNG of 160 by 160 px."""

SQUEEZED = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A loaf of rye bread</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>A loaf of rye bread</h1>
<img alt="A loaf of rye bread" width="160" height="40" src="data:image/png;base64,{_SQUARE}"></main></body></html>"""


_REPORTS: dict[str, Report] = {}


async def _audited(prober: BrowserProber, html: str) -> Report:
    async def ignore(_: int) -> None:
        """Nobody watches."""

    if html not in _REPORTS:
        _REPORTS[html] = (await prober.engine.audit(AuditRequest(TargetType.FRAME, "idea", html=html), ignore)).report
    return _REPORTS[html]


@dataclass
class Watched:
    """A prober that keeps account of the patched pages that it opens: the files of each, by their addresses."""

    prober: BrowserProber
    opened_with: list[Mapping[str, Source]] = field(default_factory=list)
    measured_with: list[Mapping[str, Source]] = field(default_factory=list)

    def opened(
        self, page: PageUnderTest, asked: AskedElements = none_asked, scope: Scope = WHOLE
    ) -> AbstractAsyncContextManager[OpenedPage]:
        return self.prober.opened(page, asked, scope)

    @asynccontextmanager
    async def awaiting(self, page: PageUnderTest) -> AsyncIterator[AwaitingPage]:
        if page.replaced:
            self.opened_with.append(page.replaced)
        async with self.prober.awaiting(page) as awaiting:
            yield _WatchedPage(awaiting, page, self.measured_with)


@dataclass(frozen=True)
class _WatchedPage:
    awaiting: AwaitingPage
    page: PageUnderTest
    measured_with: list[Mapping[str, Source]]

    async def measured(self, scope: Scope = WHOLE) -> Probe:
        if self.page.replaced:
            self.measured_with.append(self.page.replaced)
        return await self.awaiting.measured(scope)


async def _pack(
    prober: BrowserProber,
    kind: FixPackType,
    html: str = PAGE,
    report: Report | None = None,
    through: Prober | None = None,
) -> MadePack:
    seen: list[int] = []

    async def watch(percent: int) -> None:
        seen.append(percent)

    given = report or await _audited(prober, html)
    order = PackOrder(UUID(int=1), kind, DraftedPage(html), Language.ENGLISH, given, NOW)
    pack = await ProvingPackMaker(through or prober).make(order, watch)
    assert seen == sorted(seen)
    return pack


async def test_a_token_pack_moves_colours_in_their_own_places_and_can_be_shown(prober: BrowserProber) -> None:
    pack = await _pack(prober, FixPackType.TOKEN)
    patched = applied(PAGE, [diff for diff in pack.patch_preview.diffs if diff.file == "index.html"])
    assert "--muted: #9a9a9a" not in patched
    assert "color: #b0b0b0" not in patched
    assert "Ask for the cake of the day." in patched
    contrast = next(item for item in pack.verification.fixed if item.issue.startswith("clr-text-contrast"))
    assert contrast.state is FixState.SOUND
    assert set(contrast.engines) == {"axe-core", "own rules"}
    assert (pack.verification.overall_after or 0) > (pack.verification.overall_before or 0)
    assert undone(patched, [diff for diff in pack.patch_preview.diffs if diff.file == "index.html"]) == PAGE
    document = render_fix_pack(pack, target="https://bakery.example/", made_at=NOW, language=Language.SPANISH)
    assert document.count("<img") == 4
    assert "<script" not in document
    markdown = fix_pack_markdown(pack)
    assert markdown.count("data:image/webp") == 4
    assert len(markdown) < 200_000


async def test_a_content_pack_drafts_from_the_pages_own_words(prober: BrowserProber) -> None:
    pack = await _pack(prober, FixPackType.CONTENT)
    patched = applied(PAGE, pack.patch_preview.diffs)
    assert "<title>The bakery on the corner</title>" in patched
    assert any(item.state is FixState.DRAFT for item in pack.verification.fixed)


async def test_a_component_pack_names_the_language(prober: BrowserProber) -> None:
    pack = await _pack(prober, FixPackType.COMPONENT)
    patched = applied(PAGE, [diff for diff in pack.patch_preview.diffs if diff.file == "index.html"])
    assert 'lang="en"' in patched


async def test_a_layout_pack_enlarges_targets_in_a_stylesheet_of_its_own(prober: BrowserProber) -> None:
    pack = await _pack(prober, FixPackType.LAYOUT)
    added = next(diff for diff in pack.patch_preview.diffs if diff.file == "cynthia-fixes.css")
    assert added.before == ""
    assert "min-height" in added.after
    assert any(issue.startswith("acc-t") for issue in pack.issues_fixed)


async def test_a_pack_that_mends_a_part_of_an_issue_says_which_part(prober: BrowserProber) -> None:
    watched = Watched(prober)
    pack = await _pack(prober, FixPackType.TOKEN, UNEVEN, through=watched)
    (part,) = (item for item in pack.verification.partly if item.issue.startswith("axe-color-contrast-enhanced"))
    assert (part.mended, part.elements) == (1, 2)
    assert part.issue not in {*pack.issues_fixed, *(item.issue for item in pack.verification.left)}
    assert "1 of 2 elements" in pack.description
    assert "1/2 elements" in render_fix_pack(pack, target="-", made_at=NOW, language=Language.ENGLISH)
    # What is not mended was found out on the open page: one patch alone was put to the proof, and it held.
    assert len(watched.measured_with) == 1
    assert watched.opened_with[-1] == watched.measured_with[0]


async def test_what_all_holds_is_proven_on_the_page_that_was_opened_meanwhile(prober: BrowserProber) -> None:
    watched = Watched(prober)
    pack = await _pack(prober, FixPackType.COMPONENT, through=watched)
    assert not pack.verification.dropped
    assert watched.opened_with == watched.measured_with
    assert len(watched.opened_with) == 1


async def test_of_many_fixes_none_is_opened_with_before_it_is_known_which_hold(prober: BrowserProber) -> None:
    more = "".join(
        f'<p style="color: #{shade}{shade}{shade}">Bread of shade {shade}.</p>' for shade in ("99", "a1", "a9", "b1")
    )
    watched = Watched(prober)
    pack = await _pack(prober, FixPackType.TOKEN, UNEVEN.replace("</main>", f"{more}</main>"), through=watched)
    assert pack.verification.details["fixes_offered"] > MOST_AHEAD
    assert pack.verification.partly
    assert watched.opened_with == watched.measured_with
    assert len(watched.opened_with) == 1


async def test_of_a_picture_that_has_not_come_nothing_is_claimed_but_what_a_fix_was_for(prober: BrowserProber) -> None:
    before = await measured(prober, PageUnderTest("", Language.ENGLISH, SQUEEZED))
    found = faults_of(before.artifacts)
    page = FixablePage(before, found.every, found, Language.ENGLISH)
    squeezed = next(fault for fault in found.every if fault.rule.id == "img-ratio")
    late = _without_pictures(before)
    assert not any(fault.rule.id == "img-ratio" for fault in faults_of(late.artifacts).every)
    assert not Comparison(page, late, (), reworded=False).is_gone(squeezed)
    way = Way(FixState.SOUND, "loaded late")
    meant = Remedy((squeezed.key,), (way,), (squeezed.path,))
    assert Comparison(page, late, ((meant, way),), reworded=False).is_gone(squeezed)
    mended = await measured(
        prober, PageUnderTest("", Language.ENGLISH, SQUEEZED.replace('height="40"', 'height="160"'))
    )
    assert Comparison(page, mended, (), reworded=False).is_gone(squeezed)


def _without_pictures(probe: Probe) -> Probe:
    """As it is measured before any picture has come."""
    views = {
        view: replace(shown, content=replace(shown.content, images=()))
        for view in Viewport
        for shown in (probe.view(view).artifacts,)
    }
    desktop, mobile = views[Viewport.DESKTOP], views[Viewport.MOBILE]
    return replace(
        probe,
        artifacts=replace(probe.artifacts, desktop=desktop, mobile=mobile),
        desktop=replace(probe.desktop, artifacts=desktop),
        mobile=replace(probe.mobile, artifacts=mobile),
    )


async def test_a_page_without_such_findings_costs_no_browser(prober: BrowserProber) -> None:
    report = await _audited(prober, PAGE)
    empty = report.model_copy(update={"full_issues": ()})
    with pytest.raises(PermanentError) as refused:
        await _pack(prober, FixPackType.TOKEN, report=empty)
    assert refused.value.code is ErrorCode.NOTHING_TO_FIX


async def test_a_page_that_is_another_one_now_is_said_to_have_changed(prober: BrowserProber) -> None:
    report = await _audited(prober, PAGE)
    calm = PAGE.replace("#9a9a9a", "#222222").replace("#b0b0b0", "#222222")
    contrast = tuple(issue for issue in report.full_issues if issue.rule_id == "clr-text-contrast")
    with pytest.raises(PermanentError) as refused:
        await _pack(prober, FixPackType.TOKEN, calm, report.model_copy(update={"full_issues": contrast}))
    assert refused.value.code is ErrorCode.PAGE_CHANGED
