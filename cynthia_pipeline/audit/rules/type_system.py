"""Whether type follows a plan: how many families, and headings that shrink with their level."""

from itertools import pairwise
from statistics import median

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import in_code, letters

_MOST_FAMILIES = 3
"""One for text, one for headings, one for an accent. A threshold of this project."""

_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")

_STEP = 1.02
"""A heading this much larger than one above it is larger, not rounded differently."""


def _check_families(view: ViewportArtifacts) -> Verdict:
    families: dict[str, Element] = {}
    for element in view.texts:
        if letters(element.text) >= 3 and not in_code(view, element):
            first = element.style["font-family"].split(",")[0].strip().strip("\"'")
            families.setdefault(first.lower(), element)
    if not families:
        return Verdict(0)
    if len(families) <= _MOST_FAMILIES:
        return Verdict(1)
    facts = {"count": str(len(families)), "families": ", ".join(sorted(families)), "most": str(_MOST_FAMILIES)}
    return Verdict(1, (Finding(Severity.MINOR, "page", facts),))


def _check_scale(view: ViewportArtifacts) -> Verdict:
    levels: dict[str, list[Element]] = {}
    for element in view.visible:
        if element.tag in _LEVELS and element.font_size > 0 and _has_text(view, element):
            levels.setdefault(element.tag, []).append(element)
    present = [(level, median(item.font_size for item in levels[level])) for level in _LEVELS if level in levels]
    findings = []
    for (upper, above), (lower, below) in pairwise(present):
        if below > above * _STEP:
            findings.append(
                Finding(
                    Severity.MINOR,
                    cause=f"{lower} over {upper}",
                    facts={
                        "lower": f"<{lower}>",
                        "upper": f"<{upper}>",
                        "below": f"{number(below)} px",
                        "above": f"{number(above)} px",
                    },
                    element=levels[lower][0],
                    before=f"font-size: {number(below)}px",
                    after=f"font-size: {number(min(below, above / 1.2))}px",
                )
            )
    return Verdict(max(len(present) - 1, 0), tuple(findings))


def _has_text(view: ViewportArtifacts, element: Element) -> bool:
    return bool(element.text_length) or any(inner.text_length for inner in view.descendants(element))


RULES = (
    Rule(
        id="typ-families",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source=f"house threshold: {_MOST_FAMILIES}",
        measures="font families of visible text, code left out, count",
        texts=bilingual(
            Texts(
                "{count} typefaces on one page",
                "The text uses {count} families: {families}.",
                "{most} families are enough for text, headings and an accent.",
                "The page looks unplanned, and every further font has to be downloaded.",
                "Bring it down to {most} families at most.",
            ),
            Texts(
                "{count} tipografías en una página",
                "El texto usa {count} familias: {families}.",
                "{most} familias bastan para texto, títulos y un acento.",
                "La página parece improvisada, y cada fuente de más se tiene que descargar.",
                "Reduce a {most} familias como máximo.",
            ),
        ),
        check=_check_families,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="typ-heading-scale",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source="typographic practice: size falls with the level of a heading",
        measures="median font size of each heading level, CSS px",
        texts=bilingual(
            Texts(
                "{lower} is larger than {upper}",
                "{lower} is set in {below}, {upper} above it in {above}.",
                "The size of a heading tells its rank; here it tells the opposite.",
                "Visitors who skim the page misread what belongs to what.",
                "Set {lower} below {above}, or change the heading levels.",
            ),
            Texts(
                "{lower} es mayor que {upper}",
                "{lower} mide {below}; {upper}, que está por encima, {above}.",
                "El tamaño de un título dice su rango; aquí dice lo contrario.",
                "Quienes ojean la página entienden mal qué pertenece a qué.",
                "Pon {lower} por debajo de {above} o cambia los niveles de título.",
            ),
        ),
        check=_check_scale,
        viewports=(Viewport.DESKTOP,),
    ),
)
