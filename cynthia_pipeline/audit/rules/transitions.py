"""Transitions of the user interface: how long, with which easing, and of what."""

from collections.abc import Iterator

from cynthia_pipeline.audit.artifacts import Element, Flag, ViewportArtifacts
from cynthia_pipeline.audit.motion import Transition
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.movement import GEOMETRY, MOVES

_LONGEST = 500.0
"""ms; Nielsen Norman Group, "Executing UX Animations": 100 to 500 ms; beyond it, movement is felt as a drag."""

_WANTED = 300.0
"""ms; Material Design 3, "Easing and duration": medium 2, for transitions of a part of the screen."""

_NOTICED = 100.0
"""ms; what is shorter is seen as instant (Nielsen, "Response Times: The 3 Important Limits"), whatever its easing."""

_EASING = "cubic-bezier(0.2, 0, 0, 1)"
"""Material Design 3, "standard"."""

_INSTEAD = "color, background-color, border-color, box-shadow, opacity, transform"


def _of_interface(view: ViewportArtifacts) -> Iterator[tuple[Transition, Element]]:
    """The transitions of what a visitor works with: what can be focused, or shows a pointer."""
    for transition in view.motion.transitions:
        element = view.elements[transition.element]
        if element.visible and (Flag.FOCUSABLE in element.flags or element.style["cursor"] == "pointer"):
            yield transition, element


def _finding(transition: Transition, element: Element, cause: str, before: str, after: str) -> Finding:
    duration = f"{number(transition.duration, 0)} ms"
    return Finding(
        Severity.MINOR,
        cause=cause,
        facts={"property": transition.property, "duration": duration, "easing": transition.easing, "after": after},
        element=element,
        before=before,
        after=after,
        measured=Measurements(duration=duration, easing=transition.easing),
    )


def _check_duration(view: ViewportArtifacts) -> Verdict:
    found = list(_of_interface(view))
    slow: dict[int, Finding] = {}
    for transition, element in found:
        if transition.duration > _LONGEST and element.index not in slow:
            ms = number(transition.duration, 0)
            change = (f"transition-duration: {ms}ms", f"transition-duration: {number(_WANTED)}ms")
            slow[element.index] = _finding(transition, element, ms, *change)
    return Verdict(len({element.index for _, element in found}), tuple(slow.values()))


def _check_easing(view: ViewportArtifacts) -> Verdict:
    moving = [pair for pair in _of_interface(view) if pair[0].property in MOVES and pair[0].duration >= _NOTICED]
    return Verdict(
        len(moving),
        tuple(
            _finding(
                transition,
                element,
                transition.property,
                "transition-timing-function: linear",
                f"transition-timing-function: {_EASING}",
            )
            for transition, element in moving
            if transition.easing == "linear"
        ),
    )


def _check_all(view: ViewportArtifacts) -> Verdict:
    found = list(_of_interface(view))
    return Verdict(
        len(found),
        tuple(
            _finding(transition, element, "all", "transition-property: all", f"transition-property: {_INSTEAD}")
            for transition, element in found
            if transition.property == "all"
        ),
    )


def _check_layout(view: ViewportArtifacts) -> Verdict:
    elements = view.elements
    found = [transition for transition in view.motion.transitions if elements[transition.element].visible]
    findings = [
        _finding(
            transition,
            elements[transition.element],
            transition.property,
            f"transition-property: {transition.property}",
            "transition-property: transform",
        )
        for transition in found
        if transition.property in GEOMETRY
    ]
    for animation in view.motion.animations:
        changed = sorted(animation.properties & GEOMETRY)
        if changed and animation.turns is None:
            as_transition = Transition(animation.element, ", ".join(changed), animation.duration, "")
            element = elements[animation.element]
            before, after = f"@keyframes {animation.name}: {', '.join(changed)}", "transform"
            findings.append(_finding(as_transition, element, f"keyframes {animation.name}", before, after))
    return Verdict(len(found) + len(view.motion.animations), tuple(findings))


