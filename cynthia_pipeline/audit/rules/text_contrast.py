"""Contrast of text: WCAG 2.2 SC 1.4.3.

Which colours meet is axe-core's finding, since it knows what overlaps what; the exact colour that passes is computed
here. Placeholders, which axe leaves out, are measured here altogether.
"""

import re
from dataclasses import dataclass, replace

from cynthia_pipeline.audit.artifacts import AxeNode, Element, Flag, Part, PixelContrast, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.colour import contrast, nearest_pair, over, parse
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.axe import is_doubted
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import backdrop
from cynthia_pipeline.audit.rules.wcag import cited

_NORMAL = 4.5
"""Required for text below 24 px, or 18.66 px in bold; 3:1 above (SC 1.4.3)."""

_ENHANCED = 7.0
"""Required of normal text by SC 1.4.6 (level AAA); 4.5 of large text."""

_HARDLY_READABLE = 3.0
"""Below it normal text fails even the requirement for large text: critical."""

_HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Text of one colour on another, and what is required of them."""

    text: str
    behind: str
    required: float

    def finding(self, element: Element | None, path: str | None, selector: str = "") -> Finding:
        measured = contrast(self.text, self.behind)
        change = nearest_pair(self.text, self.behind, self.required)
        before, after = (
            (f"color: {self.text}", f"color: {change.text}")
            if change.text != self.text
            else (f"background-color: {self.behind}", f"background-color: {change.behind}")
        )
        return Finding(
            severity=Severity.CRITICAL if measured < _HARDLY_READABLE * self.required / _NORMAL else Severity.MAJOR,
            cause=f"{self.text}/{self.behind}/{self.required}{selector}",
            facts={
                "text": self.text,
                "background": self.behind,
                "measured": _ratio(measured),
                "required": _ratio(self.required),
                "change": after,
                "reached": _ratio(contrast(change.text, change.behind)),
            },
            element=element,
            path=path,
            before=f"{selector}{before}",
            after=f"{selector}{after}",
            measured=Measurements(contrast=_ratio(measured)),
        )


def _ratio(value: float) -> str:
    """Cut, not rounded: 4.499 has not reached 4.5."""
    return f"{number(int(value * 100) / 100)}:1"


def _check_text(view: ViewportArtifacts) -> Verdict:
    result = view.axe.get("color-contrast")
    if result is None:
        return Verdict(0)
    doubted = [node for node in result.violations if is_doubted(node, result, view)]
    found = tuple(_text_finding(node, view) for node in result.violations if node not in doubted)
    checked = len(result.violations) + len(result.incomplete) + result.passed
    worded = _worded(view)
    unsure = [node for node in result.incomplete if node.element not in worded]
    pictured = (_pictured_finding(index, pixels, view) for index, pixels in worded.items())
    return Verdict(checked, tuple(item for item in (*found, *pictured) if item is not None), len(unsure) + len(doubted))


def _worded(view: ViewportArtifacts) -> dict[int, PixelContrast]:
    """The pictured texts that may be words: a single character is as often a sign, such as an X to close."""
    return {index: pixels for index, pixels in view.pixels.items() if len(view.elements[index].text.strip()) > 1}


def _pictured_finding(index: int, pixels: PixelContrast, view: ViewportArtifacts) -> Finding | None:
    """A finding only if the text falls short even where it stands out most."""
    element = view.elements[index]
    required = 3.0 if is_large(element) else _NORMAL
    if contrast(pixels.text, pixels.behind) >= required:
        return None
    return _Pair(pixels.text, pixels.behind, required).finding(element, None)


def is_large(element: Element) -> bool:
    """Large-scale text: 18 point, or 14 point in bold (WCAG 2.2), in CSS px."""
    weight = element.style.get("font-weight", "400")
    is_bold = weight.isdecimal() and int(weight) >= 700
    return element.font_size >= (18.66 if is_bold else 24)


def _text_finding(node: AxeNode, view: ViewportArtifacts) -> Finding | None:
    text, behind = str(node.data.get("fgColor")), str(node.data.get("bgColor"))
    required = 3.0 if str(node.data.get("expectedContrastRatio", "")).startswith("3") else _NORMAL
    if not (_HEX.fullmatch(text) and _HEX.fullmatch(behind)) or contrast(text, behind) >= required:
        return None
    element = view.elements[node.element] if node.element is not None else None
    return _Pair(text, behind, required).finding(element, None if element is not None else node.target)


def _check_enhanced(view: ViewportArtifacts) -> Verdict:
    """Where axe cannot tell; what falls short of level AA already is not said twice."""
    findings = []
    pictured = _worded(view)
    for index, pixels in pictured.items():
        large = is_large(view.elements[index])
        least, wanted = (3.0, _NORMAL) if large else (_NORMAL, _ENHANCED)
        if least <= contrast(pixels.text, pixels.behind) < wanted:
            found = _Pair(pixels.text, pixels.behind, wanted).finding(view.elements[index], None)
            findings.append(replace(found, severity=Severity.INFO, cause="picture"))
    return Verdict(len(pictured), tuple(findings))


def _check_placeholders(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = reviews = 0
    for index, css in view.placeholders.items():
        element = view.elements[index]
        ink = parse(css)
        # Wholly transparent on purpose: a label floats where the placeholder would be.
        if not element.visible or Flag.DISABLED in element.flags or (ink is not None and ink[1] == 0):
            continue
        checked += 1
        behind = backdrop(view, element)
        if behind is None or ink is None:
            reviews += 1
            continue
        pair = _Pair(over(*ink, behind), behind, _NORMAL if element.font_size < 24 else 3.0)
        if contrast(pair.text, pair.behind) < pair.required:
            findings.append(pair.finding(element, None, "::placeholder "))
    return Verdict(checked, tuple(findings), reviews)


RULES = (
    Rule(
        id="clr-text-contrast",
        axis=Axis.CLR,
        fix_type=FixType.TOKEN,
        source=cited("1.4.3"),
        measures="contrast ratio of text and what lies behind it",
        texts=bilingual(
            Texts(
                "Text {text} on {background} is hard to read",
                "The contrast is {measured}; {required} is required.",
                "WCAG 2.2 success criterion 1.4.3, Contrast (Minimum), asks for {required} at this text size.",
                "People with low vision, and everyone in bright light, cannot read this text.",
                "Set {change}: the smallest change of lightness that passes, with {reached}; the hue stays.",
            ),
            Texts(
                "El texto {text} sobre {background} se lee mal",
                "El contraste es {measured}; se exige {required}.",
                "El criterio 1.4.3 de WCAG 2.2, Contraste (mínimo), pide {required} para este tamaño de texto.",
                "Quienes ven poco, y cualquiera a pleno sol, no pueden leer este texto.",
                "Pon {change}: el menor cambio de luminosidad que cumple, con {reached}; el tono se mantiene.",
            ),
        ),
        check=_check_text,
        absorbs=("color-contrast", "color-contrast-enhanced"),
        act_rules=("afw4f7", "09o5cg"),
        needs=frozenset({Part.AXE, Part.PIXELS}),
    ),
    Rule(
        id="clr-text-contrast-enhanced",
        axis=Axis.CLR,
        fix_type=FixType.TOKEN,
        source=cited("1.4.6"),
        measures="best contrast ratio of text over an image or a gradient",
        texts=bilingual(
            Texts(
                "Text {text} over a picture stays below the enhanced contrast",
                "Against the pixel that differs most, {background}, the contrast is {measured}; {required} is asked.",
                "WCAG 2.2 success criterion 1.4.6, Contrast (Enhanced), level AAA.",
                "People with weak sight read it with effort.",
                "Set {change}, which reaches {reached}, or lay a plain ground under the text.",
            ),
            Texts(
                "El texto {text} sobre una imagen no llega al contraste mejorado",
                "Frente al píxel que más difiere, {background}, el contraste es {measured}; se pide {required}.",
                "Criterio 1.4.6 de WCAG 2.2, Contraste (mejorado), nivel AAA.",
                "Quienes ven poco lo leen con esfuerzo.",
                "Pon {change}, que llega a {reached}, o un fondo liso bajo el texto.",
            ),
        ),
        check=_check_enhanced,
        viewports=(Viewport.DESKTOP,),
        act_rules=("09o5cg",),
        needs=frozenset({Part.AXE, Part.PIXELS}),
    ),
    Rule(
        id="clr-placeholder-contrast",
        axis=Axis.CLR,
        fix_type=FixType.TOKEN,
        source=cited("1.4.3"),
        measures="contrast ratio of a field's placeholder and the field",
        texts=bilingual(
            Texts(
                "Placeholder {text} on {background} is hard to read",
                "The placeholder's contrast is {measured}; {required} is required.",
                "WCAG 2.2 success criterion 1.4.3 counts placeholders as text.",
                "People cannot read the example that tells them what to enter.",
                "Set {change} on the placeholder, which reaches {reached}.",
            ),
            Texts(
                "El texto de ejemplo {text} sobre {background} se lee mal",
                "El contraste del texto de ejemplo es {measured}; se exige {required}.",
                "El criterio 1.4.3 de WCAG 2.2 cuenta los textos de ejemplo como texto.",
                "La gente no puede leer el ejemplo que le dice qué escribir.",
                "Pon {change} en el texto de ejemplo, que llega a {reached}.",
            ),
        ),
        check=_check_placeholders,
    ),
)
