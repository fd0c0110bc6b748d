"""Opens one page in one viewport, and keeps it within its limits for as long as it is open.

    navigate (proxy, errors, media type) -> load event -> network quiet -> layout still -> is anything on it?

Everything is enforced from outside the page: over CDP, by the proxy, or by Chromium itself. A page that cannot be had
whole is measured as it stands, and `OpenPage.cuts` says what was cut short.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final, TypeVar

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page, Response, Route
from playwright.async_api import TimeoutError as PlaywrightTimeout

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.cuts import Cut, CutCode
from cynthia_pipeline.browser.egress import Passage, admit_page
from cynthia_pipeline.browser.failures import Opening, failure_of, not_a_page, timed_out
from cynthia_pipeline.browser.frames import World
from cynthia_pipeline.browser.identity import device
from cynthia_pipeline.browser.scripts import NO_DIALOGS, answers, stop_scripts
from cynthia_pipeline.browser.silence import Silence
from cynthia_pipeline.browser.tripwire import Tripwire
from cynthia_pipeline.browser.watch import PageCaps, PageWatch
from cynthia_pipeline.clock import Clock, system_clock
from cynthia_pipeline.errors import ErrorCode, PermanentError, TransientError, WorkError
from cynthia_pipeline.messages import Language
from cynthia_pipeline.retry_after import retry_after_s

Measured = TypeVar("Measured")

_CLOSE_S: Final = 3.0
_ANSWER_S: Final = 3.0
"""How long a page whose scripts were just stopped may take to answer, seconds."""
_STILL_S: Final = 0.1
"""A layout that is the same after this long is still, seconds."""
_MEASURED_AT_MOST: Final = 3
"""How often a page that moves on while it is measured is measured again."""

_LOOK: Final = """(() => {
  const seen = "img,svg,canvas,video,audio,iframe,frame,object,embed,input,button,select,textarea,[role],[aria-label],"
    + "[tabindex],[contenteditable],a[href],area[href],h1,h2,h3,h4,h5,h6,p,ul,ol,dl,table,fieldset,label,summary,meter,"
    + "progress,math";
  // A page of nothing that will be another after a while: the delay itself is what is wrong with it.
  const waits = [...document.querySelectorAll("meta[http-equiv=refresh i]")]
    .some((meta) => /^\\s*0*[1-9]/.test(meta.content));
  return {
    contentType: document.contentType,
    status: performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0,
    url: location.href,
    empty: !(waits || document.body?.innerText?.trim() || document.querySelector(seen)
      || [...document.querySelectorAll("*")].some((element) =>
        element.shadowRoot || getComputedStyle(element).backgroundImage !== "none")),
  };
})()"""


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """What a page may take.

    Attributes:
        load_s: from the request to the load event, seconds; then it is measured as it stands.
        settle_s: from the load event until network and layout are quiet, seconds; then likewise.
        busy_s: how long its scripts may keep the page from answering, seconds; then they are stopped.
        measure_s: how long one measurement may take, seconds.
        caps: how much it may make of what costs.
    """

    load_s: float = 15.0
    settle_s: float = 5.0
    busy_s: float = 5.0
    measure_s: float = 20.0
    caps: PageCaps = field(default_factory=PageCaps)


@dataclass(frozen=True, slots=True)
class Destination:
    """What is opened.

    Attributes:
        url: the address.
        host, port: of the address.
        html: if set, the page itself; then nothing at all is asked of the network.
        prepare: if set, called with the fresh page before anything is opened in it.
    """

    url: str
    host: str
    port: int
    html: str | None = None
    prepare: Callable[[Page], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which a page is opened.

    Attributes:
        browser: the one that opens it.
        passage: through the egress proxy, for this page alone.
        contact_url: what the browser tells site owners to turn to.
        admits_empty: whether a page that shows nothing is measured all the same.
    """

    browser: Browser
    passage: Passage
    viewport: Viewport
    language: Language
    limits: VisitLimits
    clock: Clock = system_clock
    contact_url: str | None = None
    admits_empty: bool = False


