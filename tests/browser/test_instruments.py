"""What a page is measured with is carried into it once, however often it is measured."""

import pytest

from cynthia_pipeline.audit.artifacts import Part, Viewport
from cynthia_pipeline.browser.engine import BrowserEngine
from cynthia_pipeline.browser.gather import GatherLimits, gather
from cynthia_pipeline.browser.instruments import Instruments
from cynthia_pipeline.messages import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lock</title></head>
<body><main><h1>Lock</h1><p>Boats <a href="/boats"></a></p></main></body></html>"""

READ = frozenset({Part.AXE, Part.NAMES})
LEAVE_A_MARK = "axe.leftBehind = cynthiaGather.leftBehind = true"
FIND_IT = "[globalThis.axe?.leftBehind, globalThis.cynthiaGather?.leftBehind]"


async def test_a_page_keeps_its_instruments_and_another_document_gets_its_own(auditor: BrowserEngine) -> None:
    limits = GatherLimits()
    async with (
        auditor.chromium.borrow() as chromium,
        auditor.opened(chromium, auditor.destination("", PAGE), Viewport.DESKTOP, Language.ENGLISH) as opened,
    ):
        by = await Instruments.at(opened.page)
        first = await gather(by, Viewport.DESKTOP, limits, READ)
        await (await by.world()).evaluate(LEAVE_A_MARK)
        second = await gather(by, Viewport.DESKTOP, limits, READ)
        assert await (await by.world()).evaluate(FIND_IT) == [True, True]

        await opened.page.reload()
        third = await gather(by, Viewport.DESKTOP, limits, READ)
        assert await (await by.world()).evaluate(FIND_IT) == [None, None]
    assert first.axe["link-name"].violations
    assert first.axe == second.axe == third.axe
    assert first.accessibility == second.accessibility == third.accessibility
