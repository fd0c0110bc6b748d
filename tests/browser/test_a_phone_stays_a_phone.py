"""What measuring does to a page's window and pointer for a moment is undone before anything else is measured."""

import json

import pytest

from cynthia_pipeline.audit.artifacts import EVERY_PART, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.browser.engine import BrowserEngine
from cynthia_pipeline.browser.gather import GatherLimits, gather
from cynthia_pipeline.browser.instruments import instruments
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.fix_packs.probing import AttributeChange, LiveChanges, PageUnderTest, Scope
from cynthia_pipeline.messages import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pier</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Pier</h1><p style="height: 2000px">Boats <a href="/boats">that leave</a></p></main></body></html>"""

DEVICE = """() => ({
  coarse: matchMedia("(pointer: coarse)").matches, hovers: matchMedia("(hover: hover)").matches,
  touches: navigator.maxTouchPoints > 0, width: innerWidth, height: innerHeight, density: devicePixelRatio,
})"""

LISTENING = PAGE.replace(
    "</main>",
    f"""<pre id="log" style="white-space: pre-wrap; overflow-wrap: anywhere"></pre></main><script>
new MutationObserver(() => {{ document.getElementById("log").append(JSON.stringify(({DEVICE})()) + "\\n"); }})
  .observe(document.querySelector("a"), {{ attributes: true }});
</script>""",
)
"""Writes down on what device it is, whenever its link is changed."""


@pytest.mark.parametrize("viewport", Viewport)
async def test_a_picture_or_another_window_leaves_the_page_its_window_and_its_pointer(
    auditor: BrowserEngine, viewport: Viewport
) -> None:
    """Right after the picture, and when the page is measured again, as it is for each change of a fix pack."""
    is_phone = viewport is Viewport.MOBILE
    seen: list[dict[str, object]] = []
    async with (
        auditor.chromium.borrow() as chromium,
        auditor.opened(chromium, auditor.destination("", PAGE), viewport, Language.ENGLISH) as opened,
    ):

        async def look(_: ViewportArtifacts) -> None:
            seen.append(await opened.page.evaluate(DEVICE))

        before = await opened.page.evaluate(DEVICE)
        assert (before["coarse"], before["touches"], before["hovers"]) == (is_phone, is_phone, not is_phone)
        for parts in ({Part.PICTURE}, set[Part](), {Part.ENLARGED}, set[Part](), EVERY_PART):
            async with instruments(opened.page) as by:
                await gather(by, viewport, GatherLimits(), frozenset(parts), at_rest=look)
    assert seen == [before] * 5


async def test_a_rehearsed_page_is_on_its_device_when_it_is_changed(auditor: BrowserEngine) -> None:
    """Whatever was measured or pictured of it before: what a page's scripts make of a change hangs on the device."""
    page = PageUnderTest("", Language.ENGLISH, LISTENING)
    texts: dict[Viewport, str] = {}
    async with BrowserProber(auditor).opened(page) as opened:
        for turn, parts in enumerate(({Part.PICTURE}, {Part.ENLARGED}, set[Part](), EVERY_PART, set[Part]())):
            changes = LiveChanges(attributes=(AttributeChange("a", "a", "title", f"{turn}"),))
            probe = await opened.changed(changes, Scope(frozenset(parts)))
            assert probe is not None
            texts = {viewport: probe.view(viewport).text for viewport in Viewport}
            if Part.PICTURE not in parts:
                assert await opened.pictured(probe)
    for viewport, text in texts.items():
        is_phone = viewport is Viewport.MOBILE
        device = {"coarse": is_phone, "hovers": not is_phone, "touches": is_phone}
        window = {"width": viewport.width, "height": viewport.height, "density": 1}
        seen = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        assert seen == [device | window] * 5
