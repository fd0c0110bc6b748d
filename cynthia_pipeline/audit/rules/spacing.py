"""Whether distances follow a scale: their share on the 4 px grid, and how many different ones there are."""

from collections import Counter
from collections.abc import Iterator

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number

_STEP = 4
"""px; Material Design, "Spacing methods": an 8 px grid, 4 px for small parts."""

_HAIRLINE = 2.0
"""px up to which a distance makes room for a border rather than for the eye."""

_LEAST_SHARE = 0.5
_LEAST_VALUES = 12
"""Fewer distances say nothing about a scale."""

_MOST_DISTINCT = 20
_NATIVE = frozenset({"input", "select", "textarea", "button", "fieldset", "legend", "ul", "ol", "dd", "blockquote"})
"""Elements that browsers space by themselves; their own distances are nobody's choice where they are the default."""

_DEFAULTS = frozenset({1.0, 2.0, 6.0, 10.0, 40.0})


def _distances(view: ViewportArtifacts) -> Iterator[tuple[Element, str, float]]:
    for index, spacing in view.layout.spacing.items():
        element = view.elements[index]
        for name, value in spacing.items():
            size = abs(value)
            if size > _HAIRLINE and not (element.tag in _NATIVE and size in _DEFAULTS):
                yield element, name, size


def on_scale(size: float) -> bool:
    """Whether a distance in CSS px is a multiple of 4, to half a px."""
    return abs(size - _STEP * round(size / _STEP)) <= 0.5


def _nearest(size: float) -> int:
    return max(_STEP * round(size / _STEP), _STEP)


def _check_scale(view: ViewportArtifacts) -> Verdict:
    distances = list(_distances(view))
    if len(distances) < _LEAST_VALUES:
        return Verdict(0)
    off = [item for item in distances if not on_scale(item[2])]
    share = 1 - len(off) / len(distances)
    note = f"{number(100 * share, 0)} % of {len(distances)}"
    if share >= _LEAST_SHARE:
        return Verdict(len(distances), note=note)
    counted = Counter(size for _, _, size in off)
    usual = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:5]
    element, name, size = next(item for item in off if item[2] == usual[0][0])
    facts = {
        "share": f"{number(100 * share, 0)} %",
        "least": f"{number(100 * _LEAST_SHARE, 0)} %",
        "count": str(len(distances)),
        "changes": ", ".join(f"{number(value)} → {_nearest(value)} px ({times}×)" for value, times in usual),
    }
    before, after = f"{name}: {number(size)}px", f"{name}: {_nearest(size)}px"
    found = Finding(Severity.MINOR, "page", facts, element=element, before=before, after=after)
    return Verdict(len(distances), (found,), note=note)


def _check_distinct(view: ViewportArtifacts) -> Verdict:
    sizes = {round(size * 2) / 2 for _, _, size in _distances(view)}
    if not sizes:
        return Verdict(0)
    if len(sizes) <= _MOST_DISTINCT:
        return Verdict(1, note=f"{len(sizes)}")
    facts = {
        "count": str(len(sizes)),
        "most": str(_MOST_DISTINCT),
        "sizes": ", ".join(number(size) for size in sorted(sizes)) + " px",
        "kept": "4, 8, 12, 16, 24, 32, 48, 64, 96 px",
    }
    return Verdict(1, (Finding(Severity.MINOR, "page", facts),))


RULES = (
    Rule(
        id="spc-scale",
        axis=Axis.SPC,
        fix_type=FixType.TOKEN,
        source=f"Material Design, Spacing methods; house threshold {number(100 * _LEAST_SHARE)} %",
        measures="share of margins, paddings and gaps that are multiples of 4 px",
        texts=bilingual(
            Texts(
                "Only {share} of the distances follow a 4 px scale",
                "Of {count} margins, paddings and gaps, {share} are multiples of 4 px; {least} are the least expected.",
                "A scale makes distances mean something: equal things are equally far apart.",
                "The page looks restless, and every new part needs distances of its own.",
                "Bring the most frequent ones onto the scale: {changes}.",
            ),
            Texts(
                "Solo el {share} de las distancias sigue una escala de 4 px",
                "De {count} márgenes, rellenos y separaciones, el {share} son múltiplos de 4 px; se espera al menos "
                "el {least}.",
                "Una escala da sentido a las distancias: lo igual está igual de lejos.",
                "La página parece inquieta y cada parte nueva necesita sus propias distancias.",
                "Lleva las más frecuentes a la escala: {changes}.",
            ),
        ),
        check=_check_scale,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="spc-distinct",
        axis=Axis.SPC,
        fix_type=FixType.TOKEN,
        source=f"house threshold: {_MOST_DISTINCT}",
        measures="distinct margins, paddings and gaps, to half a px, count",
        texts=bilingual(
            Texts(
                "{count} different distances on one page",
                "Margins, paddings and gaps take {count} values: {sizes}. {most} are the most expected.",
                "Few distances, used again and again, show what belongs together.",
                "Nothing lines up by itself, and every change is a guess.",
                "Keep one scale, such as {kept}, and move each value to the nearest step.",
            ),
            Texts(
                "{count} distancias distintas en una página",
                "Márgenes, rellenos y separaciones toman {count} valores: {sizes}. Se esperan {most} como máximo.",
                "Pocas distancias, repetidas, muestran qué va junto.",
                "Nada se alinea solo y cada cambio es una apuesta.",
                "Quédate con una escala, como {kept}, y lleva cada valor al paso más cercano.",
            ),
        ),
        check=_check_distinct,
        viewports=(Viewport.DESKTOP,),
    ),
)
