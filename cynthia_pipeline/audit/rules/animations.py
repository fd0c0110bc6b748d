"""Animations that run by themselves: without end, without regard for a wish for less motion, or flashing."""

import re
from dataclasses import replace

from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.colour import luminance, over, parse
from cynthia_pipeline.audit.motion import Animation, pairs_of_changes
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.movement import can_be_stopped, moves, share_of_view, shown, shows_progress
from cynthia_pipeline.audit.rules.wcag import cited

_LONGEST = 5000.0
"""ms, SC 2.2.2."""

_MOST_FLASHES = 3.0
"""In any second, SC 2.3.1."""

_OPPOSING = 0.1
"""Change of relative luminance, or of opacity before it is weighed, that makes half a flash (SC 2.3.1)."""

_FLASH_AREA = 341 * 256 / 4
"""px²: a quarter of any 341 × 256 px of the screen (WCAG 2.2, general flash and red flash thresholds, note 3)."""

_LARGE = 0.01
"""Share of the view from which endless movement is in the way of reading rather than a detail."""


def _finding(view: ViewportArtifacts, animation: Animation, element: Element, severity: Severity) -> Finding:
    duration = f"{number(animation.duration, 0)} ms"
    name = animation.name or "script"
    facts = {
        "name": name,
        "duration": duration,
        "element": f"<{element.tag}>{animation.pseudo}",
        "share": f"{number(100 * share_of_view(element, view.viewport), 1)} %",
    }
    selector = view.path(element).rpartition(" >>> ")[2] + animation.pseudo
    calm = f"@media (prefers-reduced-motion: reduce) {{ {selector} {{ animation: none }} }}"
    return Finding(
        severity,
        cause=name,
        facts=facts,
        element=element,
        before=f"animation-name: {name}",
        after=calm,
        measured=Measurements(duration=duration),
    )


def _check_endless(view: ViewportArtifacts) -> Verdict:
    running = [
        (animation, element)
        for _, animation, element in shown(view)
        if not shows_progress(view, animation, element) and moves(animation)
    ]
    if can_be_stopped(view):
        return Verdict(len(running))
    return Verdict(
        len(running),
        tuple(
            replace(
                _finding(view, animation, element, _weight(view, element)),
                before=f"animation-iteration-count: {_turns(animation.turns)}",
                after=f"animation-iteration-count: {max(int(_LONGEST // animation.duration), 1)}",
            )
            for animation, element in running
            if animation.total > _LONGEST
        ),
    )


def _check_reduced(view: ViewportArtifacts) -> Verdict:
    reduced = view.motion.reduced
    running = [
        (place, animation, element)
        for place, animation, element in shown(view)
        if moves(animation) and not shows_progress(view, animation, element)
    ]
    if reduced is None:
        return Verdict(0)
    return Verdict(
        len(running),
        tuple(
            _finding(view, animation, element, _weight(view, element))
            for place, animation, element in running
            if place in reduced.moving
        ),
    )


def _turns(turns: float | None) -> str:
    return "infinite" if turns is None else number(turns)


def _weight(view: ViewportArtifacts, element: Element) -> Severity:
    return Severity.MAJOR if share_of_view(element, view.viewport) >= _LARGE else Severity.MINOR


def _check_smooth(view: ViewportArtifacts) -> Verdict:
    if not view.motion.smooth_scroll:
        return Verdict(0)
    if view.motion.reduced is None or not view.motion.reduced.smooth_scroll:
        return Verdict(1)
    change = "@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }"
    facts = {"height": f"{number(view.document.scroll_height, 0)} px"}
    return Verdict(
        1, (Finding(Severity.MINOR, "page", facts, before="html { scroll-behavior: smooth }", after=change),)
    )


def _check_flashes(view: ViewportArtifacts) -> Verdict:
    blinking = [(animation, element) for _, animation, element in shown(view) if animation.frames]
    findings = []
    for animation, element in blinking:
        rate = flashes_per_second(animation)
        if rate <= _MOST_FLASHES or animation.total < 1000:
            continue
        large = element.rect.area >= _FLASH_AREA
        found = _finding(view, animation, element, Severity.CRITICAL if large else Severity.MINOR)
        slow = number(animation.duration * rate / _MOST_FLASHES * 1.5, 0)
        findings.append(
            Finding(
                found.severity,
                found.cause,
                {
                    **found.facts,
                    "rate": number(rate, 1),
                    "area": f"{number(element.rect.area, 0)} px²",
                    "slow": f"{slow} ms",
                },
                element,
                before=f"animation-duration: {number(animation.duration, 0)}ms",
                after=f"animation-duration: {slow}ms",
                measured=found.measured,
            )
        )
    return Verdict(len(blinking), tuple(findings))


def flashes_per_second(animation: Animation) -> float:
    """Pairs of opposing changes of opacity, visibility or brightness in a second, from the keyframes alone."""
    there_and_back = animation.direction.startswith("alternate")
    most = 0.0
    for name in ("opacity", "visibility", "background-color", "color"):
        levels = _levels(animation, name)
        cycle = [*levels, *levels[-2:0:-1]] if there_and_back else levels
        most = max(most, pairs_of_changes(cycle, _OPPOSING))
    seconds = animation.duration / 1000 * (2 if there_and_back else 1)
    return most / seconds if seconds > 0 else 0.0


def _levels(animation: Animation, name: str) -> list[float]:
    """The brightness that each frame asks for; where the first or last leaves it out, the element shows as it is."""
    values = [(frame.offset, frame.values[name]) for frame in animation.frames if name in frame.values]
    levels = [level for _, value in values if (level := _level(name, value)) is not None]
    if not levels or name not in ("opacity", "visibility"):
        return levels
    return [*([1.0] if values[0][0] > 0 else []), *levels, *([1.0] if values[-1][0] < 1 else [])]


