"""Keeps from a page that its window has another size for a moment, as it has while a whole page is pictured.

Chromium tells the page of it, now and then even of a window of 1 by 1 px. One that folds its menu away in a small
window would from then on be another page than the one that was opened.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import CDPSession

from cynthia_pipeline.browser.frames import World

# Only the listener that is there first can keep an event from all others.
_LISTEN_FIRST: Final = """(() => {
  let kept = 0;
  addEventListener("cynthia-keep", () => { kept += 1; });
  addEventListener("cynthia-tell", () => { kept -= 1; });
  addEventListener("resize", (event) => { if (kept > 0) event.stopImmediatePropagation(); }, true);
})()"""
_KEEP: Final = "() => { dispatchEvent(new Event('cynthia-keep')); }"
# The event of a change comes with the frame after it; a page that draws no frames has none to come.
_TELL: Final = """async () => {
  const frame = () => Promise.race([new Promise(requestAnimationFrame), new Promise((done) => setTimeout(done, 100))]);
  await frame();
  await frame();
  dispatchEvent(new Event("cynthia-tell"));
}"""


async def listen_first(session: CDPSession) -> None:
    """Makes `unresized` possible on a page that is opened after this.

    Raises:
        playwright.async_api.Error: the page closed or crashed meanwhile.
    """
    given = {"source": _LISTEN_FIRST, "worldName": "cynthia-window"}
    await session.send("Page.addScriptToEvaluateOnNewDocument", given)


@asynccontextmanager
async def unresized(world: World) -> AsyncIterator[None]:
    """While it lasts the page hears of no other size of its window, if it was listened to first.

    Raises:
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    await world.call(_KEEP, None)
    try:
        yield
    finally:
        await world.call(_TELL, None)
