"""What is listened to while a page settles: it is never said to have been silent for longer than it was."""

import pytest

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.browser.engine import BrowserEngine
from cynthia_pipeline.messages import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Departures</title></head>
<body><main><h1>Departures</h1><p id="next">The next boat leaves at noon.</p></main>
<script>const says = (text) => { document.querySelector("#next").textContent = text; };</script></body></html>"""


async def _ignore(_: int) -> None:
    """Nobody watches."""


@pytest.mark.parametrize(
    "says",
    ["says('At one.')", "document.querySelector('#next').firstChild.data = 'At one.'", "document.body.append('Now!')"],
)
async def test_silence_ends_with_each_text_that_changes_and_with_nothing_else(
    auditor: BrowserEngine, says: str
) -> None:
    engine = auditor
    async with (
        engine.chromium.borrow() as chromium,
        engine.opened(chromium, engine.destination("", PAGE), Viewport.DESKTOP, Language.ENGLISH) as opened,
    ):
        await opened.page.evaluate(f"{says}; globalThis.then = performance.now()")
        silent = await opened.silent_ms()
        assert 0 < silent <= await opened.page.evaluate("performance.now() - then") + 1  # clocks are rounded
        await opened.page.evaluate("document.body.append(document.createElement('hr')); document.body.id = 'quay'")
        assert await opened.silent_ms() > silent


async def test_nothing_is_known_of_the_silence_of_a_document_that_is_gone(auditor: BrowserEngine) -> None:
    engine = auditor
    async with (
        engine.chromium.borrow() as chromium,
        engine.opened(chromium, engine.destination("", PAGE), Viewport.DESKTOP, Language.ENGLISH) as opened,
    ):
        await opened.page.goto("about:blank")
        assert await opened.silent_ms() == 0


async def test_a_text_that_goes_on_changing_is_found_all_the_same(auditor: BrowserEngine) -> None:
    restless = PAGE.replace("</script>", "setInterval(() => says(`Now it is ${Date.now()}.`), 1000)</script>")
    result = await auditor.audit(AuditRequest(TargetType.FRAME, "quay", html=restless), _ignore)
    assert "mot-changing-text" in {issue.rule_id for issue in result.report.full_issues}
