"""Text that is lost when it is enlarged, and pages that do not fit a narrow window: SC 1.4.4, 1.4.10 and 1.4.12."""

from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.enlarged import Narrowed, TextCut
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_MAY_SCROLL = frozenset({"table", "pre", "img", "svg", "canvas", "video", "iframe", "object", "math"})
"""What may need two dimensions for its use or meaning, and what shows it (SC 1.4.10)."""


def _check_zoom(view: ViewportArtifacts) -> Verdict:
    return _check_cuts(view, view.enlarged.zoomed)


def _check_spacing(view: ViewportArtifacts) -> Verdict:
    return _check_cuts(view, view.enlarged.spaced)


def _check_cuts(view: ViewportArtifacts, cuts: tuple[TextCut, ...] | None) -> Verdict:
    if cuts is None:
        return Verdict(0)
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause=view.path(view.elements[cut.by]),
            facts={
                "text": view.elements[cut.element].text[:60],
                "lost": f"{number(cut.lost, 0)} px",
                "box": f"<{view.elements[cut.by].tag}>",
            },
            element=view.elements[cut.element],
        )
        for cut in cuts
        if cut.element not in view.moving
    )
    return Verdict(len(view.texts), findings)


def _check_reflow(view: ViewportArtifacts) -> Verdict:
    """A page that overflows at the phone's own width already is rsp-overflow's."""
    narrowed = view.enlarged.narrowed
    if narrowed is None or view.document.scroll_width > view.document.client_width + 1:
        return Verdict(0)
    over = narrowed.scroll_width - narrowed.client_width
    if over <= 1:
        return Verdict(1)
    elements = [view.elements[index] for index in narrowed.sticking_out]
    blamed = [element for element in elements if not _may_scroll(view, element)]
    if not elements:
        return Verdict(1, (_reflow_finding(narrowed, None),))
    if not blamed:
        return Verdict(1, reviews=1)
    return Verdict(1, tuple(_reflow_finding(narrowed, element) for element in blamed))


def _may_scroll(view: ViewportArtifacts, element: Element) -> bool:
    return any(level.tag in _MAY_SCROLL for level in (element, *view.ancestors(element)))


def _reflow_finding(narrowed: Narrowed, element: Element | None) -> Finding:
    facts = {
        "element": f"<{element.tag}>" if element is not None else "<html>",
        "view": f"{number(narrowed.client_width, 0)} px",
        "page": f"{number(narrowed.scroll_width, 0)} px",
        "over": f"{number(narrowed.scroll_width - narrowed.client_width, 0)} px",
    }
    return Finding(Severity.MAJOR, cause="page", facts=facts, element=element, after="max-width: 100%")


RULES = (
    Rule(
        id="rsp-zoom-cut",
        axis=Axis.RSP,
        fix_type=FixType.LAYOUT,
        source=cited("1.4.4"),
        measures="how far text reaches beyond the box that cuts it at 200 % zoom, CSS px",
        texts=bilingual(
            Texts(
                "At 200 % zoom text is cut off: “{text}”",
                "In a window of half the size {lost} of the text lie outside of a {box} that hides what overflows.",
                "WCAG 2.2 success criterion 1.4.4, Resize Text: nothing is lost up to 200 %.",
                "People who enlarge the page to read it lose part of what it says.",
                "Let the {box} grow with its text: min-height for height, and let lines wrap.",
            ),
            Texts(
                "Con zoom del 200 % el texto queda cortado: «{text}»",
                "En una ventana de la mitad, {lost} del texto quedan fuera de un {box} que oculta lo que sobra.",
                "Criterio 1.4.4 de WCAG 2.2, Cambio de tamaño del texto: nada se pierde hasta el 200 %.",
                "Quienes amplían la página para leerla pierden parte de lo que dice.",
                "Deja que el {box} crezca con su texto: min-height en vez de height, y líneas que se partan.",
            ),
        ),
        check=_check_zoom,
        viewports=(Viewport.DESKTOP,),
        act_rules=("59br37",),
        needs=frozenset({Part.ENLARGED}),
    ),
    Rule(
        id="typ-spacing-cut",
        axis=Axis.TYP,
        fix_type=FixType.LAYOUT,
        source=cited("1.4.12"),
        measures="how far text reaches beyond the box that cuts it with the text spacing of SC 1.4.12, CSS px",
        texts=bilingual(
            Texts(
                "With wider text spacing text is cut off: “{text}”",
                "With a line height of 1.5, 0.12 em between letters and 0.16 em between words, {lost} of it lie "
                "outside of a {box} that hides what overflows.",
                "WCAG 2.2 success criterion 1.4.12, Text Spacing.",
                "People who set wider spacing in order to read at all lose part of the text.",
                "Let the {box} grow with its text: min-height for height, and let lines wrap.",
            ),
            Texts(
                "Con más espacio en el texto queda cortado: «{text}»",
                "Con interlineado 1,5, 0,12 em entre letras y 0,16 em entre palabras, {lost} quedan fuera de un {box} "
                "que oculta lo que sobra.",
                "Criterio 1.4.12 de WCAG 2.2, Espaciado del texto.",
                "Quienes necesitan más espacio para poder leer pierden parte del texto.",
                "Deja que el {box} crezca con su texto: min-height en vez de height, y líneas que se partan.",
            ),
        ),
        check=_check_spacing,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.ENLARGED}),
    ),
    Rule(
        id="rsp-reflow",
        axis=Axis.RSP,
        fix_type=FixType.LAYOUT,
        source=cited("1.4.10"),
        measures="width of the content beyond a view of 320 CSS px, on pages that fit 390",
        texts=bilingual(
            Texts(
                "At {view} the page scrolls sideways by {over}",
                "The content is {page} wide there; {element} sticks out.",
                "WCAG 2.2 success criterion 1.4.10, Reflow: no scrolling in two directions at 320 CSS px.",
                "On small phones, and for everyone who zooms to 400 %, lines have to be followed by scrolling.",
                "Let {element} shrink: max-width: 100%, or let it wrap.",
            ),
            Texts(
                "A {view} la página se desplaza {over} de lado",
                "El contenido mide ahí {page} de ancho; sobresale {element}.",
                "Criterio 1.4.10 de WCAG 2.2, Reajuste del texto: sin desplazarse en dos direcciones a 320 px.",
                "En móviles pequeños, y para quien amplía al 400 %, hay que seguir cada línea desplazándose.",
                "Deja que {element} encoja: max-width: 100%, o deja que se parta.",
            ),
        ),
        check=_check_reflow,
        viewports=(Viewport.MOBILE,),
        needs=frozenset({Part.ENLARGED}),
    ),
)
