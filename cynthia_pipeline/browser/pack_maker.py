"""The maker of fix packs on the browser of this project."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.fix_packs.maker import ProvingPackMaker
from cynthia_pipeline.fix_packs.ports import PackMaker
from cynthia_pipeline.fix_packs.rewording import Writer
from cynthia_pipeline.settings import Settings


@asynccontextmanager
async def open_pack_maker(settings: Settings, writer: Writer | None = None) -> AsyncIterator[PackMaker]:
    """Opens the maker with a browser already running, and ends everything it started on leaving.

    Args:
        settings: of the browser.
        writer: words the drafts of content packs.

    Raises:
        UsageError: there is no browser on this machine.
        TransientError: BROWSER_FAILED, it did not start.
    """
    async with open_browser_engine(settings) as engine:
        yield ProvingPackMaker(BrowserProber(engine), writer)
