"""For how long no text of a page has changed by itself: listened for outside its measurement, in a world of its own.

A measurement has to know that for longer than it takes; what was listened to while the page settled is not waited for
again. Which text changes, and for how long, is the measurement's own matter (js/changes.js).
"""

from dataclasses import dataclass
from typing import Final

from playwright.async_api import CDPSession

from cynthia_pipeline.browser.frames import World

# As in js/changes.js: elements that come are something new, text that comes is the same thing saying something else.
_LISTEN: Final = """() => {
  const silence = globalThis.cynthiaSilence = { since: performance.now() };
  const says = ({ type, addedNodes }) => type === "characterData"
    || [...addedNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  new MutationObserver((records) => { if (records.some(says)) silence.since = performance.now(); })
    .observe(document, { childList: true, characterData: true, subtree: true });
}"""
_TOLD: Final = "performance.now() - cynthiaSilence.since"


@dataclass(frozen=True, slots=True)
class Silence:
    """Listens to the document that a page shows now."""

    world: World

    @classmethod
    async def listened_to(cls, session: CDPSession) -> "Silence":
        """Begins to listen.

        Raises:
            playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
        """
        world = await World.open(session)
        await world.call(_LISTEN, None)
        return cls(world)

    async def ms(self) -> float:
        """Since the last text changed, or since it was begun to listen, milliseconds.

        Raises:
            playwright.async_api.Error: the document is gone.
        """
        return float(await self.world.evaluate(_TOLD))
