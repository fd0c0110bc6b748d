"""Running text that is wider than the box it scrolls in: every line asks for the way there and back (SC 1.4.10)."""

from cynthia_pipeline.audit.artifacts import Element, TextBlock, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import prose
from cynthia_pipeline.audit.rules.wcag import cited

_SCROLLS = ("auto", "scroll")

_NARROW = 0.4
"""Width of a letter in font sizes that hardly any text face stays below: so wide a line surely is."""

_TWO_WAYS = frozenset({"table", "math", "svg"})
"""SC 1.4.10 leaves what needs both directions alone."""


def _check(view: ViewportArtifacts) -> Verdict:
    checked = 0
    findings = []
    for block, element in prose(view):
        box = _scroller(view, element)
        if box is None:
            continue
        checked += 1
        if not _is_wider(block, element, box):
            continue
        facts = {
            "width": f"{number(element.rect.width, 0)} px",
            "size": f"{number(box.rect.width, 0)} px",
        }
        findings.append(Finding(Severity.MAJOR, view.path(box), facts, element, after="max-width: 100%"))
    return Verdict(checked, tuple(findings))


def _scroller(view: ViewportArtifacts, element: Element) -> Element | None:
    """The innermost box around it that scrolls sideways; the page itself is another rule's."""
    for level in (element, *view.ancestors(element)):
        if level.tag in _TWO_WAYS or level.tag in ("html", "body"):
            return None
        if level.style.get("overflow-x") in _SCROLLS:
            return level
    return None


def _is_wider(block: TextBlock, element: Element, box: Element) -> bool:
    line = block.longest_line * element.font_size * _NARROW
    return element is not box and element.rect.width > box.rect.width + 1 and line > box.rect.width


RULES = (
    Rule(
        id="rsp-text-scrolls",
        axis=Axis.RSP,
        fix_type=FixType.LAYOUT,
        source=cited("1.4.10"),
        measures="width of running text and of the box that it scrolls in, CSS px",
        texts=bilingual(
            Texts(
                "A text of {width} has to be scrolled to and fro in a box of {size}",
                "Its lines are {width} wide, and the box around it shows {size} and scrolls sideways.",
                "WCAG 2.2 success criterion 1.4.10, Reflow: text is read without scrolling in two directions.",
                "Each line asks for scrolling there and back; with large text most people give up.",
                "Let the text break at the width of its box.",
            ),
            Texts(
                "Un texto de {width} se desplaza de lado a lado en una caja de {size}",
                "Sus líneas miden {width}; la caja que lo rodea muestra {size} y se desplaza en horizontal.",
                "Criterio 1.4.10 de WCAG 2.2, Reajuste: el texto se lee sin desplazarse en dos direcciones.",
                "Cada línea exige ir y volver; con letra grande, casi todo el mundo abandona.",
                "Deja que el texto se parta al ancho de su caja.",
            ),
        ),
        check=_check,
    ),
)
