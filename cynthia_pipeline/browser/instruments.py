"""What a page is measured with: a session, and a world in it that holds axe-core and the scripts of the js folder.

Both scripts are large, and what carries them into the page and compiles them costs as much as many rules. A page that
is measured more than once keeps its instruments.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from typing import Any, Final

from playwright.async_api import CDPSession, Error, Page

from cynthia_pipeline.browser.frames import World, detach

_GATHER: Final = "(options) => cynthiaGather(options)"


class Instruments:
    """At hand for as long as the page is open. Made by `at`, or by `instruments`, which puts them away again.

    Attributes:
        page: the one that is measured.
        session: what asks it; device metrics and the like that it sets hold until it ends.
    """

    def __init__(self, page: Page, session: CDPSession) -> None:
        self.page = page
        self.session = session
        self._with_scripts = self._with_axe = 0
        self._laid_out: asyncio.Task[None] | None = None

    @classmethod
    async def at(cls, page: Page) -> "Instruments":
        """For `page`; they end with its context."""
        return cls(page, await page.context.new_cdp_session(page))

    def lay_out_on_load(self) -> None:
        """Has axe and the scripts carried into the page when it is loaded, while it is waited for to be still.

        For pages whose loading is not timed: what is compiled here keeps the page from answering for a moment.
        """
        self.page.once("load", lambda _: self._lay_out())

    def _lay_out(self) -> None:
        self._laid_out = asyncio.create_task(self._carried_in())

    async def _carried_in(self) -> None:
        with contextlib.suppress(Error):  # it moves on: the next document gets them when it is measured
            world = await World.open(self.session)
            await self.take_axe(world)
            await self._take_scripts(world)

    async def world(self) -> World:
        """The world in the document that the page shows now: the same as before, unless it has moved on."""
        if self._laid_out is not None:
            await asyncio.wait((self._laid_out,))
        return await World.open(self.session)

    async def take_axe(self, world: World) -> None:
        """Puts axe into the world, unless it is there."""
        if self._with_axe != world.context_id:
            await world.evaluate(f"{axe_source()};0")
            self._with_axe = world.context_id

    async def gather(self, world: World, options: dict[str, Any]) -> Any:
        """What js/gather.js answers; axe, if it is asked for, has to be there."""
        await self._take_scripts(world)
        return await world.call(_GATHER, options)

    async def _take_scripts(self, world: World) -> None:
        if self._with_scripts != world.context_id:
            await world.evaluate(f"globalThis.cynthiaGather = {_gather_source()};0")
            self._with_scripts = world.context_id


@asynccontextmanager
async def instruments(page: Page) -> AsyncIterator[Instruments]:
    """For one measurement of `page`."""
    taken = await Instruments.at(page)
    try:
        yield taken
    finally:
        await detach(taken.session)


@cache
def axe_source() -> str:
    """axe-core, as its package ships it."""
    return files(__package__).joinpath("vendor", "axe-core", "axe.min.js").read_text("utf-8")


@cache
def _gather_source() -> str:
    """The scripts of the js folder as the body of one function: their names are their own, whatever the page has."""
    scripts = sorted(script.name for script in files(__package__).joinpath("js").iterdir())
    joined = "\n".join(files(__package__).joinpath("js", name).read_text("utf-8") for name in scripts)
    return f"(options) => {{\n{joined}\nreturn gather(options);\n}}"
