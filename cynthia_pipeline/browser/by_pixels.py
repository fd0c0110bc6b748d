"""Contrast measured on the picture, where computed colours cannot tell: text over images and gradients.

An element's text is pictured with its ink and without. What the second picture shows is what lies behind it; where the
two are equal the text is not seen at all, and nothing is claimed. The in-page half is in js/pixels.js.
"""

import base64
import io
import math
from collections.abc import Mapping
from typing import Any, Final

from PIL import Image
from playwright.async_api import CDPSession

from cynthia_pipeline.audit.artifacts import PixelContrast, ViewportArtifacts
from cynthia_pipeline.audit.colour import contrast, over, parse
from cynthia_pipeline.browser.frames import World

_MOST: Final = 8
"""Texts measured on one page; each costs two pictures of its own size."""
_MOST_PX: Final = 400_000
"""Largest picture of one text, px."""
_LIGHTNESS: Final = (0.2126, 0.7152, 0.0722)
"""Weights of red, green and blue (ITU-R BT.709), to put colours in the order of their lightness."""
_EXTREMES: Final = 8
"""Colours of the background that are tried, at either end: the best contrast is with the lightest or the darkest."""


async def measure_pixels(view: ViewportArtifacts, world: World, session: CDPSession) -> Mapping[int, PixelContrast]:
    """The best contrast that each text reaches whose contrast axe could not tell, by element."""
    result = view.axe.get("color-contrast")
    unsure = [node.element for node in result.incomplete if node.element is not None] if result is not None else []
    found: dict[int, PixelContrast] = {}
    for index in unsure[:_MOST]:
        measured = await _measure(index, world, session)
        if measured is not None:
            found[index] = measured
    return found


async def _measure(index: int, world: World, session: CDPSession) -> PixelContrast | None:
    spot: dict[str, Any] | None = await world.call("(index) => cynthiaLater.pixels.look(index)", index)
    ink = parse(str(spot["color"])) if spot is not None else None
    if spot is None or ink is None or ink[1] == 0 or spot["width"] * spot["height"] > _MOST_PX:
        return None
    inked = await _picture(spot, session)
    await world.call("(index) => cynthiaLater.pixels.hide(index)", index)
    try:
        bare = await _picture(spot, session)
    finally:
        await world.call("() => cynthiaLater.pixels.show()", None)
    return None if inked == bare else best_contrast(ink, bare)


def best_contrast(ink: tuple[str, float], picture: bytes) -> PixelContrast | None:
    """The pair of ink and background with the highest contrast; the background is a picture of any format."""
    with Image.open(io.BytesIO(picture)) as opened:
        colours = opened.convert("RGB").getcolors(maxcolors=opened.width * opened.height) or []
    pairs = []
    ordered = sorted((colour for _, colour in colours if isinstance(colour, tuple)), key=_lightness)
    for colour in (*ordered[:_EXTREMES], *ordered[-_EXTREMES:]):
        behind = "#{:02x}{:02x}{:02x}".format(*colour)
        text = over(*ink, behind)
        pairs.append((contrast(text, behind), text, behind))
    return PixelContrast(*max(pairs)[1:]) if pairs else None


def _lightness(colour: tuple[int, ...]) -> float:
    return sum(weight * math.pow(channel / 255, 2.2) for weight, channel in zip(_LIGHTNESS, colour, strict=True))


async def _picture(spot: Mapping[str, Any], session: CDPSession) -> bytes:
    clip = {name: float(spot[name]) for name in ("x", "y", "width", "height")}
    answer = await session.send(
        "Page.captureScreenshot",
        {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True, "clip": {**clip, "scale": 1}},
    )
    return base64.b64decode(answer["data"])
