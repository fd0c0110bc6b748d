"""Words that are seen and not heard, and areas that no key scrolls: WCAG 2.2 SC 1.1.1, 2.1.1 and 2.5.3."""

import re
import unicodedata

from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_LEAST_LETTERS = 3
"""Below it a label is a sign (“X”, “»”) and no words."""


def _check_drawings(view: ViewportArtifacts) -> Verdict:
    drawings = view.accessibility.drawings
    findings = tuple(
        Finding(Severity.MAJOR, cause=item.words, facts={"words": item.words}, element=view.elements[item.element])
        for item in drawings
    )
    return Verdict(sum(element.tag == "svg" for element in view.visible), findings)


def _check_controls(view: ViewportArtifacts) -> Verdict:
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause=item.words,
            facts={"words": item.words, "name": item.name[:80]},
            element=view.elements[item.element],
        )
        for item in view.accessibility.silent_words
    )
    controls = sum(element.tag in ("a", "button") for element in view.visible)
    return Verdict(max(controls, len(findings)), findings)


def _check_labels(view: ViewportArtifacts) -> Verdict:
    labelled = view.accessibility.labelled
    findings = tuple(
        Finding(
            Severity.MINOR,
            cause=item.words,
            facts={"words": item.words[:80], "name": item.name[:80]},
            element=view.elements[item.element],
        )
        for item in labelled
        if sum(char.isalnum() for char in item.words) >= _LEAST_LETTERS and _plain(item.words) not in _plain(item.name)
    )
    return Verdict(len(labelled), findings)


def _plain(text: str) -> str:
    """As it is spoken: without case, and without punctuation but hyphens, which speech tells apart."""
    # A full stop within a number joins its digits; elsewhere it ends a word.
    joined = re.sub(r"(?<=\d)[.,](?=\d)", "", text.casefold())
    kept = (char if char == "-" or unicodedata.category(char)[0] != "P" else " " for char in joined)
    words = " ".join("".join(kept).split())
    return re.sub(r"^[^\w]+|[^\w]+$", "", words)


def _size(element: Element) -> str:
    return f"{number(element.rect.width, 0)} × {number(element.rect.height, 0)} px"


def _check_scrollers(view: ViewportArtifacts) -> Verdict:
    scrollers = view.accessibility.scrollers
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause="scrolls",
            facts={
                "tag": f"<{view.elements[index].tag}>",
                "size": _size(view.elements[index]),
            },
            element=view.elements[index],
            after='tabindex="0" role="region" aria-label="…"',
        )
        for index, is_reached in scrollers.items()
        if not is_reached
    )
    return Verdict(len(scrollers), findings)


RULES = (
    Rule(
        id="acc-drawing-unheard",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("1.1.1"),
        measures="drawings with words that are hidden from assistive technology, count",
        texts=bilingual(
            Texts(
                "A drawing says “{words}” to the eye only",
                "The SVG is hidden from assistive technology, and its words stand nowhere else on the page.",
                "WCAG 2.2 success criterion 1.1.1, Non-text Content: only what says nothing may be hidden.",
                "People who use a screen reader do not learn what the drawing says.",
                "Take aria-hidden away and give the SVG role=img and an aria-label that says the same.",
            ),
            Texts(
                "Un dibujo dice «{words}» solo a la vista",
                "El SVG está oculto a la tecnología de apoyo y sus palabras no están en ninguna otra parte.",
                "Criterio 1.1.1 de WCAG 2.2, Contenido no textual: solo se oculta lo que no dice nada.",
                "Quienes usan lector de pantalla no se enteran de lo que dice el dibujo.",
                "Quita aria-hidden y da al SVG role=img y un aria-label que diga lo mismo.",
            ),
        ),
        check=_check_drawings,
        viewports=(Viewport.DESKTOP,),
        act_rules=("e88epe",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-words-not-in-name",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("2.5.3"),
        measures="links and buttons with visible words that their names leave out, count",
        texts=bilingual(
            Texts(
                "“{words}” is seen on a control, and not in its name",
                "The control is called “{name}”: part of what it shows has aria-hidden.",
                "WCAG 2.2 success criterion 2.5.3, Label in Name: the name holds the words that are seen.",
                "People who speak to their device say what they see, and nothing happens.",
                "Take aria-hidden away from the words.",
            ),
            Texts(
                "«{words}» se ve en un control y falta en su nombre",
                "El control se llama «{name}»: parte de lo que muestra lleva aria-hidden.",
                "Criterio 2.5.3 de WCAG 2.2, Etiqueta en el nombre: el nombre contiene las palabras visibles.",
                "Quienes hablan a su dispositivo dicen lo que ven y no ocurre nada.",
                "Quita aria-hidden de esas palabras.",
            ),
        ),
        check=_check_controls,
        viewports=(Viewport.DESKTOP,),
        act_rules=("2ee8b8",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-scroll-by-key",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("2.1.1"),
        measures="areas that scroll and that the Tab key does not reach, count",
        texts=bilingual(
            Texts(
                "A {tag} of {size} scrolls, but not by keyboard",
                "Neither the area nor anything in it is a stop of the Tab key.",
                "WCAG 2.2 success criterion 2.1.1, Keyboard. Not every browser makes it a stop by itself.",
                "People who use a keyboard cannot read what lies further down.",
                "Make the area a stop of its own, with a role and a name.",
            ),
            Texts(
                "Un {tag} de {size} se desplaza, pero no con el teclado",
                "Ni la zona ni nada dentro de ella es una parada del tabulador.",
                "Criterio 2.1.1 de WCAG 2.2, Teclado. Algunos navegadores la hacen parada por sí solos; otros no.",
                "Quienes usan teclado no pueden leer lo que queda más abajo.",
                "Haz de la zona una parada, con un rol y un nombre.",
            ),
        ),
        check=_check_scrollers,
        viewports=(Viewport.DESKTOP,),
        absorbs=("scrollable-region-focusable",),
        act_rules=("0ssw9k",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-label-in-name",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("2.5.3"),
        measures="controls whose ARIA name does not hold the words that they show, count",
        texts=bilingual(
            Texts(
                "A control shows “{words}” and is called “{name}”",
                "Its name by ARIA does not contain the words that are seen, one after the other.",
                "WCAG 2.2 success criterion 2.5.3, Label in Name.",
                "Who says the words that they see to the computer gets no answer.",
                "Begin the name with the words that are seen, or leave aria-label away.",
            ),
            Texts(
                "Un control muestra «{words}» y se llama «{name}»",
                "Su nombre ARIA no contiene seguidas las palabras que se ven.",
                "Criterio 2.5.3 de WCAG 2.2, Etiqueta en el nombre.",
                "Quien dice al ordenador las palabras que ve no obtiene respuesta.",
                "Empieza el nombre con las palabras que se ven, o quita el aria-label.",
            ),
        ),
        check=_check_labels,
        viewports=(Viewport.DESKTOP,),
        absorbs=("label-content-name-mismatch",),
        act_rules=("2ee8b8",),
        needs=frozenset({Part.NAMES, Part.AXE}),
    ),
)
