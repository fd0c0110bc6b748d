"""Distances between things: even steps among siblings, room around what is tapped, text off the edge of its box."""

from collections.abc import Iterator
from itertools import pairwise

from cynthia_pipeline.audit.alignment import usual
from cynthia_pipeline.audit.artifacts import Element, Flag, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.boxes import border, in_flow, is_painted, runs
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import in_sentence

_ITEMS = 5
_USUAL = 0.7
"""Share of the gaps that must agree before the others are called irregular."""

_ODD_FROM, _ODD_TO = 1.5, 24.0
"""px off the usual gap; what is further off separates groups on purpose."""

_FINGER = 44.0
"""px that a fingertip covers; see target_size.py."""

_TAPPED_FROM = 24.0
"""px; smaller targets are the matter of SC 2.5.8, which acc-target-size judges."""

_EDGE = 4.0
"""px that text keeps from the edge of its box at least: the smallest step of the 4 px scale."""

_WIDE, _TALL = 120.0, 32.0
"""px from which a box is a container rather than a label or a mark."""


def _check_rhythm(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = 0
    for _, items in runs(view, _ITEMS):
        for row, gaps in ((False, _gaps_down(items)), (True, _gaps_across(items))):
            common = usual([gap for gap, _ in gaps], _USUAL) if len(gaps) >= _ITEMS - 1 else None
            if common is None:
                continue
            checked += len(gaps)
            side = "left" if row else "top"
            findings += [
                _odd(element, gap, common, side) for gap, element in gaps if _ODD_FROM < abs(gap - common) <= _ODD_TO
            ]
    return Verdict(checked, tuple(findings))


def _gaps_down(items: list[Element]) -> list[tuple[float, Element]]:
    """Gaps between items of which each stands below the one before, at the same left edge."""
    pairs = [
        (after.rect.y - before.rect.bottom, after)
        for before, after in pairwise(items)
        if after.rect.y >= before.rect.bottom - 1 and abs(after.rect.x - before.rect.x) <= 2
    ]
    return pairs if len(pairs) == len(items) - 1 else []


def _gaps_across(items: list[Element]) -> list[tuple[float, Element]]:
    """Gaps between items of which each stands beside the one before, in one row."""
    pairs = [
        (after.rect.x - before.rect.right, after)
        for before, after in pairwise(items)
        if after.rect.x >= before.rect.right - 1 and abs(after.rect.y - before.rect.y) <= 2
    ]
    return pairs if len(pairs) == len(items) - 1 else []


def _odd(element: Element, gap: float, common: float, side: str) -> Finding:
    facts = {
        "element": f"<{element.tag}>",
        "gap": f"{number(gap, 1)} px",
        "usual": f"{number(common)} px",
        "difference": f"{number(abs(gap - common), 1)} px",
    }
    change = (f"margin-{side}: {number(gap, 1)}px", f"margin-{side}: {number(common)}px")
    return Finding(
        Severity.MINOR,
        f"{number(gap, 0)} for {number(common)}",
        facts,
        element=element,
        before=change[0],
        after=change[1],
    )


def _check_taps(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = 0
    for children in view.children.values():
        targets = [child for child in _tapped(view, children) if child.index not in view.moving]
        for before, after in pairwise(targets):
            across = after.rect.x - before.rect.right
            down = after.rect.y - before.rect.bottom
            beside = across >= -1 and min(before.rect.bottom, after.rect.bottom) > max(before.rect.y, after.rect.y)
            below = down >= -1 and min(before.rect.right, after.rect.right) > max(before.rect.x, after.rect.x)
            if beside == below:
                continue
            gap = max(across if beside else down, 0.0)
            sizes = [item.rect.width if beside else item.rect.height for item in (before, after)]
            needed = (_FINGER - min(sizes)) / 2
            checked += 1
            if min(sizes) >= _TAPPED_FROM and gap < needed - 0.5:
                findings.append(_cramped(after, gap, min(sizes), needed, "left" if beside else "top"))
    return Verdict(checked, tuple(findings))


def _tapped(view: ViewportArtifacts, children: tuple[Element, ...]) -> Iterator[Element]:
    """What can be tapped of some siblings: a control itself, or the only one that an item of a list holds."""
    for child in children:
        inner = view.children.get(child.index, ())
        held = inner[0] if child.tag == "li" and len(inner) == 1 else child
        is_control = held.tag in ("a", "button", "summary") and Flag.FOCUSABLE in held.flags
        if is_control and Flag.DISABLED not in held.flags and not in_sentence(view, held):
            yield held


def _cramped(element: Element, gap: float, size: float, needed: float, side: str) -> Finding:
    wanted = number(-(-needed // 1), 0)
    facts = {
        "gap": f"{number(gap, 0)} px",
        "size": f"{number(size, 0)} px",
        "needed": f"{wanted} px",
        "finger": f"{number(_FINGER)} px",
    }
    change = (f"margin-{side}: {number(gap, 0)}px", f"margin-{side}: {wanted}px")
    cause = f"{side} {number(gap, 0)} at {number(size, 0)}"
    return Finding(Severity.MINOR, cause, facts, element=element, before=change[0], after=change[1])


def _check_edge(view: ViewportArtifacts) -> Verdict:
    boxes: dict[int, float] = {}
    for index, ink in view.layout.ink.items():
        element = view.elements[index]
        if element.text_length < 20 or index in view.moving or element.style["direction"] == "rtl":
            continue
        box = _box_of(view, element)
        if box is None or ink.y < box.rect.y or ink.bottom > box.rect.bottom + 1 or ink.right > box.rect.right + 1:
            continue
        distance = ink.x - box.rect.x - border(box, "left")
        if distance >= -0.5:
            boxes[box.index] = min(distance, boxes.get(box.index, distance))
    findings = []
    for index, distance in boxes.items():
        if distance < _EDGE:
            box = view.elements[index]
            facts = {"element": f"<{box.tag}>", "distance": f"{number(max(distance, 0), 1)} px", "least": "16 px"}
            change = (f"padding-left: {number(max(distance, 0), 1)}px", "padding-inline: 16px")
            findings.append(
                Finding(Severity.MINOR, f"{number(distance, 0)}", facts, element=box, before=change[0], after=change[1])
            )
    return Verdict(len(boxes), tuple(findings))


def _box_of(view: ViewportArtifacts, element: Element) -> Element | None:
    """The box whose edge can be seen around a text; None where there is none, or it is a label rather than a box."""
    for level in (element, *view.ancestors(element)):
        if not level.style or level.tag in ("html", "body", "button", "a", "td", "th", "code", "mark", "summary"):
            return None
        if level.style["position"] not in ("static", "relative") or level.style["transform"] != "none":
            return None
        if level.style["display"] != "inline" and is_painted(view, level):
            large = level.rect.width >= _WIDE and level.rect.height >= _TALL
            return level if large and in_flow(level) else None
    return None


RULES = (
    Rule(
        id="spc-rhythm",
        axis=Axis.SPC,
        fix_type=FixType.LAYOUT,
        source="Gestalt law of proximity; house thresholds",
        measures=f"gaps between {_ITEMS} siblings and more, CSS px",
        texts=bilingual(
            Texts(
                "A gap of {gap} among gaps of {usual}",
                "{element} keeps {gap} from its neighbour, where the others of the row keep {usual}.",
                "Distance says what belongs together; a step that is off by {difference} says nothing.",
                "The row looks untidy, and the eye stops where it should not.",
                "Make the gap {usual}.",
            ),
            Texts(
                "Una separación de {gap} entre otras de {usual}",
                "{element} dista {gap} de su vecino; los demás de la serie distan {usual}.",
                "La distancia dice qué va junto; un paso desviado {difference} no dice nada.",
                "La serie parece descuidada y la vista se detiene donde no debe.",
                "Deja la separación en {usual}.",
            ),
        ),
        check=_check_rhythm,
    ),
    Rule(
        id="spc-tap-gap",
        axis=Axis.SPC,
        fix_type=FixType.LAYOUT,
        source="Apple Human Interface Guidelines (44 px); Material Design, Accessibility: spacing of targets",
        measures="gap between neighbouring targets on a phone, CSS px",
        texts=bilingual(
            Texts(
                "Only {gap} between two small targets",
                "Targets of {size} stand {gap} apart; a fingertip of {finger} on one of them also covers the other.",
                "Around a target below {finger} the gap has to make up for its size: {needed} here.",
                "Visitors on phones open what they did not mean.",
                "Set {needed} between them, or make them {finger} large.",
            ),
            Texts(
                "Solo {gap} entre dos zonas táctiles pequeñas",
                "Zonas de {size} distan {gap}; una yema de {finger} sobre una cubre también la otra.",
                "En zonas de menos de {finger} la separación compensa su tamaño: aquí, {needed}.",
                "En el móvil se abre lo que no se quería.",
                "Pon {needed} entre ellas o hazlas de {finger}.",
            ),
        ),
        check=_check_taps,
        viewports=(Viewport.MOBILE,),
    ),
    Rule(
        id="spc-text-edge",
        axis=Axis.SPC,
        fix_type=FixType.LAYOUT,
        source=f"Material Design, Spacing methods; house threshold {number(_EDGE)} px",
        measures="distance of text from the left edge of the box that is seen around it, CSS px",
        texts=bilingual(
            Texts(
                "Text touches the edge of its box",
                "In {element}, whose edge can be seen, the text begins {distance} from it.",
                "Letters that meet a border or the end of a ground are read as part of it.",
                "The text looks squeezed in, and lines are harder to follow.",
                "Give {element} a padding of {least} at its sides.",
            ),
            Texts(
                "El texto toca el borde de su caja",
                "En {element}, cuyo borde se ve, el texto empieza a {distance} de él.",
                "Las letras que tocan un borde o el fin de un fondo se leen como parte de él.",
                "El texto parece apretado y cuesta seguir las líneas.",
                "Da a {element} un relleno de {least} a los lados.",
            ),
        ),
        check=_check_edge,
    ),
)
