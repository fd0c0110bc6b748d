"""What stays in place while the page scrolls, and what it covers."""

from collections.abc import Iterator

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.colour import parse
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import letters
from cynthia_pipeline.audit.rules.wcag import cited

_BAR = 0.6
"""Share of the view's width from which something pinned is a bar, rather than a button or a note."""

_TALLEST = 0.5
"""Share of the view's height up to which it is a bar, rather than a whole screen over the page."""

_SHARE = 0.3
"""Share of a phone's view that bars may take. A threshold of this project."""

_SEEN = 4.0
"""px of a heading's line that may be covered before it counts as hidden."""


def _bars(view: ViewportArtifacts) -> Iterator[Element]:
    for index in view.layout.pinned:
        element = view.elements[index]
        wide = element.rect.width >= _BAR * view.viewport.width
        if element.visible and wide and 0 < element.rect.height <= _TALLEST * view.viewport.height:
            yield element


def _is_opaque(element: Element) -> bool:
    fill = parse(element.style["background-color"])
    return element.style["opacity"] == "1" and fill is not None and fill[1] >= 0.9


def top_bar(view: ViewportArtifacts) -> Element | None:
    """The bar that is at the top of the view wherever it is scrolled to."""
    for bar in _bars(view):
        top = view.layout.pinned[bar.index]
        fixed = bar.style["position"] == "fixed" and abs(bar.rect.y) <= 1
        parent = view.elements[bar.parent] if bar.parent is not None else bar
        stays = parent.rect.height >= 0.8 * view.document.scroll_height
        if fixed or (bar.style["position"] == "sticky" and top is not None and abs(top) <= 1 and stays):
            return bar
    return None


def _check_anchors(view: ViewportArtifacts) -> Verdict:
    bar = top_bar(view)
    farthest = view.document.scroll_height - view.viewport.height
    if bar is None or not _is_opaque(bar) or not view.layout.anchors:
        return Verdict(0)
    findings = []
    targets = {anchor.target: anchor for anchor in view.layout.anchors}
    for index, anchor in targets.items():
        target = view.elements[index]
        text = next((item for item in (target, *view.descendants(target)) if item.index in view.layout.ink), None)
        if text is None or not target.visible or target.rect.y > farthest or target.rect.y < bar.rect.height:
            continue
        into = view.layout.ink[text.index].y - target.rect.y + anchor.scroll_margin + view.layout.scroll_padding
        covered = bar.rect.height - into
        if covered > _SEEN and text.index not in view.moving:
            facts = {
                "bar": f"<{bar.tag}>",
                "height": f"{number(bar.rect.height, 0)} px",
                "covered": f"{number(covered, 0)} px",
                "text": text.text[:40],
            }
            change = (
                "html { scroll-padding-top: auto }",
                f"html {{ scroll-padding-top: {number(bar.rect.height, 0)}px }}",
            )
            findings.append(Finding(Severity.MINOR, "page", facts, element=target, before=change[0], after=change[1]))
    return Verdict(len(targets), tuple(findings))


def _check_start(view: ViewportArtifacts) -> Verdict:
    """At the very top of the page nothing can be scrolled out from under a bar."""
    bars = [bar for bar in _bars(view) if bar.style["position"] == "fixed" and abs(bar.rect.y) <= 1 and _is_opaque(bar)]
    findings = []
    for bar in bars:
        held = {bar.index, *(item.index for item in view.descendants(bar))}
        for index, ink in view.layout.ink.items():
            element = view.elements[index]
            above = {ancestor.index for ancestor in view.ancestors(element)}
            if (
                index in held
                or above & view.layout.pinned.keys()
                or index in view.layout.pinned
                or index in view.moving
            ):
                continue
            hidden = min(ink.bottom, bar.rect.bottom) - max(ink.y, bar.rect.y)
            across = min(ink.right, bar.rect.right) - max(ink.x, bar.rect.x)
            if hidden > ink.height / 2 and across > ink.width / 2 and letters(element.text) >= 3:
                facts = {
                    "bar": f"<{bar.tag}>",
                    "height": f"{number(bar.rect.height, 0)} px",
                    "covered": f"{number(hidden, 0)} px",
                    "text": element.text[:40],
                }
                change = ("body { padding-top: 0 }", f"body {{ padding-top: {number(bar.rect.height, 0)}px }}")
                findings.append(
                    Finding(Severity.MAJOR, f"<{bar.tag}>", facts, element=element, before=change[0], after=change[1])
                )
    return Verdict(len(bars), tuple(findings))


