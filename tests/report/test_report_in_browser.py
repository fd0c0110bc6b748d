"""The document in a real browser: looked at by axe-core and by this project's own engine, and used."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page

import cynthia_pipeline.browser
from cynthia_pipeline.audit.engine import AuditRequest, Evidence, TargetType
from cynthia_pipeline.audit.report import Axis, Issue, Report, Severity
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.messages import Language
from cynthia_pipeline.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = Path(cynthia_pipeline.browser.__file__).parent / "vendor" / "axe-core" / "axe.min.js"
WIDTHS = (320, 390, 1280)

LONG = "Wolkenkratzerfensterputzergesellschaft" * 60
HOSTILE = '"><script>document.title="owned"</script><img src=x onerror=\'document.title="owned"\'>\u202e\x1b[31m'


@pytest.fixture(scope="session")
def documents(
    issue: Callable[..., Issue],
    report: Callable[..., Report],
    evidence: Callable[..., Evidence],
    render: Callable[..., str],
) -> dict[str, str]:
    """One report as they come, one that is long, one that is hostile, and one without anything."""
    pictures = evidence("i0"), evidence("page-desktop", 480, 2400), evidence("page-mobile", 390, 2400)
    many = tuple(
        issue(f"finding {number}", id=f"i{number}", severity=list(Severity)[number % 4], axis=list(Axis)[number % 13])
        for number in range(48)
    )
    bare = report().model_copy(
        update={"full_issues": (), "teaser_issues": (), "fix_packs": (), "issues_found_total": 0}
    )
    return {
        "ordinary": render(report("The text", *many[:6]), *pictures, language=Language.SPANISH),
        "long": render(report("The text", *many), *pictures),
        "hostile": render(report(f"{HOSTILE} {LONG}"), *pictures, target=f"{HOSTILE}{LONG}"),
        "bare": render(bare.model_copy(update={"overall_score": None, "udec_scores": dict.fromkeys(Axis)})),
        "draft": render(report("Bread", draft=True), target="Bread"),
    }


async def _open(browser: Browser, document: str, path: Path, width: int, scheme: Literal["light", "dark"]) -> Page:
    file = path / "report.html"
    file.write_text(document, encoding="utf-8")
    context = await browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = await context.new_page()
    await page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ordinary", "long", "hostile", "bare", "draft"])
async def test_nothing_runs_loads_overflows_or_fails_axe(
    name: str, scheme: Literal["light", "dark"], documents: dict[str, str], chromium: Browser, tmp_path: Path
) -> None:
    page = await _open(chromium, documents[name], tmp_path, WIDTHS[-1], scheme)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    await page.reload()
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "report.html").as_uri()]
    assert not complaints
    assert await page.title() != "owned"
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth") == width
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = await page.evaluate("axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))")
    assert violations == []
    await page.context.close()


async def test_a_link_from_the_first_issues_unfolds_the_issue(
    documents: dict[str, str], chromium: Browser, tmp_path: Path
) -> None:
    page = await _open(chromium, documents["long"], tmp_path, 1280, "light")
    folded = page.locator("details.issue:not([open])").first
    anchor = await folded.locator(".body").get_attribute("id")
    await page.evaluate("(anchor) => { location.hash = anchor }", anchor)
    await page.wait_for_selector(f"details.issue[open] > #{anchor}")
    await page.context.close()


async def test_everything_to_press_is_large_enough(
    documents: dict[str, str], chromium: Browser, tmp_path: Path
) -> None:
    """The product's own rule: 44 x 44 px, but for links within a line of text."""
    page = await _open(chromium, documents["ordinary"], tmp_path, 390, "light")
    small = await page.evaluate(
        """() => [...document.querySelectorAll('a:not(.origin a), summary')].filter((element) => {
          const { width, height } = element.getBoundingClientRect()
          return element.checkVisibility() && (width < 44 || height < 44)
        }).map((element) => element.outerHTML)"""
    )
    assert small == []
    await page.context.close()


async def test_the_engine_finds_nothing_heavy_in_its_own_report(documents: dict[str, str]) -> None:
    async def ignore(_: int) -> None: ...

    heavy = {Severity.CRITICAL, Severity.MAJOR}
    async with open_browser_engine(Settings()) as engine:
        for name in ("ordinary", "draft", "bare"):
            result = await engine.audit(AuditRequest(TargetType.FRAME, name, html=documents[name]), ignore)
            found = result.report.full_issues
            assert [(issue.title, issue.element_path) for issue in found if issue.severity in heavy] == [], name
            assert result.report.udec_scores[Axis.ACC] is not None
