"""Links that neither their words nor their sentence explain, and titles that are about something else.

WCAG 2.2 SC 2.4.4 and 2.4.2. Both ask only whether words are there at all; whether they fit is for people to judge.
"""

import re
from collections.abc import Iterable, Iterator

from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.link_text import drawn_links, is_menu_item, says_nothing
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_CONTEXTS = frozenset(
    {"p", "li", "td", "th", "dd", "dt", "figcaption", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
)
"""What WCAG counts as the programmatically determined context of a link within it, and a heading around it."""

_EXPLAINED = ("aria-label", "aria-labelledby", "aria-describedby", "title")

_HEADING = re.compile("h[1-6]")

_STEM = 4
"""Letters that words of one stem share in most cases; shorter words are mostly function words."""

_LEAST_FRAME_STEMS = 4

_LEAST_TITLE_WORDS, _LEAST_PAGE_WORDS = 2, 8


def _check_links(view: ViewportArtifacts) -> Verdict:
    links = [
        element
        for element in view.visible
        if (element.tag == "a" and "href" in element.attributes and element.attributes.get("role", "link") == "link")
        or element.attributes.get("role") == "link"
    ]
    findings = []
    for link in links:
        name = view.name_of(link)
        if not says_nothing(name) or any(key in link.attributes for key in _EXPLAINED) or is_menu_item(view, link):
            continue
        if not _is_explained_around(view, link, name):
            findings.append(_unexplained(view, link, name))
    drawn = drawn_links(view)
    for inner in drawn:
        drawing = view.elements[inner.element]
        if not says_nothing(inner.name) or inner.is_explained or _stems([inner.beside]) - _stems([inner.name]):
            continue
        if not _is_explained_around(view, drawing, inner.name):
            findings.append(_unexplained(view, drawing, inner.name))
    return Verdict(len(links) + len(drawn), tuple(findings))


def _is_explained_around(view: ViewportArtifacts, link: Element, name: str) -> bool:
    around = {stem for level in _contexts(view, link) for stem in _own_words(view, level)} - _stems([name])
    return bool(around) or _has_heading_before(view, link)


def _unexplained(view: ViewportArtifacts, link: Element, name: str) -> Finding:
    severity = Severity.MINOR if _is_in_unbound_row(view, link) else Severity.MAJOR
    return Finding(severity, cause=name.casefold(), facts={"text": f"“{name}”"}, element=link)


def _contexts(view: ViewportArtifacts, link: Element) -> Iterator[Element]:
    """The paragraph, item or cell around it; the items that a nested list belongs to; the headers of its table."""
    around = [level for level in view.ancestors(link) if level.tag in _CONTEXTS or level.tag == "table"]
    if not around:
        return
    yield around[0]
    for level in around:
        if level.tag == "li":
            yield level
        if level.tag == "table" and not _is_in_unbound_row(view, link):
            yield from (cell for cell in view.descendants(level) if cell.tag in ("th", "caption"))


def _is_in_unbound_row(view: ViewportArtifacts, link: Element) -> bool:
    """What the row is about stands in a cell that is no header (technique H79): a column's name tells no rows apart."""
    cell = next((level for level in view.ancestors(link) if level.tag in ("td", "th")), None)
    if cell is None or cell.tag == "th" or cell.parent is None:
        return False
    row = view.children.get(cell.parent, ())
    if any(one.tag == "th" or one.attributes.get("role") == "rowheader" for one in row):
        return False
    return any(_speaks(view, one) for one in row if one.index < cell.index)


def _speaks(view: ViewportArtifacts, cell: Element) -> bool:
    """Whether it has letters outside of links."""
    return any(
        any(char.isalpha() for char in one.text) and not any(level.tag == "a" for level in (one, *view.ancestors(one)))
        for one in (cell, *view.descendants(cell))
    )


def _own_words(view: ViewportArtifacts, context: Element) -> set[str]:
    """Its words, those of the links in it left out: links of a list do not explain each other."""
    inside, linked = [context], set[int]()
    for one in view.descendants(context):
        if one.tag == "a" or one.parent in linked:
            linked.add(one.index)
        else:
            inside.append(one)
    return _stems(_said_by(view, inside))


def _has_heading_before(view: ViewportArtifacts, link: Element) -> bool:
    """A heading in the same box explains the link as well (technique H80)."""
    box = view.elements[link.parent] if link.parent is not None else link
    return any(element.index < link.index and _HEADING.fullmatch(element.tag) for element in view.descendants(box))


def _said_by(view: ViewportArtifacts, elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        yield element.text
        yield view.name_of(element)
        yield from element.attributes.values()


def _stems(texts: Iterable[str]) -> set[str]:
    words = (word for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold()))
    return {word[:_STEM] for word in words if len(word) >= _STEM}


def _check_title(view: ViewportArtifacts) -> Verdict:
    """A title of signs alone is about the page only if the page shows them."""
    title = view.document.title.strip()
    of_title = _stems([title])
    words = sum(len(element.text.split()) for element in view.texts)
    is_of_signs = title != "" and not any(char.isalnum() for char in title)
    if words < _LEAST_PAGE_WORDS or (len(of_title) < _LEAST_TITLE_WORDS and not is_of_signs):
        return Verdict(0)
    said = [*_said_by(view, view.elements), *view.content.passages.values()]
    if any(title in text for text in said) if is_of_signs else of_title & _stems(said):
        return Verdict(1)
    facts = {"title": f"“{view.document.title[:80]}”", "words": str(words)}
    return Verdict(1, (Finding(Severity.MINOR, cause="title", facts=facts, element=view.elements[0]),))


def _check_frames(view: ViewportArtifacts) -> Verdict:
    frames = view.accessibility.markup.frame_words
    findings = []
    for frame in frames:
        of_name, of_words = _stems([frame.name]), _stems([frame.words])
        if of_name and len(of_words) >= _LEAST_FRAME_STEMS and not of_name & of_words:
            facts = {"title": f"“{frame.name[:80]}”"}
            findings.append(Finding(Severity.MINOR, frame.name, facts, view.elements[frame.element]))
    return Verdict(len(frames), tuple(findings))


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
        needs=frozenset({Part.NAMES}),
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
    Rule(
        id="ctx-frame-title-unrelated",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('2.4.1')}, technique H64",
        measures="frames of the own site no word of whose name is in them, count",
        texts=bilingual(
            Texts(
                "The frame named {title} shows something else",
                "No word of its name is in its text, its title or its address.",
                "Technique H64 for WCAG 2.2: a frame's title says what is in it.",
                "Screen reader users decide by the title whether to go into the frame.",
                "Name the frame for what it shows.",
            ),
            Texts(
                "El marco llamado {title} muestra otra cosa",
                "Ninguna palabra de su nombre está en su texto, su título o su dirección.",
                "Técnica H64 de WCAG 2.2: el título de un marco dice lo que contiene.",
                "Quien usa lector de pantalla decide por el título si entra en el marco.",
                "Nombra el marco por lo que muestra.",
            ),
        ),
        check=_check_frames,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.NAMES}),
    ),
)