@asynccontextmanager
async def visit(destination: Destination, given: Circumstances) -> AsyncIterator["OpenPage"]:
    """Opens `destination` in a context of its own, and closes it on leaving, whatever happens.

    Raises:
        WorkError: the page could not be opened, or broke a limit or crashed while it was open; Playwright's errors
            from within the block included.
    """
    async with _context(given) as context, Tripwire() as tripwire:
        watch = PageWatch(tripwire, given.limits.caps)
        try:
            await context.add_init_script(NO_DIALOGS)
            page = await context.new_page()
            session = await context.new_cdp_session(page)
            await watch.begin(page, session)
            opened = OpenPage(page, session, watch, destination, given)
            await opened.navigate()
            await opened.settle()
            yield opened
        except Error as error:
            failure = failure_of(Opening(destination.host, failure=error.message))
            raise failure or TransientError(ErrorCode.BROWSER_FAILED, detail=error.message) from error
        finally:
            watch.end()


@dataclass
class OpenPage:
    """A page in a context of its own.

    Attributes:
        final_url: where it ended after redirects.
        cuts: what was cut short so far, in the order of its happening.
    """

    page: Page
    session: CDPSession
    watch: PageWatch
    destination: Destination
    given: Circumstances
    final_url: str = ""
    cuts: list[Cut] = field(default_factory=list)
    _silence: Silence | None = None

    async def navigate(self) -> None:
        """Opens the address, up to the first byte of a page.

        Raises:
            WorkError: no page came.
        """
        started = monotonic()
        response: Response | None = None
        failure: Error | None = None
        if self.destination.html is None:
            await admit_page(self.page, self.given.passage)
        else:
            await self._serve(self.destination.html)
        if self.destination.prepare is not None:
            await self.destination.prepare(self.page)
        try:
            limit_ms = self.given.limits.load_s * 1000
            response = await self.page.goto(self.destination.url, wait_until="commit", timeout=limit_ms)
        except Error as error:
            failure = error
            response = await self._answer_behind_failure()
        await self._refuse_unless_page(response, failure, monotonic() - started)
        if response is not None:
            self._refuse_if_announced_too_large(response)

    async def settle(self) -> None:
        """Waits until the page is loaded and still, or has used up its time.

        Raises:
            WorkError: it broke off, it is too large, it is no page, it is empty or it never answers.
        """
        await self.watch.arrived.wait()  # the answer to a command can overtake the event it led to
        documents = -1
        while documents != self.watch.documents:  # a page that moves on at its load event is another page
            documents = self.watch.documents
            await self._load()
            await self._quieten()
        if self.given.passage.is_spent:
            self._cut(CutCode.TRANSFER_CAPPED, limit_mb=self._limit_mb())
        await self._refuse_if_huge()
        await self._look()

    async def measured(self, measure: Callable[[Page], Awaitable[Measured]]) -> Measured:
        """What `measure` makes of the page, once it holds still for it.

        Raises:
            PermanentError: ENDLESS_NAVIGATION, it moves on each time it is measured.
            TransientError: TIMED_OUT, it does not let itself be measured.
        """
        for _ in range(_MEASURED_AT_MOST):
            documents, was_stopped = self.watch.documents, self._has_cut(CutCode.SCRIPTS_STOPPED)
            try:
                measured = await self._measured_in_time(measure)
            except (Error, TransientError):
                if documents == self.watch.documents:
                    raise
                await self.settle()
                continue
            if measured is not None:
                return measured
            if was_stopped:
                raise timed_out(self.given.limits.measure_s, "the page could not be measured in time")
        raise PermanentError(ErrorCode.ENDLESS_NAVIGATION, detail="moves on while it is measured")

    async def silent_ms(self) -> float:
        """For how long no text has changed by itself since the page was loaded, as far as known, milliseconds."""
        if self._silence is not None:
            with contextlib.suppress(Error):
                return await self._silence.ms()
        return 0

    async def _measured_in_time(self, measure: Callable[[Page], Awaitable[Measured]]) -> Measured | None:
        """What `measure` makes of the page; None if it had to be given up, and the page's scripts were stopped."""
        measuring = asyncio.ensure_future(measure(self.page))
        measuring.add_done_callback(_forget)
        try:
            await asyncio.wait((measuring,), timeout=self.given.limits.measure_s)
            if measuring.done():
                return measuring.result()
            await self._stop()
            return None
        finally:
            # Not waited for: while the page is busy it cannot even let go. It ends with the context, if not before.
            measuring.cancel()

    async def _serve(self, html: str) -> None:
        async def answer(route: Route) -> None:
            if route.request.url == self.destination.url:
                await route.fulfill(content_type="text/html; charset=utf-8", body=html)
            else:
                await route.abort()

        await self.page.context.route("**/*", answer)

    async def _answer_behind_failure(self) -> Response | None:
        """The answer that made the browser give up, if there was one: an error without a page, a download."""
        if self.watch.failed is None:
            return None
        with contextlib.suppress(Error, TimeoutError):
            async with asyncio.timeout(_ANSWER_S):
                return await self.watch.failed.response()
        return None

    async def _refuse_unless_page(self, response: Response | None, failure: Error | None, waited_s: float) -> None:
        if failure is not None or (response is not None and not response.ok):
            refused = self._refused(response.url if response is not None else self.destination.url)
            if refused is not None:
                raise refused from failure
        headers = response.headers if response is not None else {}
        error = failure_of(
            Opening(
                self.destination.host,
                failure=failure.message if failure is not None else None,
                failed_url=self.watch.failed.url if self.watch.failed is not None else None,
                status=response.status if response is not None else None,
                content_type=headers.get("content-type"),
                retry_after_s=retry_after_s(headers.get("retry-after", ""), self.given.clock()),
                waited_s=waited_s,
            )
        )
        if error is not None:
            raise error from failure

    def _refuse_if_announced_too_large(self, response: Response) -> None:
        announced, limit = response.headers.get("content-length", ""), self.given.passage.byte_limit
        if limit is not None and announced.isdecimal() and int(announced) > limit:
            raise self._too_large()

    async def _load(self) -> None:
        """Waits for the load event; if it does not come, stops loading and whatever keeps it from coming."""
        limits = self.given.limits
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limits.load_s):
                await self.watch.loaded.wait()
        if not self.watch.parsed and self.given.passage.is_spent:
            raise self._too_large()
        if self.watch.broken is not None:
            failure = failure_of(Opening(self.destination.host, failure=self.watch.broken))
            raise self._refused(self.destination.url) or failure or self._broke_off()
        if not self.watch.loaded.is_set():
            if not self.given.passage.is_spent:
                self._cut(CutCode.STILL_LOADING, seconds=f"{limits.load_s:g}")
            await self.session.send("Page.stopLoading")
        await self._stop_if_busy(within_s=limits.busy_s)

    async def _quieten(self) -> None:
        """Waits until nothing is transferred for half a second and the layout holds still."""
        settle_s = self.given.limits.settle_s
        self._silence = None
        try:
            async with asyncio.timeout(settle_s):
                with contextlib.suppress(Error):  # it moves on: the next document is listened to
                    self._silence = await Silence.listened_to(self.session)
                await self.page.wait_for_load_state("networkidle", timeout=0)
                before = await self._layout()
                while True:
                    await asyncio.sleep(_STILL_S)
                    now = await self._layout()
                    if now == before:
                        return
                    before = now
        except (TimeoutError, PlaywrightTimeout):
            self._cut(CutCode.STILL_CHANGING, seconds=f"{settle_s:g}")
            await self._stop_if_busy(within_s=self.given.limits.busy_s)

    async def _layout(self) -> tuple[float, float]:
        size = (await self.session.send("Page.getLayoutMetrics"))["cssContentSize"]
        return size["width"], size["height"]

    async def _refuse_if_huge(self) -> None:
        """Refuses a page of so many nodes that the rules would not get through them."""
        most = self.given.limits.caps.nodes
        counted = await self.session.send("Memory.getDOMCounters")
        if counted["nodes"] > most:
            raise PermanentError(ErrorCode.TOO_MANY_NODES, limit=f"{most}", detail=f"{counted['nodes']} nodes")

    async def _look(self) -> None:
        """Looks whether there is a page, and something on it."""
        world = await World.open(self.session)
        seen: dict[str, Any] = await world.evaluate(_LOOK)
        self.final_url = str(seen["url"])
        status = int(seen["status"]) or None
        error = failure_of(Opening(self.destination.host, status=status)) or not_a_page(str(seen["contentType"]))
        if error is not None:
            raise self._refused(self.final_url) or error
        if seen["empty"] and not self.given.admits_empty:
            raise PermanentError(ErrorCode.EMPTY_PAGE, detail="no text, no picture, no control")

    async def _stop_if_busy(self, *, within_s: float) -> None:
        if not await answers(self.session, within_s):
            await self._stop()

    async def _stop(self) -> None:
        """Stops the page's scripts.

        Raises:
            TransientError: TIMED_OUT, the page does not answer even so.
        """
        self._cut(CutCode.SCRIPTS_STOPPED)
        if not await stop_scripts(self.session, _ANSWER_S):
            raise timed_out(self.given.limits.load_s, "the page's scripts cannot be stopped")

    def _cut(self, code: CutCode, **facts: str) -> None:
        if not self._has_cut(code):
            self.cuts.append(Cut(code, facts))

    def _has_cut(self, code: CutCode) -> bool:
        return any(cut.code is code for cut in self.cuts)

    def _limit_mb(self) -> str:
        return str(round((self.given.passage.byte_limit or 0) / 1_000_000))

    def _too_large(self) -> PermanentError:
        return PermanentError(ErrorCode.PAGE_TOO_LARGE, limit_mb=self._limit_mb())

    def _refused(self, url: str) -> WorkError | None:
        """Why the proxy did not let `url` through, or the address that a redirect or the page itself led on to."""
        refusal = self.given.passage.refusal_of(self.watch.failed.url if self.watch.failed is not None else url)
        return refusal.error() if refusal is not None else None

    def _broke_off(self) -> WorkError:
        return TransientError(ErrorCode.CONNECTION_FAILED, host=self.destination.host, detail="broke off")


