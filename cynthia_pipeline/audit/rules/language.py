"""The language that a page or a part of it claims, against its own words: WCAG 2.2 SC 3.1.1 and 3.1.2."""

from collections.abc import Iterator

from cynthia_pipeline.audit.accessibility import Passage
from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.languages import contradicts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited


def _check_page(view: ViewportArtifacts) -> Verdict:
    return _check(view, [passage for passage in view.accessibility.passages if passage.element is None])


def _check_parts(view: ViewportArtifacts) -> Verdict:
    return _check(view, [passage for passage in view.accessibility.passages if passage.element is not None])


def _check(view: ViewportArtifacts, passages: list[Passage]) -> Verdict:
    findings: list[Finding] = []
    checked = 0
    for passage in passages:
        if not passage.language or not passage.text:
            continue
        checked += 1
        found = contradicts(passage.language, passage.text)
        if found is not None:
            findings.append(
                Finding(
                    Severity.MAJOR,
                    cause=f"{passage.language}/{found}",
                    facts={"declared": passage.language, "found": found, "text": passage.text[:60].strip()},
                    element=view.elements[passage.element if passage.element is not None else 0],
                    before=f'lang="{passage.language}"',
                    after=f'lang="{found}"' if len(found) <= 3 else None,
                )
            )
    return Verdict(checked, tuple(findings))


_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left in their usual script."""

_LATIN_TAG = "-latn"


def _check_direction(view: ViewportArtifacts) -> Verdict:
    checked = 0
    findings: list[Finding] = []
    for element in view.visible:
        language = element.attributes.get("lang", "").strip().casefold()
        if not language or not element.style or not any(True for _ in _letters_of(view, element)):
            continue
        checked += 1
        right = language.split("-")[0] in _RIGHT_TO_LEFT and _LATIN_TAG not in language
        wanted = "rtl" if right else "ltr"
        # Within a line, Unicode's own algorithm sets words of the other direction right.
        inline = element.style["display"].startswith("inline") and "dir" not in element.attributes
        if element.style["direction"] == wanted or inline:
            continue
        facts = {"declared": language, "found": element.style["direction"], "wanted": wanted}
        change = f'dir="{wanted}"'
        findings.append(Finding(Severity.MAJOR, f"{language}/{wanted}", facts, element, after=change))
    return Verdict(checked, tuple(findings))


def _letters_of(view: ViewportArtifacts, element: Element) -> Iterator[str]:
    for part in (element, *view.descendants(element)):
        yield from (char for char in part.text[:80] if char.isalpha())


def _check_abbreviations(view: ViewportArtifacts) -> Verdict:
    marked = [element for element in view.visible if element.tag == "abbr" and element.text]
    told = {element.text for element in marked if element.attributes.get("title", "").strip()}
    findings: dict[str, Finding] = {}
    for element in marked:
        if element.text in told or element.text in findings or _is_expanded(view, element):
            continue
        facts = {"text": f"“{element.text[:40]}”"}
        findings[element.text] = Finding(Severity.INFO, element.text, facts, element, after='<abbr title="…">')
    return Verdict(len(marked), tuple(findings.values()))


def _is_expanded(view: ViewportArtifacts, abbreviation: Element) -> bool:
    """Whether brackets beside it hold its words, or it stands in brackets after them."""
    if abbreviation.parent is None:
        return False
    around = view.elements[abbreviation.parent]
    said = f"{around.text} {view.content.passages.get(around.index, '')}"
    return f"({abbreviation.text}" in said or f"{abbreviation.text} (" in said or "()" in around.text


_IMPACT_EN = (
    "Screen readers pronounce the words by the wrong language's rules; translators and spell checkers go wrong too."
)
_IMPACT_ES = "Los lectores de pantalla pronuncian con reglas de otro idioma; también fallan traductores y correctores."

RULES = (
    Rule(
        id="acc-page-language",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("3.1.1"),
        measures="the page's common words by language, against its lang attribute",
        texts=bilingual(
            Texts(
                "The page says that it is in “{declared}”, but its words are “{found}”",
                "The text begins: {text}",
                "WCAG 2.2 success criterion 3.1.1, Language of Page.",
                _IMPACT_EN,
                "Set the lang attribute of <html> to the language of the text: {found}.",
            ),
            Texts(
                "La página dice estar en «{declared}», pero sus palabras son «{found}»",
                "El texto empieza así: {text}",
                "Criterio 3.1.1 de WCAG 2.2, Idioma de la página.",
                _IMPACT_ES,
                "Pon en el atributo lang de <html> el idioma del texto: {found}.",
            ),
        ),
        check=_check_page,
        viewports=(Viewport.DESKTOP,),
        act_rules=("ucwvc8",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-part-language",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("3.1.2"),
        measures="a part's common words by language, against its lang attribute",
        texts=bilingual(
            Texts(
                "A part says that it is in “{declared}”, but its words are “{found}”",
                "The part begins: {text}",
                "WCAG 2.2 success criterion 3.1.2, Language of Parts.",
                _IMPACT_EN,
                "Set its lang attribute to the language of the words: {found}.",
            ),
            Texts(
                "Una parte dice estar en «{declared}», pero sus palabras son «{found}»",
                "La parte empieza así: {text}",
                "Criterio 3.1.2 de WCAG 2.2, Idioma de las partes.",
                _IMPACT_ES,
                "Pon en su atributo lang el idioma de las palabras: {found}.",
            ),
        ),
        check=_check_parts,
        viewports=(Viewport.DESKTOP,),
        act_rules=("off6ek",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-text-direction",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.2')}, technique H56",
        measures="parts whose direction is not that of their language, count",
        texts=bilingual(
            Texts(
                "Text in “{declared}” is set in the wrong direction",
                "Its direction is {found}; this language is written {wanted}.",
                "Technique H56 for WCAG 2.2 success criterion 1.3.2: the dir attribute settles nested directions.",
                "Punctuation, numbers and words of other scripts end up in the wrong place.",
                'Set dir="{wanted}" beside the lang attribute.',
            ),
            Texts(
                "Un texto en «{declared}» va en la dirección equivocada",
                "Su dirección es {found}; este idioma se escribe {wanted}.",
                "Técnica H56 del criterio 1.3.2 de WCAG 2.2: el atributo dir resuelve las direcciones anidadas.",
                "La puntuación, los números y las palabras de otras escrituras quedan fuera de sitio.",
                'Pon dir="{wanted}" junto al atributo lang.',
            ),
        ),
        check=_check_direction,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="ctx-abbreviation",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('3.1.4')}, technique H28",
        measures="marked abbreviations that are nowhere written out, count",
        texts=bilingual(
            Texts(
                "The abbreviation {text} is not written out",
                "Its <abbr> has no title, and no brackets beside it hold the words.",
                "Technique H28 for WCAG 2.2 success criterion 3.1.4, Abbreviations.",
                "Who does not know it cannot find out, and screen readers read letters or a wrong word.",
                "Write it out at its first use, with the abbreviation in brackets.",
            ),
            Texts(
                "La abreviatura {text} no está desarrollada",
                "Su <abbr> no tiene title y no hay paréntesis al lado con las palabras.",
                "Técnica H28 del criterio 3.1.4 de WCAG 2.2, Abreviaturas.",
                "Quien no la conoce no puede averiguarla, y el lector de pantalla la deletrea o la lee mal.",
                "Escríbela entera la primera vez, con la abreviatura entre paréntesis.",
            ),
        ),
        check=_check_abbreviations,
        viewports=(Viewport.DESKTOP,),
    ),
)
