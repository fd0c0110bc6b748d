"""What several rules of layout ask: which boxes are in the flow, which are painted, which repeat."""

from collections.abc import Iterator
from itertools import groupby

from cynthia_pipeline.audit.artifacts import Element, ViewportArtifacts, px
from cynthia_pipeline.audit.colour import difference, parse

MEDIA = frozenset({"img", "video", "canvas", "svg", "iframe", "object"})

_TABLE = frozenset({"tr", "td", "th", "tbody", "thead", "tfoot", "col", "colgroup", "br", "hr", "option", "wbr"})
_SHADE = 0.02
"""Distance in OKLab from which two grounds can be told apart; see colour.difference."""


def in_flow(element: Element) -> bool:
    """Whether it is a box that takes its place among its siblings: not inline, floating over others or transformed."""
    style = element.style
    return (
        bool(style)
        and style["position"] in ("static", "relative")
        and style["display"] not in ("inline", "contents")
        and not style["display"].startswith("table-")
        and style["transform"] == "none"
        and element.tag not in _TABLE
    )


def runs(view: ViewportArtifacts, least: int) -> Iterator[tuple[Element, list[Element]]]:
    """Siblings of one tag that follow each other, at least so many, with their parent; no text stands between them."""
    for parent_index, children in view.children.items():
        parent = view.elements[parent_index]
        if parent.text_length:
            continue
        for _, group in groupby(children, key=lambda child: child.tag):
            items = [child for child in group if in_flow(child) and child.index not in view.moving]
            if len(items) >= least:
                yield parent, items


def border(element: Element, side: str) -> float:
    """Width of a border that can be seen, CSS px; 0 for none."""
    width, _, rest = element.style.get(f"border-{side}", "").partition(" ")
    look, _, colour = rest.partition(" ")
    ink = parse(colour) if look not in ("", "none", "hidden") else None
    return px(width) if ink is not None and ink[1] > 0.1 else 0.0


def is_painted(view: ViewportArtifacts, element: Element) -> bool:
    """Whether its edges can be seen: by a border around it, or by a ground other than the one behind."""
    if all(border(element, side) >= 1 for side in ("left", "right", "top", "bottom")):
        return True
    fill = parse(element.style.get("background-color", ""))
    if fill is None or fill[1] < 0.5:
        return False
    for ancestor in view.ancestors(element):
        behind = parse(ancestor.style.get("background-color", ""))
        if ancestor.style.get("background-image", "none") != "none":
            return True
        if behind is not None and behind[1] >= 0.5:
            return difference(fill[0], behind[0]) >= _SHADE
    return difference(fill[0], "#ffffff") >= _SHADE


def content(view: ViewportArtifacts) -> Iterator[Element]:
    """The boxes of what a visitor reads or looks at: those with text of their own, pictures and fields."""
    for element in view.visible:
        is_box = (
            element.index in view.layout.ink or element.tag in MEDIA or element.tag in ("input", "select", "textarea")
        )
        if is_box and element.style and element.style["display"] != "inline" and element.index not in view.moving:
            yield element
