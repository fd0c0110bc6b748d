"""What pressing keys shows: traps, focus that is not seen, single-key shortcuts, motion without a control."""

from cynthia_pipeline.audit.artifacts import Element, Flag, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited


def _check_trap(view: ViewportArtifacts) -> Verdict:
    """SC 2.1.2 allows another way out if the page names it; an open dialog is for a person to judge."""
    return _trap(view, named=False, severity=Severity.CRITICAL)


def _check_way_out(view: ViewportArtifacts) -> Verdict:
    return _trap(view, named=True, severity=Severity.MINOR)


def _trap(view: ViewportArtifacts, *, named: bool, severity: Severity) -> Verdict:
    keyboard = view.keyboard
    if keyboard.trapped and keyboard.is_dialog:
        return Verdict(1, reviews=1)
    if not keyboard.trapped or named != (keyboard.escape is not None):
        return Verdict(int(keyboard.pressed))
    facts = {"count": str(len(keyboard.trapped)), "key": keyboard.escape or "Tab"}
    elements = [view.elements[index] for index in keyboard.trapped]
    return Verdict(1, tuple(Finding(severity, cause="trap", facts=facts, element=element) for element in elements))


def _check_focus(view: ViewportArtifacts) -> Verdict:
    keyboard = view.keyboard
    findings = tuple(
        Finding(
            Severity.CRITICAL,
            cause=f"<{view.elements[index].tag}>",
            facts={"tag": f"<{view.elements[index].tag}>", "stops": str(len(keyboard.stops))},
            element=view.elements[index],
            before="outline: none",
            after=":focus-visible { outline: 2px solid currentcolor; outline-offset: 2px }",
        )
        for index in keyboard.unmarked
    )
    return Verdict(len(keyboard.stops), findings)


def _check_hidden_stops(view: ViewportArtifacts) -> Verdict:
    """A stop that hands the focus on at once is none: by then the focus is elsewhere."""
    stops = [view.elements[index] for index in view.keyboard.stops]
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause=f"<{element.tag}>",
            facts={"tag": f"<{element.tag}>", "stops": str(len(stops))},
            element=_hidden_part(view, element),
        )
        for element in stops
        if Flag.HIDDEN_FROM_AT in element.flags
    )
    return Verdict(len(stops), findings)


def _hidden_part(view: ViewportArtifacts, element: Element) -> Element:
    """The outermost element around it that hides it, which is the one that axe-core names."""
    around = (
        one for one in (*reversed(view.ancestors(element)), element) if one.attributes.get("aria-hidden") == "true"
    )
    return next(around, element)


def _check_shortcuts(view: ViewportArtifacts) -> Verdict:
    keyboard = view.keyboard
    if not keyboard.shortcuts:
        return Verdict(int(keyboard.pressed))
    if keyboard.speaks_of_shortcuts:
        return Verdict(1, reviews=1)
    keys = ", ".join(keyboard.shortcuts)
    return Verdict(1, (Finding(Severity.MAJOR, cause="shortcuts", facts={"keys": keys}),))


def _check_motion(view: ViewportArtifacts) -> Verdict:
    keyboard = view.keyboard
    if not keyboard.moves_with_device:
        return Verdict(int(keyboard.device_moved))
    if keyboard.controls:
        return Verdict(1, reviews=1)
    return Verdict(1, (Finding(Severity.CRITICAL, cause="motion", facts={"controls": "0"}),))