RULES = (
    Rule(
        id="mot-slow-transition",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source="Nielsen Norman Group, Executing UX Animations; Material Design 3, Easing and duration",
        measures="transition-duration of links, buttons and fields, ms",
        texts=bilingual(
            Texts(
                "A control takes {duration} to react",
                "The transition of {property} on a control runs for {duration}; "
                f"{number(_LONGEST)} ms is the longest that still feels prompt.",
                "Feedback belongs to the touch that caused it: studies put it between 100 and 500 ms.",
                "The interface feels heavy, the more so for those who use it often.",
                f"Set transition-duration to {number(_WANTED)} ms instead of {{duration}}.",
            ),
            Texts(
                "Un control tarda {duration} en reaccionar",
                "La transición de {property} en un control dura {duration}; "
                f"lo más largo que aún parece inmediato son {number(_LONGEST)} ms.",
                "La respuesta pertenece al toque que la causa: los estudios la sitúan entre 100 y 500 ms.",
                "La interfaz se siente pesada, sobre todo para quien la usa a menudo.",
                f"Pon transition-duration en {number(_WANTED)} ms en lugar de {{duration}}.",
            ),
        ),
        check=_check_duration,
    ),
    Rule(
        id="mot-linear-easing",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source="Material Design 3, Easing and duration",
        measures="transition-timing-function of what moves or grows on controls",
        texts=bilingual(
            Texts(
                "A control moves at a constant speed",
                "{property} changes over {duration} with the easing {easing}.",
                "Things that start and stop at full speed look mechanical; Material Design keeps linear easing for "
                "colour and opacity.",
                "The movement looks abrupt and cheap.",
                "Set {after}.",
            ),
            Texts(
                "Un control se mueve a velocidad constante",
                "{property} cambia durante {duration} con la curva {easing}.",
                "Lo que arranca y frena a plena velocidad parece mecánico; Material Design reserva la curva lineal "
                "para el color y la opacidad.",
                "El movimiento resulta brusco y poco cuidado.",
                "Pon {after}.",
            ),
        ),
        check=_check_easing,
    ),
    Rule(
        id="mot-transition-all",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source="web.dev, Animations guide: name the properties that change",
        measures="transition-property of controls",
        texts=bilingual(
            Texts(
                "transition: all animates more than is meant",
                "A control animates every property that changes ({property}), for {duration}.",
                "all takes width, height and position along, which need a layout of the page in each frame.",
                "Later changes of style move by accident, and movement stutters on slower phones.",
                "Name what changes: {after}.",
            ),
            Texts(
                "transition: all anima más de lo previsto",
                "Un control anima todas las propiedades que cambian ({property}) durante {duration}.",
                "all incluye ancho, alto y posición, que obligan a recalcular la página en cada fotograma.",
                "Los cambios de estilo futuros se mueven sin querer, y en móviles lentos va a tirones.",
                "Nombra lo que cambia: {after}.",
            ),
        ),
        check=_check_all,
    ),
    Rule(
        id="mot-layout-animation",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source="web.dev, Animations guide; Lighthouse non-composited-animations",
        measures="properties that transitions and endless animations change and that need a layout",
        texts=bilingual(
            Texts(
                "Animating {property} lays the page out anew in each frame",
                "{property} changes over {duration}; the browser has to lay out and paint the page for every frame.",
                "transform and opacity are moved by the compositor alone, without any layout.",
                "The movement stutters on phones and drains their batteries.",
                "Animate transform (translate, scale) in place of {property}.",
            ),
            Texts(
                "Animar {property} recalcula la página en cada fotograma",
                "{property} cambia durante {duration}; el navegador recalcula y pinta la página en cada fotograma.",
                "transform y opacity las mueve el compositor por sí solo, sin recalcular nada.",
                "El movimiento va a tirones en los móviles y gasta batería.",
                "Anima transform (translate, scale) en vez de {property}.",
            ),
        ),
        check=_check_layout,
    ),
)
