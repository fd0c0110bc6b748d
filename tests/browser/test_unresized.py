"""A picture of the whole page gives its window another size for a moment: nothing that the page should act on."""

import pytest

from cynthia_pipeline.audit.artifacts import Part, Viewport
from cynthia_pipeline.browser.engine import BrowserEngine
from cynthia_pipeline.browser.gather import GatherLimits, gather
from cynthia_pipeline.browser.instruments import instruments
from cynthia_pipeline.messages import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quay</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Quay</h1><p style="height: 2000px">Boats</p></main>
<script>let heard = 0; addEventListener("resize", () => { heard += 1; });</script></body></html>"""

SMALLER = {"width": 320, "height": 600, "deviceScaleFactor": 0, "mobile": True}


@pytest.mark.parametrize("viewport", Viewport)
async def test_a_page_hears_of_another_window_but_not_of_its_picture(
    auditor: BrowserEngine, viewport: Viewport
) -> None:
    engine = auditor
    async with (
        engine.chromium.borrow() as chromium,
        engine.opened(chromium, engine.destination("", PAGE), viewport, Language.ENGLISH) as opened,
    ):
        await opened.page.evaluate("heard = 0")
        async with instruments(opened.page) as by:
            await gather(by, viewport, GatherLimits(), frozenset({Part.PICTURE}))
        assert await opened.page.evaluate("heard") == 0
        await opened.session.send("Emulation.setDeviceMetricsOverride", SMALLER)
        await opened.page.wait_for_function("heard > 0")
