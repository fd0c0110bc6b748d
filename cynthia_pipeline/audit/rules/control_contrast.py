"""Whether the edge of a field can be seen: WCAG 2.2 SC 1.4.11."""

import re

from cynthia_pipeline.audit.artifacts import Element, Flag, ViewportArtifacts
from cynthia_pipeline.audit.colour import contrast, nearest_passing, over, parse
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import backdrop, is_text_input
from cynthia_pipeline.audit.rules.wcag import cited

_REQUIRED = 3.0

_BORDER = re.compile(r"(?P<width>[\d.]+)px (?P<style>[a-z]+) (?P<colour>.+)")


def _check(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = reviews = 0
    for element in view.visible:
        if Flag.DISABLED in element.flags or not (is_text_input(element) or element.tag == "select"):
            continue
        checked += 1
        outside = _outside(view, element)
        inside = backdrop(view, element)
        edges = _edges(element, outside) if outside is not None else []
        if outside is None or inside is None or not edges or _has_other_edge(element):
            reviews += 1
            continue
        edge = max(edges, key=lambda colour: max(contrast(colour, outside), contrast(colour, inside)))
        measured = max(contrast(edge, outside), contrast(edge, inside), contrast(inside, outside))
        if measured < _REQUIRED:
            findings.append(_finding(element, edge, outside, measured))
    return Verdict(checked, tuple(findings), reviews)


def _outside(view: ViewportArtifacts, element: Element) -> str | None:
    if element.parent is None or element.style["position"] in ("absolute", "fixed"):
        return None
    return backdrop(view, view.elements[element.parent])


def _edges(element: Element, outside: str) -> list[str]:
    """Colours of the borders that are drawn. A field without any is marked by something else, if at all."""
    found = []
    for side in ("border-top", "border-bottom", "border-left"):
        match = _BORDER.fullmatch(element.style[side])
        if match is None or float(match["width"]) < 1 or match["style"] in ("none", "hidden"):
            continue
        colour = parse(match["colour"])
        if colour is not None and colour[1] > 0:
            found.append(over(*colour, outside))
    return found


def _has_other_edge(element: Element) -> bool:
    style = element.style
    return style["box-shadow"] != "none" or style["outline-style"] not in ("none", "")


def _finding(element: Element, edge: str, outside: str, measured: float) -> Finding:
    passing = nearest_passing(edge, outside, _REQUIRED) or "#000000"
    ratio = f"{number(int(measured * 100) / 100)}:1"
    return Finding(
        severity=Severity.MAJOR,
        cause=f"{edge}/{outside}",
        facts={"edge": edge, "surround": outside, "measured": ratio, "required": "3:1", "passing": passing},
        element=element,
        before=f"border-color: {edge}",
        after=f"border-color: {passing}",
        measured=Measurements(contrast=ratio),
    )


RULES = (
    Rule(
        id="clr-control-boundary",
        axis=Axis.CLR,
        fix_type=FixType.TOKEN,
        source=cited("1.4.11"),
        measures="contrast ratio of a field's border or fill and what surrounds it",
        texts=bilingual(
            Texts(
                "The field's border {edge} hardly shows on {surround}",
                "The strongest contrast of border and fill is {measured}; {required} is required.",
                "WCAG 2.2 success criterion 1.4.11, Non-text Contrast, asks for {required} where a control begins.",
                "People with low vision do not see that there is a field, nor where to tap.",
                "Set the border colour to {passing}.",
            ),
            Texts(
                "El borde {edge} del campo apenas se ve sobre {surround}",
                "El mayor contraste de borde y relleno es {measured}; se exige {required}.",
                "El criterio 1.4.11 de WCAG 2.2, Contraste no textual, pide {required} donde empieza un control.",
                "Quienes ven poco no ven que hay un campo ni dónde tocar.",
                "Pon el color del borde en {passing}.",
            ),
        ),
        check=_check,
    ),
)
