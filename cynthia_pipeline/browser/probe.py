"""Probes a page for fix packs: what an audit measures, and the sources, names and declarations beside it."""

import asyncio
import platform
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias, TypeVar

from playwright.async_api import CDPSession, Page

from cynthia_pipeline.audit.artifacts import PageArtifacts, Part, Screenshot, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.vitals import Vitals
from cynthia_pipeline.browser.chromium import Chromium
from cynthia_pipeline.browser.declarations import StyleAuthor
from cynthia_pipeline.browser.element_order import BrowserNode, numbered
from cynthia_pipeline.browser.engine import BrowserEngine, both
from cynthia_pipeline.browser.frames import World, detach
from cynthia_pipeline.browser.gather import GatherLimits, Known, gather
from cynthia_pipeline.browser.instruments import Instruments
from cynthia_pipeline.browser.picture import PictureLimits, picture
from cynthia_pipeline.browser.rehearsal import Rehearsal
from cynthia_pipeline.browser.served import SourceKeeper, serve_instead
from cynthia_pipeline.browser.visit import OpenPage
from cynthia_pipeline.errors import WorkError
from cynthia_pipeline.fix_packs.probing import (
    WHOLE,
    Accessible,
    AskedElements,
    Declaration,
    LiveChanges,
    PageUnderTest,
    Probe,
    Scope,
    ViewProbe,
    none_asked,
)

_TEXT_CAP = 200_000
_ONE_PIECE = PictureLimits(strip_px=PictureLimits().px, large_strip_px=PictureLimits().px)
"""A pack shows its pictures as they are, each in one file."""


@dataclass(frozen=True, slots=True)
class BrowserProber:
    """Probes in the warm browser of an audit engine, within the limits of its audits."""

    engine: BrowserEngine

    @asynccontextmanager
    async def opened(
        self, page: PageUnderTest, asked: AskedElements = none_asked, scope: Scope = WHOLE
    ) -> AsyncIterator["OpenedInBrowser"]:
        """Measures the page, and keeps it open in both viewports until the context is left.

        Raises:
            WorkError: on entering: it could not be opened or measured, as an audit.
        """
        async with self._views(page) as views:
            yield OpenedInBrowser(views, await views.first(asked, scope))

    @asynccontextmanager
    async def awaiting(self, page: PageUnderTest) -> AsyncIterator["AwaitingInBrowser"]:
        """Begins to open the page in both viewports, and closes it when the context is left."""
        async with self._views(page) as views:
            yield AwaitingInBrowser(views)

    @asynccontextmanager
    async def _views(self, page: PageUnderTest) -> AsyncIterator["_Views"]:
        async with self.engine.chromium.borrow() as chromium:
            held = [_HeldView(self.engine, chromium, page, viewport) for viewport in Viewport]
            try:
                yield _Views(page.url, held, chromium.browser.version)
            finally:
                await asyncio.shield(asyncio.gather(*(view.end() for view in held)))


@dataclass(frozen=True, slots=True)
class AwaitingInBrowser:
    """Implements fix_packs.probing.AwaitingPage."""

    views: "_Views"

    async def measured(self, scope: Scope = WHOLE) -> Probe:
        """Measures it, once it is open and still. To be asked for once.

        Raises:
            WorkError: it could not be opened or measured.
        """
        return await self.views.first(none_asked, scope)


@dataclass(frozen=True, slots=True)
class OpenedInBrowser:
    """Implements fix_packs.probing.OpenedPage."""

    views: "_Views"
    probe: Probe

    async def changed(self, changes: LiveChanges, scope: Scope) -> Probe | None:
        """Measures it with these changes and no others; None once it cannot be any more."""
        return await self.views.changed(changes, scope)

    async def pictured(self, probe: Probe) -> Probe | None:
        """`probe`, which is what was measured last, with its pictures; None as `changed`."""
        return await self.views.pictured(probe)

    async def completed(self, parts: frozenset[Part]) -> Probe | None:
        """What was measured of it when it was opened, and these parts, which were not; None as `changed`."""
        rest = await self.views.measured_again(parts)
        return None if rest is None else self.probe.with_parts(rest, parts)


