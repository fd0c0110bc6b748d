"""The picture of a page, from its top, as tall as the cap allows, in strips.

Straight over CDP: nothing is hidden for it, and the page keeps its window. What lies beyond that is drawn because this
browser's pages are not cut off at their window's edge (chromium.py). Chromium's own way to picture a whole page,
`captureBeyondViewport`, gives it a window of 1 by 1 px and its own again for each picture: the page is laid out twice,
and may hear of it and fold its menu away. A picture of millions of px exists several times over while it is taken, in
three processes; strips bound that.
"""

import base64
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image
from playwright.async_api import Browser, CDPSession, Error

from cynthia_pipeline.audit.artifacts import Screenshot, Strip, Viewport
from cynthia_pipeline.browser.pointer import give_pointer_back
from cynthia_pipeline.errors import ErrorCode, TransientError

_HALF_WAY: Final = 128
"""Between black and white."""
_BLOCK: Final = 16
"""px: a JPEG of halved colour is made of such squares. Strips of whole squares show what the whole picture would."""


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """How much of a page is pictured.

    Attributes:
        px: of the whole picture.
        strip_px: of one strip.
        large_strip_px: of one strip of a page whose own measurements take much memory.
        quality: of the JPEG, 1 to 100.
    """

    px: int = 10_000_000
    strip_px: int = 5_000_000
    large_strip_px: int = 2_500_000
    quality: int = 70

    def of_large(self) -> "PictureLimits":
        """The same for a large page."""
        return replace(self, strip_px=self.large_strip_px)


async def picture(session: CDPSession, viewport: Viewport, limits: PictureLimits) -> Screenshot:
    """What the page shows.

    Raises:
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    metrics = await session.send("Page.getLayoutMetrics")
    content = metrics["cssContentSize"]
    layout = max(viewport.width, round(metrics["cssLayoutViewport"]["clientWidth"]))
    width = max(1, min(round(content["width"]), layout))
    height = max(1, min(round(content["height"]), limits.px // width))
    # Physical px for each CSS px: the picture is wanted at one to one.
    density = metrics["visualViewport"]["clientWidth"] / max(metrics["cssVisualViewport"]["clientWidth"], 1)
    wide = {"x": 0, "width": width, "scale": 1 / max(density, 0.1)}
    try:
        strips = [
            Strip(top, rows, await _jpeg(session, {**wide, "y": top, "height": rows}, limits.quality))
            for top, rows in rows_of_strips(width, height, limits.strip_px)
        ]
    finally:
        await give_pointer_back(session, viewport)
    return Screenshot("image/jpeg", width, height, tuple(strips))


async def shows_whole_pages(browser: Browser) -> bool:
    """Whether this browser draws what lies below a page's window; else pictures would be blank from there on.

    Raises:
        TransientError: BROWSER_FAILED, the browser ended meanwhile.
    """
    below: dict[str, float] = {"x": 0, "y": 96, "width": 64, "height": 64, "scale": 1}
    try:
        context = await browser.new_context(viewport={"width": 64, "height": 64})
        page = await context.new_page()
        await page.set_content('<body style="margin: 0"><div style="height: 160px; background: #000"></div>')
        shown = await _jpeg(await context.new_cdp_session(page), below, PictureLimits().quality)
        await context.close()
    except Error as error:
        raise TransientError(ErrorCode.BROWSER_FAILED, detail=error.message) from error
    with Image.open(io.BytesIO(shown)) as image:
        return max(image.convert("L").tobytes()) < _HALF_WAY


def rows_of_strips(width: int, height: int, most_px: int) -> Iterator[tuple[int, int]]:
    """Top and height of each strip: as few as can be of about `most_px`, all but the last of one height."""
    count = math.ceil(width * height / most_px)
    rows = math.ceil(height / count / _BLOCK) * _BLOCK
    for top in range(0, height, rows):
        yield top, min(rows, height - top)


async def _jpeg(session: CDPSession, clip: dict[str, float], quality: int) -> bytes:
    answer = await session.send(
        "Page.captureScreenshot",
        {"format": "jpeg", "quality": quality, "captureBeyondViewport": False, "optimizeForSpeed": True, "clip": clip},
    )
    return base64.b64decode(answer["data"])
