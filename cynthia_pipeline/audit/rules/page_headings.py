"""The outline that a page's headings draw, and the region that holds its content."""

from dataclasses import dataclass
from itertools import pairwise

from cynthia_pipeline.audit.artifacts import Element, Flag, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that assistive technology meets: shown, or hidden from the eye only."""

    element: Element
    level: int
    text: str


_LEVELS = {f"h{level}": level for level in range(1, 7)}

_SHOWN = frozenset({"img", "svg", "canvas", "video", "iframe", "object", "input", "select", "textarea"})
"""What is content without any text."""


def headings(view: ViewportArtifacts) -> list[Heading]:
    """All headings, in document order."""
    found: list[Heading] = []
    for element in view.elements:
        if element.tag not in _LEVELS and "role" not in element.attributes:
            continue
        level = _level(element)
        rendered = element.visible or Flag.CLIPPED in element.flags
        if level and rendered and Flag.HIDDEN_FROM_AT not in element.flags:
            found.append(Heading(element, level, view.name_of(element)))
    return found


def _level(element: Element) -> int:
    role = element.attributes.get("role", "")
    if role == "heading":
        given = element.attributes.get("aria-level", "2")
        return int(given) if given in {"1", "2", "3", "4", "5", "6"} else 2
    return 0 if role else _LEVELS.get(element.tag, 0)


def _check_first(view: ViewportArtifacts) -> Verdict:
    found = headings(view)
    if not view.texts:
        return Verdict(0)
    first_level = [heading for heading in found if heading.level == 1]
    facts = {"count": str(len(first_level)), "headings": str(len(found))}
    if not first_level:
        candidate = found[0] if found else None
        before = f"<h{candidate.level}>{candidate.text}</h{candidate.level}>" if candidate else None
        after = f"<h1>{candidate.text}</h1>" if candidate else None
        return Verdict(1, (Finding(Severity.MINOR, "none", facts, view.elements[0], before=before, after=after),))
    if len(first_level) == 1:
        return Verdict(1)
    return Verdict(
        1,
        tuple(
            Finding(
                Severity.MINOR,
                "several",
                facts,
                heading.element,
                before=f"<h1>{heading.text}</h1>",
                after=f"<h2>{heading.text}</h2>",
            )
            for heading in first_level[1:]
        ),
    )


def _check_order(view: ViewportArtifacts) -> Verdict:
    found = headings(view)
    findings = []
    for above, below in pairwise(found):
        if below.level <= above.level + 1:
            continue
        wanted = above.level + 1
        findings.append(
            Finding(
                Severity.MINOR,
                f"{below.level} after {above.level}",
                {
                    "upper": f"h{above.level}",
                    "lower": f"h{below.level}",
                    "text": f"“{below.text}”",
                    "wanted": f"h{wanted}",
                },
                below.element,
                before=f"<h{below.level}>{below.text}</h{below.level}>",
                after=f"<h{wanted}>{below.text}</h{wanted}>",
            )
        )
    return Verdict(len(found), tuple(findings))


_LEADS_ON = frozenset({"a", "button", "nav", "header", "footer", "aside", "form", "input", "select", "summary"})


def _holds_something(view: ViewportArtifacts, main: Element) -> bool:
    inside = (main, *view.descendants(main))
    return any(element.visible and (element.text_length or element.tag in _SHOWN) for element in inside)


def _check_main(view: ViewportArtifacts) -> Verdict:
    if not view.texts:
        return Verdict(0)
    mains = [
        element
        for element in view.elements
        if element.attributes.get("role") == "main" or (element.tag == "main" and not element.attributes.get("role"))
    ]
    if any(_holds_something(view, main) for main in mains if Flag.HIDDEN_FROM_AT not in main.flags):
        return Verdict(1)
    if not any(element.tag in _LEADS_ON or _level(element) for element in view.visible):
        return Verdict(0)  # there is nothing that the content has to be told apart from
    return Verdict(1, (Finding(Severity.MINOR, "none", {"count": "0"}, view.elements[0], after="<main>…</main>"),))


RULES = (
    Rule(
        id="ctx-first-heading",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}, technique H42; axe-core page-has-heading-one",
        measures="first-level headings, count",
        texts=bilingual(
            Texts(
                "{count} first-level headings instead of one",
                "Of {headings} headings {count} are of the first level; one should name the page.",
                "The first-level heading says what the page is about, to readers, screen readers and search engines.",
                "Visitors and search engines cannot tell what the page's subject is.",
                "Make the one heading that names the page an <h1>, and the others <h2> or below.",
            ),
            Texts(
                "{count} títulos de primer nivel en vez de uno",
                "De {headings} títulos, {count} son de primer nivel; uno debe nombrar la página.",
                "El título de primer nivel dice de qué trata la página a lectores, lectores de pantalla y buscadores.",
                "Ni visitantes ni buscadores saben cuál es el tema de la página.",
                "Haz <h1> el único título que nombra la página, y los demás <h2> o inferiores.",
            ),
        ),
        check=_check_first,
        absorbs=("page-has-heading-one",),
    ),
    Rule(
        id="ctx-heading-order",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}, technique G141; axe-core heading-order",
        measures="level of each heading after the level of the one before it",
        texts=bilingual(
            Texts(
                "{lower} follows {upper}: a level is skipped",
                "The heading {text} is an {lower} right after an {upper}; {wanted} is the next level.",
                "Headings are a table of contents; a skipped level reads as if a chapter were missing.",
                "People who move from heading to heading look for a part that does not exist.",
                "Make it an {wanted}, and keep its look by its class.",
            ),
            Texts(
                "Un {lower} sigue a un {upper}: se salta un nivel",
                "El título {text} es un {lower} justo tras un {upper}; el nivel siguiente es {wanted}.",
                "Los títulos son un índice; un nivel saltado se lee como si faltara un capítulo.",
                "Quienes van de título en título buscan una parte que no existe.",
                "Hazlo {wanted} y conserva su aspecto con su clase.",
            ),
        ),
        check=_check_order,
        absorbs=("heading-order",),
    ),
    Rule(
        id="ctx-main",
        axis=Axis.CTX,
        fix_type=FixType.COMPONENT,
        source="WAI-ARIA 1.2, main; axe-core landmark-one-main",
        measures="main landmarks, count",
        texts=bilingual(
            Texts(
                "Nothing marks the main content",
                "The page has {count} main landmarks; one should hold what this page alone is about.",
                "Browsers' reading views, screen readers and search engines take the content from <main>.",
                "People who skip the header have nothing to skip to.",
                "Wrap the content between header and footer in one <main>.",
            ),
            Texts(
                "Nada marca el contenido principal",
                "La página tiene {count} regiones main; una debe contener lo propio de esta página.",
                "Las vistas de lectura, los lectores de pantalla y los buscadores toman el contenido de <main>.",
                "Quienes se saltan la cabecera no tienen adónde saltar.",
                "Envuelve en un <main> el contenido entre cabecera y pie.",
            ),
        ),
        check=_check_main,
        act_rules=("b40fd1",),
        absorbs=("landmark-one-main",),
    ),
)
