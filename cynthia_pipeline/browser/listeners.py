"""Which elements listen for clicks: a page's scripts add such handlers without a trace in its markup."""

from typing import Any, Final

from playwright.async_api import CDPSession

from cynthia_pipeline.browser.frames import World

_TYPES: Final = frozenset({"click", "mousedown", "pointerdown"})

_MOST: Final = 150
"""Elements that are told to the page's measuring script; a page that listens on more repeats itself."""

_KEEP: Final = "function (...elements) { globalThis.cynthiaClicked = new WeakSet(elements); }"
_ANYWHERE: Final = "globalThis.cynthiaClickedAnywhere = true"


async def tell_listeners(world: World, session: CDPSession) -> None:
    """Leaves the elements with a click handler of their own where js/styles.js and js/keyboard.js find them.

    Raises:
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    # Listeners are told for the world that is asked, so the page's own document has to be named.
    listeners = await _listeners(session, "document", depth=-1)
    if any(item["type"] in _TYPES for item in await _listeners(session, "window", depth=1)):
        await world.evaluate(_ANYWHERE)
    nodes = dict.fromkeys(
        item["backendNodeId"] for item in listeners if item["type"] in _TYPES and "backendNodeId" in item
    )
    elements = []
    for node in list(nodes)[:_MOST]:
        resolved = await session.send(
            "DOM.resolveNode", {"backendNodeId": node, "executionContextId": world.context_id}
        )
        elements.append({"objectId": resolved["object"]["objectId"]})
    if elements:
        call = {"functionDeclaration": _KEEP, "executionContextId": world.context_id, "arguments": elements}
        await session.send("Runtime.callFunctionOn", call)


async def _listeners(session: CDPSession, expression: str, *, depth: int) -> list[dict[str, Any]]:
    target = await session.send("Runtime.evaluate", {"expression": expression})
    asked = {"objectId": target["result"]["objectId"], "depth": depth}
    answer: dict[str, Any] = await session.send("DOMDebugger.getEventListeners", asked)
    listeners: list[dict[str, Any]] = answer["listeners"]
    return listeners
