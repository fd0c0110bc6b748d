"""A picture shows the whole page, and the page's window stays as it is meanwhile: nothing that it should act on."""

import pytest

from cynthia_pipeline.audit.artifacts import Part, Viewport
from cynthia_pipeline.audit.pictures import opened as decoded
from cynthia_pipeline.browser.chromium import Chromium, Launch
from cynthia_pipeline.browser.engine import BrowserEngine
from cynthia_pipeline.browser.gather import GatherLimits, gather
from cynthia_pipeline.browser.instruments import instruments
from cynthia_pipeline.browser.picture import PictureLimits, shows_whole_pages
from cynthia_pipeline.messages import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quay</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="margin: 0"><main><h1 style="height: 100vh; margin: 0">Quay</h1>
<p style="height: 2000px; margin: 0">Boats</p><div style="height: 100px; background: #00a000"></div></main>
<script>
let heard = 0;
for (const told of [window, visualViewport]) told.addEventListener("resize", () => { heard += 1; });
new IntersectionObserver((seen) => { heard += seen.filter((one) => one.isIntersecting).length; })
  .observe(document.querySelector("div"));
</script></body></html>"""

SMALLER = {"width": 320, "height": 600, "deviceScaleFactor": 0, "mobile": True}


@pytest.mark.parametrize("strip_px", [PictureLimits().strip_px, 300_000])
@pytest.mark.parametrize("viewport", Viewport)
async def test_the_whole_page_is_seen_and_hears_nothing_of_it(
    auditor: BrowserEngine, viewport: Viewport, strip_px: int
) -> None:
    limits = GatherLimits(picture=PictureLimits(strip_px=strip_px))
    async with (
        auditor.chromium.borrow() as chromium,
        auditor.opened(chromium, auditor.destination("", PAGE), viewport, Language.ENGLISH) as opened,
    ):
        await opened.page.evaluate("heard = 0")
        async with instruments(opened.page) as by:
            view = await gather(by, viewport, limits, frozenset({Part.PICTURE}))
        assert await opened.page.evaluate("heard") == 0
        await opened.session.send("Emulation.setDeviceMetricsOverride", SMALLER)
        await opened.page.wait_for_function("heard > 0")
    shot = view.screenshot
    assert shot is not None
    assert (shot.width, shot.height) == (viewport.width, viewport.height + 2100)
    last = shot.strips[-1]
    bottom = decoded(last).getpixel((shot.width // 2, last.height - 10))
    assert bottom == pytest.approx((0, 160, 0), abs=6), "what lies far below the window is drawn"


async def test_a_browser_that_cuts_pages_off_at_their_window_is_told_from_one_that_does_not() -> None:
    chromium = await Chromium.start(Launch())
    try:
        assert await shows_whole_pages(chromium.browser)
    finally:
        await chromium.close()
    cutting = await Chromium.start(Launch(flags=("--blink-settings=mainFrameClipsContent=true",)))
    try:
        assert not await shows_whole_pages(cutting.browser)
    finally:
        await cutting.close()
