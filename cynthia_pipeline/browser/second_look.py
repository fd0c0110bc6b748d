"""What is asked of a page after its picture is taken, because asking changes it: less motion, and scrolling through.

The in-page half is in js/motion.js and js/timings.js; gather.js leaves it behind in the isolated world.
"""

from dataclasses import replace
from typing import Any

from playwright.async_api import CDPSession

from cynthia_pipeline.audit.artifacts import ViewportArtifacts
from cynthia_pipeline.audit.motion import Reduced
from cynthia_pipeline.audit.vitals import parse_scroll
from cynthia_pipeline.browser.frames import World


async def look_again(view: ViewportArtifacts, world: World, session: CDPSession) -> ViewportArtifacts:
    """`view` with what still moves where less motion is wished for, and what shifts while the page is scrolled.

    Raises:
        ValueError, KeyError, TypeError: the answers are not in the scripts' shape.
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    motion = view.motion
    if motion.animations or motion.smooth_scroll:
        await _wish(session, "reduce")
        try:
            answer: dict[str, Any] = await world.call("() => cynthiaLater.readReduced()", None)
        finally:
            await _wish(session, "no-preference")
        moving = frozenset(int(place) for place in answer["moving"] if 0 <= int(place) < len(motion.animations))
        motion = replace(motion, reduced=Reduced(moving, smooth_scroll=bool(answer["smoothScroll"])))
    scrolled = await world.call("() => cynthiaLater.scrollThrough()", None)
    vitals = replace(view.vitals, scroll=parse_scroll(scrolled, len(view.elements)))
    return replace(view, motion=motion, vitals=vitals)


async def _wish(session: CDPSession, motion: str) -> None:
    """What the visitor's system says of motion, and of colours what every visit says (identity.py)."""
    features = [
        {"name": "prefers-reduced-motion", "value": motion},
        {"name": "prefers-color-scheme", "value": "light"},
    ]
    await session.send("Emulation.setEmulatedMedia", {"features": features})
