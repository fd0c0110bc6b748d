"""Whether the page holds still: layout shifts while it loads, and while it is scrolled through."""

from collections.abc import Iterable, Iterator

from cynthia_pipeline.audit.artifacts import Element, Part, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.loading import CLS, lighthouse_score
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.vitals import Metric, Shift, cumulative_shift, worst_window

_NAMED = 5
"""Most elements that are named; the browser itself gives five for each shift."""


def _check_loading(view: ViewportArtifacts) -> Verdict:
    if view.vitals.first_paint is None:
        return Verdict(0)
    return _verdict(view, view.vitals.shifts)


def _check_scrolling(view: ViewportArtifacts) -> Verdict:
    scroll = view.vitals.scroll
    return Verdict(0) if scroll is None else _verdict(view, scroll.shifts)


def _verdict(view: ViewportArtifacts, shifts: tuple[Shift, ...]) -> Verdict:
    value = cumulative_shift(shifts)
    severity = CLS.severity(value)
    return Verdict(1) if severity is None else Verdict(1, tuple(_findings(view, shifts, value, severity)))


def _findings(
    view: ViewportArtifacts, shifts: tuple[Shift, ...], value: float, severity: Severity
) -> Iterator[Finding]:
    moved = list(_moved(view, worst_window(shifts)))[:_NAMED]
    first, (dx, dy) = moved[0] if moved else (None, (0.0, 0.0))
    facts = {
        "measured": number(value),
        "required": number(CLS.good),
        "score": lighthouse_score(Metric.CLS, value, view.viewport),
        "element": f"<{first.tag}>" if first is not None else "<html>",
        "distance": f"{number(max(abs(dx), abs(dy)), 0)} px",
        "before_it": _above(view, first),
    }
    if not moved:
        yield Finding(severity, "page", facts)
    for element, _ in moved:
        yield Finding(severity, "page", facts, element=element)


def _moved(view: ViewportArtifacts, shifts: Iterable[Shift]) -> Iterator[tuple[Element, tuple[float, float]]]:
    """What moved, by how far, the largest move first."""
    moves: dict[int, tuple[float, float]] = {}
    for shift in shifts:
        for source in shift.sources:
            if source.element is not None:
                dx, dy = moves.get(source.element, (0.0, 0.0))
                moves[source.element] = max((dx, dy), (source.dx, source.dy), key=lambda move: max(map(abs, move)))
    for index, move in sorted(moves.items(), key=lambda item: (-max(map(abs, item[1])), item[0])):
        if max(map(abs, move)) >= 1:
            yield view.elements[index], move


def _above(view: ViewportArtifacts, moved: Element | None) -> str:
    """The nearest element that ends above the one that moved: what grew is there, or it came before."""
    if moved is None:
        return "<html>"
    siblings = [
        element
        for element in view.visible
        if element.parent == moved.parent and element.index < moved.index and element.rect.bottom <= moved.rect.y + 1
    ]
    return f"<{siblings[-1].tag}>" if siblings else f"<{moved.tag}>"


RULES = (
    Rule(
        id="dyn-layout-shift",
        axis=Axis.DYN,
        fix_type=FixType.LAYOUT,
        source="web.dev, Cumulative Layout Shift; curve: Lighthouse cumulative-layout-shift",
        measures="cumulative layout shift while loading, no unit",
        texts=bilingual(
            Texts(
                "The page jumps while it loads: CLS {measured}",
                "Layout shifts add up to {measured}; {required} is good. Lighthouse's curve gives it {score} of 100. "
                "{element} moved furthest, by {distance}.",
                "What moves after it was shown takes the place of what the visitor was about to read or tap.",
                "Visitors lose the line, and tap what they did not mean.",
                "Keep the room for what comes late: give {before_it} above {element} its width and height, or a "
                "min-height of {distance}.",
            ),
            Texts(
                "La página salta mientras carga: CLS {measured}",
                "Los saltos suman {measured}; hasta {required} es bueno. La curva de Lighthouse le da {score} de 100. "
                "{element} es lo que más se movió: {distance}.",
                "Lo que se mueve después de mostrarse ocupa el lugar de lo que alguien iba a leer o tocar.",
                "Se pierde la línea y se toca lo que no se quería.",
                "Reserva el sitio de lo que llega tarde: da a {before_it}, encima de {element}, su ancho y alto, o un "
                "min-height de {distance}.",
            ),
        ),
        check=_check_loading,
    ),
    Rule(
        id="dyn-scroll-shift",
        axis=Axis.DYN,
        fix_type=FixType.LAYOUT,
        source="web.dev, Cumulative Layout Shift: shifts count for as long as a page is open",
        measures="cumulative layout shift while the page is scrolled through in steps of 90 % of the view, no unit",
        texts=bilingual(
            Texts(
                "The page jumps while it is scrolled: {measured}",
                "Scrolling through it, layout shifts add up to {measured}; {required} is good (Lighthouse's curve: "
                "{score} of 100). {element} moved furthest, by {distance}.",
                "Pictures and parts that load on the way push away what is being read.",
                "Readers lose the line each time something arrives.",
                "Give what loads on the way ({before_it} above {element}) its size beforehand: width and height, or "
                "aspect-ratio; {distance} are missing.",
            ),
            Texts(
                "La página salta al desplazarla: {measured}",
                "Al recorrerla, los saltos suman {measured}; hasta {required} es bueno (curva de Lighthouse: {score} "
                "de 100). {element} es lo que más se movió: {distance}.",
                "Las imágenes y partes que se cargan por el camino empujan lo que se está leyendo.",
                "Quien lee pierde la línea cada vez que llega algo.",
                "Da de antemano su tamaño a lo que carga por el camino ({before_it}, encima de {element}): width y "
                "height, o aspect-ratio; faltan {distance}.",
            ),
        ),
        check=_check_scrolling,
        needs=frozenset({Part.SECOND_LOOK}),
    ),
)
