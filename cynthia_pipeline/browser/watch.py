"""Watches one page from outside: where it is in its life, and when it breaks a limit."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from playwright.async_api import CDPSession, Error, Page, Request

from cynthia_pipeline.browser.tripwire import Tripwire
from cynthia_pipeline.errors import ErrorCode, PermanentError, TransientError


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

    def __init__(self, tripwire: Tripwire, *, navigations: int) -> None:
        self.arrived = asyncio.Event()
        self.documents = 0
        self.parsed = False
        self.loaded = asyncio.Event()
        self.broken: str | None = None
        self.failed: Request | None = None
        self._tripwire = tripwire
        self._navigations = navigations
        self._chores: set[asyncio.Task[None]] = set()

    async def begin(self, page: Page, session: CDPSession) -> None:
        """Starts to listen."""
        page.on("crash", self._on_crash)
        page.on("dialog", lambda dialog: self._do(dialog.dismiss()))
        page.on("requestfailed", self._on_request_failed)
        page.context.on("page", lambda window: self._do(window.close()))
        session.on("Page.frameNavigated", self._on_navigated)
        session.on("Page.domContentEventFired", self._on_parsed)
        session.on("Page.loadEventFired", lambda _: self.loaded.set())
        await session.send("Page.enable")

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
        if self.documents > self._navigations:
            self._tripwire.trip(PermanentError(ErrorCode.ENDLESS_NAVIGATION, detail=f"{self.documents} documents"))

    def _on_parsed(self, _: object) -> None:
        self.parsed = True

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
