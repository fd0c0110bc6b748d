"""Holds a page still, so that what is seen of a change is its end and not some moment on the way."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Error

from cynthia_pipeline.browser.frames import World
from cynthia_pipeline.errors import TransientError


@asynccontextmanager
async def held_still(world: World) -> AsyncIterator[None]:
    """While it lasts, transitions and smooth scrolling are at their end at once; animations go on.

    Raises:
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    await world.call("() => cynthiaLater.holdStill(true)", None)
    try:
        yield
    finally:
        with contextlib.suppress(Error, TransientError):  # a key led away from it: there is nothing to let go
            await world.call("() => cynthiaLater.holdStill(false)", None)
