"""What is asked of a page after its picture is taken, because asking changes it: less motion, and scrolling through.

The in-page half is in js/motion.js and js/timings.js; gather.js leaves it behind in the isolated world.
"""

from dataclasses import replace
from typing import Any

from playwright.async_api import CDPSession

from cynthia_pipeline.audit.artifacts import ViewportArtifacts
from cynthia_pipeline.audit.motion import Motion, Reduced
from cynthia_pipeline.audit.vitals import parse_scroll
from cynthia_pipeline.browser.frames import World


async def look_again(
    view: ViewportArtifacts, world: World, session: CDPSession, like: ViewportArtifacts | None
) -> ViewportArtifacts:
    """`view` with what still moves where less motion is wished for, and what shifts while the page is scrolled.

    Args:
        like: another view of the page, asked already: where the same moves there, it stops for the same wish, and the
            page is spared having all of its styles computed twice for it.

    Raises:
        ValueError, KeyError, TypeError: the answers are not in the scripts' shape.
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    motion = view.motion
    if like is not None and like.motion.reduced is not None and _moves_as(motion, like.motion):
        motion = replace(motion, reduced=like.motion.reduced)
    elif motion.animations or motion.smooth_scroll:
        motion = replace(motion, reduced=await _with_less(motion, world, session))
    scrolled = await world.call("() => cynthiaLater.scrollThrough()", None)
    vitals = replace(view.vitals, scroll=parse_scroll(scrolled, len(view.elements)))
    return replace(view, motion=motion, vitals=vitals)


def _moves_as(motion: Motion, other: Motion) -> bool:
    return (motion.animations, motion.smooth_scroll) == (other.animations, other.smooth_scroll)


async def _with_less(motion: Motion, world: World, session: CDPSession) -> Reduced:
    await _wish(session, "reduce")
    try:
        answer: dict[str, Any] = await world.call("() => cynthiaLater.readReduced()", None)
    finally:
        await _wish(session, "no-preference")
    moving = frozenset(int(place) for place in answer["moving"] if 0 <= int(place) < len(motion.animations))
    return Reduced(moving, smooth_scroll=bool(answer["smoothScroll"]))


async def _wish(session: CDPSession, motion: str) -> None:
    """What the visitor's system says of motion, and of colours what every visit says (identity.py)."""
    features = [
        {"name": "prefers-reduced-motion", "value": motion},
        {"name": "prefers-color-scheme", "value": "light"},
    ]
    await session.send("Emulation.setEmulatedMedia", {"features": features})
