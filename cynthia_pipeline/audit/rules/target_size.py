"""Size of what is tapped or clicked: WCAG 2.2 SC 2.5.8, and the product's own 44 px on phones."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cynthia_pipeline.audit.artifacts import Element, Flag, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import in_sentence
from cynthia_pipeline.audit.rules.wcag import cited

_MINIMUM = 24.0
"""px, SC 2.5.8; a smaller target passes where a circle of this diameter around it touches no other target."""

_COMFORTABLE = 44.0
"""px, the product's promise; also WCAG 2.2 SC 2.5.5 (AAA) and Apple's Human Interface Guidelines."""

_TOLERANCE = 0.5
"""px; layouts are not whole pixels, and half of one cannot be felt."""

_TAGS = frozenset({"button", "input", "select", "summary", "textarea"})
_ROLES = frozenset(
    {"button", "checkbox", "link", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "radio", "switch", "tab"}
)
_ROW = 64


@dataclass(frozen=True, slots=True)
class _Target:
    element: Element
    rect: Rect

    @property
    def centre(self) -> tuple[float, float]:
        return self.rect.x + self.rect.width / 2, self.rect.y + self.rect.height / 2

    def below(self, size: float) -> bool:
        return min(self.rect.width, self.rect.height) < size - _TOLERANCE


def _targets(view: ViewportArtifacts) -> list[_Target]:
    return [_Target(element, _extent(view, element)) for element in view.visible if _is_target(element)]


def _is_target(element: Element) -> bool:
    if Flag.DISABLED in element.flags or element.style.get("cursor") == "not-allowed":
        return False
    if element.tag == "a":
        return "href" in element.attributes
    role = element.attributes.get("role", "").lower()
    return element.tag in _TAGS or (role in _ROLES and Flag.FOCUSABLE in element.flags)


def _extent(view: ViewportArtifacts, element: Element) -> Rect:
    """What reacts to a pointer: the element, what it holds, and a field's label."""
    rects = [element.rect, *(child.rect for child in view.descendants(element) if child.visible)]
    if element.label is not None and view.elements[element.label].visible:
        rects.append(view.elements[element.label].rect)
    left, top = min(rect.x for rect in rects), min(rect.y for rect in rects)
    return Rect(left, top, max(rect.right for rect in rects) - left, max(rect.bottom for rect in rects) - top)


def _exempt(view: ViewportArtifacts, element: Element) -> bool:
    """SC 2.5.8's exceptions that can be told: within a sentence, and sized by the browser alone."""
    native = element.tag == "input" and element.attributes.get("type", "") in ("checkbox", "radio")
    return in_sentence(view, element) or (native and element.style["appearance"] == "auto")