def _check_share(view: ViewportArtifacts) -> Verdict:
    bars = [bar for bar in _bars(view) if bar.style["position"] == "fixed"]
    roots = [bar for bar in bars if not any(ancestor in bars for ancestor in view.ancestors(bar))]
    height = sum(bar.rect.height for bar in roots)
    share = height / view.viewport.height
    if not roots:
        return Verdict(0)
    if share <= _SHARE:
        return Verdict(len(roots))
    facts = {
        "height": f"{number(height, 0)} px",
        "view": f"{view.viewport.height} px",
        "share": f"{number(100 * share, 0)} %",
        "most": f"{number(_SHARE * view.viewport.height, 0)} px",
    }
    return Verdict(len(roots), tuple(Finding(Severity.MAJOR, "page", facts, element=bar) for bar in roots))


RULES = (
    Rule(
        id="lft-anchor-offset",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source="CSS Scroll Snap Module Level 1, scroll-padding; WCAG 2.2 technique C43",
        measures="how far a pinned bar covers the text that a link within the page leads to, CSS px",
        texts=bilingual(
            Texts(
                "Links within the page end under the header",
                "After a jump, {bar} ({height}) covers “{text}” by {covered}.",
                "A jump puts its goal at the top of the view, where the pinned bar is.",
                "Visitors land in the middle of a section and do not see its heading.",
                "Set scroll-padding-top to the bar's height, {height}.",
            ),
            Texts(
                "Los enlaces internos acaban bajo la cabecera",
                "Tras un salto, {bar} ({height}) tapa «{text}» {covered}.",
                "Un salto pone su destino arriba de la vista, donde está la barra fija.",
                "Se aterriza en medio de una sección sin ver su título.",
                "Pon scroll-padding-top con el alto de la barra, {height}.",
            ),
        ),
        check=_check_anchors,
    ),
    Rule(
        id="lft-covered-start",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source=f"{cited('1.4.10')} in spirit: no content lost",
        measures="text under an opaque fixed bar before any scrolling, CSS px",
        texts=bilingual(
            Texts(
                "The header covers text that cannot be scrolled out",
                "{bar} is fixed and {height} tall; it covers “{text}” by {covered}.",
                "At the top of the page nothing can be scrolled further down.",
                "The text cannot be read at all.",
                "Give the page as much room above: padding-top of {height}.",
            ),
            Texts(
                "La cabecera tapa texto que no se puede desplazar",
                "{bar} es fija y mide {height}; tapa «{text}» {covered}.",
                "Arriba del todo, nada se puede desplazar más hacia abajo.",
                "El texto no se puede leer de ningún modo.",
                "Deja ese espacio arriba: padding-top de {height}.",
            ),
        ),
        check=_check_start,
    ),
    Rule(
        id="lft-pinned-share",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source=f"house threshold: {number(100 * _SHARE)} % of a phone's height",
        measures="height of fixed bars on a phone, CSS px",
        texts=bilingual(
            Texts(
                "Fixed bars take {share} of the screen",
                "On a phone, bars that never go away take {height} of {view}; {most} are the most expected.",
                "What is fixed leaves that much less room for what is read.",
                "Visitors read through a slit, most of all with larger type.",
                "Let the bars scroll with the page on small screens (position: static), down to {most} at most.",
            ),
            Texts(
                "Las barras fijas ocupan el {share} de la pantalla",
                "En un móvil, las barras que nunca se van ocupan {height} de {view}; se espera {most} como máximo.",
                "Lo fijo deja menos sitio para lo que se lee.",
                "Se lee por una rendija, sobre todo con letra grande.",
                "Deja que las barras se desplacen en pantallas pequeñas (position: static); {most} como máximo.",
            ),
        ),
        check=_check_share,
        viewports=(Viewport.MOBILE,),
    ),
)
