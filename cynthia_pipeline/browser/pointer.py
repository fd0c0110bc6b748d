"""A phone's pointer, which pictures and sessions that end take from its page."""

from playwright.async_api import CDPSession

from cynthia_pipeline.audit.artifacts import Viewport


async def give_pointer_back(session: CDPSession, viewport: Viewport) -> None:
    """Makes the pointer of a phone's page a finger again; a desktop's, told of no finger, would lose its mouse too.

    Raises:
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    if viewport is Viewport.MOBILE:
        await session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
