"""Recordings and films without words to read: WCAG 2.2 SC 1.2.1, 1.2.2, 1.2.3, 1.2.8."""

import re

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.recordings import Media
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_SHORT_S = 3.0
"""Up to this long it is a signal rather than something to follow."""

_WORDS_A_SECOND = 1.0
"""Slow speech has twice as many words a second; a page with fewer cannot hold what the recording says."""

_ALTERNATIVE = re.compile(
    r"transcri|caption|subtitle|text (version|alternative)|media alternative"
    r"|(audio|video|film|text|full|descriptive|visual) descri"
    r"|descri\w+ (of|for) (the |this |our )?(video|film|clip|animation|audio|recording)"
    r"|subt[ií]tul|versi[oó]n (en|de) texto"
    r"|descripci[oó]n (del?|de la|de este) (v[ií]deo|pel[ií]cula|audio|grabaci[oó]n)",
    re.IGNORECASE,
)
_SAME_AS_TEXT = re.compile(
    r"\b(same (information|content|text|story)"
    r"|(video|film|audio|spoken|sound|recorded) (version|form|format|alternative)|read aloud|media alternative"
    r"|misma informaci[oó]n|mismo (contenido|texto)|versi[oó]n (en|de) (v[ií]deo|audio)|le[ií]d[oa] en voz alta)\b",
    re.IGNORECASE,
)
"""What says that a recording only repeats the text, which SC 1.2.1 to 1.2.3 then leave out."""

_CAPTIONED = re.compile(r"caption|subtitle|subt[ií]tul|\bcc\b|sign language|lengua de signos", re.IGNORECASE)
_DESCRIBED = re.compile(r"voice.?over|audio.?descri|described|descriptive|audiodescri|locuci[oó]n", re.IGNORECASE)
_SPEAKS_OF_IT = {
    "audio": re.compile(
        r"\b(audio|listen\w*|hear|heard|recordings?|recorded|sounds?|songs?|music|speech|spoken|podcasts?|episodes?"
        r"|interviews?|play\w*|mp3|tracks?|voices?|talks?"
        r"|escuch\w*|o[ií]r|grabaci[oó]n\w*|sonidos?|canci[oó]n\w*|m[uú]sica|discursos?|episodios?|entrevistas?|voz)\b",
        re.IGNORECASE,
    ),
    "video": re.compile(
        r"\b(videos?|films?|filmed|movies?|clips?|animat\w+|footage|screencasts?|recordings?|recorded|watch\w*|trailer"
        r"|demos?|demonstrat\w+|scenes?|play\w*|gif|time.?lapse|shows?|shown|see|seen"
        r"|v[ií]deos?|pel[ií]culas?|animaci[oó]n\w*|grabaci[oó]n\w*|escenas?|muestra\w*)\b",
        re.IGNORECASE,
    ),
}
"""Words without which no text can be told to be about a recording."""

_UNSPOKEN_TRACKS = frozenset({"descriptions", "metadata", "chapters"})
"""Kinds of text tracks that no browser shows or speaks."""


def _check_words(view: ViewportArtifacts) -> Verdict:
    """A silent film and sound on one page may stand for each other, which a person has to hear."""
    offered = [item for item in view.accessibility.media if _is_offered(item)]
    alone = [item for item in offered if item.tag == "audio" or item.has_sound is False]
    has_text = _names(view, _ALTERNATIVE) or _names(view, _SAME_AS_TEXT)
    without = [item for item in alone if not _has_tracks(item) and not has_text]
    if len({item.tag for item in alone}) > 1:
        return Verdict(len(alone), reviews=len(without))
    findings = []
    for item in without:
        speaks = bool(_SPEAKS_OF_IT[item.tag].search(view.accessibility.reading.words) or item.said)
        enough = _words_for(view, item) >= _WORDS_A_SECOND * item.seconds
        if not enough or not speaks:
            findings.append(_finding(view, item, Severity.MINOR if enough else Severity.MAJOR))
    return Verdict(len(alone), tuple(findings))


def _check_captions(view: ViewportArtifacts) -> Verdict:
    films = _films_with_sound(view)
    findings = tuple(
        _finding(view, item, Severity.MINOR)
        for item in films
        if not {"captions", "subtitles"} & set(item.tracks)
        and not _CAPTIONED.search(f"{item.address} {item.said}")
        and not _names(view, _CAPTIONED)
        and not _names(view, _SAME_AS_TEXT)
    )
    return Verdict(len(films), findings)


def _check_text_of_film(view: ViewportArtifacts) -> Verdict:
    films = _films_with_sound(view)
    findings = tuple(
        _finding(view, item, Severity.INFO)
        for item in films
        if view.accessibility.reading.heard < _WORDS_A_SECOND * item.seconds
        and not _DESCRIBED.search(f"{item.address} {item.said}")
        and not _names(view, _ALTERNATIVE)
        and not _names(view, _SAME_AS_TEXT)
    )
    return Verdict(len(films), findings)


def _films_with_sound(view: ViewportArtifacts) -> list[Media]:
    return [
        item
        for item in view.accessibility.media
        if item.tag == "video" and item.has_sound is True and not item.muted and _is_offered(item)
    ]


def _is_offered(item: Media) -> bool:
    """Whether it is there to be played; a film that shows no controls decorates."""
    return item.is_loaded and item.controls and item.is_shown and item.seconds > _SHORT_S


