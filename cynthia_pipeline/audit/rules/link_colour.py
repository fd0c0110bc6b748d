"""Links within text that only their colour tells apart: WCAG 2.2 SC 1.4.1, technique G183."""

from cynthia_pipeline.audit.artifacts import Element, ViewportArtifacts
from cynthia_pipeline.audit.colour import contrast
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import backdrop, letters, text_colour
from cynthia_pipeline.audit.rules.wcag import cited

_REQUIRED = 3.0
"""Contrast of link and text at which colour alone may do (technique G183)."""

_SENTENCE = 12
"""Letters of surrounding text from which a link counts as part of a sentence, not of a list of links."""

_SIGNS = ("font-weight", "font-style", "font-family", "background-color", "background-image")


def _check(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = reviews = 0
    for element in view.texts:
        parent = view.elements[element.parent] if element.parent is not None else None
        if parent is None or not _is_link_in_sentence(element, parent):
            continue
        checked += 1
        if _has_sign(element, parent, view):
            continue
        behind = backdrop(view, element)
        link = text_colour(element, behind) if behind is not None else None
        text = text_colour(parent, behind) if behind is not None else None
        if link is None or text is None:
            reviews += 1
        elif contrast(link, text) < _REQUIRED:
            findings.append(_finding(element, link, text))
    return Verdict(checked, tuple(findings), reviews)


def _is_link_in_sentence(element: Element, parent: Element) -> bool:
    is_link = element.tag == "a" and "href" in element.attributes and element.style["display"] == "inline"
    return is_link and letters(element.text) > 0 and letters(parent.text) >= _SENTENCE and bool(parent.style)


def _has_sign(element: Element, parent: Element, view: ViewportArtifacts) -> bool:
    """Whether something besides colour marks the link, on itself or on what it holds."""
    style = element.style
    underlined = style["text-decoration-line"] != "none"
    bordered = any(_drawn(style[side]) for side in ("border-top", "border-bottom", "border-left"))
    differs = any(style[name] != parent.style.get(name) for name in _SIGNS if name != "background-color")
    filled = style["background-color"] not in ("rgba(0, 0, 0, 0)", parent.style["background-color"])
    marked_child = any(child.tag in ("img", "svg") or _underlined(child) for child in view.descendants(element))
    shadowed = style["box-shadow"] != "none"
    return underlined or bordered or differs or filled or marked_child or shadowed


def _underlined(element: Element) -> bool:
    return element.style.get("text-decoration-line", "none") != "none"


def _drawn(border: str) -> bool:
    return not border.startswith("0px") and " none " not in border


def _finding(element: Element, link: str, text: str) -> Finding:
    ratio = f"{number(int(contrast(link, text) * 100) / 100)}:1"
    return Finding(
        severity=Severity.MAJOR,
        cause=f"{link}/{text}",
        facts={"link": link, "text": text, "measured": ratio, "required": "3:1"},
        element=element,
        before="text-decoration: none",
        after="text-decoration: underline",
        measured=Measurements(contrast=ratio),
    )


RULES = (
    Rule(
        id="clr-link-colour-alone",
        axis=Axis.CLR,
        fix_type=FixType.COMPONENT,
        source=f"{cited('1.4.1')}, technique G183",
        measures="contrast ratio of a link and the text around it",
        texts=bilingual(
            Texts(
                "Links in text are told apart by colour alone",
                "The link {link} differs from the text {text} by {measured} only, and nothing else marks it.",
                "WCAG 2.2 success criterion 1.4.1, Use of Color: without another sign, {required} is the least.",
                "People who see colours differently do not notice that there is a link.",
                "Underline links within text.",
            ),
            Texts(
                "Los enlaces del texto solo se distinguen por el color",
                "El enlace {link} difiere del texto {text} solo en {measured}, y nada más lo marca.",
                "Criterio 1.4.1 de WCAG 2.2, Uso del color: sin otra señal, {required} es lo mínimo.",
                "Quienes ven los colores de otro modo no notan que hay un enlace.",
                "Subraya los enlaces dentro del texto.",
            ),
        ),
        check=_check,
        absorbs=("link-in-text-block",),
    ),
)
