"""Tries a measured page with a smaller window and with wider text spacing, and puts it back as it was.

Zooming to 200 % gives a page half the window, in CSS px, in both directions; that is what is set here. The in-page half
is in js/enlarged.js. The page is to be held still for it (stillness.py).
"""

from typing import Any, Final

from playwright.async_api import CDPSession

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.enlarged import Enlarged, parse_cuts, parse_width
from cynthia_pipeline.browser.frames import World

_NARROW: Final = 320
"""Width at which content must not scroll sideways, CSS px (WCAG 2.2 SC 1.4.10)."""


async def enlarge(viewport: Viewport, world: World, session: CDPSession, count: int) -> Enlarged:
    """What becomes of a page of `count` elements: zoom and spacing on the desktop, 320 px on the phone.

    Raises:
        ValueError, KeyError, TypeError: the answers are not in the script's shape.
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    if viewport is Viewport.MOBILE:
        async with _Window(session, _NARROW, viewport.height, viewport):
            return Enlarged(narrowed=parse_width(await _ask(world, "narrowed()"), count))
    await _ask(world, "begin()")
    async with _Window(session, viewport.width // 2, viewport.height // 2, viewport):
        zoomed = parse_cuts(await _ask(world, "zoomed()"), count)
    return Enlarged(zoomed, parse_cuts(await _ask(world, "spaced()"), count))


async def _ask(world: World, question: str) -> Any:
    return await world.call(f"() => cynthiaLater.enlarged.{question}", None)


class _Window:
    """Another size of the window for a while."""

    def __init__(self, session: CDPSession, width: int, height: int, viewport: Viewport) -> None:
        self._session = session
        self._size = width, height
        self._viewport = viewport

    async def __aenter__(self) -> None:
        await self._set(*self._size)

    async def __aexit__(self, *_: object) -> None:
        await self._set(self._viewport.width, self._viewport.height)

    async def _set(self, width: int, height: int) -> None:
        # 0 leaves the density of the device as it is.
        size = {"width": width, "height": height, "deviceScaleFactor": 0}
        await self._session.send(
            "Emulation.setDeviceMetricsOverride", {**size, "mobile": self._viewport is Viewport.MOBILE}
        )
