"""Whole families of faults on one page each: mended as the fixers propose, measured again in real Chromium.

The best way of every remedy is taken at once. What a page's comment promises is gone by every engine that covers it,
and nobody lost anything.
"""

from dataclasses import dataclass

import pytest

from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.fix_packs.faults import faults_of
from cynthia_pipeline.fix_packs.fixers.registry import asked, remedies
from cynthia_pipeline.fix_packs.judging import Comparison
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.patching import patch_of
from cynthia_pipeline.fix_packs.probing import PageUnderTest
from cynthia_pipeline.messages import Language

pytestmark = pytest.mark.asyncio(loop_scope="session")

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
HEAD = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
STYLE = (
    "<style>body { margin: 0; padding: 16px; font: 16px/1.5 Arial, sans-serif; color: #222; background: #fff }</style>"
)

STRUCTURE = f"""<!DOCTYPE html>\r
<HTML LANG=en><HEAD>{HEAD}<TITLE>Harbour bakery</TITLE>{STYLE}\r
<style>.h4, h4 {{ font-size: 18px; font-weight: 700; margin: 8px 0 }}</style></HEAD>\r
<BODY>\r
<NAV aria-label="Site"><A HREF=/bread style="display: inline-block; padding: 12px">Bread &amp; more</A></NAV>\r
<DIV ID=top><P>Open every day but Monday, from six in the morning.</DIV>\r
<SECTION><H1>Harbour bakery</H1><H4>What we bake</H4><P>Sourdough &lt;rye&gt;, every day\r
<H4>What we do not</H4><P>Cake.\r
<UL><DIV>Rye</DIV><LI>Spelt</UL>\r
<DIV><LI>Wheat<LI>Oats</DIV>\r
<DL><P>Loaf</P><DD>A kilogram of it</DL>\r
<DIV><DT>Roll</DT><DD>Small</DD></DIV>\r
</SECTION>\r
<DIV CLASS=site-footer><P>© Harbour bakery, of the harbour.</P></DIV>\r
</BODY></HTML>"""

ARIA = f"""<!doctype html><html lang="en"><head>{HEAD}<title>Settings of the oven</title>{STYLE}
<style>a:focus, button:focus {{ outline: none }}</style></head><body><main>
<h1>Settings of the oven</h1>
<p id="hint">How warm it is, and for how long.</p>
<div role="button" tabindex="0" aria-pressed="maybe" style="padding: 12px">Start the oven</div>
<input aria-labeledby="hint" style="padding: 12px">
<div aria-hidden="true" ><a href="/times" style="display: inline-block; padding: 12px">Opening times</a></div>
<div><div role="tab" tabindex="0" aria-selected="true">Low</div> <div role="tab" tabindex="-1">High heat</div></div>
<div role="list"><div>Rye bread</div><div>Spelt bread</div></div>
<ul role="directory"><li>Loaves</li></ul>
<label><input type="checkbox" aria-checked="true"> Keep it warm</label>
<p id="note">First note of the day</p><p id="note">Second note of the day</p>
<a href="/notes" style="display: inline-block; padding: 12px">All notes of the oven</a>
<p lang="xx-nonsense">The bread is in the oven and you can have it with the butter of the day.</p>
<a href="/more" style="display: inline-block; padding: 12px">Read more</a>
<table><tr><td>Loaf</td><td>Price</td><td>Weight</td><td>Shelf</td></tr>
<tr><td>Rye</td><td>4.20</td><td>900</td><td>2</td></tr><tr><td>Spelt</td><td>4.80</td><td>800</td><td>3</td></tr>
<tr><td>Oats</td><td>4.10</td><td>700</td><td>4</td></tr></table>
</main></body></html>"""

DOCUMENT = f"""<html lang="en">
<head><title>Untitled</title>
<meta name="viewport" content="width=device-width, user-scalable=no">{STYLE}
</head><body><main><h1>Rye and other loaves</h1>
<p>We bake sourdough, rye and spelt loaves in a wood oven from five in the morning, every day.</p>
<center>Fresh bread</center><font color="#333333">Warm rolls</font> <strike>Old bread</strike>
<table cellspacing="0"><tr><td bgcolor="#eeeeee">Loaf</td></tr></table>
<marquee>Half price after six</marquee>
</main></body></html>"""

MOTION = f"""<!doctype html><html lang="en"><head>{HEAD}<title>The oven at work</title>{STYLE}
<style>@keyframes turn {{ to {{ transform: rotate(360deg) }} }}
html {{ scroll-behavior: smooth }}
.wheel {{ animation: turn 2s infinite linear; display: inline-block; width: 40px; height: 40px; background: #246 }}
.slow {{ transition: all 1.8s linear; display: inline-block; padding: 12px }}</style></head>
<body><main><h1>The oven at work</h1>
<p>It turns as long as there is fire in it.</p><div class="wheel"></div>
<a class="slow" href="/oven">More of the oven</a>
<div style="height: 1600px"></div></main></body></html>"""


@dataclass(frozen=True)
class Case:
    """A page, and the rules whose every finding on it has to be gone."""

    html: str
    rules: frozenset[str]


CASES = {
    "structure": Case(
        STRUCTURE,
        frozenset(
            (
                "axe-region", "axe-landmark-one-main", "ctx-main", "ctx-heading-order", "axe-heading-order", "axe-list",
                "axe-listitem", "axe-definition-list", "axe-dlitem", "ctx-description",
            )
        ),
    ),
    "aria": Case(
        ARIA,
        frozenset(
            (
                "axe-aria-valid-attr-value", "axe-aria-valid-attr", "axe-aria-hidden-focus", "axe-aria-required-parent",
                "axe-aria-required-children", "axe-aria-deprecated-role", "axe-aria-conditional-attr",
                "axe-duplicate-id", "axe-valid-lang", "ctx-link-text", "axe-td-has-header", "acc-focus-visible",
            )
        ),
    ),
    "document": Case(
        DOCUMENT,
        frozenset(
            (
                "trd-quirks", "trd-obsolete-element", "trd-obsolete-attribute", "ctx-title", "rsp-zoom", "axe-marquee",
                "axe-meta-viewport", "ctx-description",
            )
        ),
    ),
    "motion": Case(
        MOTION,
        frozenset(
            ("mot-endless", "mot-reduced-motion", "mot-smooth-scroll", "mot-slow-transition", "mot-transition-all")
        ),
    ),
}  # fmt: skip


async def _mended(prober: BrowserProber, html: str) -> Comparison:
    probe = await prober.probe(PageUnderTest("", Language.ENGLISH, html), asked)
    found = faults_of(probe.artifacts)
    page = FixablePage(probe, found.of_issues(group.issue_id for group in found.groups), found, Language.ENGLISH)
    taken = [(remedy, remedy.ways[0]) for remedy in remedies(page)]
    where = PageUnderTest("", Language.ENGLISH, html, patch_of(page, taken).replaced)
    return Comparison(page, await prober.probe(where), taken, reworded=True)


@pytest.mark.parametrize("name", CASES)
async def test_a_family_of_faults_is_mended_and_nobody_loses_anything(prober: BrowserProber, name: str) -> None:
    case = CASES[name]
    comparison = await _mended(prober, case.html)
    planted = {fault.rule.id for fault in comparison.page.faults}
    assert case.rules <= planted, f"not found on the page: {sorted(case.rules - planted)}"
    left = {
        fault.key for fault in comparison.page.faults if fault.rule.id in case.rules and not comparison.is_gone(fault)
    }
    assert not left
    lost = [problem for problem in comparison.problems() if not problem.what.startswith(("new finding", "the picture"))]
    assert not lost