@asynccontextmanager
async def _context(given: Circumstances) -> AsyncIterator[BrowserContext]:
    """A fresh browser context that is closed on leaving, even if the wait for it is cancelled."""
    making = asyncio.ensure_future(
        given.browser.new_context(
            **device(given.viewport, given.language, given.browser.version, given.contact_url),
            service_workers="block",
            accept_downloads=False,
            permissions=[],
        )
    )
    try:
        context = await asyncio.shield(making)
    except asyncio.CancelledError:
        await asyncio.shield(_close_once_made(making))
        raise
    except Error as error:
        raise TransientError(ErrorCode.BROWSER_FAILED, detail=error.message) from error
    try:
        yield context
    finally:
        await asyncio.shield(_close(context))


async def _close(context: BrowserContext) -> None:
    with contextlib.suppress(Error, TimeoutError):  # gone with its browser, or stuck: the browser is replaced then
        async with asyncio.timeout(_CLOSE_S):
            await context.close()


async def _close_once_made(making: "asyncio.Future[BrowserContext]") -> None:
    """The browser is making the context, wanted or not; without its name nobody could close it later."""
    await asyncio.wait((making,), timeout=_CLOSE_S)
    if making.done() and not making.cancelled() and making.exception() is None:
        await _close(making.result())


def _forget(measuring: "asyncio.Future[Any]") -> None:
    """Takes note of how an abandoned measurement ended, so that asyncio does not report it as overlooked."""
    if not measuring.cancelled():
        measuring.exception()
