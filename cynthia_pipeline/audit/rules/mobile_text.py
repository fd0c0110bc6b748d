"""Text on a phone: how much of it can be read, and fields that make the browser zoom."""

from cynthia_pipeline.audit.artifacts import Flag, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import is_text_input

_LEGIBLE = 12.0
_SHARE = 0.6
"""Lighthouse's font-size audit: 60 % of a page's text must be 12 px or more."""

_FIELD = 16.0
"""px, below which Safari on iOS zooms into a field that gets the focus."""


def _check_share(view: ViewportArtifacts) -> Verdict:
    texts = [(element.font_size, element.text_length) for element in view.texts if element.font_size > 0]
    total = sum(length for _, length in texts)
    if not total:
        return Verdict(0)
    legible = sum(length for size, length in texts if size >= _LEGIBLE) / total
    if legible >= _SHARE:
        return Verdict(1)
    facts = {"measured": f"{legible:.0%}", "required": f"{_SHARE:.0%}", "size": f"{number(_LEGIBLE)} px"}
    return Verdict(1, (Finding(Severity.MAJOR, "page", facts),))


def _check_fields(view: ViewportArtifacts) -> Verdict:
    fields = [
        element
        for element in view.visible
        if (is_text_input(element) or element.tag == "select") and Flag.DISABLED not in element.flags
    ]
    findings = tuple(
        Finding(
            Severity.MINOR,
            cause=number(field.font_size),
            facts={"measured": f"{number(field.font_size)} px", "required": f"{number(_FIELD)} px"},
            element=field,
            before=f"font-size: {number(field.font_size)}px",
            after=f"font-size: {number(_FIELD)}px",
        )
        for field in fields
        if 0 < field.font_size < _FIELD
    )
    return Verdict(len(fields), findings)


RULES = (
    Rule(
        id="rsp-legible-text",
        axis=Axis.RSP,
        fix_type=FixType.TOKEN,
        source="Lighthouse font-size audit",
        measures="share of the text on a phone that is 12 px or larger, percent",
        texts=bilingual(
            Texts(
                "Only {measured} of the text can be read on a phone",
                "{measured} of the characters are {size} or larger; {required} is the least.",
                "Lighthouse asks that {required} of a page's text be {size} or larger on a phone.",
                "Visitors on phones have to zoom to read.",
                "Raise the smallest text sizes to {size} on narrow screens.",
            ),
            Texts(
                "Solo el {measured} del texto se lee en un móvil",
                "El {measured} de los caracteres mide {size} o más; lo mínimo es el {required}.",
                "Lighthouse pide que el {required} del texto mida {size} o más en un móvil.",
                "Quienes visitan desde el móvil tienen que ampliar para leer.",
                "Sube los textos más pequeños a {size} en pantallas estrechas.",
            ),
        ),
        check=_check_share,
        viewports=(Viewport.MOBILE,),
    ),
    Rule(
        id="rsp-field-zoom",
        axis=Axis.RSP,
        fix_type=FixType.TOKEN,
        source="behaviour of Safari on iOS: fields below 16 px zoom the page on focus",
        measures="font size of fields on a phone, CSS px",
        texts=bilingual(
            Texts(
                "A field of {measured} makes iPhones zoom in",
                "The field's text is {measured}; from {required} on the page stays as it is.",
                "Safari on iOS zooms into a field below {required} when it is tapped.",
                "The page jumps and is left zoomed, in the midst of filling in the form.",
                "Set the field's font size to {required}.",
            ),
            Texts(
                "Un campo de {measured} hace que el iPhone amplíe",
                "El texto del campo mide {measured}; desde {required} la página queda como está.",
                "Safari en iOS amplía un campo de menos de {required} cuando se toca.",
                "La página salta y queda ampliada en plena escritura del formulario.",
                "Pon el tamaño de letra del campo en {required}.",
            ),
        ),
        check=_check_fields,
        viewports=(Viewport.MOBILE,),
    ),
)