@dataclass(frozen=True, slots=True)
class _Views:
    """One page, held open in each viewport."""

    url: str
    held: Sequence["_HeldView"]
    version: str

    async def first(self, asked: AskedElements, scope: Scope) -> Probe:
        one, other = self.held
        await both(one.first(asked, scope), other.first(asked, scope))
        return self._together([view.measured for view in self.held], scope.parts)

    async def changed(self, changes: LiveChanges, scope: Scope) -> Probe | None:
        return await self._all((view.changed(changes, scope) for view in self.held), scope.parts)

    async def measured_again(self, parts: frozenset[Part]) -> Probe | None:
        """These parts of the page as it was."""
        return await self._all((view.measured_again(parts) for view in self.held), parts)

    async def _all(self, asked: Iterable[Awaitable[ViewProbe | None]], parts: frozenset[Part]) -> Probe | None:
        answers = await asyncio.gather(*asked)
        views = [view for view in answers if view is not None]
        return self._together(views, parts) if len(views) == len(answers) else None

    async def pictured(self, probe: Probe) -> Probe | None:
        one, other = await asyncio.gather(*(view.pictured() for view in self.held))
        return None if one is None or other is None else probe.pictured(dict(zip(Viewport, (one, other), strict=True)))

    def _together(self, views: Sequence[ViewProbe], parts: frozenset[Part]) -> Probe:
        by_viewport = {view.artifacts.viewport: view for view in views}
        desktop, mobile = by_viewport[Viewport.DESKTOP], by_viewport[Viewport.MOBILE]
        final_url = self.held[0].final_url
        artifacts = PageArtifacts(
            url=self.url,
            final_url=final_url,
            desktop=desktop.artifacts,
            mobile=mobile.artifacts,
            engine={"chromium": self.version, "platform": platform.system()},
        )
        return Probe(final_url, artifacts, desktop, mobile, parts)


def _scope_of(parts: frozenset[Part], viewport: Viewport) -> Scope:
    """What has to be measured for these parts. Which texts are measured on the picture is what axe says of them."""
    if viewport is Viewport.MOBILE:  # where none is
        return Scope(parts - {Part.PIXELS})
    return Scope(parts | {Part.AXE}, frozenset(("color-contrast",))) if Part.PIXELS in parts else Scope(parts)


_Wanted: TypeAlias = tuple[AskedElements, Scope]
_Job: TypeAlias = Callable[["_Stage"], Awaitable[Any]]
_Answer = TypeVar("_Answer")


