"""An open, settled page -> artifacts: a few reads of the DOM, axe-core with all of its rules, one screenshot.

Everything runs in an isolated world: it sees the page's DOM, but has JavaScript globals of its own and is not
subject to the page's content security policy, so a page can neither block nor patch what measures it.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from playwright.async_api import CDPSession

from cynthia_pipeline.audit.artifacts import EVERY_PART, Part, Screenshot, Viewport, ViewportArtifacts, parse_view
from cynthia_pipeline.audit.changes import parse_changes
from cynthia_pipeline.audit.cuts import Cut, CutCode
from cynthia_pipeline.browser.by_keyboard import press_through
from cynthia_pipeline.browser.by_pixels import measure_pixels
from cynthia_pipeline.browser.enlarge import enlarge
from cynthia_pipeline.browser.frames import FrameWalk, World
from cynthia_pipeline.browser.identity import window
from cynthia_pipeline.browser.instruments import Instruments, axe_source
from cynthia_pipeline.browser.listeners import tell_listeners
from cynthia_pipeline.browser.picture import PictureLimits, picture
from cynthia_pipeline.browser.pointer import give_pointer_back
from cynthia_pipeline.browser.second_look import look_again
from cynthia_pipeline.browser.stillness import held_still
from cynthia_pipeline.errors import ErrorCode, TransientError

_LARGE: Final = 250_000
"""Characters of measurements from which on axe's garbage is too much to leave to the browser's own time."""
_CHANGED_TEXTS: Final = "(silentMs) => cynthiaLater.texts.told(silentMs)"


@dataclass(frozen=True, slots=True)
class GatherLimits:
    """How much of a page is measured.

    Attributes:
        max_nodes: elements, in document order.
        max_frames: embedded frames that axe looks into.
        max_fetches: pages that are fetched to see whether links of one name lead to the same.
        fetch_ms: how long one of them may take, milliseconds.
        picture: how much of it is pictured, and how.
    """

    max_nodes: int = 20_000
    max_frames: int = 20
    max_fetches: int = 8
    fetch_ms: int = 1500
    picture: PictureLimits = field(default_factory=PictureLimits)


async def _nothing_else(_: ViewportArtifacts) -> None:
    """Nothing else is measured."""


async def _not_listened() -> float:
    """For how long nothing was heard, if nobody listened."""
    return 0


@dataclass(frozen=True, slots=True)
class Known:
    """What need not be asked of a page, because it is known.

    Attributes:
        like: another view of the page, with all of axe's rules: where both hold the same and show the same, what was
            found there counts here too, and axe is asked only for what hangs on the layout.
        silent_ms: says for how long no text of the page has changed by itself.
    """

    like: ViewportArtifacts | None = None
    silent_ms: Callable[[], Awaitable[float]] = _not_listened


NOTHING_KNOWN: Final = Known()


async def gather(
    by: Instruments,
    viewport: Viewport,
    limits: GatherLimits,
    parts: frozenset[Part] = EVERY_PART,
    axe_rules: frozenset[str] | None = None,
    known: Known = NOTHING_KNOWN,
    *,
    asks_each: bool = False,
    at_rest: Callable[[ViewportArtifacts], Awaitable[None]] = _nothing_else,
) -> ViewportArtifacts:
    """Measures a page, which is open, loaded and settled at `viewport`. What changes the page comes last.

    Args:
        by: what it is measured with.
        parts: what is measured beyond what every rule may use.
        axe_rules: of axe's rules only these, and in the top document only; unset, all of them.
        asks_each: asks axe for every text and by every rule, even where the answers must be the same.
        at_rest: what else is to be measured before the page is used (resized, scrolled, keys pressed).

    Raises:
        TransientError: what came back cannot be read: the page changed under the measurement.
        playwright.async_api.Error: the page navigated, closed or crashed meanwhile.
    """
    is_desktop, like = viewport is Viewport.DESKTOP, known.like
    wants_axe = bool(parts & {Part.AXE, Part.NAMES, Part.PIXELS})
    session = by.session
    walk = FrameWalk(by.page, axe_source(), limits.max_frames)
    try:
        # What Playwright's session asked for is lost on the first picture that another one takes; and what this one
        # asks for, as it is let go, though the page may be measured again.
        await session.send("Emulation.setDeviceMetricsOverride", window(viewport))
        await give_pointer_back(session, viewport)
        world = await by.world()
        if wants_axe:
            await by.take_axe(world)
        has_frames = Part.AXE in parts and axe_rules is None and await world.evaluate("window.length > 0")
        frames = await walk.inner_parts(world) if has_frames else None
        beyond = {"maxFetches": limits.max_fetches, "fetchMs": limits.fetch_ms}
        options = {
            "isDesktop": is_desktop,
            "maxElements": limits.max_nodes,
            "frames": frames,
            "accessibility": beyond if is_desktop and Part.NAMES in parts else None,
            "withAxe": Part.AXE in parts,
            "axeRules": None if axe_rules is None else sorted(axe_rules),
            "asksEach": asks_each,
            "like": like.likeness if like is not None else "",
            "watchesTexts": is_desktop and Part.CHANGES in parts,
        }
        if is_desktop and parts & {Part.NAMES, Part.KEYBOARD}:
            await tell_listeners(world, session)
        payload = await by.gather(world, options)
        is_large = len(payload) > _LARGE
        if is_large:
            await session.send("HeapProfiler.collectGarbage")  # axe's leavings, before the picture needs as much
        strips = limits.picture.of_large() if is_large else limits.picture
        screenshot = await picture(session, viewport, strips) if Part.PICTURE in parts else None
        if is_large and is_desktop and screenshot is not None:
            await session.send("HeapProfiler.collectGarbage")  # the picture's own, before each trial lays out anew
        view = parse_view(payload, viewport, screenshot)
        if like is not None and axe_rules is None and view.likeness and view.likeness == like.likeness:
            view = replace(view, axe={**like.axe, **view.axe})
        await at_rest(view)
        view = await _try_out(view, world, session, parts, known)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise TransientError(ErrorCode.BROWSER_FAILED, detail=f"unreadable measurements: {error!r}") from error
    finally:
        await walk.close()
    return replace(view, cut_short=tuple(_cuts(view, screenshot, walk.skipped)))


async def _try_out(
    view: ViewportArtifacts,
    world: World,
    session: CDPSession,
    parts: frozenset[Part],
    known: Known,
) -> ViewportArtifacts:
    """What reading alone does not show; each changes the page more than the one before."""
    is_desktop = view.viewport is Viewport.DESKTOP
    wants_pixels = is_desktop and Part.PIXELS in parts
    if wants_pixels:
        view = replace(view, pixels=await measure_pixels(view, world, session, scrolled=False))
    if is_desktop and Part.CHANGES in parts:
        told = await world.call(_CHANGED_TEXTS, await known.silent_ms())
        view = replace(view, changes=parse_changes(told, len(view.elements)))
    if Part.SECOND_LOOK in parts:
        view = await look_again(view, world, session, known.like)
    if wants_pixels:
        late = await measure_pixels(view, world, session, scrolled=True)
        view = replace(view, pixels={**view.pixels, **late})
    wants_keys = is_desktop and Part.KEYBOARD in parts
    if Part.ENLARGED in parts or wants_keys:
        async with held_still(world):
            if Part.ENLARGED in parts:
                view = replace(view, enlarged=await enlarge(view.viewport, world, session, len(view.elements)))
            if wants_keys:
                bypass = view.accessibility.bypass
                folding = bypass.blocks if bypass.may_fold and not bypass.has_way else ()
                view = replace(view, keyboard=await press_through(world, session, len(view.elements), folding))
    return view


def _cuts(view: ViewportArtifacts, screenshot: Screenshot | None, frames_skipped: int) -> Iterator[Cut]:
    page = view.document
    if page.measured_count < page.element_count:
        figures = {"measured": str(page.measured_count), "total": str(page.element_count)}
        yield Cut(CutCode.TOO_MANY_ELEMENTS, figures)
    if screenshot is not None and screenshot.height + 1 < page.scroll_height:
        figures = {"shown": str(screenshot.height), "total": f"{page.scroll_height:.0f}"}
        yield Cut(CutCode.PAGE_TOO_TALL, figures)
    if frames_skipped:
        yield Cut(CutCode.FRAMES_NOT_MEASURED, {"count": str(frames_skipped)})
