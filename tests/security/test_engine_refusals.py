"""What an audit ends with when its page leads inward: the whole engine, from the typed address to the error."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from cynthia_pipeline.audit.engine import AuditEngine, AuditRequest, TargetType
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.settings import Settings

from .conftest import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

REDIRECTS = {
    "/to-http": ("http://10.0.0.1/", ErrorCode.ADDRESS_REFUSED),
    "/to-https": ("https://10.0.0.1/", ErrorCode.ADDRESS_REFUSED),
    "/to-metadata": ("http://169.254.169.254/latest/meta-data/", ErrorCode.ADDRESS_REFUSED),
    "/to-nowhere": ("http://nowhere.invalid/", ErrorCode.HOST_NOT_FOUND),
    "/to-file": ("file:///etc/passwd", ErrorCode.SCHEME_REFUSED),
}


async def no_progress(_percent: int) -> None:
    """Nobody waits."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def teams_site() -> AsyncIterator[Site]:
    """A staging site of the team's own, which is allowed."""
    site = Site(0)
    for path, (url, _) in REDIRECTS.items():
        site.pages[path] = (f"302 Found\r\nLocation: {url}", "")
    html = "200 OK\r\nContent-Type: text/html"
    site.pages["/meta"] = (html, "<h1>x</h1><meta http-equiv=refresh content='0;url=http://10.0.0.1/'>")
    site.pages["/script"] = (html, "<h1>x</h1><script>location = 'https://10.0.0.1/'</script>")
    async with await asyncio.start_server(site.serve, "127.0.0.1", 0) as server:
        site.port = server.sockets[0].getsockname()[1]
        yield site


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[AuditEngine]:
    """The engine as a team with one staging host runs it."""
    async with open_browser_engine(Settings(allow_hosts=("127.0.0.1",))) as opened:
        yield opened


async def refusal(engine: AuditEngine, url: str) -> PermanentError:
    with pytest.raises(PermanentError) as caught:
        await engine.audit(AuditRequest(TargetType.URL, url), no_progress)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://10.0.0.1/", ErrorCode.ADDRESS_REFUSED),
        ("http://0xa9fea9fe/", ErrorCode.ADDRESS_REFUSED),
        ("http://127.8.8.8/", ErrorCode.ADDRESS_REFUSED),
        ("https://8.8.8.8:8443/", ErrorCode.PORT_REFUSED),
        ("https://user:password@example.com/", ErrorCode.CREDENTIALS_IN_URL),
        ("file:///etc/passwd", ErrorCode.SCHEME_REFUSED),
        ("view-source:https://example.com", ErrorCode.SCHEME_REFUSED),
        ("not an address", ErrorCode.NOT_A_URL),
        ("https://nowhere.invalid/", ErrorCode.HOST_NOT_FOUND),
    ],
)
async def test_what_a_user_types(engine: AuditEngine, text: str, code: ErrorCode) -> None:
    assert (await refusal(engine, text)).code is code


@pytest.mark.parametrize("path", REDIRECTS)
async def test_where_a_site_redirects(engine: AuditEngine, teams_site: Site, path: str) -> None:
    error = await refusal(engine, f"http://127.0.0.1:{teams_site.port}{path}")
    assert error.code is REDIRECTS[path][1]


@pytest.mark.parametrize("path", ["/meta", "/script"])
async def test_where_a_page_goes_by_itself(engine: AuditEngine, teams_site: Site, path: str) -> None:
    error = await refusal(engine, f"http://127.0.0.1:{teams_site.port}{path}")
    assert error.code is ErrorCode.ADDRESS_REFUSED


@pytest.mark.parametrize("language", Language)
async def test_the_sentence_tells_nothing_of_the_inner_network(engine: AuditEngine, language: Language) -> None:
    error = await refusal(engine, "http://169.254.169.254/latest/meta-data/")
    text = sentence(error.code, language, error.facts)
    assert "metadata" not in text
    assert "169.254" not in text
