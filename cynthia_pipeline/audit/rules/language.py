"""The language that a page or a part of it claims, against its own words: WCAG 2.2 SC 3.1.1 and 3.1.2."""

from cynthia_pipeline.audit.accessibility import Passage
from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
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
)