def _has_tracks(item: Media) -> bool:
    return bool(set(item.tracks) - _UNSPOKEN_TRACKS)


def _names(view: ViewportArtifacts, pattern: re.Pattern[str]) -> bool:
    """Whether the page's words or the names of its controls match."""
    reading = view.accessibility.reading
    return bool(pattern.search(reading.words)) or any(map(pattern.search, reading.controls))


def _words_for(view: ViewportArtifacts, item: Media) -> int:
    """Who cannot hear reads the screen; who cannot see a silent film hears what is off it too."""
    reading = view.accessibility.reading
    return reading.seen if item.tag == "audio" else reading.heard


def _finding(view: ViewportArtifacts, item: Media, severity: Severity) -> Finding:
    seconds = f"{number(item.seconds, 1)} s"
    return Finding(
        severity,
        cause=item.tag,
        facts={
            "tag": f"<{item.tag}>",
            "seconds": seconds,
            "words": str(_words_for(view, item)),
        },
        element=view.elements[item.element],
        measured=Measurements(duration=seconds),
    )


RULES = (
    Rule(
        id="acc-recording-without-text",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("1.2.1"),
        measures="length of a recording in seconds, and words on the page, count",
        texts=bilingual(
            Texts(
                "A {tag} of {seconds} has no text in its place",
                "There is no track, transcript or description; the {words} words to read are too few for it, or do not "
                "say that they are about it.",
                "WCAG 2.2 success criterion 1.2.1, Audio-only and Video-only.",
                "People who cannot hear or cannot see the recording learn nothing of it.",
                "Put a transcript, or for a silent film a description, beside it or behind a link.",
            ),
            Texts(
                "Un {tag} de {seconds} no tiene texto que lo sustituya",
                "No hay pista de texto, transcripción ni descripción; las {words} palabras que se pueden leer son "
                "demasiado pocas o no dicen que tratan de ello.",
                "Criterio 1.2.1 de WCAG 2.2, Solo audio y solo vídeo.",
                "Quienes no pueden oír o ver la grabación no se enteran de nada.",
                "Pon al lado, o tras un enlace, una transcripción o, si es un vídeo mudo, una descripción.",
            ),
        ),
        check=_check_words,
        viewports=(Viewport.DESKTOP,),
        act_rules=("e7aa44", "2eb176", "afb423", "c3232f", "ee13b5", "fd26cf", "d7ba54"),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-film-without-captions",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.2.2')}, technique H95",
        measures="films with sound that have no caption track, and nothing that speaks of captions, count",
        texts=bilingual(
            Texts(
                "A film of {seconds} has sound and no captions",
                "It has no caption track, and neither its address nor the page speaks of captions. Captions that are "
                "part of the picture were not looked for.",
                "WCAG 2.2 success criterion 1.2.2, Captions: what is said in a film can be read.",
                "People who cannot hear it, and everyone who watches without sound, miss what is said.",
                'Add <track kind="captions" srclang="en" src="captions.vtt" default> with all that is said.',
            ),
            Texts(
                "Un vídeo de {seconds} tiene sonido y no tiene subtítulos",
                "No tiene pista de subtítulos, y ni su dirección ni la página los mencionan. No se buscaron subtítulos "
                "que formen parte de la imagen.",
                "Criterio 1.2.2 de WCAG 2.2, Subtítulos: lo que se dice en un vídeo se puede leer.",
                "Quienes no pueden oírlo, y quienes lo ven sin sonido, se pierden lo que se dice.",
                'Añade <track kind="captions" srclang="es" src="subtitulos.vtt" default> con todo lo que se dice.',
            ),
        ),
        check=_check_captions,
        viewports=(Viewport.DESKTOP,),
        act_rules=("f51b46", "eac66b", "ab4d13"),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-film-without-text",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.2.8')}, {cited('1.2.3')}",
        measures="length of a film with sound in seconds, and words on the page, count",
        texts=bilingual(
            Texts(
                "Nothing tells in words what a film of {seconds} shows",
                "The page has {words} words in all, and no transcript or description; nothing says that the film's "
                "sound describes its picture.",
                "WCAG 2.2 success criterion 1.2.8 (level AAA), Media Alternative; 1.2.3 where the film shows more "
                "than is said in it.",
                "People who cannot see the film learn only what is said; who can neither see nor hear, nothing.",
                "Write down what is said and what is seen, beside the film or behind a link.",
            ),
            Texts(
                "Nada cuenta con palabras lo que muestra un vídeo de {seconds}",
                "La página tiene {words} palabras en total, sin transcripción ni descripción; nada indica que el "
                "sonido del vídeo describa la imagen.",
                "Criterio 1.2.8 de WCAG 2.2 (nivel AAA), Alternativa multimedia; 1.2.3 si el vídeo muestra más de lo "
                "que dice.",
                "Quienes no pueden verlo solo conocen lo que se dice; quienes ni ven ni oyen, nada.",
                "Escribe lo que se dice y lo que se ve, junto al vídeo o tras un enlace.",
            ),
        ),
        check=_check_text_of_film,
        viewports=(Viewport.DESKTOP,),
        act_rules=("1a02b0", "c5a4ea", "1ec09b", "1ea59c"),
        needs=frozenset({Part.NAMES}),
    ),
)
