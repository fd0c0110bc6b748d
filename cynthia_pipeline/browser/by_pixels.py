"""Contrast measured on the picture, where computed colours cannot tell: text over images and gradients.

Texts are pictured with their ink and without, all that one window holds at once. What the second picture shows is what
lies behind them; where the two are equal a text is not seen at all, and nothing is claimed. The page is scrolled for
it rather than pictured as a whole: that would lay out and paint all of it anew for each picture. The in-page half is in
js/pixels.js.
"""

import base64
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from PIL import Image
from playwright.async_api import CDPSession

from cynthia_pipeline.audit.artifacts import PixelContrast, ViewportArtifacts
from cynthia_pipeline.audit.colour import contrast, over, parse
from cynthia_pipeline.browser.frames import World

_MOST: Final = 24
"""Texts measured on one page."""
_MOST_WINDOWS: Final = 6
"""Windows that the page is scrolled to for them; each is pictured twice."""
_MOST_PX: Final = 400_000
"""Largest picture of one text, px."""
_LIGHTNESS: Final = tuple(
    tuple(weight * math.pow(channel / 255, 2.2) for channel in range(256)) for weight in (0.2126, 0.7152, 0.0722)
)
"""What each value of red, green and blue weighs (ITU-R BT.709), to put colours in the order of their lightness."""
_EXTREMES: Final = 8
"""Colours of the background that are tried, at either end: the best contrast is with the lightest or the darkest."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an element's own text is on the page, px, and its ink: a colour and how much it covers, 0 to 1."""

    element: int
    ink: tuple[str, float]
    left: float
    top: float
    right: float
    bottom: float


async def measure_pixels(
    view: ViewportArtifacts, world: World, session: CDPSession, *, scrolled: bool
) -> Mapping[int, PixelContrast]:
    """The best contrast that each text reaches whose contrast axe could not tell, by element.

    Args:
        scrolled: whether those are measured that the page has to be scrolled for, or those that it opens with: to be
            asked for before anything has scrolled it, since many a header never is the same again.

    Raises:
        ValueError, KeyError, TypeError: the answers are not in the script's shape.
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    result = view.axe.get("color-contrast")
    unsure = [node.element for node in result.incomplete if node.element is not None] if result is not None else []
    if not unsure:
        return {}
    height = view.viewport.height
    # Before scrolling and again after it: what comes late moves the texts and gives them another ground. A look at 24
    # texts took 4 ms (measured), less than any of the pictures that follow.
    spots = await _look(unsure[:_MOST], world)
    chosen = [spot for spot in spots if (spot.bottom > height) is scrolled]
    if not scrolled:
        return await _measure(chosen, world, session)
    found: dict[int, PixelContrast] = {}
    for group in islice(windows(chosen, height), _MOST_WINDOWS):
        await world.call("([top, bottom]) => cynthiaLater.pixels.turnTo(top, bottom)", [group[0].top, group[-1].bottom])
        try:
            now = await _look([spot.element for spot in group], world)  # what came late may have moved it
            found.update(await _measure(next(windows(now, height), []), world, session))
        finally:
            await world.call("() => cynthiaLater.pixels.turnBack()", None)
    return found


async def _look(elements: Sequence[int], world: World) -> list[Spot]:
    answers: list[dict[str, Any] | None] = await world.call("(some) => cynthiaLater.pixels.look(some)", elements)
    return [spot for spot in map(_spot, answers) if spot is not None]


def windows(spots: Sequence[Spot], height: float) -> Iterator[list[Spot]]:
    """The spots in groups, each of which a window of `height` px shows at once; none that is taller than that."""
    shown: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: (spot.top, spot.element)):
        if spot.bottom - spot.top > height:
            continue
        if shown and max(spot.bottom, *(one.bottom for one in shown)) - shown[0].top > height:
            yield shown
            shown = []
        shown.append(spot)
    if shown:
        yield shown


async def _measure(spots: Sequence[Spot], world: World, session: CDPSession) -> dict[int, PixelContrast]:
    """Pictures what the window shows now."""
    if not spots:
        return {}
    top, bottom = math.floor(min(spot.top for spot in spots)), math.ceil(max(spot.bottom for spot in spots))
    left, right = math.floor(min(spot.left for spot in spots)), math.ceil(max(spot.right for spot in spots))
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top, "scale": 1}
    inked = await _picture(clip, session)
    await world.call("(some) => cynthiaLater.pixels.hide(some)", [spot.element for spot in spots])
    try:
        bare = await _picture(clip, session)
    finally:
        await world.call("() => cynthiaLater.pixels.show()", None)
    found = {}
    for spot in spots:
        box = round(spot.left) - left, round(spot.top) - top, round(spot.right) - left, round(spot.bottom) - top
        behind = bare.crop(box)
        if behind.tobytes() != inked.crop(box).tobytes():
            best = best_contrast(spot.ink, behind)
            if best is not None:
                found[spot.element] = best
    return found


def _spot(answer: Mapping[str, Any] | None) -> Spot | None:
    ink = parse(str(answer["color"])) if answer is not None else None
    if answer is None or ink is None or ink[1] == 0:
        return None
    x, y, width, height = (float(answer[name]) for name in ("x", "y", "width", "height"))
    return None if width * height > _MOST_PX else Spot(int(answer["element"]), ink, x, y, x + width, y + height)


def best_contrast(ink: tuple[str, float], picture: Image.Image) -> PixelContrast | None:
    """The pair of ink and background with the highest contrast; the background is a picture of any mode."""
    colours = picture.convert("RGB").getcolors(maxcolors=max(picture.width * picture.height, 1)) or []
    pairs = []
    reds, greens, blues = _LIGHTNESS
    ordered = sorted(
        (colour for _, colour in colours if isinstance(colour, tuple)),
        key=lambda colour: reds[colour[0]] + greens[colour[1]] + blues[colour[2]],
    )
    for colour in (*ordered[:_EXTREMES], *ordered[-_EXTREMES:]):
        behind = "#{:02x}{:02x}{:02x}".format(*colour)
        text = over(*ink, behind)
        pairs.append((contrast(text, behind), text, behind))
    return PixelContrast(*max(pairs)[1:]) if pairs else None


async def _picture(clip: Mapping[str, float], session: CDPSession) -> Image.Image:
    answer = await session.send(
        "Page.captureScreenshot",
        {"format": "png", "captureBeyondViewport": False, "optimizeForSpeed": True, "clip": clip},
    )
    with Image.open(io.BytesIO(base64.b64decode(answer["data"]))) as opened:
        return opened.convert("RGB")
