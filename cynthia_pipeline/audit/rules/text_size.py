"""Sizes of text: of the body, and of the smallest print."""

from cynthia_pipeline.audit.artifacts import ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import letters, prose

_BODY = 16.0
"""px, the default of every browser, and so what readers have set their screens up for."""

_BODY_SMALL = 14.0

_LEGIBLE = 12.0
"""px, below which Lighthouse's font-size audit calls text illegible."""

_UNREADABLE = 9.0

_LOWERED = frozenset({"sup", "sub", "rt", "rp"})


def _check_body(view: ViewportArtifacts) -> Verdict:
    characters: dict[float, int] = {}
    for block, element in prose(view):
        characters[element.font_size] = characters.get(element.font_size, 0) + block.characters
    if not characters:
        return Verdict(0)
    size = max(characters, key=lambda candidate: (characters[candidate], candidate))
    if size >= _BODY:
        return Verdict(1)
    first = next(element for _, element in prose(view) if element.font_size == size)
    finding = Finding(
        Severity.MAJOR if size < _BODY_SMALL else Severity.MINOR,
        cause="body",
        facts={"measured": f"{number(size)} px", "required": f"{number(_BODY)} px"},
        element=first,
        before=f"font-size: {number(size)}px",
        after=f"font-size: {number(_BODY)}px",
    )
    return Verdict(1, (finding,))


def _check_tiny(view: ViewportArtifacts) -> Verdict:
    texts = [element for element in view.texts if letters(element.text) >= 2 and element.tag not in _LOWERED]
    findings = tuple(
        Finding(
            Severity.MAJOR if element.font_size < _UNREADABLE else Severity.MINOR,
            cause=number(element.font_size),
            facts={"measured": f"{number(element.font_size)} px", "required": f"{number(_LEGIBLE)} px"},
            element=element,
            before=f"font-size: {number(element.font_size)}px",
            after=f"font-size: {number(_LEGIBLE)}px",
        )
        for element in texts
        if 0 < element.font_size < _LEGIBLE
    )
    return Verdict(len(texts), findings)


RULES = (
    Rule(
        id="typ-body-size",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source="default text size of browsers",
        measures="font size that most of the running text has, CSS px",
        texts=bilingual(
            Texts(
                "Body text of {measured}",
                "Most of the running text is set in {measured}; {required} reads easily.",
                "{required} is the default that readers and their browsers are set up for.",
                "Visitors tire sooner, zoom in, or leave without having read.",
                "Set the body text to {required}.",
            ),
            Texts(
                "Texto principal de {measured}",
                "La mayor parte del texto corrido mide {measured}; {required} se lee con facilidad.",
                "{required} es el tamaño al que están ajustados los lectores y sus navegadores.",
                "Los visitantes se cansan antes, amplían o se van sin haber leído.",
                "Pon el texto principal en {required}.",
            ),
        ),
        check=_check_body,
    ),
    Rule(
        id="typ-tiny-text",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source="Lighthouse font-size audit",
        measures="font size of each visible text, CSS px",
        texts=bilingual(
            Texts(
                "Text of {measured} is too small to read",
                "The text is set in {measured}; below {required} it is hardly legible.",
                "Lighthouse counts text below {required} as illegible.",
                "Many visitors cannot read it at all, most of all on phones.",
                "Set it to {required} at least.",
            ),
            Texts(
                "Un texto de {measured} es demasiado pequeño",
                "El texto mide {measured}; por debajo de {required} apenas se lee.",
                "Lighthouse considera ilegible el texto de menos de {required}.",
                "Muchos visitantes no pueden leerlo, sobre todo en el móvil.",
                "Ponlo en {required} como mínimo.",
            ),
        ),
        check=_check_tiny,
    ),
)
