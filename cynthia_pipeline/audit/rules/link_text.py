"""Links that do not say where they lead, and whether there is anything to do in the first view."""

import re
from collections.abc import Sequence

from cynthia_pipeline.audit.accessibility import DrawnLink
from cynthia_pipeline.audit.artifacts import Element, Flag, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.colour import parse
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.page_headings import headings
from cynthia_pipeline.audit.rules.surroundings import prose
from cynthia_pipeline.audit.rules.wcag import cited

_SAYS_NOTHING = re.compile(
    "click( here| this)?|here|this( link| page)?|link|go|(read|learn|see|view|find out|discover)? ?more"
    "|more (info|information|details)|details|continue( reading)?|read on|tap here|right here"
    "|download( here| now| file)?"
    "|(my |this |our |the )?(page|web ?site|site|article|document|file|video|post|product)|info|information"
    "|html|epub|pdf|(plain )?text|txt|docx?|xlsx?|csv|zip|mp3|mobi"
    "|aquí|aqui|ha(z|ga) clic( aquí)?|clic(k)? aquí|puls[ae] aquí|pinch[ae] aquí|(este )?enlace|esta página|ir"
    "|(leer|lee|ver|saber|conoce|descubre)? ?más|más (info|información|detalles)|detalles|continuar|seguir leyendo"
    "|continuar leyendo|descarga(r)?"
    "|(mi |este |nuestro |el )?(sitio|sitio web|artículo|documento|archivo|vídeo|producto)"
    "|(mi |nuestra |la )?(página|página web)|texto"
)

_NAMES_A_PAGE = re.compile(
    "downloads?|info|information|details|documents?|videos?|articles?|products?|(plain )?text|html|epub|pdf|csv|zip"
    "|descargas?|información|detalles|documentos?|artículos?|productos?|texto"
)
"""Of these, what a menu calls its pages."""

_MENUS = frozenset({"ul", "ol", "menu", "nav"})
_LEAST_OTHERS = 2

_ACTION_HEIGHT, _ACTION_WIDTH = 28.0, 60.0
"""Least size of what reads as a button, CSS px."""

_ARTICLE = 2_500
"""Characters of running text from which a page is there to be read: no action is missed."""


def says_nothing(text: str) -> bool:
    """Whether a link's text is the same wherever it leads."""
    plain = "".join(char if char.isalpha() or char.isdigit() else " " for char in text.casefold())
    if text.strip() and not plain.strip():
        return True  # a full stop, an arrow
    return _SAYS_NOTHING.fullmatch(" ".join(plain.split())) is not None


def is_menu_item(view: ViewportArtifacts, link: Element) -> bool:
    """Whether it is one of several links in a list or a navigation, and the others say where they lead.

    There "Download" is what a page is called, and the others tell of which site.
    """
    if _NAMES_A_PAGE.fullmatch(view.name_of(link).casefold().strip()) is None:
        return False
    menu = next((level for level in view.ancestors(link) if level.tag in _MENUS), None)
    if menu is None:
        return False
    others = [one for one in view.descendants(menu) if one.visible and _is_link(one) and one.index != link.index]
    telling = [one for one in others if not says_nothing(view.name_of(one))]
    return len(telling) >= _LEAST_OTHERS and 2 * len(telling) > len(others)


def _is_link(element: Element) -> bool:
    role = element.attributes.get("role")
    return role == "link" or (element.tag == "a" and "href" in element.attributes and role is None)


def drawn_links(view: ViewportArtifacts) -> Sequence[DrawnLink]:
    """The links inside of drawings that are seen; each stands for itself as the drawing."""
    return [link for link in view.accessibility.drawn_links if view.elements[link.element].visible]


