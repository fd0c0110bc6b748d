"""Attributes that take something away from people: ids that stand twice, spacing that cannot be widened."""

from collections.abc import Mapping

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_WIDE_ENOUGH: Mapping[str, float] = {"letter-spacing": 0.12, "word-spacing": 0.16, "line-height": 1.5}
"""Times the font size that a reader may set (SC 1.4.12)."""


def _check_ids(view: ViewportArtifacts) -> Verdict:
    """Two elements of one id are a fault where something refers to it, and gets the first of them."""
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause=item.id,
            facts={"id": item.id[:40], "attribute": item.attribute, "count": str(item.count)},
            element=view.elements[item.element],
        )
        for item in view.accessibility.markup.shared_ids
    )
    return Verdict(sum(bool(element.id) for element in view.elements), findings)


def _check_spacing(view: ViewportArtifacts) -> Verdict:
    fixed = view.accessibility.markup.fixed_spacing
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause=item.property,
            facts={
                "property": item.property,
                "measured": number(item.times),
                "required": number(_WIDE_ENOUGH[item.property]),
            },
            element=view.elements[item.element],
        )
        for item in fixed
        if item.times < _WIDE_ENOUGH[item.property]
    )
    return Verdict(len(fixed), findings)


_DESKTOP = (Viewport.DESKTOP,)

RULES = (
    Rule(
        id="acc-shared-id",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('1.3.1')}, failure F77; HTML Living Standard, 3.2.6 The id attribute",
        measures="references to an id that several elements have, count",
        texts=bilingual(
            Texts(
                "{attribute} refers to “{id}”, which {count} elements have",
                "An id stands for one element; of several, the first is taken, whichever was meant.",
                "WCAG failure F77: duplicate values of type ID, where something refers to them.",
                "Screen readers read the wrong label or description, or none.",
                "Give each element an id of its own, and refer to the one that is meant.",
            ),
            Texts(
                "{attribute} se refiere a «{id}», que tienen {count} elementos",
                "Un id es de un solo elemento; de varios se toma el primero, se quisiera decir cual fuera.",
                "Fallo F77 de WCAG: valores de tipo ID duplicados a los que algo se refiere.",
                "El lector de pantalla lee la etiqueta o la descripción equivocada, o ninguna.",
                "Da a cada elemento un id propio y refiérete al que se quiere decir.",
            ),
        ),
        check=_check_ids,
        viewports=_DESKTOP,
        act_rules=("3ea0c8",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="typ-spacing-fixed",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source=cited("1.4.12"),
        measures="spacing that a style attribute declares !important, times the font size",
        texts=bilingual(
            Texts(
                "{property} is fixed at {measured} times the font size",
                "A style attribute says so with !important, and {required} is what readers must be able to set.",
                "WCAG 2.2 success criterion 1.4.12, Text Spacing.",
                "People with low vision or dyslexia cannot widen the text with their own style sheet.",
                "Take !important away, or better the declaration into a style sheet.",
            ),
            Texts(
                "{property} está fijado en {measured} veces el tamaño de letra",
                "Lo dice un atributo style con !important, y quien lee debe poder poner {required}.",
                "Criterio 1.4.12 de WCAG 2.2, Espaciado del texto.",
                "Con baja visión o dislexia no se puede ensanchar el texto con una hoja de estilos propia.",
                "Quita !important o, mejor, pasa la declaración a una hoja de estilos.",
            ),
        ),
        check=_check_spacing,
        viewports=_DESKTOP,
        absorbs=("avoid-inline-spacing",),
        act_rules=("24afc2", "9e45ec", "78fd32"),
        needs=frozenset({Part.NAMES, Part.AXE}),
    ),
)
