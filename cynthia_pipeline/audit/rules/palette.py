"""How many colours the text has. A threshold of this project: no standard gives one."""

from cynthia_pipeline.audit.artifacts import ViewportArtifacts
from cynthia_pipeline.audit.colour import difference, parse
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.surroundings import in_code, letters

_MOST = 12
"""Distinct text colours that a consistent design still explains: neutrals, links, states, on light and dark."""

_SAME = 0.04
"""Distance in OKLab within which two colours read as one: twice what an eye can just tell."""


def _check(view: ViewportArtifacts) -> Verdict:
    distinct: list[str] = []
    for css in {
        element.style["color"] for element in view.texts if letters(element.text) and not in_code(view, element)
    }:
        colour = parse(css)
        if colour is not None and colour[1] > 0:
            distinct.append(colour[0])
    kept: list[str] = []
    for candidate in sorted(set(distinct)):
        if all(difference(candidate, other) >= _SAME for other in kept):
            kept.append(candidate)
    if not kept:
        return Verdict(0)
    if len(kept) <= _MOST:
        return Verdict(1)
    facts = {"count": str(len(kept)), "most": str(_MOST), "colours": ", ".join(kept[:_MOST])}
    return Verdict(1, (Finding(Severity.MINOR, "page", facts),))


RULES = (
    Rule(
        id="clr-text-colours",
        axis=Axis.CLR,
        fix_type=FixType.TOKEN,
        source="house threshold; distances in OKLab",
        measures="distinct colours of visible text, count",
        texts=bilingual(
            Texts(
                "The text uses {count} different colours",
                "{count} colours that an eye can tell apart were measured; {most} is the most expected.",
                "A colour carries meaning only while there are few: links, states, emphasis.",
                "Visitors cannot tell what a colour stands for, and the page looks unplanned.",
                "Bring the text down to {most} colours at most, named as tokens.",
            ),
            Texts(
                "El texto usa {count} colores distintos",
                "Se midieron {count} colores que el ojo distingue; se esperan {most} como máximo.",
                "Un color solo tiene significado mientras hay pocos: enlaces, estados, énfasis.",
                "Los visitantes no saben qué significa cada color y la página parece improvisada.",
                "Reduce el texto a {most} colores como máximo, con nombre de token.",
            ),
        ),
        check=_check,
    ),
)