class _HeldView:
    """A page in one viewport, held open by a task of its own: what opens it has to close it.

    Attributes:
        measured: what it showed first.
    """

    def __init__(
        self,
        engine: BrowserEngine,
        chromium: Chromium,
        page: PageUnderTest,
        viewport: Viewport,
    ) -> None:
        self._engine = engine
        self._page = page
        self._viewport = viewport
        self._limits = GatherLimits(max_nodes=engine.settings.page_max_nodes, picture=_ONE_PIECE)
        self._wanted: asyncio.Future[_Wanted] = asyncio.get_running_loop().create_future()
        self._first: asyncio.Future[ViewProbe] = asyncio.get_running_loop().create_future()
        self._jobs: asyncio.Queue[tuple[_Job, asyncio.Future[Any]]] = asyncio.Queue()
        self.final_url = ""
        self.task = asyncio.create_task(self._hold(chromium))

    async def first(self, asked: AskedElements, scope: Scope) -> None:
        """Has it measured, and waits for it; to be asked for once.

        Raises:
            WorkError: it could not be.
        """
        self._wanted.set_result((asked, scope))
        await self._until(self._first)
        if not self._first.done():
            self.task.result()

    @property
    def measured(self) -> ViewProbe:
        return self._first.result()

    async def changed(self, changes: LiveChanges, scope: Scope) -> ViewProbe | None:
        """Measures it with these changes; None if it is not there any more."""

        async def measure(stage: _Stage) -> ViewProbe:
            await stage.rehearsal.change(changes)
            view = await self._gathered(stage, scope)
            session = await stage.opened.page.context.new_cdp_session(stage.opened.page)
            try:
                accessible, text, _ = await _seen(session, view)
            finally:
                await detach(session)
            return ViewProbe(view, accessible, {}, text, self.measured.sources)

        return await self._done(measure)

    async def measured_again(self, parts: frozenset[Part]) -> ViewProbe | None:
        """What was measured first, but that these parts are measured now; None if it is not there any more."""

        async def measure(stage: _Stage) -> ViewProbe:
            await stage.rehearsal.change(LiveChanges())
            return replace(self.measured, artifacts=await self._gathered(stage, _scope_of(parts, self._viewport)))

        return await self._done(measure)

    async def _gathered(self, stage: "_Stage", scope: Scope) -> ViewportArtifacts:
        known = Known(silent_ms=stage.opened.silent_ms)
        view = await gather(stage.by, self._viewport, self._limits, scope.parts, scope.axe_rules, known)
        return replace(view, vitals=Vitals())

    async def pictured(self) -> Screenshot | None:
        """What it shows, as it is; None if it is not there any more."""

        async def take(stage: _Stage) -> Screenshot:
            return await picture(stage.by.session, self._viewport, self._limits.picture)

        return await self._done(take)

    async def _done(self, job: Callable[["_Stage"], Awaitable[_Answer]]) -> _Answer | None:
        answer: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait((job, answer))
        await self._until(answer)
        return answer.result() if answer.done() else None

    async def end(self) -> None:
        """Closes the page, whatever it is at; what it failed with after it was measured is nobody's loss."""
        self.task.cancel()
        await asyncio.wait({self.task})
        error = None if self.task.cancelled() else self.task.exception()
        if error is not None and self._first.done() and not isinstance(error, WorkError | TimeoutError):
            raise error

    async def _until(self, answer: "asyncio.Future[Any]") -> None:
        either: set[asyncio.Future[Any]] = {answer, self.task}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)

    async def _hold(self, chromium: Chromium) -> None:
        keeper = SourceKeeper()
        taken: asyncio.Future[Instruments] = asyncio.get_running_loop().create_future()

        async def prepare(opened: Page) -> None:
            by = await Instruments.at(opened)
            by.lay_out_on_load()
            taken.set_result(by)
            if not self._page.replaced:  # a patched page's sources are known
                keeper.listen(opened)
            await serve_instead(opened, self._page.replaced)

        destination = replace(self._engine.destination(self._page.url, self._page.html), prepare=prepare)
        async with self._engine.opened(chromium, destination, self._viewport, self._page.language) as opened:
            wanted = await self._wanted
            by = await taken
            measured = await opened.measured(partial(self._probed, opened, by, keeper, wanted))
            cuts = (*opened.cuts, *measured.artifacts.cut_short)
            self.final_url = opened.final_url
            # Patched files come from memory: how soon a page shows cannot be compared.
            artifacts = replace(measured.artifacts, cut_short=cuts, vitals=Vitals())
            self._first.set_result(replace(measured, artifacts=artifacts))
            await self._rehearse(opened, by)

    async def _rehearse(self, opened: OpenPage, by: Instruments) -> None:
        """Does jobs until the task is cancelled; a page that moves on meanwhile is not asked again."""
        documents = opened.watch.documents
        stage: _Stage | None = None
        while True:
            job, answer = await self._jobs.get()
            if stage is None:
                rehearsal = await Rehearsal.begin(opened.page, self.measured.sources, opened.final_url)
                stage = _Stage(opened, by, rehearsal)
            async with asyncio.timeout(opened.given.limits.measure_s):
                done = await job(stage)
            if opened.watch.documents != documents:
                return
            answer.set_result(done)

    async def _probed(
        self, opened: OpenPage, by: Instruments, keeper: SourceKeeper, wanted: _Wanted, page: Page
    ) -> ViewProbe:
        asked, scope = wanted
        at_rest: list[ViewProbe] = []

        async def look(view: ViewportArtifacts) -> None:
            session = await page.context.new_cdp_session(page)
            try:
                accessible, text, nodes = await _seen(session, view)
                sources = await keeper.sources()
                declarations: dict[int, tuple[Declaration, ...]] = {}
                known = _known(asked, view, nodes)
                if known:  # Chromium does not answer CSS.enable while a stylesheet comes from a replaced request
                    author = await StyleAuthor.begin(session, sources, opened.final_url)
                    declarations = {index: await author.declarations(nodes[index]) for index in known}
            finally:
                await detach(session)
            at_rest.append(ViewProbe(view, accessible, declarations, text, sources))

        known = Known(silent_ms=opened.silent_ms)
        limits = self._limits
        artifacts = await gather(by, self._viewport, limits, scope.parts, scope.axe_rules, known, at_rest=look)
        return replace(at_rest[0], artifacts=artifacts)


@dataclass(frozen=True, slots=True)
class _Stage:
    """An open page that was measured, with what it is measured with and changed by."""

    opened: OpenPage
    by: Instruments
    rehearsal: Rehearsal


async def _seen(
    session: CDPSession, artifacts: ViewportArtifacts
) -> tuple[dict[int, Accessible], str, list[BrowserNode]]:
    """What assistive technology is told, the visible text, and the browser's nodes."""
    text = await (await World.open(session)).evaluate("document.body?.innerText ?? ''")
    await session.send("DOM.enable")
    document = await session.send("DOM.getDocument", {"depth": -1, "pierce": True})
    nodes = numbered(document["root"], artifacts)
    return await _accessible(session, nodes), str(text)[:_TEXT_CAP], nodes


def _known(asked: AskedElements, artifacts: ViewportArtifacts, nodes: list[BrowserNode]) -> list[int]:
    return sorted({index for index in asked(artifacts) if index < len(nodes)})


async def _accessible(session: CDPSession, nodes: list[BrowserNode]) -> dict[int, Accessible]:
    """The accessibility tree of the top document, by element index."""
    tree = await session.send("Accessibility.getFullAXTree")
    by_backend: dict[int, dict[str, Any]] = {
        node["backendDOMNodeId"]: node for node in tree["nodes"] if "backendDOMNodeId" in node
    }
    found = {}
    for index, node in enumerate(nodes):
        said = by_backend.get(node.backend)
        if said is not None:
            found[index] = Accessible(
                role=str(said.get("role", {}).get("value", "")),
                name=str(said.get("name", {}).get("value", "")),
                ignored=bool(said["ignored"]),
            )
    return found
