"""What reacts to a click and cannot be reached by keyboard: WCAG 2.2 SC 2.1.1."""

from cynthia_pipeline.audit.artifacts import Element, Flag, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_PASSES_ON = frozenset({"label", "html", "body", "option"})
"""A click on these belongs to something else."""


def _check(view: ViewportArtifacts) -> Verdict:
    clickable = [
        element
        for element in view.elements
        if "onclick" in element.attributes and element.tag not in _PASSES_ON and _is_meant(view, element)
    ]
    findings = tuple(
        Finding(
            Severity.MAJOR if element.visible else Severity.MINOR,
            cause=f"<{element.tag}>" if element.visible else f"hidden <{element.tag}>",
            facts={"tag": f"<{element.tag}>"},
            element=element,
            before=f"<{element.tag} onclick=…>",
            after='<button type="button" onclick=…>',
        )
        for element in clickable
        if not _reachable(view, element)
    )
    return Verdict(len(clickable), findings)


def _is_meant(view: ViewportArtifacts, element: Element) -> bool:
    """Whether it looks like something to click, or will once it is shown."""
    if not element.visible:
        return element.index in view.content.styled.pointers
    shows_hand = element.style["cursor"] == "pointer" or element.index in view.content.styled.pointers
    return shows_hand and Flag.HIDDEN_FROM_AT not in element.flags


def _reachable(view: ViewportArtifacts, element: Element) -> bool:
    """Whether the keyboard reaches it, something around it, or something in it that does the same."""
    if Flag.FOCUSABLE in element.flags or any(Flag.FOCUSABLE in outer.flags for outer in view.ancestors(element)):
        return True
    return any(Flag.FOCUSABLE in inner.flags for inner in view.descendants(element))


RULES = (
    Rule(
        id="acc-pointer-only",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("2.1.1"),
        measures="elements with a click handler that no key reaches, count",
        texts=bilingual(
            Texts(
                "A clickable {tag} cannot be reached by keyboard",
                "It reacts to a click, but neither it nor anything in or around it takes the focus.",
                "WCAG 2.2 success criterion 2.1.1, Keyboard: everything must work by keyboard alone.",
                "People who use a keyboard, a switch or a screen reader cannot use it at all.",
                "Make it a <button>, which is focusable and answers to Enter and Space.",
            ),
            Texts(
                "Un {tag} que responde al clic no se alcanza con el teclado",
                "Responde al clic, pero ni él ni nada dentro o alrededor recibe el foco.",
                "Criterio 2.1.1 de WCAG 2.2, Teclado: todo debe funcionar solo con el teclado.",
                "Quienes usan teclado, pulsador o lector de pantalla no pueden usarlo.",
                "Haz que sea un <button>, que recibe el foco y responde a Intro y Espacio.",
            ),
        ),
        check=_check,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.NAMES}),
    ),
)
