"""One warm browser for all pages that packs are made of."""

from collections.abc import AsyncIterator

import pytest_asyncio
from hypothesis import settings

from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.fix_packs.probing import WHOLE, PageUnderTest, Probe, Scope
from cynthia_pipeline.settings import Settings

# A busy machine is no failing property.
settings.register_profile("fix_packs", deadline=None)
settings.load_profile("fix_packs")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def prober() -> AsyncIterator[BrowserProber]:
    """Probes pages given as source, in real Chromium."""
    async with open_browser_engine(Settings()) as engine:
        yield BrowserProber(engine)


async def measured(prober: BrowserProber, page: PageUnderTest, scope: Scope = WHOLE) -> Probe:
    """What is measured of a page when a pack is put to the proof on it."""
    async with prober.awaiting(page) as awaiting:
        return await awaiting.measured(scope)
