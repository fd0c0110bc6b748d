"""What makes a page scroll sideways: WCAG 2.2 SC 1.4.10 in spirit, at the widths that are measured."""

from collections.abc import Iterator

from cynthia_pipeline.audit.artifacts import Element, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_TOLERANCE = 1.0
"""px; a fraction of a pixel does not scroll."""

_BREAKS = 0.25
"""Share of the width that is cut off from which the page is broken rather than untidy."""

_MEDIA = frozenset({"img", "video", "iframe", "canvas", "svg", "object", "embed"})

_CONTAINS = ("auto", "scroll", "hidden", "clip")


def overflow(view: ViewportArtifacts) -> float:
    """By how much the content is wider than the view, CSS px; 0 where it is not."""
    excess = view.document.scroll_width - view.document.client_width
    return excess if excess > _TOLERANCE else 0.0


def culprits(view: ViewportArtifacts) -> Iterator[Element]:
    """The outermost elements that stick out on the right and that nothing contains."""
    edge = view.document.client_width + _TOLERANCE
    for element in view.visible:
        if element.parent is None or element.tag == "body" or element.rect.right <= edge:
            continue
        parent = view.elements[element.parent]
        sticks_out_itself = parent.rect.right <= edge or element.rect.right > parent.rect.right + _TOLERANCE
        if sticks_out_itself and not _contained(view, element):
            yield element


def _contained(view: ViewportArtifacts, element: Element) -> bool:
    if element.style["position"] == "fixed":
        return True
    for ancestor in view.ancestors(element):
        if ancestor.tag in ("html", "body"):
            return False
        if ancestor.style.get("overflow-x") in _CONTAINS:
            return True
    return False


def _check_page(view: ViewportArtifacts) -> Verdict:
    if not overflow(view):
        return Verdict(1)
    elements = list(culprits(view))
    blamed = [element for element in elements if element.tag not in _MEDIA]
    if elements and not blamed:
        return Verdict(1, note="see rsp-wide-media")
    if not blamed:
        return Verdict(1, (_finding(view, None),))
    return Verdict(1, tuple(_finding(view, element) for element in blamed))


def _check_media(view: ViewportArtifacts) -> Verdict:
    media = [element for element in view.visible if element.tag in _MEDIA]
    wide = [element for element in culprits(view) if element.tag in _MEDIA] if overflow(view) else []
    return Verdict(len(media), tuple(_finding(view, element) for element in wide))


def _finding(view: ViewportArtifacts, element: Element | None) -> Finding:
    width = view.document.client_width
    over = overflow(view)
    reaches = view.document.scroll_width if element is None else element.rect.right
    facts = {
        "view": f"{number(width, 0)} px",
        "page": f"{number(view.document.scroll_width, 0)} px",
        "over": f"{number(over, 0)} px",
        "element": f"<{element.tag}>" if element is not None else "<html>",
        "width": f"{number(element.rect.width, 0)} px" if element is not None else f"{number(reaches, 0)} px",
        "reaches": f"{number(reaches, 0)} px",
    }
    return Finding(
        Severity.CRITICAL if over > _BREAKS * width else Severity.MAJOR,
        cause="page",
        facts=facts,
        element=element,
        before=f"width: {number(element.rect.width, 0)}px" if element is not None else None,
        after="max-width: 100%" if element is not None else None,
    )


RULES = (
    Rule(
        id="rsp-overflow",
        axis=Axis.RSP,
        fix_type=FixType.LAYOUT,
        source=cited("1.4.10"),
        measures="width of the content beyond the view's, CSS px",
        texts=bilingual(
            Texts(
                "The page scrolls sideways by {over}",
                "At a width of {view} the content is {page} wide; {element} is {width} wide and reaches to {reaches}.",
                "WCAG 2.2 success criterion 1.4.10, Reflow: content must not need scrolling in two directions.",
                "Part of the page is cut off, and every swipe moves it about.",
                "Let {element} shrink: replace its fixed width by max-width: 100%, or let it wrap.",
            ),
            Texts(
                "La página se desplaza {over} de lado",
                "A {view} de ancho, el contenido mide {page}; {element} mide {width} y llega a {reaches}.",
                "Criterio 1.4.10 de WCAG 2.2, Reajuste: el contenido no debe exigir desplazarse en dos direcciones.",
                "Parte de la página queda cortada y se mueve con cada gesto.",
                "Deja que {element} encoja: cambia su ancho fijo por max-width: 100% o deja que se parta.",
            ),
        ),
        check=_check_page,
    ),
    Rule(
        id="rsp-wide-media",
        axis=Axis.RSP,
        fix_type=FixType.LAYOUT,
        source=cited("1.4.10"),
        measures="width of images and frames against the view's, CSS px",
        texts=bilingual(
            Texts(
                "{element} is wider than the screen",
                "{element} is {width} wide and reaches to {reaches}, at a view of {view}.",
                "WCAG 2.2 success criterion 1.4.10, Reflow: content must not need scrolling in two directions.",
                "The picture is cut off and the whole page scrolls sideways.",
                "Set max-width: 100% and height: auto on it.",
            ),
            Texts(
                "{element} es más ancho que la pantalla",
                "{element} mide {width} y llega a {reaches}, con una vista de {view}.",
                "Criterio 1.4.10 de WCAG 2.2, Reajuste: el contenido no debe exigir desplazarse en dos direcciones.",
                "La imagen queda cortada y toda la página se desplaza de lado.",
                "Ponle max-width: 100% y height: auto.",
            ),
        ),
        check=_check_media,
    ),
)
