"""What several rules ask of an element's surroundings: what lies behind it, what text it stands in."""

from collections.abc import Iterator

from cynthia_pipeline.audit.artifacts import Element, TextBlock, ViewportArtifacts
from cynthia_pipeline.audit.colour import over, parse

_OUT_OF_FLOW = ("absolute", "fixed", "sticky")

_CODE = frozenset({"pre", "code", "kbd", "samp"})
_NOT_PROSE = frozenset({"nav", "footer", "pre", "code", "samp", "button", "label", "select", "textarea", "option"}) | {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "legend",
    "th",
}

TEXT_INPUTS = frozenset({"", "text", "search", "email", "url", "tel", "password", "number", "date", "time"})


def backdrop(view: ViewportArtifacts, element: Element) -> str | None:
    """The colour behind `element`'s own content, as "#rrggbb".

    None where computed colours cannot tell: images, gradients, filters, transparency of a whole subtree, or an
    element that floats over something unknown.
    """
    layers: list[tuple[str, float]] = []
    for level in (element, *view.ancestors(element)):
        style = level.style
        if not style:
            continue
        painted = style["background-image"] != "none" or style["filter"] != "none"
        if painted or style["mix-blend-mode"] != "normal" or style["opacity"] != "1":
            return None
        fill = parse(style["background-color"])
        if fill is None:
            return None
        layers.append(fill)
        if fill[1] >= 1:
            break
        if style["position"] in _OUT_OF_FLOW:
            return None
    colour = "#ffffff"  # the canvas
    for layer, alpha in reversed(layers):
        colour = over(layer, alpha, colour)
    return colour


def text_colour(element: Element, behind: str) -> str | None:
    """The colour that `element`'s text has over an opaque colour."""
    ink = parse(element.style.get("color", ""))
    return None if ink is None else over(*ink, behind)


def prose(view: ViewportArtifacts, least: int = 80) -> Iterator[tuple[TextBlock, Element]]:
    """Blocks of running text of at least `least` characters, outside of navigation, footers, code and controls."""
    for block in view.blocks:
        element = view.elements[block.element]
        if block.characters >= least and element.style and not _is_within(view, element, _NOT_PROSE):
            yield block, element


def in_code(view: ViewportArtifacts, element: Element) -> bool:
    """Whether it is part of program text, whose look follows other rules."""
    return _is_within(view, element, _CODE)


def _is_within(view: ViewportArtifacts, element: Element, tags: frozenset[str]) -> bool:
    """Whether it is one of these, or part of one."""
    while element.tag not in tags:
        if element.parent is None:
            return False
        element = view.elements[element.parent]
    return True


def in_sentence(view: ViewportArtifacts, element: Element) -> bool:
    """Whether an inline element stands within a line of other text (WCAG 2.5.8's exception "inline")."""
    if element.style.get("display") != "inline":
        return False
    for ancestor in view.ancestors(element):
        if letters(ancestor.text) >= 2:
            return True
        if not ancestor.style.get("display", "").startswith("inline"):
            return False
    return False


def letters(text: str) -> int:
    """How many letters and digits `text` holds: separators and icons are no text."""
    return sum(map(str.isalnum, text))


def is_text_input(element: Element) -> bool:
    """Whether something can be typed into it."""
    typed = element.tag == "input" and element.attributes.get("type", "").lower() in TEXT_INPUTS
    return typed or element.tag == "textarea"
