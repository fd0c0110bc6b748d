"""The engine that audits in a real browser: egress guard, warm Chromium, two visits, rules, pictures."""

import asyncio
import platform
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final, TypeVar

from playwright.async_api import Page

from cynthia_pipeline.audit.artifacts import PageArtifacts, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.asking import Judge
from cynthia_pipeline.audit.assemble import assemble
from cynthia_pipeline.audit.crops import crop_evidence
from cynthia_pipeline.audit.engine import AuditRequest, AuditResult, ProgressReporter
from cynthia_pipeline.audit.judging import judgement
from cynthia_pipeline.audit.vitals import Vitals
from cynthia_pipeline.browser.buffers import give_back_large_ones
from cynthia_pipeline.browser.chromium import Chromium, Launch, WarmChromium, Wear
from cynthia_pipeline.browser.egress import EgressPolicy, EgressProxy, admitted_target, egress_flags
from cynthia_pipeline.browser.failures import timed_out
from cynthia_pipeline.browser.gather import GatherLimits, Known, gather
from cynthia_pipeline.browser.identity import product
from cynthia_pipeline.browser.instruments import instruments
from cynthia_pipeline.browser.robots import RobotsGate
from cynthia_pipeline.browser.visit import Circumstances, Destination, OpenPage, VisitLimits, visit
from cynthia_pipeline.clock import Clock, system_clock
from cynthia_pipeline.errors import ErrorCode, WorkError
from cynthia_pipeline.messages import Language
from cynthia_pipeline.settings import Settings

_DRAFT: Final = ("https://draft.invalid/", "draft.invalid", 443)
"""The address of a drafted page: a name that can never exist (RFC 2606, section 2), and a secure context."""

_TEAR_DOWN_S: Final = 5.0
"""Kept of an audit's time for closing what it opened, seconds; less where the whole time is short."""

_SHARE_MEASURED: Final = 0.75
"""Of an audit's time: what measuring and judgement may take together; the rest is for writing down what was found."""

_WEARS_OUT: Final = frozenset({ErrorCode.BROWSER_FAILED, ErrorCode.TOO_MANY_REQUESTS, ErrorCode.TIMED_OUT})
"""What leaves a browser unfit for the next audit: broken, or perhaps still busy with what it was asked for."""

_MANY: Final = 2000
"""Elements from which on a page takes so much memory that the other view's waits until it is closed."""

