"""Sound that starts by itself: WCAG 2.2 SC 1.4.2."""

import re

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.recordings import Media
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_SHORT_S = 3.0
"""Sound up to this long may start by itself (SC 1.4.2)."""

_CONTROL = re.compile(
    r"\b(pause|stop|mute|silence|volume|play|sound|audio|player"
    r"|pausa|pausar|parar|detener|silenci\w*|volumen|reproduc\w*|sonido)\b",
    re.IGNORECASE,
)


def _check_sound(view: ViewportArtifacts) -> Verdict:
    playing = [item for item in view.accessibility.media if _starts_by_itself(item)]
    findings = tuple(
        _finding(view, item, Severity.CRITICAL)
        for item in playing
        if not (item.controls and item.is_shown) and not any(map(_CONTROL.search, view.accessibility.reading.controls))
    )
    return Verdict(len(view.accessibility.media), findings)


def _check_sound_at_all(view: ViewportArtifacts) -> Verdict:
    playing = [item for item in view.accessibility.media if _starts_by_itself(item)]
    return Verdict(len(view.accessibility.media), tuple(_finding(view, item, Severity.INFO) for item in playing))


def _starts_by_itself(item: Media) -> bool:
    lasts = item.seconds > _SHORT_S or (item.loops and item.seconds > 0)
    return item.is_loaded and item.autoplays and not item.muted and item.has_sound is True and lasts


def _finding(view: ViewportArtifacts, item: Media, severity: Severity) -> Finding:
    seconds = f"{number(item.seconds, 1)} s"
    return Finding(
        severity,
        cause=item.tag,
        facts={"tag": f"<{item.tag}>", "seconds": seconds},
        element=view.elements[item.element],
        measured=Measurements(duration=seconds),
    )


RULES = (
    Rule(
        id="acc-sound-without-control",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("1.4.2"),
        measures="sound that starts by itself, seconds",
        texts=bilingual(
            Texts(
                "A {tag} starts with sound, and nothing stops it",
                "It plays {seconds} by itself; it shows no controls, and no button that is seen, heard and "
                "named stops it.",
                "WCAG 2.2 success criterion 1.4.2, Audio Control: sound of more than 3 s needs a way to stop it.",
                "The sound drowns the voice of a screen reader, and startles everyone else.",
                "Remove autoplay, or add muted, or show the controls.",
            ),
            Texts(
                "Un {tag} empieza con sonido y nada lo detiene",
                "Suena {seconds} por sí solo; no muestra controles y ningún botón que se vea, se oiga y tenga "
                "nombre lo detiene.",
                "Criterio 1.4.2 de WCAG 2.2, Control del audio: más de 3 s de sonido exigen poder detenerlo.",
                "El sonido tapa la voz del lector de pantalla y sobresalta a los demás.",
                "Quita autoplay, añade muted o muestra los controles.",
            ),
        ),
        check=_check_sound,
        viewports=(Viewport.DESKTOP,),
        absorbs=("no-autoplay-audio",),
        act_rules=("80f0bf", "4c31df"),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-sound-by-itself",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('1.4.2')}, technique G60",
        measures="sound that starts by itself, seconds",
        texts=bilingual(
            Texts(
                "A {tag} starts with {seconds} of sound by itself",
                "It starts without having been asked.",
                "Technique G60 for WCAG 2.2 success criterion 1.4.2: sound that turns itself off within 3 s.",
                "Until they find the control, people cannot hear their screen reader.",
                "Let people start the sound themselves.",
            ),
            Texts(
                "Un {tag} empieza por sí solo con {seconds} de sonido",
                "Empieza sin que nadie lo pida.",
                "Técnica G60 del criterio 1.4.2 de WCAG 2.2: sonido que se apaga solo antes de 3 s.",
                "Hasta encontrar el control, la gente no oye su lector de pantalla.",
                "Deja que cada persona inicie el sonido.",
            ),
        ),
        check=_check_sound_at_all,
        viewports=(Viewport.DESKTOP,),
        act_rules=("aaa1bf",),
        needs=frozenset({Part.NAMES}),
    ),
)
