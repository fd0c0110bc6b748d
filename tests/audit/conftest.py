"""One warm browser for all pages that the rules are tried on."""

import asyncio
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from PIL import Image
from playwright.async_api import Browser, Page, Route, async_playwright

from cynthia_pipeline.audit.artifacts import EVERY_PART, PageArtifacts, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.browser.executable import find_chromium
from cynthia_pipeline.browser.gather import GatherLimits, Known, gather
from cynthia_pipeline.browser.instruments import instruments

# A busy machine is no failing property.
settings.register_profile("audit", deadline=None)
settings.load_profile("audit")

QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

ADDRESS = "http://fixture.localhost/"
"""Never asked for over the network; a secure context, as real pages are."""

Measure: TypeAlias = Callable[..., PageArtifacts]
"""Measures a page's source in both views, or in those that are asked for."""


@pytest.fixture(scope="session")
def measure() -> Iterator[Measure]:
    """Measures HTML in real Chromium; the loop lives as long as the browser."""
    with asyncio.Runner() as runner:
        playwright = runner.run(async_playwright().start())
        browser = runner.run(playwright.chromium.launch(executable_path=find_chromium(None), args=list(QUIET)))

        site = _Site()
        pages = {viewport: runner.run(_open(browser, viewport, site)) for viewport in Viewport}

        def measured(
            html: str,
            limits: GatherLimits | None = None,
            beside: Path | None = None,
            views: Collection[Viewport] = tuple(Viewport),
            parts: frozenset[Part] = EVERY_PART,
            *,
            asks_each: bool = False,
        ) -> PageArtifacts:
            wanted = {viewport: page for viewport, page in pages.items() if viewport in views}
            site.html, site.beside = html, beside
            return runner.run(_measure(wanted, limits or GatherLimits(), parts, asks_each=asks_each))

        yield measured
        runner.run(browser.close())
        runner.run(playwright.stop())


async def _open(browser: Browser, viewport: Viewport, site: "_Site") -> Page:
    phone = viewport is Viewport.MOBILE
    page = await browser.new_page(
        viewport={"width": viewport.width, "height": viewport.height}, is_mobile=phone, has_touch=phone
    )
    await page.route("**/*", site.serve)
    return page


_PICTURE = re.compile(r"/(\d+)x(\d+)\.jpg$")
"""A page that asks for /800x400.jpg gets a noisy picture of that size, which no format makes small."""


def _picture(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@dataclass
class _Site:
    """The page that is measured now, and the folder of the files beside it. One route for all: taking it away costs."""

    html: str = ""
    beside: Path | None = None

    async def serve(self, route: Route) -> None:
        """Answers any request from memory or from the folder."""
        name = Path(urlsplit(route.request.url).path).name
        if self.beside is not None and name and (self.beside / name).is_file():
            await route.fulfill(path=self.beside / name)
        elif named := _PICTURE.search(route.request.url):
            await route.fulfill(body=_picture(int(named[1]), int(named[2])), content_type="image/jpeg")
        else:
            await route.fulfill(body=self.html, content_type="text/html; charset=utf-8")


async def _measure(
    pages: Mapping[Viewport, Page], limits: GatherLimits, parts: frozenset[Part], *, asks_each: bool
) -> PageArtifacts:
    views: dict[Viewport, ViewportArtifacts] = {}
    for viewport, page in pages.items():
        await page.goto(ADDRESS)
        like = views.get(Viewport.DESKTOP)
        async with instruments(page) as by:
            views[viewport] = await gather(by, viewport, limits, parts, known=Known(like), asks_each=asks_each)
    # Who wants one view only is given it in both places: the other is not looked at.
    (any_view, *_) = views.values()
    desktop, mobile = (views.get(viewport, any_view) for viewport in (Viewport.DESKTOP, Viewport.MOBILE))
    return PageArtifacts(ADDRESS, ADDRESS, desktop, mobile)
