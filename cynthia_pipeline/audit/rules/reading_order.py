"""Whether the page is read in the order in which it is seen: WCAG 2.2 SC 1.3.2 and 2.4.3, technique C27."""

from collections.abc import Iterator
from itertools import chain

from cynthia_pipeline.audit.artifacts import Element, Flag, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import letters
from cynthia_pipeline.audit.rules.wcag import cited

_ROW = 0.5
"""Two boxes stand in one row where their heights overlap by this share of the lower one's."""


def _check(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = 0
    for index, children in view.children.items():
        parent = view.elements[index]
        read = [child for child in children if _is_read(view, child)]
        if parent.style.get("display", "").removeprefix("inline-") not in ("flex", "grid"):
            # Boxes that all float to the end stand in a row the other way round.
            read = [child for child in read if child.style["float"] == _end_of(parent)]
        if len(read) < 2:
            continue
        checked += 1
        findings += _swapped(view, parent, read)
    return Verdict(checked, tuple(findings))


def _end_of(parent: Element) -> str:
    return "left" if parent.style.get("direction") == "rtl" else "right"


def _is_read(view: ViewportArtifacts, child: Element) -> bool:
    """Whether it takes its place in the container and holds something that is read or reached by key."""
    if child.style["position"] not in ("static", "relative") or child.index in view.moving:
        return False
    if Flag.HIDDEN_FROM_AT in child.flags:
        return False
    return any(
        item.visible and (letters(item.text) >= 2 or Flag.FOCUSABLE in item.flags) for item in _held(view, child)
    )


def _held(view: ViewportArtifacts, child: Element) -> Iterator[Element]:
    return chain((child,), view.descendants(child))


def _swapped(view: ViewportArtifacts, parent: Element, children: list[Element]) -> Iterator[Finding]:
    """The first child that is seen before one that is read before it."""
    leftwards = parent.style.get("direction") == "rtl"
    for place, later in enumerate(children):
        for earlier in children[:place]:
            if _comes_before(later, earlier, leftwards=leftwards):
                yield _finding(view, parent, earlier, later)
                return


def _comes_before(one: Element, other: Element, *, leftwards: bool) -> bool:
    """Whether a reader meets `one` first: clearly above, or in one row and on the side where reading begins."""
    a, b = one.rect, other.rect
    shared = min(a.bottom, b.bottom) - max(a.y, b.y)
    if shared >= _ROW * min(a.height, b.height):
        return a.x >= b.right - 1 if leftwards else a.right <= b.x + 1
    return a.bottom <= b.y + 1 and min(a.right, b.right) > max(a.x, b.x)


def _finding(view: ViewportArtifacts, parent: Element, earlier: Element, later: Element) -> Finding:
    both_reached = all(any(Flag.FOCUSABLE in item.flags for item in _held(view, child)) for child in (earlier, later))
    direction = parent.style.get("flex-direction", "")
    display = parent.style.get("display", "")
    if display.removeprefix("inline-") not in ("flex", "grid"):
        side = later.style["float"]
        before, after = f"float: {side}", f"float: {'left' if side == 'right' else 'right'}"
    elif direction.endswith("-reverse") and "flex" in display:
        before, after = f"flex-direction: {direction}", f"flex-direction: {direction.removesuffix('-reverse')}"
    elif later.style["order"] == earlier.style["order"]:
        before, after = "grid-row, grid-column", "grid-area: auto"
    else:
        moved = later if later.style["order"] != "0" else earlier
        before, after = f"order: {moved.style['order']}", "order: 0"
    facts = {
        "later": _named(view, later),
        "earlier": _named(view, earlier),
        "distance": f"{number(max(abs(later.rect.y - earlier.rect.y), abs(later.rect.x - earlier.rect.x)), 0)} px",
        "cause": before,
    }
    severity = Severity.MAJOR if both_reached else Severity.MINOR
    return Finding(severity, view.path(parent), facts, element=parent, before=before, after=after)


def _named(view: ViewportArtifacts, element: Element) -> str:
    texts = (item.text for item in (element, *view.descendants(element)) if item.visible and item.text)
    text = next(texts, "")
    return f"<{element.tag}> {text[:30]}".strip()


RULES = (
    Rule(
        id="lft-reading-order",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source=f"{cited('1.3.2')}; {cited('2.4.3')}; technique C27",
        measures="order of flex items, grid items and floats in the source against their places, CSS px",
        texts=bilingual(
            Texts(
                "What is seen first is read last",
                "“{later}” stands before “{earlier}” on the screen, {distance} away, and after it in the source "
                "({cause}).",
                "Screen readers and the Tab key follow the source (WCAG 2.2 success criteria 1.3.2 and 2.4.3).",
                "People who listen, or go by keyboard, meet things in another order than the page shows, and get lost.",
                "Put “{later}” before “{earlier}” in the source, and take {cause} away.",
            ),
            Texts(
                "Lo que se ve primero se lee después",
                "«{later}» está antes que «{earlier}» en la pantalla, a {distance}, y después en el código ({cause}).",
                "Los lectores de pantalla y el tabulador siguen el código (criterios 1.3.2 y 2.4.3 de WCAG 2.2).",
                "Quien escucha o usa el teclado encuentra otro orden que el que se ve, y se pierde.",
                "Pon «{later}» antes que «{earlier}» en el código y quita {cause}.",
            ),
        ),
        check=_check,
    ),
)
