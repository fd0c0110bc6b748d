"""Text that cannot be read where it stands: laid over other text, or cut by its box."""

from cynthia_pipeline.audit.artifacts import Element, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_WORDS = 40
"""Characters of a text that are quoted at most."""


def _quoted(element: Element) -> str:
    return element.text if len(element.text) <= _WORDS else f"{element.text[:_WORDS].rstrip()}…"


def _check_overlap(view: ViewportArtifacts) -> Verdict:
    findings = []
    for overlap in view.layout.overlaps:
        if {overlap.first, overlap.second} & view.moving:
            continue
        first, second = view.elements[overlap.first], view.elements[overlap.second]
        facts = {
            "first": _quoted(first),
            "second": _quoted(second),
            "size": f"{number(overlap.width, 0)} × {number(overlap.height, 0)} px",
            "height": f"{number(overlap.height, 0)} px",
        }
        cause = f"{view.path(first)} {view.path(second)}"
        findings.append(Finding(Severity.MAJOR, cause, facts, element=second))
    return Verdict(len(view.layout.ink), tuple(findings))


def _check_cut(view: ViewportArtifacts) -> Verdict:
    findings = []
    for cut in view.layout.cuts:
        element, box = view.elements[cut.text], view.elements[cut.box]
        told = any(name in item.attributes for item in (element, box) for name in ("title", "aria-label"))
        linked = any(item.tag == "a" for item in (element, *view.ancestors(element)))
        ellipsis = box.style.get("text-overflow") == "ellipsis" and not cut.downwards
        if (ellipsis and (told or linked)) or cut.text in view.moving or not box.style:
            continue
        size = box.rect.height if cut.downwards else box.rect.width
        name = "height" if cut.downwards else "width"
        facts = {
            "text": _quoted(element),
            "hidden": f"{number(cut.hidden, 0)} px",
            "size": f"{number(size, 0)} px",
            "needed": f"{number(size + cut.hidden, 0)} px",
            "name": name,
        }
        change = (
            f"{name}: {number(size, 0)}px; overflow: hidden",
            f"min-{name}: {number(size, 0)}px; overflow: visible",
        )
        severity = Severity.MINOR if ellipsis else Severity.MAJOR
        findings.append(
            Finding(severity, f"{view.path(box)} {name}", facts, element=element, before=change[0], after=change[1])
        )
    return Verdict(len(view.layout.ink), tuple(findings))


RULES = (
    Rule(
        id="lft-text-overlap",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source="Ngo, Teo and Byrne 2003; measured on the line boxes",
        measures="crossing of the lines of two texts with no ground between them, CSS px",
        texts=bilingual(
            Texts(
                "Two texts lie on each other",
                "“{second}” lies over “{first}”: their lines cross on {size}.",
                "Letters over letters can be read by nobody; nothing with a ground of its own lies between them.",
                "Both texts are lost.",
                "Move them {height} apart at least: give the upper one its place in the flow instead of an absolute "
                "position or a negative margin.",
            ),
            Texts(
                "Dos textos están uno encima del otro",
                "«{second}» está sobre «{first}»: sus líneas se cruzan en {size}.",
                "Nadie puede leer letras sobre letras; entre ellas no hay ningún fondo propio.",
                "Se pierden los dos textos.",
                "Sepáralos {height} al menos: da al de arriba su sitio en el flujo en vez de una posición absoluta o "
                "un margen negativo.",
            ),
        ),
        check=_check_overlap,
    ),
    Rule(
        id="lft-clipped-text",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source=f"{cited('1.4.4')}; measured on the line boxes",
        measures="how far text reaches beyond the box that hides it, CSS px",
        texts=bilingual(
            Texts(
                "Text is cut off by {hidden}",
                "“{text}” needs a {name} of {needed}; its box has {size} and hides the rest.",
                "What a box with hidden overflow cuts cannot be reached by any means.",
                "Visitors miss the end of the text, and more of it with larger type.",
                "Let the box grow: min-{name} in place of {name}, so that it reaches {needed}.",
            ),
            Texts(
                "Al texto le faltan {hidden}",
                "«{text}» necesita {needed} ({name}); su caja mide {size} y oculta el resto.",
                "Lo que corta una caja con overflow oculto no se alcanza de ningún modo.",
                "Se pierde el final del texto, y más con letra grande.",
                "Deja crecer la caja: min-{name} en vez de {name}, para que llegue a {needed}.",
            ),
        ),
        check=_check_cut,
    ),
)
