"""Sound that starts by itself, and recordings without words to read: WCAG 2.2 SC 1.4.2 and 1.2.1."""

import re

from cynthia_pipeline.audit.accessibility import Media
from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_SHORT_S = 3.0
"""Sound up to this long may start by itself (SC 1.4.2)."""

_WORDS_A_SECOND = 1.0
"""Slow speech has twice as many words a second; a page with fewer cannot hold what the recording says."""

_CONTROL = re.compile(
    r"\b(pause|stop|mute|silence|volume|play|sound|audio|player"
    r"|pausa|pausar|parar|detener|silenci\w*|volumen|reproduc\w*|sonido)\b",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(
    r"transcri|caption|subtitle|text version|text alternative|description|described|media alternative"
    r"|subt[ií]tul|versi[oó]n (en|de) texto|alternativa|descripci[oó]n",
    re.IGNORECASE,
)


def _check_sound(view: ViewportArtifacts) -> Verdict:
    playing = [item for item in view.accessibility.media if _starts_by_itself(item)]
    findings = tuple(
        _finding(view, item, Severity.CRITICAL)
        for item in playing
        if not (item.controls and item.is_shown) and not any(map(_is_control, view.visible))
    )
    return Verdict(len(view.accessibility.media), findings)


def _check_sound_at_all(view: ViewportArtifacts) -> Verdict:
    playing = [item for item in view.accessibility.media if _starts_by_itself(item)]
    return Verdict(len(view.accessibility.media), tuple(_finding(view, item, Severity.INFO) for item in playing))


def _starts_by_itself(item: Media) -> bool:
    lasts = item.seconds > _SHORT_S or (item.loops and item.seconds > 0)
    return item.is_loaded and item.autoplays and not item.muted and item.has_sound is True and lasts


def _is_control(element: Element) -> bool:
    operable = element.tag in ("button", "input", "a") or element.attributes.get("role") == "button"
    words = f"{element.text} {element.attributes.get('aria-label', '')} {element.attributes.get('title', '')}"
    return operable and bool(_CONTROL.search(words) or not words.strip())


def _check_words(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = 0
    for item in view.accessibility.media:
        # A film that shows no controls decorates; one with sound may have its captions in the picture.
        if not (item.is_loaded and item.controls and item.is_shown) or item.seconds <= _SHORT_S:
            continue
        if item.tag == "video" and item.has_sound is not False:
            continue
        checked += 1
        if not item.tracks and not _has_alternative(view, item):
            findings.append(_finding(view, item, Severity.MAJOR))
    return Verdict(checked, tuple(findings))


def _has_alternative(view: ViewportArtifacts, item: Media) -> bool:
    if view.accessibility.bypass.words >= _WORDS_A_SECOND * item.seconds:
        return True
    return any(
        _ALTERNATIVE.search(f"{element.text} {element.attributes.get('aria-label', '')}") for element in view.visible
    )


def _finding(view: ViewportArtifacts, item: Media, severity: Severity) -> Finding:
    seconds = f"{number(item.seconds, 1)} s"
    return Finding(
        severity,
        cause=item.tag,
        facts={
            "tag": f"<{item.tag}>",
            "seconds": seconds,
            "words": str(view.accessibility.bypass.words),
        },
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
                "It plays {seconds} by itself; it shows no controls, and the page has no button to pause or mute.",
                "WCAG 2.2 success criterion 1.4.2, Audio Control: sound of more than 3 s needs a way to stop it.",
                "The sound drowns the voice of a screen reader, and startles everyone else.",
                "Remove autoplay, or add muted, or show the controls.",
            ),
            Texts(
                "Un {tag} empieza con sonido y nada lo detiene",
                "Suena {seconds} por sí solo; no muestra controles y la página no tiene botón de pausa o silencio.",
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
    Rule(
        id="acc-recording-without-text",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("1.2.1"),
        measures="length of a recording in seconds, and words on the page, count",
        texts=bilingual(
            Texts(
                "A {tag} of {seconds} has no text in its place",
                "The page has {words} words in all, no track, and no transcript or description.",
                "WCAG 2.2 success criterion 1.2.1, Audio-only and Video-only.",
                "People who cannot hear or cannot see the recording learn nothing of it.",
                "Put a transcript, or for a silent film a description, beside it or behind a link.",
            ),
            Texts(
                "Un {tag} de {seconds} no tiene texto que lo sustituya",
                "La página tiene {words} palabras en total, sin pista de texto, transcripción ni descripción.",
                "Criterio 1.2.1 de WCAG 2.2, Solo audio y solo vídeo.",
                "Quienes no pueden oír o ver la grabación no se enteran de nada.",
                "Pon al lado, o tras un enlace, una transcripción o, si es un vídeo mudo, una descripción.",
            ),
        ),
        check=_check_words,
        viewports=(Viewport.DESKTOP,),
        act_rules=("e7aa44", "2eb176", "afb423", "c3232f", "ee13b5", "fd26cf"),
        needs=frozenset({Part.NAMES}),
    ),
)