_BYTES_PER_MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class BrowserEngine:
    """Audits pages in one warm browser, many at once. Made by `open_browser_engine`."""

    chromium: WarmChromium
    proxy: EgressProxy
    policy: EgressPolicy
    settings: Settings
    limits: VisitLimits
    clock: Clock = system_clock
    judge: Judge | None = None
    robots: RobotsGate | None = None

    async def audit(self, request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        """Audits one target in both viewports.

        Returns:
            The whole report and its evidence.

        Raises:
            WorkError: the target could not be audited; the type says whether to try again. TIMED_OUT if it took
                longer than the setting allows, closing its pages included.
        """
        total_s = self.settings.audit_timeout_s
        steps = _Progress(progress)
        try:
            async with asyncio.timeout(total_s - min(_TEAR_DOWN_S, total_s / 5)):
                return await self._audit(request, steps)
        except TimeoutError as error:
            # The browser stays in use: closing a page's context ends its process, whatever that is at.
            raise timed_out(total_s, "the whole audit's time is used up") from error

    async def _audit(self, request: AuditRequest, steps: "_Progress") -> AuditResult:
        destination = self.destination(request.target_value, request.html)
        started = monotonic()
        async with self.chromium.borrow() as chromium:
            await steps.reach(5)
            turns = _Turns()
            desktop, mobile = await both(
                self._measure(chromium, destination, Viewport.DESKTOP, request.language, steps, turns),
                self._measure(chromium, destination, Viewport.MOBILE, request.language, steps, turns),
            )
            version = chromium.browser.version
        measured = monotonic()
        artifacts = PageArtifacts(
            url=destination.url,
            final_url=desktop.final_url,
            desktop=desktop.artifacts,
            mobile=mobile.artifacts,
            timings_ms={"measure": round((measured - started) * 1000, 1)},
            engine={"chromium": version, "platform": platform.system()},
        )
        result = await asyncio.to_thread(_conclude, artifacts, request)
        if self.judge is not None:
            left_s = self.settings.audit_timeout_s * _SHARE_MEASURED - (monotonic() - started)
            result = await _with_judgement(result, self.judge, artifacts.desktop, request.language, left_s)
        await steps.reach(95)
        return result

    async def _measure(
        self,
        chromium: Chromium,
        destination: Destination,
        viewport: Viewport,
        language: Language,
        steps: "_Progress",
        turns: "_Turns",
    ) -> "_Measured":
        """Opens the page and measures it, on the phone only after the desktop.

        One tells the other what need not be asked twice, and the two never need their memory at the same time: the
        phone's page loads while the desktop's, read and pictured, is tried out, or, if it is large, after that.
        """
        if viewport is Viewport.MOBILE:
            await turns.phones.wait()
        async with self.opened(chromium, destination, viewport, language) as opened:
            await steps.advance(20)
            limits = GatherLimits(max_nodes=self.settings.page_max_nodes)
            like = await turns.desktop if viewport is Viewport.MOBILE else None
            known = Known(like, opened.silent_ms)

            async def measure(page: Page) -> ViewportArtifacts:
                async with instruments(page) as taken:
                    return await gather(taken, viewport, limits, known=known, at_rest=turns.read)

            artifacts = await opened.measured(measure)
            turns.end(viewport, artifacts)
            await steps.advance(20)
            cuts = (*opened.cuts, *artifacts.cut_short)
            # A draft comes from memory: how soon it showed says nothing of a page on the web.
            vitals = artifacts.vitals if destination.html is None else Vitals()
            measured = _Measured(opened.final_url, replace(artifacts, cut_short=cuts, vitals=vitals))
        turns.phones.set()
        return measured

    @asynccontextmanager
    async def opened(
        self, chromium: Chromium, destination: Destination, viewport: Viewport, language: Language
    ) -> AsyncIterator[OpenPage]:
        """A page, open and settled, behind the egress guard; a browser that it broke or tired out is not lent again.

        Where robots.txt is honoured it is asked twice: for the address, and for where that led to.

        Raises:
            WorkError: as `visit`.
        """
        robots = self.robots if destination.html is None else None
        if robots is not None:
            await robots.admit(destination.url)
        try:
            with self.proxy.admit(byte_limit=self.settings.page_max_mb * _BYTES_PER_MB) as passage:
                given = Circumstances(
                    chromium.browser,
                    passage,
                    viewport,
                    language,
                    self.limits,
                    self.clock,
                    contact_url=_contact(self.settings),
                    admits_empty=self.settings.audit_empty_pages,
                )
                async with visit(destination, given) as opened:
                    if robots is not None and opened.final_url != destination.url:
                        await robots.admit(opened.final_url)
                    yield opened
        except WorkError as error:
            if error.code in _WEARS_OUT:
                self.chromium.distrust(chromium)
            raise

    def destination(self, address: str, html: str | None) -> Destination:
        """Where a page is opened: at its address, or, if it is given as source, at one that cannot exist.

        Raises:
            PermanentError: the address is refused.
        """
        if html is not None:
            return Destination(*_DRAFT, html=html)
        target = admitted_target(address, self.policy)
        return Destination(target.url, target.host, target.port)


@asynccontextmanager
async def open_browser_engine(
    settings: Settings,
    *,
    launch: Launch | None = None,
    wear: Wear | None = None,
    limits: VisitLimits | None = None,
    clock: Clock = system_clock,
    judge: Judge | None = None,
) -> AsyncIterator[BrowserEngine]:
    """Opens the engine with a browser already running, and ends everything it started on leaving.

    Args:
        settings: which browser, which hosts, which limits.
        launch: further switches and memory limit of the browser; the switches of the egress guard are added.
        wear: when the browser is replaced.
        limits: of one page; unset, what the time of an audit leaves for it.
        judge: a language model that adds remarks to each report.

    Raises:
        UsageError: there is no browser on this machine.
        TransientError: BROWSER_FAILED, it did not start.
    """
    give_back_large_ones()
    policy = EgressPolicy.allowing(settings.allow_hosts)
    launch = launch or Launch()
    async with EgressProxy(policy) as proxy:
        flags = (*launch.flags, *egress_flags(proxy.url))
        start = replace(
            launch,
            executable=launch.executable or settings.chromium,
            user=launch.user or settings.chromium_user,
            flags=flags,
        )
        async with WarmChromium(start, wear) as chromium:
            limits = limits or limits_within(settings.audit_timeout_s)
            robots = RobotsGate(proxy, clock, product(_contact(settings))) if settings.honour_robots else None
            yield BrowserEngine(chromium, proxy, policy, settings, limits, clock, judge, robots)


def _contact(settings: Settings) -> str | None:
    return None if settings.contact_url is None else str(settings.contact_url)


def limits_within(audit_timeout_s: float) -> VisitLimits:
    """The limits of one page, so that two of them in turn end within the time of an audit.

    The shares of a 60 s audit are those of VisitLimits; shorter audits get proportionally less, longer ones no more:
    a page that has not loaded after 15 s will not look different to its visitors either.
    """
    share = min(1.0, audit_timeout_s / 60)
    full = VisitLimits()
    return replace(
        full,
        load_s=full.load_s * share,
        settle_s=full.settle_s * share,
        busy_s=full.busy_s * share,
        measure_s=full.measure_s * share,
    )


class _Turns:
    """How far the desktop's view is, for the phone's, which follows it.

    Attributes:
        phones: set once the phone's page may be opened.
        desktop: all that was measured.
    """

    def __init__(self) -> None:
        self.phones = asyncio.Event()
        self.desktop: asyncio.Future[ViewportArtifacts] = asyncio.get_running_loop().create_future()

    async def read(self, view: ViewportArtifacts) -> None:
        """A view is read and pictured: the desktop's, as the other waits for it."""
        if len(view.elements) < _MANY:
            self.phones.set()

    def end(self, viewport: Viewport, measured: ViewportArtifacts) -> None:
        """A view is measured."""
        if viewport is Viewport.DESKTOP:
            self.desktop.set_result(measured)


@dataclass(frozen=True, slots=True)
class _Measured:
    final_url: str
    artifacts: ViewportArtifacts


class _Progress:
    """Tells how far an audit is, never backwards, whoever of its two visits is quicker."""

    def __init__(self, report: ProgressReporter) -> None:
        self._report = report
        self._at = 0

    async def reach(self, percent: int) -> None:
        """The audit is at least so far."""
        if percent > self._at:
            self._at = percent
            await self._report(percent)

    async def advance(self, percent: int) -> None:
        """One more step is done."""
        await self.reach(self._at + percent)


def _conclude(artifacts: PageArtifacts, request: AuditRequest) -> AuditResult:
    """The part without a browser: pure computing, in a thread of its own."""
    assembled = assemble(artifacts, request)
    return AuditResult(assembled.report, crop_evidence(artifacts, assembled.spots))


async def _with_judgement(
    result: AuditResult, judge: Judge, view: ViewportArtifacts, language: Language, left_s: float
) -> AuditResult:
    """The result with what a language model adds; nothing else in it is touched."""
    added = await judgement(judge, view, language, left_s=left_s)
    details = result.report.details.model_copy(update={"judgement": added})
    return replace(result, report=result.report.model_copy(update={"details": details}))


_First = TypeVar("_First")


async def both(one: Coroutine[Any, Any, _First], other: Coroutine[Any, Any, _First]) -> tuple[_First, _First]:
    """Does both at once; the first failure ends the other and is raised."""
    tasks = asyncio.ensure_future(one), asyncio.ensure_future(other)
    try:
        first, second = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            if not task.cancelling():  # a second cancellation would tear it out of closing what it opened
                task.cancel()
        await asyncio.wait(tasks)
    return first, second
