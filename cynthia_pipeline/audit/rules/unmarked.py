"""What looks like a heading, a list or a paragraph and is not marked up as one: WCAG 2.2 SC 1.3.1."""

import re
from itertools import pairwise

from cynthia_pipeline.audit.artifacts import Element, Flag, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.page_headings import headings
from cynthia_pipeline.audit.rules.surroundings import letters, prose
from cynthia_pipeline.audit.rules.wcag import cited

_LARGER = 1.2
"""Times the size of the text below from which a bold line on its own reads as a heading."""

_LONGEST_HEADING = 80
"""Characters; longer lines in bold are sentences."""

_LONG_PARAGRAPH = 200
"""Words in one block; plain language guides ask for less than 150 (Federal Plain Language Guidelines, III.c)."""

_BOLD = 600

_NOT_HEADINGS = frozenset(
    {"a", "button", "label", "legend", "summary", "th", "td", "caption", "figcaption", "dt", "option", "li", "header"}
    | {"nav", "footer", "blockquote", "pre", "code"}
)
_FLOW = frozenset({"p", "ul", "ol", "dl"})


def _check_headings(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    paragraphs = 0
    for children in view.children.values():
        for line, below in pairwise(children):
            if below.tag not in _FLOW:
                continue
            paragraphs += 1
            words = _only_words(view, line)
            if words is not None and _reads_as_heading(view, line, words, below):
                level = _level_above(view, line) + 1
                facts = {"text": f"“{words.text}”", "size": f"{number(words.font_size)} px", "tag": f"<{line.tag}>"}
                after = f"<h{level}>{words.text}</h{level}>"
                before = f"<{line.tag}>{words.text}</{line.tag}>"
                findings.append(Finding(Severity.MINOR, line.tag, facts, line, before=before, after=after))
    return Verdict(paragraphs, tuple(findings))


def _only_words(view: ViewportArtifacts, line: Element) -> Element | None:
    """The element that holds all the words of `line`: itself, or the one element in it."""
    if line.tag not in ("div", "p", "span", "strong", "b", "font"):
        return None
    children = view.children.get(line.index, ())
    if not children and line.text:
        return line
    if len(children) == 1 and not line.text and not view.children.get(children[0].index):
        return children[0] if children[0].text and children[0].tag in ("b", "strong", "span", "font", "em") else None
    return None


def _reads_as_heading(view: ViewportArtifacts, line: Element, words: Element, below: Element) -> bool:
    if words.text_length > _LONGEST_HEADING or letters(words.text) < 3 or words.text.rstrip()[-1:] in ".,;:!":
        return False
    if words.attributes.get("role") or line.attributes.get("role") or Flag.HIDDEN_FROM_AT in line.flags:
        return False
    around = {line.tag, *(level.tag for level in view.ancestors(line))}
    if around & _NOT_HEADINGS or line.rect.bottom > below.rect.y + 2:
        return False
    body = next((element for element in (below, *view.descendants(below)) if element.text_length), None)
    if body is None or body.text_length <= words.text_length or _weight(body) >= _BOLD:
        return False
    return _weight(words) >= _BOLD and words.font_size >= _LARGER * body.font_size > 0


def _weight(element: Element) -> float:
    value = element.style.get("font-weight", "")
    return float(value) if value.replace(".", "", 1).isdigit() else 0.0


def _level_above(view: ViewportArtifacts, line: Element) -> int:
    levels = [heading.level for heading in headings(view) if heading.element.index < line.index]
    return min(levels[-1] if levels else 1, 5)


def _check_lists(view: ViewportArtifacts) -> Verdict:
    markup = view.accessibility.markup
    findings = [
        Finding(Severity.MINOR, "marks", {"count": str(item.count)}, view.elements[item.element], after="<ul><li>…")
        for item in markup.plain_lists
    ]
    findings += [
        Finding(Severity.INFO, "links", {"count": str(item.count)}, view.elements[item.element], after="<ul><li>…")
        for item in markup.loose_links
    ]
    lists = sum(element.tag in ("ul", "ol") for element in view.visible)
    return Verdict(lists + len(findings), tuple(findings))


def _check_length(view: ViewportArtifacts) -> Verdict:
    blocks = list(prose(view))
    findings = []
    for block, element in blocks:
        words = len(re.findall(r"\w+", view.content.passages.get(block.element, "")))
        if words > _LONG_PARAGRAPH:
            findings.append(Finding(Severity.MINOR, "long", {"words": str(words)}, element))
    return Verdict(len(blocks), tuple(findings))


def _check_empty(view: ViewportArtifacts) -> Verdict:
    empty = view.accessibility.markup.empty_paragraphs
    paragraphs = sum(element.tag == "p" for element in view.elements)
    return Verdict(
        paragraphs, tuple(Finding(Severity.INFO, "empty", {"tag": "<p>"}, view.elements[index]) for index in empty)
    )


RULES = (
    Rule(
        id="ctx-unmarked-heading",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}, failure F2",
        measures="bold, larger lines above text that are no headings, count",
        texts=bilingual(
            Texts(
                "{text} looks like a heading and is none",
                "A {tag} in bold, {size} large, stands above smaller text.",
                "WCAG failure F2: the look of a heading without its markup.",
                "Screen reader users go from heading to heading; for them this section has none.",
                "Mark it as a heading of the level that it has in the page's outline.",
            ),
            Texts(
                "{text} parece un título y no lo es",
                "Un {tag} en negrita, de {size}, está encima de texto más pequeño.",
                "Fallo F2 de WCAG: aspecto de título sin su marcado.",
                "Quien usa lector de pantalla salta de título en título; para esa persona esta sección no tiene.",
                "Márcalo como título del nivel que le corresponde en el esquema de la página.",
            ),
        ),
        check=_check_headings,
        viewports=(Viewport.DESKTOP,),
        absorbs=("p-as-heading",),
        needs=frozenset({Part.AXE}),
    ),
    Rule(
        id="ctx-unmarked-list",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}, technique H48",
        measures="lines that begin with the same mark, links in a row, without a list around them, count",
        texts=bilingual(
            Texts(
                "{count} items in a row look like a list and are none",
                "They are lines of text or links one after the other, without <ul> or <ol>.",
                "Technique H48 for WCAG 2.2 success criterion 1.3.1: lists are marked up as lists.",
                "A screen reader says neither that there is a list nor how long it is, and cannot step through it.",
                "Put them into <ul> or <ol> with one <li> each; CSS draws the marks.",
            ),
            Texts(
                "{count} elementos seguidos parecen una lista y no lo son",
                "Son líneas de texto o enlaces uno tras otro, sin <ul> ni <ol>.",
                "Técnica H48 del criterio 1.3.1 de WCAG 2.2: las listas se marcan como listas.",
                "El lector de pantalla no dice que hay una lista ni cuánto mide, ni deja recorrerla.",
                "Ponlos en <ul> u <ol> con un <li> cada uno; las marcas las dibuja CSS.",
            ),
        ),
        check=_check_lists,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="ctx-long-paragraph",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source="Federal Plain Language Guidelines (2011), III.c: paragraphs of less than 150 words",
        measures="words in one block of text",
        texts=bilingual(
            Texts(
                "One paragraph runs over {words} words",
                "A block of text has {words} words without a heading, a list or a new paragraph.",
                f"Plain language guides ask for less than 150 words in one; this has over {_LONG_PARAGRAPH}.",
                "Readers lose their place, and people with dyslexia or little concentration give up.",
                "Break it up: one thought in a paragraph, headings between topics, lists for enumerations.",
            ),
            Texts(
                "Un párrafo pasa de {words} palabras",
                "Un bloque de texto tiene {words} palabras sin título, lista ni punto y aparte.",
                f"Las guías de lenguaje claro piden menos de 150 palabras por párrafo; este pasa de {_LONG_PARAGRAPH}.",
                "Se pierde el hilo, y quien tiene dislexia o poca concentración abandona.",
                "Divídelo: una idea por párrafo, títulos entre temas y listas para enumerar.",
            ),
        ),
        check=_check_length,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="ctx-empty-paragraph",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source="HTML Living Standard, 3.2.5.2: elements with palpable content should not be empty",
        measures="empty paragraphs, count",
        texts=bilingual(
            Texts(
                "A {tag} is empty",
                "A paragraph without any content stands in the page, most likely to make room.",
                "HTML: an element that holds running text should not be empty; room is made by margins.",
                "Some screen readers stop at it and say “blank”.",
                "Remove it, and set the distance as a margin.",
            ),
            Texts(
                "Un {tag} está vacío",
                "Hay un párrafo sin contenido, seguramente para dejar espacio.",
                "HTML: un elemento de texto no debería estar vacío; el espacio se deja con márgenes.",
                "Algunos lectores de pantalla se paran en él y dicen «en blanco».",
                "Quítalo y pon la distancia como margen.",
            ),
        ),
        check=_check_empty,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.NAMES}),
    ),
)
