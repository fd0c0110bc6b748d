"""Watches one page from outside: where it is in its life, and when it breaks a limit."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import CDPSession, Error, Page, Request

from cynthia_pipeline.browser.tripwire import Tripwire
from cynthia_pipeline.errors import ErrorCode, PermanentError, TransientError

_BYTES_PER_MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class PageCaps:
    """How much of something one page may make; each is counted outside the page.

    Attributes:
        navigations: documents that it may go through by itself.
        requests: made by it and its frames.
        decoded_bytes: of answers to the page once decompressed, so that a small file cannot become a huge one.
        nodes: in the DOM, of any kind, once it is loaded.
    """

    navigations: int = 10
    requests: int = 2_000
    decoded_bytes: int = 250_000_000
    nodes: int = 500_000


class PageWatch:
    """Listens to one page.

    Attributes:
        arrived: set when the first document is there.
        documents: how many the page has gone through.
        parsed: whether the present document is whole.
        loaded: set when the present document's load event has fired.
        broken: the browser's words if the present document broke off before it was whole.
        failed: the latest request for a document that failed.
    """

    def __init__(self, tripwire: Tripwire, caps: PageCaps) -> None:
        self.arrived = asyncio.Event()
        self.documents = 0
        self.parsed = False
        self.loaded = asyncio.Event()
        self.broken: str | None = None
        self.failed: Request | None = None
        self._tripwire = tripwire
        self._caps = caps
        self._requests = 0
        self._hears_all = False
        self._decoded_bytes = 0
        self._chores: set[asyncio.Task[None]] = set()

    async def begin(self, page: Page, session: CDPSession) -> None:
        """Starts to listen."""
        page.on("crash", self._on_crash)
        page.on("dialog", lambda dialog: self._do(dialog.dismiss()))
        page.on("frameattached", lambda _: self._hear_all(page))
        page.on("worker", lambda _: self._hear_all(page))
        page.on("requestfailed", self._on_request_failed)
        page.context.on("page", lambda window: self._do(window.close()))
        session.on("Page.frameNavigated", self._on_navigated)
        session.on("Page.domContentEventFired", self._on_parsed)
        session.on("Page.loadEventFired", lambda _: self.loaded.set())
        session.on("Network.requestWillBeSent", self._on_asked)
        session.on("Network.dataReceived", self._on_data)
        await session.send("Page.enable")
        await session.send("Network.enable")

    def end(self) -> None:
        """Drops what is still to be done: the page is about to go."""
        for chore in self._chores:
            chore.cancel()

    def _on_crash(self, _: Page) -> None:
        self._tripwire.trip(TransientError(ErrorCode.PAGE_CRASHED, detail="the tab crashed"))

    def _on_navigated(self, event: dict[str, Any]) -> None:
        if "parentId" in event["frame"]:
            return
        self.documents += 1
        self.parsed = False
        self.broken = None
        self.loaded.clear()
        self.arrived.set()
        if self.documents > self._caps.navigations:
            self._tripwire.trip(PermanentError(ErrorCode.ENDLESS_NAVIGATION, detail=f"{self.documents} documents"))

    def _on_parsed(self, _: object) -> None:
        self.parsed = True

    def _hear_all(self, page: Page) -> None:
        """Frames and workers may live in other processes, of which the session hears nothing.

        Playwright hears of all, and takes 0.8 ms of Python for each request.
        """
        if not self._hears_all:
            self._hears_all = True
            page.on("request", lambda _: self._count())

    def _on_asked(self, event: dict[str, Any]) -> None:
        if not self._hears_all and not event["request"]["url"].startswith("data:"):
            self._count()

    def _count(self) -> None:
        self._requests += 1
        if self._requests > self._caps.requests:
            # Refusing each further one would keep the browser busy for the other audits: the page goes as a whole.
            self._tripwire.trip(PermanentError(ErrorCode.TOO_MANY_REQUESTS, limit=str(self._caps.requests)))

    def _on_data(self, event: dict[str, Any]) -> None:
        self._decoded_bytes += int(event["dataLength"])
        if self._decoded_bytes > self._caps.decoded_bytes:
            self._tripwire.trip(
                PermanentError(
                    ErrorCode.PAGE_TOO_LARGE,
                    limit_mb=str(self._caps.decoded_bytes // _BYTES_PER_MB),
                    detail="once decompressed",
                )
            )

    def _on_request_failed(self, request: Request) -> None:
        # A request that never led to a document has no frame to ask for.
        if not request.is_navigation_request() or request.frame.parent_frame is not None:
            return
        self.failed = request
        if self.documents and not self.parsed and request.failure != "net::ERR_ABORTED":
            self.broken = request.failure
            self.loaded.set()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """Does `work` beside everything else; what it is about may be gone by then."""

        async def chore() -> None:
            with contextlib.suppress(Error):
                await work

        task = asyncio.ensure_future(chore())
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
