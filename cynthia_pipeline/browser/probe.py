"""Probes a page for fix packs: what an audit measures, and the sources, names and declarations beside it."""

import platform
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from playwright.async_api import CDPSession, Page

from cynthia_pipeline.audit.artifacts import PageArtifacts, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.vitals import Vitals
from cynthia_pipeline.browser.chromium import Chromium
from cynthia_pipeline.browser.declarations import StyleAuthor
from cynthia_pipeline.browser.element_order import BrowserNode, numbered
from cynthia_pipeline.browser.engine import BrowserEngine, both
from cynthia_pipeline.browser.frames import World, detach
from cynthia_pipeline.browser.gather import GatherLimits, gather
from cynthia_pipeline.browser.served import SourceKeeper, serve_instead
from cynthia_pipeline.browser.visit import OpenPage
from cynthia_pipeline.fix_packs.probing import (
    Accessible,
    AskedElements,
    Declaration,
    PageUnderTest,
    Probe,
    ViewProbe,
    none_asked,
)

_TEXT_CAP = 200_000


@dataclass(frozen=True, slots=True)
class BrowserProber:
    """Probes in the warm browser of an audit engine, within the limits of its audits."""

    engine: BrowserEngine

    async def probe(self, page: PageUnderTest, asked: AskedElements = none_asked) -> Probe:
        """Measures the page in both viewports.

        Raises:
            WorkError: it could not be opened or measured, as an audit.
        """
        async with self.engine.chromium.borrow() as chromium:
            desktop, mobile = await both(
                self._view(chromium, page, Viewport.DESKTOP, asked), self._view(chromium, page, Viewport.MOBILE, asked)
            )
            version = chromium.browser.version
        artifacts = PageArtifacts(
            url=page.url,
            final_url=desktop[0],
            desktop=desktop[1].artifacts,
            mobile=mobile[1].artifacts,
            engine={"chromium": version, "platform": platform.system()},
        )
        return Probe(desktop[0], artifacts, desktop[1], mobile[1])

    async def _view(
        self, chromium: Chromium, page: PageUnderTest, viewport: Viewport, asked: AskedElements
    ) -> tuple[str, ViewProbe]:
        keeper = SourceKeeper()

        async def prepare(opened: Page) -> None:
            if not page.replaced:  # a patched page's sources are known
                keeper.listen(opened)
            await serve_instead(opened, page.replaced)

        destination = replace(self.engine.destination(page.url, page.html), prepare=prepare)
        async with self.engine.opened(chromium, destination, viewport, page.language) as opened:
            limits = GatherLimits(max_nodes=self.engine.settings.page_max_nodes)
            measured = await opened.measured(partial(_probed, opened, viewport, limits, keeper, asked))
            cuts = (*opened.cuts, *measured.artifacts.cut_short)
            # Patched files come from memory: how soon a page shows cannot be compared.
            artifacts = replace(measured.artifacts, cut_short=cuts, vitals=Vitals())
            return opened.final_url, replace(measured, artifacts=artifacts)


async def _probed(
    opened: OpenPage, viewport: Viewport, limits: GatherLimits, keeper: SourceKeeper, asked: AskedElements, page: Page
) -> ViewProbe:
    artifacts = await gather(page, viewport, limits)
    sources = await keeper.sources()
    session = await page.context.new_cdp_session(page)
    try:
        text = await (await World.open(session)).evaluate("document.body?.innerText ?? ''")
        await session.send("DOM.enable")
        document = await session.send("DOM.getDocument", {"depth": -1, "pierce": True})
        nodes = numbered(document["root"], artifacts)
        accessible = await _accessible(session, nodes)
        declarations: dict[int, tuple[Declaration, ...]] = {}
        wanted = _known(asked, artifacts, nodes)
        if wanted:  # Chromium does not answer CSS.enable while a stylesheet comes from a replaced request
            author = await StyleAuthor.begin(session, sources, opened.final_url)
            declarations = {index: await author.declarations(nodes[index]) for index in wanted}
    finally:
        await detach(session)
    return ViewProbe(artifacts, accessible, declarations, str(text)[:_TEXT_CAP], sources)


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
