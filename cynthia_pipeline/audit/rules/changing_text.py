"""Text that goes on changing by itself: WCAG 2.2 SC 2.2.2."""

import re

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.changes import ChangingText
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.movement import PROGRESS_ROLES
from cynthia_pipeline.audit.rules.wcag import cited

_LONGEST_S = 5.0
"""What starts by itself may go on for so long (SC 2.2.2, for what moves; what updates itself has no such grace)."""

_LEAST_CHANGES = 3
"""Fewer are a page that corrects itself once it is loaded."""

_CONTROL = re.compile(
    r"\b(pause|stop|halt|freeze|hide|disable|turn (it )?off|play|resume|control\w*|settings|preferences|speed|frequency"
    r"|interval|slow\w*|auto\w*|live|updat\w+|refresh\w*|previous|next|slides?"
    r"|pausa\w*|par(ar|e)|deten\w*|ocultar|desactivar|reproduc\w*|reanudar|control\w*|ajustes|preferencias|velocidad"
    r"|frecuencia|actualiza\w*|anterior|siguiente)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d{1,2}\s*[:.]\s*\d{2}|\b\d+\s*(%|s|sec\w*|min\w*|h|hours?|days?|d[ií]as?|horas?|seg\w*)(?!\w)", re.IGNORECASE
)
"""A clock, a countdown or a share of something done: whether it has to go on is for a person to say."""


def _check(view: ViewportArtifacts) -> Verdict:
    texts = [item for item in view.changes.texts if item.changes >= _LEAST_CHANGES and item.seconds > _LONGEST_S]
    going_on = [item for item in texts if not item.is_alone and not _shows_progress(view, item)]
    if not going_on:
        return Verdict(int(view.changes.is_watched))
    # A control without words may be the one; what one that promises it does, only pressing it would show.
    may_stop = any(not said or _CONTROL.search(said) for said in view.changes.controls)
    certain = [] if may_stop else [item for item in going_on if not any(map(_TIME.search, item.samples))]
    findings = tuple(_finding(view, item) for item in certain)
    return Verdict(len(going_on), findings, len(going_on) - len(certain))


def _shows_progress(view: ViewportArtifacts, item: ChangingText) -> bool:
    element = view.elements[item.element]
    dotted = len({sample.rstrip(" .…") for sample in item.samples}) == 1
    return dotted or any(
        one.attributes.get("role", "") in PROGRESS_ROLES for one in (element, *view.ancestors(element))
    )


def _finding(view: ViewportArtifacts, item: ChangingText) -> Finding:
    # Whole seconds, and no words: two audits of a page that changes by chance are to say the same.
    every = f"{max(1, round(item.seconds / (item.changes - 1)))} s"
    return Finding(Severity.MAJOR, "text", {"every": every}, view.elements[item.element])


RULES = (
    Rule(
        id="mot-changing-text",
        axis=Axis.MOT,
        fix_type=FixType.COMPONENT,
        source=cited("2.2.2"),
        measures="seconds between changes of a text by itself that go on for more than 5 s",
        texts=bilingual(
            Texts(
                "A text keeps changing by itself and cannot be stopped",
                "It changed about every {every} for more than 5 s; no control of the page pauses it.",
                "WCAG 2.2 success criterion 2.2.2, Pause, Stop, Hide: what updates itself beside other content can be "
                "paused, stopped or hidden.",
                "Who reads slowly cannot finish it, and a screen reader begins again each time.",
                "Add a button that pauses it, or show all texts at once.",
            ),
            Texts(
                "Un texto cambia sin cesar por sí solo y no se puede parar",
                "Cambió más o menos cada {every} durante más de 5 s; ningún control de la página lo detiene.",
                "Criterio 2.2.2 de WCAG 2.2, Poner en pausa, detener, ocultar: lo que se actualiza solo junto a otro "
                "contenido se puede pausar, parar u ocultar.",
                "Quien lee despacio no llega al final y el lector de pantalla empieza cada vez de nuevo.",
                "Añade un botón que lo pause o muestra todos los textos a la vez.",
            ),
        ),
        check=_check,
        viewports=(Viewport.DESKTOP,),
        act_rules=("efbfc7",),
        needs=frozenset({Part.CHANGES}),
    ),
)
