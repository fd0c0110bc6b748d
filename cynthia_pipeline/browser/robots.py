"""Asks a site's robots.txt before one of its pages is opened, through the egress guard like everything else."""

import asyncio
from collections import OrderedDict
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from ada_url import URL

from cynthia_pipeline.audit.robots import LARGEST_BYTES, allows
from cynthia_pipeline.browser.egress import EgressProxy, Passage
from cynthia_pipeline.browser.failures import Opening, failure_of, timed_out
from cynthia_pipeline.clock import Clock
from cynthia_pipeline.errors import ErrorCode, PermanentError, TransientError, WorkError
from cynthia_pipeline.retry_after import retry_after_s

_KEPT_FOR: Final = timedelta(hours=1)
"""How long an answer counts; RFC 9309, section 2.4, allows a day."""

_KEPT: Final = 128
"""Most sites whose answer is kept: 64 MB if all of them are as large as may be."""

_REDIRECTS: Final = 5  # RFC 9309, section 2.3.1.2
_REDIRECTED: Final = frozenset({301, 302, 303, 307, 308})
_WIRE_BYTES: Final = 2 * LARGEST_BYTES  # headers, redirects and TLS included
_FETCH_S: Final = 10.0
_NO_RULES: Final = b""


@dataclass(slots=True)
class _Site:
    """What one site's robots.txt says.

    Attributes:
        asking: held by whoever asks, so that others wait for the answer instead of asking too.
    """

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots_txt: bytes = _NO_RULES
    until: datetime | None = None


class RobotsGate:
    """Lets pages pass that their site's robots.txt allows. Made once for an engine; asks each site once an hour."""

    def __init__(self, proxy: EgressProxy, clock: Clock, user_agent: str) -> None:
        self._proxy = proxy
        self._clock = clock
        self._user_agent = user_agent
        self._sites: OrderedDict[str, _Site] = OrderedDict()

    async def admit(self, url: str) -> None:
        """Returns if `url` may be opened; a site without a robots.txt (any 4xx but 429) allows everything.

        Args:
            url: an absolute http or https address.

        Raises:
            PermanentError: ROBOTS_REFUSED; or the site cannot be reached, and never will, as the type says.
            TransientError: the robots.txt could not be had this time (5xx, 429, the network): nothing may be opened
                until it is known (RFC 9309, section 2.3.1.4). RateLimitedError with the site's own Retry-After.
        """
        parts = urlsplit(url)
        site = self._site(f"{parts.scheme}://{parts.netloc}")
        async with site.asking:
            now = self._clock()
            if site.until is None or site.until <= now:
                site.robots_txt = await self._fetch(f"{parts.scheme}://{parts.netloc}/robots.txt")
                site.until = now + _KEPT_FOR
        # In a thread: half a megabyte of rules takes a while to read.
        if not await asyncio.to_thread(allows, site.robots_txt, url):
            raise PermanentError(ErrorCode.ROBOTS_REFUSED, host=parts.hostname or "")

    def _site(self, origin: str) -> _Site:
        site = self._sites.setdefault(origin, _Site())
        self._sites.move_to_end(origin)
        if len(self._sites) > _KEPT:
            self._sites.popitem(last=False)
        return site

    async def _fetch(self, address: str) -> bytes:
        host = urlsplit(address).hostname or ""
        with self._proxy.admit(byte_limit=_WIRE_BYTES) as passage:
            try:
                return await self._ask(address, passage)
            except TimeoutError as error:
                raise timed_out(_FETCH_S, "robots.txt") from error
            except aiohttp.ClientSSLError as error:
                raise PermanentError(ErrorCode.TLS_FAILED, host=host, detail=f"robots.txt: {error}") from error
            except aiohttp.ClientError as error:
                detail = f"robots.txt: {type(error).__name__}: {error}"
                raise _refused(passage) or TransientError(
                    ErrorCode.CONNECTION_FAILED, host=host, detail=detail
                ) from error

    async def _ask(self, address: str, passage: Passage) -> bytes:
        """The file, as much of it as counts; nothing where there is none, or redirects lead nowhere.

        Raises:
            WorkError: the proxy or the site did not give it.
            aiohttp.ClientError, TimeoutError: the connection did not.
        """
        async with (
            asyncio.timeout(_FETCH_S),
            aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent, "Accept": "text/plain,*/*;q=0.5"},
            ) as session,
        ):
            for _ in range(1 + _REDIRECTS):
                async with self._get(session, address, passage) as response:
                    if response.status not in _REDIRECTED:
                        return await self._read(response, passage)
                    led_to = _web_address(address, response.headers.get("Location", ""))
                if led_to is None:
                    break
                address = led_to
        return _NO_RULES

    def _get(
        self, session: aiohttp.ClientSession, address: str, passage: Passage
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Asks once. The credential goes to the proxy alone: with CONNECT, or else in the request that it forwards."""
        credential = {"Proxy-Authorization": passage.authorization}
        is_plain = urlsplit(address).scheme == "http"
        return session.get(
            address,
            proxy=self._proxy.url,
            proxy_headers=credential,
            headers=credential if is_plain else None,
            allow_redirects=False,
        )

    async def _read(self, response: aiohttp.ClientResponse, passage: Passage) -> bytes:
        host = response.url.host or ""
        # Over plain HTTP the proxy's own answers look like the site's, whose 4xx would allow everything.
        refused = _refused(passage)
        if refused is not None:
            raise refused
        if response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            raise TransientError(ErrorCode.CONNECTION_FAILED, host=host, detail="robots.txt: 407")
        wait_s = retry_after_s(response.headers.get("Retry-After", ""), self._clock())
        error = failure_of(Opening(host, status=response.status, retry_after_s=wait_s))
        if error is None:
            return await _beginning(response.content)
        if error.code in {ErrorCode.HTTP_CLIENT_ERROR, ErrorCode.EMPTY_PAGE}:
            return _NO_RULES  # RFC 9309, section 2.3.1.3: unavailable, so anything may be opened
        raise error


def _refused(passage: Passage) -> WorkError | None:
    """Why the proxy did not let the request through, or a redirect of it."""
    return passage.refusals[-1].error() if passage.refusals else None


def _web_address(base: str, location: str) -> str | None:
    """Where a redirect leads on the web; None if nowhere there."""
    try:
        led_to = URL(location, base=base)
    except ValueError:
        return None
    return led_to.href if led_to.protocol in {"http:", "https:"} else None


async def _beginning(body: aiohttp.StreamReader) -> bytes:
    """What counts of a body, and one byte more if there is more."""
    read = bytearray()
    async for chunk in body.iter_any():
        read += chunk
        if len(read) > LARGEST_BYTES:
            break
    return bytes(read[: LARGEST_BYTES + 1])
