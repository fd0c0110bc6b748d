"""Isolated worlds over CDP, and axe in each frame of a page.

axe's own way into frames is postMessage, which the page's listeners would hear. Instead axe runs in an isolated
world of each frame and hands its part over as data; the top document puts the parts together.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from cynthia_pipeline.errors import ErrorCode, TransientError

_WORLD_NAME = "cynthia"

_RUN_PART = """async (context) => {
%s
return JSON.stringify(await axe.runPartial(
  context ?? document, { ...everyRule(), ...preloadFor([...document.querySelectorAll("video, audio")]) },
));
}"""

_CHILD_CONTEXTS = "(context) => JSON.stringify(axe.utils.getFrameContexts(context ?? document))"

_FIND_FRAME = "(selector) => axe.utils.shadowSelect(selector)"


@dataclass(frozen=True, slots=True)
class World:
    """A JavaScript world of our own in one frame: it shares the frame's DOM and none of its globals."""

    session: CDPSession
    frame_id: str
    context_id: int

    @classmethod
    async def open(cls, session: CDPSession, frame_id: str | None = None) -> "World":
        """Makes a world in the frame, by default the session's own top frame."""
        if frame_id is None:
            frame_id = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        made = await session.send("Page.createIsolatedWorld", {"frameId": frame_id, "worldName": _WORLD_NAME})
        return cls(session, frame_id, made["executionContextId"])

    async def evaluate(self, source: str) -> Any:
        """Runs a script; gives the value of its last expression."""
        answer = await self.session.send(
            "Runtime.evaluate",
            {"expression": source, "contextId": self.context_id, "returnByValue": True},
        )
        return _value(answer)

    async def call(self, function: str, argument: object) -> Any:
        """Calls a function with one argument; waits for its promise."""
        return _value(await self._call(function, argument, by_value=True))

    async def frame_of(self, selector: object) -> str | None:
        """The id of the frame inside the element that axe's `selector` leads to."""
        answer = await self._call(_FIND_FRAME, selector, by_value=False)
        object_id = answer["result"].get("objectId")
        if object_id is None:
            return None
        described = await self.session.send("DOM.describeNode", {"objectId": object_id})
        frame_id: str | None = described["node"].get("frameId")
        return frame_id

    async def _call(self, function: str, argument: object, *, by_value: bool) -> dict[str, Any]:
        answer: dict[str, Any] = await self.session.send(
            "Runtime.callFunctionOn",
            {
                "functionDeclaration": function,
                "executionContextId": self.context_id,
                "arguments": [{"value": argument}],
                "awaitPromise": True,
                "returnByValue": by_value,
            },
        )
        return answer


def _value(answer: dict[str, Any]) -> Any:
    if "exceptionDetails" in answer:
        details = answer["exceptionDetails"]
        words = details.get("exception", {}).get("description") or details.get("text", "")
        raise TransientError(ErrorCode.BROWSER_FAILED, detail=f"in-page script: {words}")
    return answer["result"].get("value")


class FrameWalk:
    """Runs axe in a page's top document and its frames, depth first, as axe.finishRun wants the parts.

    Attributes:
        skipped: frames that were not looked into: more than the cap, gone, or not answering.
    """

    def __init__(self, page: Page, axe_source: str, max_frames: int) -> None:
        self._page = page
        self._axe_source = axe_source
        self._left = max_frames
        self._processes: dict[str, CDPSession] | None = None
        self.skipped = 0

    async def inner_parts(self, world: World, context: object = None) -> list[Any]:
        """The parts of every frame in `world`'s document; its own stays in the page, since it may be large."""
        found: list[Any] = []
        for child in json.loads(await world.call(_CHILD_CONTEXTS, context)):
            found += await self._parts(world, child["frameSelector"], child["frameContext"])
        return found

    async def close(self) -> None:
        """Lets go of the frames that live in processes of their own."""
        for session in (self._processes or {}).values():
            await detach(session)

    async def _parts(self, parent: World, selector: object, context: object) -> list[Any]:
        self._left -= 1
        if self._left < 0:
            self.skipped += 1
            return [None]
        try:
            frame_id = await parent.frame_of(selector)
            if frame_id is not None:
                session = (await self._own_processes()).get(frame_id, parent.session)
                child = await World.open(session, frame_id)
                await child.evaluate(f"{self._axe_source};0")
                own = json.loads(await child.call(_run_part(), context))
                return [own, *await self.inner_parts(child, context)]
        except (Error, TransientError):
            # A frame may navigate or go away at any moment; axe takes None for one that did not answer.
            pass
        self.skipped += 1
        return [None]

    async def _own_processes(self) -> dict[str, CDPSession]:
        """Sessions of the frames that Chromium keeps in processes of their own, by frame id."""
        if self._processes is None:
            self._processes = {}
            for frame in self._page.frames[1:]:
                try:
                    session = await self._page.context.new_cdp_session(frame)
                except Error:
                    continue  # It shares its parent's process, and so its session.
                tree = await session.send("Page.getFrameTree")
                self._processes[tree["frameTree"]["frame"]["id"]] = session
        return self._processes


@cache
def _run_part() -> str:
    """A function that runs axe in one frame; what axe is asked for there is what the top document asks it."""
    return _RUN_PART % files(__package__).joinpath("js", "axe_options.js").read_text("utf-8")


async def detach(session: CDPSession) -> None:
    """Lets go of a session, if its page has not gone before."""
    try:
        await session.detach()
    except Error:
        return
