"""What need not be measured again, by the text of a patch, and what may be taken from another measurement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.artifacts import EVERY_PART, Part, Viewport
from cynthia_pipeline.audit.rules.model import Rule
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.fix_packs.faults import faults_of
from cynthia_pipeline.fix_packs.html_source import HtmlSource
from cynthia_pipeline.fix_packs.parts import AFTERWARDS, BY_USE, at_once, look_the_same
from cynthia_pipeline.fix_packs.probing import PageUnderTest, Probe, Scope, Source
from cynthia_pipeline.fix_packs.unaltered import only_said
from cynthia_pipeline.messages import Language

from .conftest import measured

PAGE = """<!doctype html><html><head><meta charset="utf-8"><style>a { color: red }</style></head>
<body><h1 id="top" class="big">Bread</h1><a href="/loaf" tabindex="0">Loaf</a><img src="a.png">
<script>const shop = 1;</script></body></html>"""


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("<html>", '<html lang="en">'),
        ("<head>", '<head><title>Bread</title><meta name="description" content="Bread and cake">'),
        ('<img src="a.png">', '<img src="a.png" alt="A loaf">'),
        ('href="/loaf"', 'href="/loaf" aria-label="Loaf: prices" title="Prices" role="button"'),
    ],
)
def test_words_and_roles_leave_the_page_as_it_was(written: str, instead: str) -> None:
    assert PAGE.count(written) == 1
    assert only_said(HtmlSource(PAGE), HtmlSource(PAGE.replace(written, instead)))


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('class="big"', 'class="small"'),
        ('class="big"', 'class="big" style="color: red"'),
        ('id="top"', 'id="start"'),
        ('tabindex="0"', 'tabindex="-1"'),
        (' href="/loaf"', ""),
        ("<a ", "<br><a "),
        ("color: red", "color: blue"),
        ("shop = 1", "shop = 2"),
        ('<img src="a.png">', '<img src="a.png" loading="lazy">'),
        ("<head>", '<head><meta name="viewport" content="width=device-width">'),
        ("<head>", '<head><link rel="stylesheet" href="cynthia-fixes.css">'),
        ("<h1 ", "<h2 "),
    ],
)
def test_what_is_seen_or_used_is_measured_again(written: str, instead: str) -> None:
    assert PAGE.count(written) == 1
    assert not only_said(HtmlSource(PAGE), HtmlSource(PAGE.replace(written, instead)))


@given(st.lists(st.sampled_from(RULES), max_size=8))
def test_what_a_rule_needs_is_measured_at_once(wanted: list[Rule]) -> None:
    parts = at_once(wanted)
    assert all(rule.needs <= parts for rule in wanted)
    assert frozenset(Part) - parts <= AFTERWARDS


@given(st.sampled_from(RULES), st.frozensets(st.sampled_from(["meta-viewport", "color-contrast", "region"])))
def test_a_rule_is_not_asked_without_the_rules_of_axe_that_it_goes_by(rule: Rule, names: frozenset[str]) -> None:
    if Scope(axe_rules=names).covers(rule) and Part.AXE in rule.needs:
        assert rule.id.removeprefix("axe-") in names or set(rule.absorbs) <= names


ADDRESS = "https://draft.invalid/"

UNMARKED = """<!doctype html><html><head><meta charset="utf-8"><title>Bread</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 Arial, sans-serif; color: #222; background: #fff }
a:focus { outline: none }
[role="note"] { font-weight: bold }
</style></head>
<body><main><h1>Bread</h1><p>We bake for the town. <a id="prices" href="/prices">Prices of our bread</a></p>
<p id="hours">Open from six.</p></main></body></html>"""


async def _patched(prober: BrowserProber, html: str, scope: Scope) -> Probe:
    replaced = {ADDRESS: Source(ADDRESS, "text/html", html)}
    return await measured(prober, PageUnderTest("", Language.ENGLISH, UNMARKED, replaced), scope)


def _found(probe: Probe) -> set[tuple[str, Viewport, str]]:
    return {(fault.rule.id, fault.viewport, fault.path) for fault in faults_of(probe.artifacts).every}


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_taken_from_the_original_is_what_would_be_measured(prober: BrowserProber) -> None:
    before = await measured(prober, PageUnderTest("", Language.ENGLISH, UNMARKED))
    named = UNMARKED.replace("<html>", '<html lang="en">').replace(
        'id="prices"', 'id="prices" aria-label="Prices of bread"'
    )
    part = await _patched(prober, named, Scope(EVERY_PART - BY_USE))
    assert all(look_the_same(before.view(view).artifacts, part.view(view).artifacts) for view in Viewport)
    joined = part.with_parts(before, BY_USE)
    assert joined is not None
    assert _found(joined) == _found(await _patched(prober, named, Scope()))
    assert "acc-focus-visible" in {rule for rule, _, _ in _found(joined) - _found(part)}
    role = UNMARKED.replace('id="hours"', 'id="hours" role="note"')
    assert only_said(HtmlSource(UNMARKED), HtmlSource(role))
    styled = await _patched(prober, role, Scope(EVERY_PART - BY_USE))
    assert not look_the_same(before.desktop.artifacts, styled.desktop.artifacts)