RULES = (
    Rule(
        id="acc-keyboard-trap",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("2.1.2"),
        measures="elements that the focus cannot leave by the Tab key, count",
        texts=bilingual(
            Texts(
                "The keyboard gets stuck on {count} elements",
                "Tab and Shift+Tab were pressed; the focus went round among these elements and never left them.",
                "WCAG 2.2 success criterion 2.1.2, No Keyboard Trap.",
                "People who use a keyboard can reach nothing else on the page, nor leave it.",
                "Remove the handler that takes the focus back when it leaves.",
            ),
            Texts(
                "El teclado queda atrapado en {count} elementos",
                "Se pulsó Tab y Mayús+Tab; el foco dio vueltas entre estos elementos y nunca salió.",
                "Criterio 2.1.2 de WCAG 2.2, Sin trampas para el foco del teclado.",
                "Quienes usan teclado no llegan a nada más de la página ni pueden salir de ella.",
                "Quita el código que recupera el foco cuando sale.",
            ),
        ),
        check=_check_trap,
        viewports=(Viewport.DESKTOP,),
        act_rules=("80af7b", "ebe86a", "a1b64e"),
        needs=frozenset({Part.KEYBOARD}),
    ),
    Rule(
        id="acc-keyboard-way-out",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("2.1.2"),
        measures="elements that the focus leaves by another key than Tab, count",
        texts=bilingual(
            Texts(
                "Only the key {key} leads out of {count} elements",
                "Tab and Shift+Tab do not leave them; the key that the page names does.",
                "WCAG 2.2 success criterion 2.1.2 allows this where the key is named; everyone expects Tab.",
                "People who miss the hint think that the page is stuck.",
                "Let Tab leave the elements as well.",
            ),
            Texts(
                "Solo la tecla {key} saca de {count} elementos",
                "Tab y Mayús+Tab no salen de ellos; sí la tecla que la página nombra.",
                "El criterio 2.1.2 de WCAG 2.2 lo permite si se nombra la tecla; todos esperan Tab.",
                "Quien no vea la indicación creerá que la página se ha bloqueado.",
                "Deja que Tab también salga de los elementos.",
            ),
        ),
        check=_check_way_out,
        viewports=(Viewport.DESKTOP,),
        act_rules=("a1b64e",),
        needs=frozenset({Part.KEYBOARD}),
    ),
    Rule(
        id="acc-focus-visible",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("2.4.7"),
        measures="kinds of elements that look the same with the focus and without, pixel by pixel, count",
        texts=bilingual(
            Texts(
                "A {tag} does not show that it has the focus",
                "It was reached by the Tab key; the screen with the focus and without is the same to the last pixel.",
                "WCAG 2.2 success criterion 2.4.7, Focus Visible.",
                "People who use a keyboard do not see where they are.",
                "Give it an outline on :focus-visible; never take the outline away without another sign.",
            ),
            Texts(
                "Un {tag} no muestra que tiene el foco",
                "Se llegó a él con Tab; la pantalla con foco y sin foco es idéntica píxel a píxel.",
                "Criterio 2.4.7 de WCAG 2.2, Foco visible.",
                "Quienes usan teclado no ven dónde están.",
                "Dale un contorno en :focus-visible; nunca quites el contorno sin otra señal.",
            ),
        ),
        check=_check_focus,
        viewports=(Viewport.DESKTOP,),
        act_rules=("oj04fd",),
        needs=frozenset({Part.KEYBOARD}),
    ),
    Rule(
        id="acc-hidden-stop",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('4.1.2')}; WAI-ARIA 1.2, aria-hidden",
        measures="stops of the Tab key that are hidden from assistive technology, count",
        texts=bilingual(
            Texts(
                "The Tab key stops at a {tag} that screen readers do not get",
                "The key was pressed {stops} times; the focus stayed on something inside of aria-hidden.",
                "WCAG 2.2 success criterion 4.1.2; WAI-ARIA 1.2: aria-hidden is not for what takes the focus.",
                "With a screen reader the focus is on something of which nothing is said.",
                'Take it out of the order with tabindex="-1" or disabled, or show it to assistive technology.',
            ),
            Texts(
                "El tabulador se para en un {tag} que el lector de pantalla no recibe",
                "Se pulsó {stops} veces; el foco se quedó en algo dentro de aria-hidden.",
                "Criterio 4.1.2 de WCAG 2.2; WAI-ARIA 1.2: aria-hidden no es para lo que recibe el foco.",
                "Con lector de pantalla el foco está en algo de lo que nada se dice.",
                'Sácalo del orden con tabindex="-1" o disabled, o muéstralo a las ayudas técnicas.',
            ),
        ),
        check=_check_hidden_stops,
        viewports=(Viewport.DESKTOP,),
        absorbs=("aria-hidden-focus",),
        act_rules=("6cfa84",),
        needs=frozenset({Part.KEYBOARD, Part.AXE}),
    ),
    Rule(
        id="acc-single-key",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("2.1.4"),
        measures="printable keys that change the page while no field has the focus",
        texts=bilingual(
            Texts(
                "A single key changes the page: {keys}",
                "These keys were pressed while no field had the focus; the page offers nothing about shortcuts.",
                "WCAG 2.2 success criterion 2.1.4, Character Key Shortcuts: they can be turned off or changed.",
                "Speech control types letters into the page, and unsteady hands hit them: things happen unasked.",
                "Ask for Ctrl or Alt as well, or let people turn the shortcuts off.",
            ),
            Texts(
                "Una sola tecla cambia la página: {keys}",
                "Se pulsaron sin que ningún campo tuviera el foco; la página no dice nada de atajos.",
                "Criterio 2.1.4 de WCAG 2.2, Atajos de teclado de un carácter: deben poder desactivarse o cambiarse.",
                "El control por voz escribe letras y el poco pulso las pulsa: pasan cosas que nadie pidió.",
                "Pide además Ctrl o Alt, o permite desactivar los atajos.",
            ),
        ),
        check=_check_shortcuts,
        viewports=(Viewport.DESKTOP,),
        act_rules=("ffbc54",),
        needs=frozenset({Part.KEYBOARD}),
    ),
    Rule(
        id="acc-device-motion",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("2.5.4"),
        measures="changes when the device moves, on a page with no control at all",
        texts=bilingual(
            Texts(
                "Only moving the device works this page",
                "A movement was simulated and the page changed; it has {controls} controls that could do the same.",
                "WCAG 2.2 success criterion 2.5.4, Motion Actuation: controls do the same, motion can be turned off.",
                "People whose device is mounted, or whose hands shake, cannot use it or set it off unasked.",
                "Add buttons that do the same, and a switch that turns the motion off.",
            ),
            Texts(
                "Esta página solo funciona moviendo el dispositivo",
                "Se simuló un movimiento y la página cambió; tiene {controls} controles que hagan lo mismo.",
                "Criterio 2.5.4 de WCAG 2.2, Actuación por movimiento: un control hace lo mismo y se puede desactivar.",
                "Quien lleva el dispositivo fijo, o tiene temblor, no puede usarla o la activa sin querer.",
                "Añade botones que hagan lo mismo y un interruptor que apague el movimiento.",
            ),
        ),
        check=_check_motion,
        viewports=(Viewport.DESKTOP,),
        act_rules=("7677a9", "c249d5"),
        needs=frozenset({Part.KEYBOARD}),
    ),
)
