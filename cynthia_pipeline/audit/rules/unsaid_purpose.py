"""Links that neither their words nor their sentence explain, and titles that are about something else.

WCAG 2.2 SC 2.4.4 and 2.4.2. Both ask only whether words are there at all; whether they fit is for people to judge.
"""

import re
from collections.abc import Iterable, Iterator

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.link_text import says_nothing
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_CONTEXTS = frozenset({"p", "li", "td", "th", "dd", "dt", "figcaption", "blockquote"})
"""What WCAG counts as the programmatically determined context of a link within it."""

_HEADING = re.compile("h[1-6]")

_STEM = 4
"""Letters that words of one stem share in most cases; shorter words are mostly function words."""

_LEAST_TITLE_WORDS, _LEAST_PAGE_WORDS = 2, 8


def _check_links(view: ViewportArtifacts) -> Verdict:
    links = [element for element in view.visible if element.tag == "a" and "href" in element.attributes]
    findings = []
    for link in links:
        name = view.name_of(link)
        if not says_nothing(name) or any(key in link.attributes for key in ("aria-label", "aria-labelledby", "title")):
            continue
        context = next((level for level in view.ancestors(link) if level.tag in _CONTEXTS), None)
        around = _words_in(view, context) - _stems([name]) if context is not None else set()
        if not around and not _has_heading_before(view, link):
            findings.append(Finding(Severity.MAJOR, cause=name.casefold(), facts={"text": f"“{name}”"}, element=link))
    return Verdict(len(links), tuple(findings))


def _has_heading_before(view: ViewportArtifacts, link: Element) -> bool:
    """A heading in the same box explains the link as well (technique H80)."""
    box = view.elements[link.parent] if link.parent is not None else link
    return any(element.index < link.index and _HEADING.fullmatch(element.tag) for element in view.descendants(box))


def _words_in(view: ViewportArtifacts, element: Element) -> set[str]:
    return _stems(_said_by(view, (element, *view.descendants(element))))


def _said_by(view: ViewportArtifacts, elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        yield element.text
        yield view.name_of(element)
        yield from element.attributes.values()


def _stems(texts: Iterable[str]) -> set[str]:
    words = (word for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold()))
    return {word[:_STEM] for word in words if len(word) >= _STEM}


def _check_title(view: ViewportArtifacts) -> Verdict:
    of_title = _stems([view.document.title])
    words = sum(len(element.text.split()) for element in view.texts)
    if len(of_title) < _LEAST_TITLE_WORDS or words < _LEAST_PAGE_WORDS:
        return Verdict(0)
    if of_title & _stems(_said_by(view, view.elements)) or of_title & _stems(view.content.passages.values()):
        return Verdict(1)
    facts = {"title": f"“{view.document.title[:80]}”", "words": str(words)}
    return Verdict(1, (Finding(Severity.MINOR, cause="title", facts=facts, element=view.elements[0]),))


RULES = (
    Rule(
        id="ctx-link-unexplained",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=cited("2.4.4"),
        measures="links without a telling word of their own or around them, count",
        texts=bilingual(
            Texts(
                "A link says {text}, and nothing around it says of what",
                "Its paragraph, list item or table cell has no other words.",
                "WCAG 2.2 success criterion 2.4.4, Link Purpose (In Context).",
                "Nobody who comes to the link, by ear or by Tab, knows where it leads.",
                "Name what the link leads to, in the link itself.",
            ),
            Texts(
                "Un enlace dice {text} y nada a su alrededor dice de qué",
                "Su párrafo, elemento de lista o celda no tiene más palabras.",
                "Criterio 2.4.4 de WCAG 2.2, Propósito de los enlaces (en contexto).",
                "Nadie que llegue al enlace, de oído o con el tabulador, sabe adónde lleva.",
                "Nombra en el propio enlace aquello a lo que lleva.",
            ),
        ),
        check=_check_links,
        viewports=(Viewport.DESKTOP,),
        act_rules=("5effbb",),
    ),
    Rule(
        id="ctx-title-unrelated",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=cited("2.4.2"),
        measures="words of the title that the page has too, by their first four letters, count",
        texts=bilingual(
            Texts(
                "No word of the title {title} is on the page",
                "The page has {words} words; neither they nor links or images share one with the title.",
                "WCAG 2.2 success criterion 2.4.2, Page Titled: the title says what the page is about.",
                "People who pick the page by its title find something else.",
                "Name in the title what the page is about.",
            ),
            Texts(
                "Ninguna palabra del título {title} está en la página",
                "La página tiene {words} palabras; ni ellas ni enlaces o imágenes comparten una con el título.",
                "Criterio 2.4.2 de WCAG 2.2, Página titulada: el título dice de qué trata la página.",
                "Quienes eligen la página por su título encuentran otra cosa.",
                "Nombra en el título aquello de lo que trata la página.",
            ),
        ),
        check=_check_title,
        viewports=(Viewport.DESKTOP,),
        act_rules=("c4a8a4",),
    ),
)