def _too_small(view: ViewportArtifacts, targets: list[_Target]) -> list[_Target]:
    """The targets that fail 2.5.8: below 24 px and with another target within reach of their circle."""
    rows: dict[int, list[_Target]] = {}
    for target in targets:
        for row in range(int(target.rect.y // _ROW), int(target.rect.bottom // _ROW) + 1):
            rows.setdefault(row, []).append(target)
    found = []
    for target in targets:
        if not target.below(_MINIMUM) or _exempt(view, target.element):
            continue
        y = target.centre[1]
        near = {
            other.element.index: other
            for row in range(int((y - _MINIMUM) // _ROW), int((y + _MINIMUM) // _ROW) + 1)
            for other in rows.get(row, ())
        }
        if any(_crowds(view, target, other) for other in near.values()):
            found.append(target)
    return found


def _crowds(view: ViewportArtifacts, target: _Target, other: _Target) -> bool:
    if other.element is target.element or _nested(view, target.element, other.element):
        return False
    x, y = target.centre
    reach = _MINIMUM / 2 - _TOLERANCE
    across = max(other.rect.x - x, 0.0, x - other.rect.right)
    down = max(other.rect.y - y, 0.0, y - other.rect.bottom)
    if math.hypot(across, down) < reach:
        return True
    return other.below(_MINIMUM) and math.dist(target.centre, other.centre) < 2 * reach


def _nested(view: ViewportArtifacts, first: Element, second: Element) -> bool:
    inner, outer = (first, second) if first.index > second.index else (second, first)
    return outer in view.ancestors(inner)


def _check_minimum(view: ViewportArtifacts) -> Verdict:
    targets = _targets(view)
    return Verdict(len(targets), tuple(_findings(_too_small(view, targets), _MINIMUM, Severity.MAJOR)))


def _check_comfortable(view: ViewportArtifacts) -> Verdict:
    targets = _targets(view)
    failing = {target.element.index for target in _too_small(view, targets)}
    small = [
        target
        for target in targets
        if target.below(_COMFORTABLE) and target.element.index not in failing and not in_sentence(view, target.element)
    ]
    return Verdict(len(targets), tuple(_findings(small, _COMFORTABLE, Severity.MINOR)))


def _findings(targets: Iterable[_Target], required: float, severity: Severity) -> Iterator[Finding]:
    for target in targets:
        width, height = number(target.rect.width, 0), number(target.rect.height, 0)
        short = {
            name: size
            for name, size in (("width", target.rect.width), ("height", target.rect.height))
            if size < required - _TOLERANCE
        }
        yield Finding(
            severity=severity,
            # Text links differ in width by their words; what they lack is height.
            cause=f"height {height}" if target.rect.height < required - _TOLERANCE else f"width {width}",
            facts={"measured": f"{width} × {height} px", "required": f"{number(required)} × {number(required)} px"},
            element=target.element,
            before="; ".join(f"{name}: {number(size, 0)}px" for name, size in short.items()),
            after="; ".join(f"min-{name}: {number(required)}px" for name in short),
            measured=Measurements(tap_target=f"{width}×{height}px"),
        )


RULES = (
    Rule(
        id="acc-target-size",
        axis=Axis.ACC,
        fix_type=FixType.LAYOUT,
        source=cited("2.5.8"),
        measures="width and height of each target and the room around it, CSS px",
        texts=bilingual(
            Texts(
                "Target of {measured} too close to its neighbour",
                "It measures {measured}, below {required}, and another target lies within 12 px of its centre.",
                "WCAG 2.2 success criterion 2.5.8, Target Size (Minimum), asks for {required} or as much room around.",
                "People with large fingers or unsteady hands hit the wrong control.",
                "Make it {required} at least, by padding or a minimum size, or move the neighbour away.",
            ),
            Texts(
                "Zona táctil de {measured} demasiado cerca de otra",
                "Mide {measured}, menos de {required}, y hay otra zona a menos de 12 px de su centro.",
                "El criterio 2.5.8 de WCAG 2.2, Tamaño del objetivo (mínimo), pide {required} o ese espacio alrededor.",
                "Quienes tienen dedos grandes o poco pulso tocan el control equivocado.",
                "Hazla de {required} como mínimo, con relleno o tamaño mínimo, o aleja la otra.",
            ),
        ),
        check=_check_minimum,
        absorbs=("target-size",),
    ),
    Rule(
        id="acc-touch-target",
        axis=Axis.ACC,
        fix_type=FixType.LAYOUT,
        source="WCAG 2.2 SC 2.5.5 (AAA); Apple Human Interface Guidelines",
        measures="width and height of each target on a phone, CSS px",
        texts=bilingual(
            Texts(
                "Touch target of {measured} is small for a finger",
                "On a phone it measures {measured}; {required} is comfortable.",
                "A fingertip covers about 44 px; WCAG 2.2 success criterion 2.5.5 asks for {required}.",
                "Visitors on phones need several tries to hit it.",
                "Make it {required} on narrow screens, by padding or a minimum size.",
            ),
            Texts(
                "Zona táctil de {measured}, pequeña para un dedo",
                "En un móvil mide {measured}; lo cómodo es {required}.",
                "La yema de un dedo cubre unos 44 px; el criterio 2.5.5 de WCAG 2.2 pide {required}.",
                "Quienes visitan desde el móvil necesitan varios intentos para acertar.",
                "Hazla de {required} en pantallas estrechas, con relleno o tamaño mínimo.",
            ),
        ),
        check=_check_comfortable,
        viewports=(Viewport.MOBILE,),
    ),
)
