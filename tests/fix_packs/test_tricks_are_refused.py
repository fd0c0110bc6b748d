"""Ways to silence a check by taking something away: each passes axe, and none passes the guard."""

import pytest
import pytest_asyncio

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.fix_packs.alignment import aligned
from cynthia_pipeline.fix_packs.guard import Loss, losses
from cynthia_pipeline.fix_packs.probing import PageUnderTest, Probe, Source
from cynthia_pipeline.messages import Language

from .conftest import measured

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADDRESS = "https://draft.invalid/"

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tricks</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body { font: 16px/1.5 Arial, sans-serif; color: #222; background: #fff }</style></head>
<body><main><h1>Tricks</h1>
<p id="pale" style="color: #aaaaaa">Pale words</p>
<a id="link" href="/there"><span>Go</span></a>
<button id="button" onclick="void 0">Press</button>
<img id="picture" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="40" height="40" alt="A bird">
<label>Name <input id="field" value=""></label>
<nav aria-label="Site"><ul><li>Bread</li></ul></nav>
<table><tr><th scope="col">Loaf</th></tr><tr><td>Rye</td></tr></table>
</main></body></html>"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def before(prober: BrowserProber) -> Probe:
    """The page as it was."""
    return await measured(prober, PageUnderTest("", Language.ENGLISH, PAGE))


async def _lost(prober: BrowserProber, before: Probe, html: str) -> set[Loss]:
    replaced = {ADDRESS: Source(ADDRESS, "text/html", html)}
    after = await measured(prober, PageUnderTest("", Language.ENGLISH, PAGE, replaced))
    view = Viewport.DESKTOP
    pairs = aligned(before.view(view).artifacts, after.view(view).artifacts)
    return {found.loss for found in losses(before.view(view), after.view(view), pairs)}


@pytest.mark.parametrize(
    ("written", "instead", "loss"),
    [
        ('id="pale" style="color: #aaaaaa"', 'id="pale" style="color: #aaaaaa" aria-hidden="true"', Loss.HIDDEN),
        ('id="pale" style="color: #aaaaaa"', 'id="pale" style="display: none"', Loss.INVISIBLE),
        ('id="pale" style="color: #aaaaaa"', 'id="pale" style="visibility: hidden"', Loss.INVISIBLE),
        ('id="pale" style="color: #aaaaaa"', 'id="pale" style="opacity: 0"', Loss.INVISIBLE),
        ('id="pale" style="color: #aaaaaa"', 'id="pale" style="color: transparent"', Loss.INVISIBLE),
        ('id="pale" style="color: #aaaaaa"', 'id="pale" style="position: absolute; left: -9999px"', Loss.INVISIBLE),
        ('id="pale" style="color: #aaaaaa"', 'id="pale" style="font-size: 0"', Loss.INVISIBLE),
        (">Pale words<", "><", Loss.TEXT),
        ('<p id="pale" style="color: #aaaaaa">Pale words</p>', "", Loss.GONE),
        ('id="button"', 'id="button" tabindex="-1"', Loss.FOCUS),
        ('id="button"', 'id="button" disabled', Loss.DISABLED),
        ('id="button" onclick="void 0"', 'id="button"', Loss.FUNCTION),
        ('id="button"', 'id="button" role="presentation" tabindex="-1"', Loss.FOCUS),
        ('id="link" href="/there"', 'id="link"', Loss.FOCUS),
        ('id="link"', 'id="link" role="button"', Loss.ROLE),
        ("<h1>Tricks</h1>", '<h1 role="presentation">Tricks</h1>', Loss.HIDDEN),
        ('alt="A bird"', 'alt=""', Loss.HIDDEN),
        ("<label>Name ", "<label>", Loss.NAME),
        ("<main>", "<main inert>", Loss.HIDDEN),
        ("<h1>Tricks</h1>", "<p>Tricks</p>", Loss.ROLE),
        ('<nav aria-label="Site">', '<div aria-label="Site">', Loss.ROLE),
        ("<ul>", '<ul role="presentation">', Loss.HIDDEN),
        ("<table>", '<table role="presentation">', Loss.ROLE),
    ],
)
async def test_a_trick_is_a_loss(prober: BrowserProber, before: Probe, written: str, instead: str, loss: Loss) -> None:
    assert PAGE.count(written) == 1
    assert loss in await _lost(prober, before, PAGE.replace(written, instead))


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("color: #aaaaaa", "color: #6b6b6b"),
        ('id="pale"', 'id="pale" lang="en"'),
        ('id="button"', 'id="button" style="min-height: 44px; min-width: 44px"'),
        ('id="link"', 'id="link" aria-label="Go there"'),
        ('alt="A bird"', 'alt="A small bird on a wire"'),
    ],
)
async def test_an_honest_change_is_none(prober: BrowserProber, before: Probe, written: str, instead: str) -> None:
    assert not await _lost(prober, before, PAGE.replace(written, instead))
