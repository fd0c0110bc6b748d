"""One of the two sides, in a process of its own: reads an address from each line, does its work, answers a line."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TypeAlias

from playwright.async_api import async_playwright

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.browser.executable import find_chromium
from cynthia_pipeline.browser.visit import VisitLimits
from cynthia_pipeline.settings import Settings

Work: TypeAlias = Callable[[str], Awaitable[int]]

_PATIENCE_S = 300.0
"""A busy machine takes longer, and costs as much CPU."""

_RUN_AXE = """() => axe.run(document, {
  rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])),
})"""


@asynccontextmanager
async def bare() -> AsyncIterator[Work]:
    """What a team would write for itself: Playwright, axe-core with all rules, a warm browser, the same two widths."""
    axe = files("cynthia_pipeline.browser").joinpath("vendor", "axe-core", "axe.min.js").read_text("utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(None), chromium_sandbox=False)

        async def work(url: str) -> int:
            found = 0
            for viewport in Viewport:
                is_mobile = viewport is Viewport.MOBILE
                context = await browser.new_context(
                    viewport={"width": viewport.width, "height": viewport.height},
                    is_mobile=is_mobile,
                    has_touch=is_mobile,
                )
                page = await context.new_page()
                await page.goto(url)
                await page.evaluate(axe)
                found += len((await page.evaluate(_RUN_AXE))["violations"])
                await context.close()
            return found

        yield work
        await browser.close()


@asynccontextmanager
async def engine() -> AsyncIterator[Work]:
    """The engine, as `cynthia audit` and a drain use it."""
    settings = Settings(allow_hosts=("127.0.0.1",), audit_timeout_s=_PATIENCE_S)
    async with open_browser_engine(settings, limits=VisitLimits(measure_s=_PATIENCE_S / 2)) as auditor:

        async def ignore(_: int) -> None:
            """Nobody watches."""

        async def work(url: str) -> int:
            result = await auditor.audit(AuditRequest(TargetType.URL, url), ignore)
            return result.report.issues_found_total

        yield work


async def main(side: str) -> None:
    """Serves requests until the input ends."""
    async with {"bare": bare, "engine": engine}[side]() as work:
        print("ready", flush=True)
        while url := (await asyncio.to_thread(sys.stdin.readline)).strip():
            print(await work(url), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
