"""The page's title and description: what search results, tabs and bookmarks show of it."""

import re

from cynthia_pipeline.audit.artifacts import Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.page_headings import headings
from cynthia_pipeline.audit.rules.wcag import cited

_PLACEHOLDER = re.compile(
    r"untitled( document| page)?|document|(page )?title|new page|home ?page|home|index|welcome|(my )?website|react app"
    r"|vite app|vite \+ react|create next app|(documento )?sin título|documento|título|página nueva|inicio"
    r"|página de inicio|bienvenid[oa]s?|(mi )?sitio web|\S+\.(html?|php|pdf)|\S+://\S*"
)

TITLE_MOST = 65
"""Characters that search results show of a title before they cut it (about 600 px)."""

DESCRIPTION_LEAST, DESCRIPTION_MOST = 50, 160
"""Characters of a description that search results show; shorter ones say too little."""


def _check_title(view: ViewportArtifacts) -> Verdict:
    title = " ".join(view.document.title.split())
    root = view.elements[0] if view.elements else None
    if root is None:
        return Verdict(0)
    first = next((heading for heading in headings(view) if heading.level == 1 and heading.text), None)
    after = f"<title>{first.text}</title>" if first is not None and not is_placeholder(first.text) else None
    if not title:
        facts = {"measured": "–", "characters": "0", "most": str(TITLE_MOST)}
        return Verdict(1, (Finding(Severity.MAJOR, "missing", facts, root, after=after),))
    facts = {"measured": f"“{title}”", "characters": str(len(title)), "most": str(TITLE_MOST)}
    before = f"<title>{title}</title>"
    if is_placeholder(title):
        return Verdict(1, (Finding(Severity.MINOR, "placeholder", facts, root, before=before, after=after),))
    if len(title) > TITLE_MOST:
        return Verdict(1, (Finding(Severity.INFO, "long", facts, root, before=before),))
    return Verdict(1)


def is_placeholder(title: str) -> bool:
    """Whether it is what a template, a tool or a file name says, and nothing of the page's own."""
    return _PLACEHOLDER.fullmatch(title.casefold().strip(" .!-–|")) is not None


def _check_description(view: ViewportArtifacts) -> Verdict:
    if not view.elements:
        return Verdict(0)
    root = view.elements[0]
    description = " ".join(view.document.meta.get("description", "").split())
    length = len(description)
    bounds = f"{DESCRIPTION_LEAST}–{DESCRIPTION_MOST}"
    if not description:
        facts = {"measured": "0", "wanted": bounds}
        after = '<meta name="description" content="…">'
        return Verdict(1, (Finding(Severity.MINOR, "missing", facts, root, after=after),))
    if DESCRIPTION_LEAST <= length <= DESCRIPTION_MOST:
        return Verdict(1)
    # The browser room keeps the first 400 characters of anything a page says.
    facts = {"measured": f"{length}+" if length >= 400 else str(length), "wanted": bounds}
    before = f'<meta name="description" content="{description[:80]}…">'
    return Verdict(1, (Finding(Severity.INFO, "length", facts, root, before=before),))


RULES = (
    Rule(
        id="ctx-title",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('2.4.2')}; Google Search Central, title links",
        measures="text and characters of the page's title",
        texts=bilingual(
            Texts(
                "The page title does not name the page",
                "The title is {measured}: {characters} characters. It should name this page in {most} at most.",
                "Search results, tabs, bookmarks and screen readers know a page by its title; longer ones are cut.",
                "People cannot tell the page from others, and pass it by in search results.",
                "Name what is on this page first, then the site, in {most} characters at most.",
            ),
            Texts(
                "El título de la página no la nombra",
                "El título es {measured}: {characters} caracteres. Debería nombrar esta página en {most} como máximo.",
                "Buscadores, pestañas, marcadores y lectores de pantalla conocen la página por su título; "
                "los más largos se cortan.",
                "La gente no distingue la página de otras y la pasa por alto en los resultados.",
                "Nombra primero lo que hay en esta página y luego el sitio, en {most} caracteres como máximo.",
            ),
        ),
        check=_check_title,
        absorbs=("document-title",),
    ),
    Rule(
        id="ctx-description",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source="Google Search Central, snippets; Lighthouse meta-description; house lengths",
        measures="characters of the meta description",
        texts=bilingual(
            Texts(
                "Search engines get no good description",
                "The meta description has {measured} characters; {wanted} are what search results can show.",
                "Without one, search engines show whatever text of the page they find.",
                "Fewer people follow the result, since it does not say what awaits them.",
                "Write a description of {wanted} characters that says what the page offers and to whom.",
            ),
            Texts(
                "Los buscadores no reciben una buena descripción",
                "La meta descripción tiene {measured} caracteres; los resultados muestran {wanted}.",
                "Sin ella, los buscadores enseñan el texto de la página que encuentren.",
                "Menos gente abre el resultado, porque no dice qué le espera.",
                "Escribe una descripción de {wanted} caracteres que diga qué ofrece la página y a quién.",
            ),
        ),
        check=_check_description,
        viewports=(Viewport.DESKTOP,),
    ),
)