def _level(name: str, value: str) -> float | None:
    if name == "visibility":
        return 1.0 if value == "visible" else 0.0
    if name == "opacity":
        return float(value) if re.fullmatch(r"\d*\.?\d+", value) else None
    colour = parse(value)
    return None if colour is None else luminance(over(*colour, "#ffffff"))


RULES = (
    Rule(
        id="mot-endless",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source=cited("2.2.2"),
        measures="running time of animations that move something, ms; the element's share of the view",
        texts=bilingual(
            Texts(
                "{element} moves without end and cannot be stopped",
                "The animation {name} repeats every {duration} on {element}, {share} of the view; no control of the "
                "page pauses it.",
                "WCAG 2.2 success criterion 2.2.2, Pause, Stop, Hide: what moves by itself for more than 5 s needs a "
                "way to stop it.",
                "Movement at the edge of the eye draws it away; some people cannot read beside it at all.",
                "Let {name} run for less than 5 s (animation-iteration-count), or give it a pause button, and end it "
                "where less motion is wished for.",
            ),
            Texts(
                "{element} se mueve sin fin y no se puede parar",
                "La animación {name} se repite cada {duration} en {element}, el {share} de la vista; ningún control "
                "de la página la detiene.",
                "Criterio 2.2.2 de WCAG 2.2, Poner en pausa, detener, ocultar: lo que se mueve solo más de 5 s "
                "necesita un modo de pararlo.",
                "El movimiento al borde de la vista distrae; hay quien no puede leer a su lado.",
                "Haz que {name} dure menos de 5 s (animation-iteration-count) o dale un botón de pausa, y apágala "
                "para quien pide menos movimiento.",
            ),
        ),
        check=_check_endless,
    ),
    Rule(
        id="mot-reduced-motion",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source=f"{cited('2.3.3')}; technique C39",
        measures="animations that still run with prefers-reduced-motion: reduce, emulated",
        texts=bilingual(
            Texts(
                "{element} moves though less motion is wished for",
                "With prefers-reduced-motion: reduce, the animation {name} still runs on {element} ({duration}, "
                "{share} of the view).",
                "Visitors set that wish in their system because movement makes them dizzy (WCAG 2.2 success criterion "
                "2.3.3, technique C39).",
                "People with vestibular disorders get vertigo or nausea from the page.",
                "Add the rule that ends {name} for them; it is given as the change.",
            ),
            Texts(
                "{element} se mueve aunque se pida menos movimiento",
                "Con prefers-reduced-motion: reduce, la animación {name} sigue en {element} ({duration}, el {share} "
                "de la vista).",
                "Hay quien lo pide en su sistema porque el movimiento le marea (criterio 2.3.3 de WCAG 2.2, técnica "
                "C39).",
                "Las personas con trastornos vestibulares sienten vértigo o náuseas en la página.",
                "Añade la regla que apaga {name} para ellas; figura como cambio.",
            ),
        ),
        check=_check_reduced,
        needs=frozenset({Part.SECOND_LOOK}),
    ),
    Rule(
        id="mot-smooth-scroll",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source=f"{cited('2.3.3')}; technique C39",
        measures="scroll-behavior of the root with prefers-reduced-motion: reduce, emulated",
        texts=bilingual(
            Texts(
                "Smooth scrolling ignores a wish for less motion",
                "scroll-behavior stays smooth with prefers-reduced-motion: reduce, on a page of {height}.",
                "A whole page that glides is the largest movement there is (WCAG 2.2 success criterion 2.3.3).",
                "People with vestibular disorders get dizzy at every jump within the page.",
                "Turn it off for them; the rule is given as the change.",
            ),
            Texts(
                "El desplazamiento suave ignora a quien pide menos movimiento",
                "scroll-behavior sigue en smooth con prefers-reduced-motion: reduce, en una página de {height}.",
                "Una página entera que se desliza es el mayor movimiento posible (criterio 2.3.3 de WCAG 2.2).",
                "Las personas con trastornos vestibulares se marean con cada salto dentro de la página.",
                "Apágalo para ellas; la regla figura como cambio.",
            ),
        ),
        check=_check_smooth,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.SECOND_LOOK}),
    ),
    Rule(
        id="mot-flashes",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source=cited("2.3.1"),
        measures="pairs of opposing changes of opacity or luminance in a second, from keyframes; area, px²",
        texts=bilingual(
            Texts(
                "{element} flashes {rate} times a second",
                "The animation {name} goes through {rate} pairs of opposing changes a second ({duration} a turn), on "
                "{area}.",
                "WCAG 2.2 success criterion 2.3.1, Three Flashes or Below Threshold: three in a second are the most.",
                "Large flashes can set off seizures; small ones make the text beside them hard to read.",
                "Slow it down: an animation-duration of {slow} gives two flashes a second; or end it.",
            ),
            Texts(
                "{element} destella {rate} veces por segundo",
                "La animación {name} pasa por {rate} pares de cambios opuestos por segundo ({duration} por vuelta), "
                "en {area}.",
                "Criterio 2.3.1 de WCAG 2.2, Umbral de tres destellos o menos: como mucho tres por segundo.",
                "Los destellos grandes pueden provocar convulsiones; los pequeños impiden leer lo de al lado.",
                "Hazla más lenta: con animation-duration de {slow} quedan dos destellos por segundo; o quítala.",
            ),
        ),
        check=_check_flashes,
    ),
)
