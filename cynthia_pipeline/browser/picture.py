"""The picture of a page, from its top, as tall as the cap allows, in strips.

Straight over CDP: nothing is hidden for it, and the page is not told that its window changes size meanwhile. A picture
of millions of px exists several times over while it is taken, in three processes; strips bound that.
"""

import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from playwright.async_api import CDPSession

from cynthia_pipeline.audit.artifacts import Screenshot, Strip, Viewport
from cynthia_pipeline.browser.frames import World
from cynthia_pipeline.browser.pointer import give_pointer_back
from cynthia_pipeline.browser.stillness import held_still
from cynthia_pipeline.browser.unresized import unresized

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
    large_strip_px: int = 1_750_000
    quality: int = 70

    def of_large(self) -> "PictureLimits":
        """The same for a large page."""
        return replace(self, strip_px=self.large_strip_px)


async def picture(world: World, session: CDPSession, viewport: Viewport, limits: PictureLimits) -> Screenshot:
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
        async with held_still(world), unresized(world):
            strips = [
                Strip(top, rows, await _jpeg(session, {**wide, "y": top, "height": rows}, limits.quality))
                for top, rows in rows_of_strips(width, height, limits.strip_px)
            ]
    finally:
        await give_pointer_back(session, viewport)
    return Screenshot("image/jpeg", width, height, tuple(strips))


def rows_of_strips(width: int, height: int, most_px: int) -> Iterator[tuple[int, int]]:
    """Top and height of each strip: as few as can be of about `most_px`, all but the last of one height."""
    count = math.ceil(width * height / most_px)
    rows = math.ceil(height / count / _BLOCK) * _BLOCK
    for top in range(0, height, rows):
        yield top, min(rows, height - top)


async def _jpeg(session: CDPSession, clip: dict[str, float], quality: int) -> bytes:
    answer = await session.send(
        "Page.captureScreenshot",
        {"format": "jpeg", "quality": quality, "captureBeyondViewport": True, "optimizeForSpeed": True, "clip": clip},
    )
    return base64.b64decode(answer["data"])
