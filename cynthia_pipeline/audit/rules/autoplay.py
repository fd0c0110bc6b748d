"""Video and sound that start by themselves."""

from cynthia_pipeline.audit.artifacts import ViewportArtifacts
from cynthia_pipeline.audit.motion import Media
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.movement import can_be_stopped
from cynthia_pipeline.audit.rules.wcag import cited

_LONGEST = 5.0
"""Seconds, SC 2.2.2."""


def _check(view: ViewportArtifacts) -> Verdict:
    playing = [
        media for media in view.motion.media if media.autoplay and media.muted and view.elements[media.element].visible
    ]
    if can_be_stopped(view):
        return Verdict(len(playing))
    endless = [media for media in playing if not media.controls and (media.loop or media.duration > _LONGEST)]
    return Verdict(len(playing), tuple(_finding(view, media) for media in endless))


def _finding(view: ViewportArtifacts, media: Media) -> Finding:
    element = view.elements[media.element]
    return Finding(
        Severity.MAJOR,
        cause="video",
        facts={
            "length": "∞" if media.loop else f"{number(media.duration, 1)} s",
            "size": f"{number(element.rect.width, 0)} × {number(element.rect.height, 0)} px",
        },
        element=element,
        before="<video autoplay muted loop>" if media.loop else "<video autoplay muted>",
        after="<video muted controls>",
    )


RULES = (
    Rule(
        id="mot-autoplay",
        axis=Axis.MOT,
        fix_type=FixType.COMPONENT,
        source=cited("2.2.2"),
        measures="videos that play by themselves without sound, their length in s, and whether they can be stopped",
        texts=bilingual(
            Texts(
                "A video plays by itself and cannot be stopped",
                "The video ({size}, {length}) starts by itself, without controls; no button of the page pauses it.",
                "WCAG 2.2 success criterion 2.2.2, Pause, Stop, Hide: what moves for more than 5 s needs a way to "
                "stop it.",
                "It draws the eye from what is to be read, and uses up data.",
                "Give the video controls, or a pause button; leave autoplay out.",
            ),
            Texts(
                "Un vídeo se reproduce solo y no se puede parar",
                "El vídeo ({size}, {length}) empieza solo y sin controles; ningún botón de la página lo detiene.",
                "Criterio 2.2.2 de WCAG 2.2, Poner en pausa, detener, ocultar: lo que se mueve más de 5 s necesita un "
                "modo de pararlo.",
                "Aparta la vista de lo que hay que leer y gasta datos.",
                "Dale controles al vídeo o un botón de pausa; quita autoplay.",
            ),
        ),
        check=_check,
    ),
)