def _check_links(view: ViewportArtifacts) -> Verdict:
    links = [element for element in view.visible if _is_link(element) and Flag.HIDDEN_FROM_AT not in element.flags]
    outline = headings(view)
    findings = []
    for link in links:
        text = view.name_of(link)
        told = link.attributes.get("aria-label", "") or link.attributes.get("title", "")
        if not says_nothing(text) or "aria-labelledby" in link.attributes or (told and not says_nothing(told)):
            continue
        if is_menu_item(view, link):
            continue
        above = next((heading for heading in reversed(outline) if heading.element.index < link.index), None)
        topic = above.text if above is not None else ""
        findings.append(
            Finding(
                Severity.MINOR,
                text.casefold(),
                {"text": f"“{text}”"},
                link,
                before=f">{text}</a>",
                after=f">{text}: {topic}</a>" if topic else None,
            )
        )
    drawn = drawn_links(view)
    findings += [
        Finding(Severity.MINOR, link.name.casefold(), {"text": f"“{link.name}”"}, view.elements[link.element])
        for link in drawn
        if says_nothing(link.name) and not link.is_explained
    ]
    return Verdict(len(links) + len(drawn), tuple(findings))


def _check_action(view: ViewportArtifacts) -> Verdict:
    if view.document.scroll_height <= view.viewport.height or not view.elements:
        return Verdict(0)
    if sum(block.characters for block, _ in prose(view)) > _ARTICLE:
        return Verdict(0)
    if any(_is_action(view, element) for element in view.visible):
        return Verdict(1)
    facts = {"view": f"{view.viewport.width} × {view.viewport.height} px"}
    return Verdict(1, (Finding(Severity.INFO, "none", facts, view.elements[0]),))


def _is_action(view: ViewportArtifacts, element: Element) -> bool:
    """A control that looks like one, wholly in the first view: filled, outlined, or a field to type into."""
    rect = element.rect
    if Flag.FOCUSABLE not in element.flags or rect.bottom > view.viewport.height:
        return False
    if rect.height < _ACTION_HEIGHT or rect.width < _ACTION_WIDTH:
        return False
    if element.tag in ("button", "input", "select", "textarea"):
        return True
    fill = parse(element.style["background-color"])
    filled = (fill is not None and fill[1] > 0) or element.style["background-image"] != "none"
    outlined = not element.style["border-bottom"].startswith("0px") and not element.style["border-top"].startswith(
        "0px"
    )
    return filled or outlined


RULES = (
    Rule(
        id="ctx-link-text",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('2.4.9')}; {cited('2.4.4')}; Lighthouse link-text",
        measures="links whose whole text is the same wherever they lead, count",
        texts=bilingual(
            Texts(
                "Links say {text} and not where they lead",
                "The link's whole text is {text}.",
                "Screen readers list links out of their context, and search engines weigh their words.",
                "People who skim, and those who listen, have to guess where the link leads.",
                "Name the destination in the link's own text, or in an aria-label that begins with that text.",
            ),
            Texts(
                "Hay enlaces que dicen {text} y no adónde llevan",
                "El texto completo del enlace es {text}.",
                "Los lectores de pantalla listan los enlaces sin contexto, y los buscadores valoran sus palabras.",
                "Quienes ojean la página, y quienes la escuchan, tienen que adivinar adónde lleva.",
                "Nombra el destino en el texto del enlace o en un aria-label que empiece por ese texto.",
            ),
        ),
        check=_check_links,
        act_rules=("aizyf1",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="ctx-action",
        axis=Axis.CTX,
        fix_type=FixType.COMPONENT,
        source="heuristic of this project, after Nielsen Norman Group on the first view",
        measures="controls that look like one and lie wholly in the first view, count",
        texts=bilingual(
            Texts(
                "Nothing to do in the first view",
                "No button, no field and no link that looks like a button lies within the first {view}.",
                "The first view is seen by everyone, what lies below it by fewer; this is a heuristic, not a law.",
                "Visitors who are ready to act have to look for the way.",
                "Place the page's main action within the first {view}, as a button that names it.",
            ),
            Texts(
                "Nada que hacer en la primera vista",
                "Ningún botón, campo o enlace con aspecto de botón está dentro de los primeros {view}.",
                "La primera vista la ven todos; lo de más abajo, menos gente. Es una heurística, no una ley.",
                "Quien está listo para actuar tiene que buscar cómo.",
                "Coloca la acción principal dentro de los primeros {view}, como botón que la nombre.",
            ),
        ),
        check=_check_action,
        viewports=(Viewport.DESKTOP,),
    ),
)
