"""What several rules of motion ask: which animations move, which may, and whether there is a way to stop them."""

import re
from collections.abc import Iterator

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.motion import Animation

GEOMETRY = frozenset(
    {"width", "height", "min-width", "min-height", "max-width", "max-height"}
    | {"top", "right", "bottom", "left", "inset", "margin", "padding", "font-size", "line-height", "letter-spacing"}
    | {f"{box}-{side}" for box in ("margin", "padding") for side in ("top", "right", "bottom", "left")}
)
"""Properties whose change needs a layout."""

MOVES = GEOMETRY | {"transform", "translate", "scale", "rotate", "offset-distance", "background-position"}
"""Properties whose change moves something, rather than fading or colouring it."""

_PROGRESS = re.compile(r"spin|load|progress|skeleton|shimmer|placeholder|busy", re.IGNORECASE)
_STOPS = re.compile(r"\b(pause|stop|pausa\w*|deten\w*|parar)\b", re.IGNORECASE)
PROGRESS_ROLES = frozenset({"progressbar", "status", "alert", "timer"})
"""Of what tells that something is under way."""


def shown(view: ViewportArtifacts) -> Iterator[tuple[int, Animation, Element]]:
    """The animations that run on visible elements, with their places in the list."""
    for place, animation in enumerate(view.motion.animations):
        element = view.elements[animation.element]
        if element.visible and not animation.paused and animation.duration > 0:
            yield place, animation, element


def shows_progress(view: ViewportArtifacts, animation: Animation, element: Element) -> bool:
    """Whether it tells that something is under way, which WCAG 2.2.2 leaves out."""
    above = (element, *view.ancestors(element))
    return bool(_PROGRESS.search(animation.name)) or any(
        item.attributes.get("role", "") in PROGRESS_ROLES for item in above
    )


def moves(animation: Animation) -> bool:
    """Whether its frames move something."""
    return bool(animation.properties & MOVES)


def can_be_stopped(view: ViewportArtifacts) -> bool:
    """Whether a control of the page says that it pauses or stops something."""
    for element in view.visible:
        if element.tag in ("button", "a", "input") or element.attributes.get("role") == "button":
            labels = element.attributes.get("aria-label", ""), element.attributes.get("title", "")
            if _STOPS.search(" ".join((view.name_of(element), *labels))):
                return True
    return False


def share_of_view(element: Element, viewport: Viewport) -> float:
    """The element's size against the view's, 0 to 1."""
    return min(element.rect.area / (viewport.width * viewport.height), 1.0)
