"""Ways past what every page repeats: WCAG 2.2 SC 2.4.1."""

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_MARKS = {True: "✓", False: "✗"}


def _check_bypass(view: ViewportArtifacts) -> Verdict:
    bypass = view.accessibility.bypass
    if not bypass.blocks:
        return Verdict(0)
    if not bypass.has_way and bypass.may_fold:
        return Verdict(1, reviews=1)
    return _verdict(view, Severity.MAJOR, fails=not bypass.has_way)


def _check_folding(view: ViewportArtifacts) -> Verdict:
    folded = view.keyboard.folded
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause=f"{item.is_seen}{item.is_heard}",
            facts={"seen": _MARKS[item.is_seen], "heard": _MARKS[item.is_heard]},
            element=view.elements[item.element],
        )
        for item in folded
        if item.is_seen or item.is_heard
    )
    return Verdict(len(folded), findings)


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
        id="acc-fold-incomplete",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('2.4.1')}, technique SCR28",
        measures="repeated blocks that can still be seen or heard once the control that speaks of them is used, count",
        texts=bilingual(
            Texts(
                "A repeated block is folded away for some people only",
                "The control that speaks of it was used; after that it is still seen: {seen}, still heard: {heard}. "
                "Nothing else leads past it.",
                "Technique SCR28 for WCAG 2.2 success criterion 2.4.1: what is folded away is gone from the screen and "
                "for screen readers.",
                "Either the eyes or the ears go through the same links on every page.",
                "Fold it with hidden or display: none, which takes it from both; or add a main landmark.",
            ),
            Texts(
                "Un bloque repetido se pliega solo para algunas personas",
                "Se usó el control que lo menciona; después aún se ve: {seen}, aún se oye: {heard}. No hay otro modo "
                "de saltarlo.",
                "Técnica SCR28 del criterio 2.4.1 de WCAG 2.2: lo plegado desaparece de la pantalla y para los "
                "lectores de pantalla.",
                "O la vista o el oído recorre los mismos enlaces en cada página.",
                "Pliégalo con hidden o display: none, que lo quita de ambos; o añade una región main.",
            ),
        ),
        check=_check_folding,
        viewports=(Viewport.DESKTOP,),
        act_rules=("3e12e1", "cf77f2"),
        needs=frozenset({Part.NAMES, Part.KEYBOARD}),
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
