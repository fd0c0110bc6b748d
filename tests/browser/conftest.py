from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from cynthia_pipeline.audit.engine import AuditEngine
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.browser.visit import VisitLimits
from cynthia_pipeline.browser.watch import PageCaps
from cynthia_pipeline.settings import Settings

from .bad_site import bad_site

SETTINGS = Settings(allow_hosts=("127.0.0.1",), page_max_mb=3, page_max_nodes=500)

QUICK = VisitLimits(
    load_s=8,
    settle_s=5,
    busy_s=3,
    measure_s=20,
    caps=PageCaps(requests=1_000, decoded_bytes=20_000_000, nodes=75_000),
)
"""Little patience, so that a page that never ends does not hold up the suite."""


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Where the bad site listens."""
    with bad_site() as address:
        yield address


@pytest.fixture(scope="session")
def untrusted_site() -> Iterator[str]:
    """The bad site again, over TLS, with a certificate that nobody vouches for."""
    with bad_site(Path(__file__).with_name("self_signed.pem")) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def auditor() -> AsyncIterator[AuditEngine]:
    """One engine with one warm browser for a whole module: what one test does to it, the next one feels."""
    async with open_browser_engine(SETTINGS, limits=QUICK) as engine:
        yield engine
