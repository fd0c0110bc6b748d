"""Ways past what every page repeats: WCAG 2.2 SC 2.4.1."""

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited


def _check_bypass(view: ViewportArtifacts) -> Verdict:
    bypass = view.accessibility.bypass
    if not bypass.blocks:
        return Verdict(0)
    has_way = bypass.main is not None or bypass.content_headings or bypass.skip_links
    if not has_way and bypass.may_fold:
        return Verdict(1, reviews=1)
    return _verdict(view, Severity.MAJOR, fails=not has_way)


def _check_headings(view: ViewportArtifacts) -> Verdict:
    bypass = view.accessibility.bypass
    # Headings are wanted where the content begins after something that every page repeats.
    if not bypass.blocks:
        return Verdict(min(bypass.content_headings, 1))
    return _verdict(view, Severity.MINOR, fails=not bypass.content_headings)


def _check_skip_link(view: ViewportArtifacts) -> Verdict:
    bypass = view.accessibility.bypass
    if not bypass.blocks or not bypass.stops_before:
        return Verdict(0)
    return _verdict(view, Severity.INFO, fails=not bypass.skip_links)


def _verdict(view: ViewportArtifacts, severity: Severity, *, fails: bool) -> Verdict:
    if not fails:
        return Verdict(1)
    stops = view.accessibility.bypass.stops_before
    return Verdict(1, (Finding(severity, cause="page", facts={"stops": str(stops)}),))


RULES = (
    Rule(
        id="acc-bypass",
        axis=Axis.ACC,
        fix_type=FixType.LAYOUT,
        source=cited("2.4.1"),
        measures="ways past repeated blocks: main landmark, headings in the content, skip links, count",
        texts=bilingual(
            Texts(
                "There is no way past the repeated parts of the page",
                "No main landmark, no heading in the content and no skip link; the first block has {stops} Tab stops.",
                "WCAG 2.2 success criterion 2.4.1, Bypass Blocks.",
                "People who use a keyboard or a screen reader go through the same links on every page of the site.",
                "Put the content into <main>, begin it with a heading, and add a skip link to it as the first link.",
            ),
            Texts(
                "No hay forma de saltar las partes repetidas de la página",
                "Ni región main, ni título en el contenido, ni enlace de salto; y el bloque tiene {stops} paradas.",
                "Criterio 2.4.1 de WCAG 2.2, Evitar bloques.",
                "Quienes usan teclado o lector de pantalla recorren los mismos enlaces en cada página del sitio.",
                "Pon el contenido en <main>, empiézalo con un título y añade un enlace de salto como primer enlace.",
            ),
        ),
        check=_check_bypass,
        viewports=(Viewport.DESKTOP,),
        absorbs=("bypass",),
        act_rules=("cf77f2", "3e12e1"),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-content-heading",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('2.4.1')}, technique H69",
        measures="headings in the page's own content, count",
        texts=bilingual(
            Texts(
                "The page's content has no heading",
                "Outside of navigation, header, footer and asides no heading can be seen.",
                "Technique H69 for WCAG 2.2 success criterion 2.4.1: headings at the start of each section of content.",
                "People who use a screen reader jump from heading to heading; here there is none to jump to.",
                "Begin the content with an <h1> that says what the page is about.",
            ),
            Texts(
                "El contenido de la página no tiene ningún título",
                "Fuera de navegación, cabecera, pie y laterales no hay ningún título.",
                "Técnica H69 del criterio 2.4.1 de WCAG 2.2: títulos al principio de cada sección.",
                "Quienes usan lector de pantalla saltan de título en título; aquí no hay ninguno.",
                "Empieza el contenido con un <h1> que diga de qué trata la página.",
            ),
        ),
        check=_check_headings,
        viewports=(Viewport.DESKTOP,),
        act_rules=("047fe0",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-skip-link",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('2.4.1')}, technique G1",
        measures="Tab stops before the content that no link skips, count",
        texts=bilingual(
            Texts(
                "No link skips the {stops} Tab stops before the content",
                "None of the first five Tab stops leads to a place further down the page.",
                "Technique G1 for WCAG 2.2 success criterion 2.4.1; landmarks and headings are other ways to meet it.",
                "People who see the page and use a keyboard have no other way than the Tab key.",
                "Add a link to the content as the first thing that takes the focus; it may appear on focus only.",
            ),
            Texts(
                "Ningún enlace salta las {stops} paradas de tabulador antes del contenido",
                "Ninguna de las cinco primeras paradas lleva a un lugar más abajo de la página.",
                "Técnica G1 del criterio 2.4.1 de WCAG 2.2; regiones y títulos son otras formas de cumplirlo.",
                "Quienes ven la página y usan teclado no tienen más camino que el tabulador.",
                "Añade un enlace al contenido como primera parada; puede mostrarse solo al recibir el foco.",
            ),
        ),
        check=_check_skip_link,
        viewports=(Viewport.DESKTOP,),
        act_rules=("ye5d6e",),
        needs=frozenset({Part.NAMES}),
    ),
)
