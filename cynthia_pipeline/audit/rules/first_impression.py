"""The first impression, as far as pixels tell it: how colourful and how complex the first view looks.

A heuristic of low confidence, and said to be one wherever it is shown: taste is no measurement.
"""

import io
import math

from PIL import Image

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number

_SAMPLES = (320, 200)
"""Pixels of the first view that are looked at, evenly spaced."""

_HIGHLY, _EXTREMELY = 82.0, 109.0
"""Where Hasler and Süsstrunk's observers said "highly" and "extremely" colourful."""

_FAIR_BYTES, _MANY_BYTES = 100_000, 200_000
"""Where the Aalto Interface Metrics call a screen's JPEG size "fair" and "huge", for a screen of 1280 × 800 px."""

_JPEG_QUALITY = 70
_LEAST_PARTS = 3
"""Texts and images in the first view below which there is no composition to judge."""

CONFIDENCE = "confidence: low"


def first_view(view: ViewportArtifacts) -> Image.Image | None:
    """What is seen before scrolling; None without a picture, or with hardly anything on it."""
    parts = [element for element in view.visible if element.text_length or element.tag in ("img", "svg", "video")]
    if sum(element.rect.y < view.viewport.height for element in parts) < _LEAST_PARTS:
        return None
    return view.first_screen


def colourfulness(picture: Image.Image) -> float:
    """Hasler and Süsstrunk's M3, 0 for grey to about 190: the spread plus 0.3 × the mean of R − G and (R + G)/2 − B."""
    sample = picture.resize(_SAMPLES, Image.Resampling.NEAREST)
    count = first = first_squares = second = second_squares = 0
    for times, colour in sample.getcolors(_SAMPLES[0] * _SAMPLES[1]) or []:
        if isinstance(colour, tuple):
            red, green, blue = colour[:3]
            one, other = red - green, red + green - 2 * blue  # the second is twice as large: whole numbers are exact
            count += times
            first += times * one
            first_squares += times * one * one
            second += times * other
            second_squares += times * other * other
    spread = (count * first_squares - first**2) + (count * second_squares - second**2) / 4
    return (math.sqrt(spread) + 0.3 * math.hypot(first, second / 2)) / count


def jpeg_bytes(picture: Image.Image) -> int:
    """What the picture weighs as a JPEG of quality 70, scaled to 1280 × 800 px by area."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return round(len(buffer.getvalue()) * (1280 * 800) / (picture.width * picture.height))


def _check_colour(view: ViewportArtifacts) -> Verdict:
    picture = first_view(view)
    if picture is None:
        return Verdict(0)
    measured = colourfulness(picture)
    readings = {"colourfulness": round(measured, 1)}
    if measured < _HIGHLY:
        return Verdict(1, note=CONFIDENCE, readings=readings)
    severity = Severity.MINOR if measured >= _EXTREMELY else Severity.INFO
    facts = {"measured": number(measured, 0), "most": number(_HIGHLY, 0)}
    return Verdict(1, (Finding(severity, "colourful", facts, view.elements[0]),), note=CONFIDENCE, readings=readings)


def _check_complexity(view: ViewportArtifacts) -> Verdict:
    picture = first_view(view)
    if picture is None:
        return Verdict(0)
    measured = jpeg_bytes(picture)
    readings = {"complexity_bytes": float(measured)}
    if measured <= _FAIR_BYTES:
        return Verdict(1, note=CONFIDENCE, readings=readings)
    severity = Severity.MINOR if measured > _MANY_BYTES else Severity.INFO
    facts = {"measured": f"{number(measured / 1000, 0)} kB", "most": f"{number(_FAIR_BYTES / 1000, 0)} kB"}
    return Verdict(1, (Finding(severity, "complex", facts, view.elements[0]),), note=CONFIDENCE, readings=readings)


RULES = (
    Rule(
        id="emo-colourfulness",
        axis=Axis.EMO,
        fix_type=FixType.TOKEN,
        source="Hasler and Süsstrunk 2003, M3; Reinecke et al. 2013; a heuristic",
        measures="colourfulness of the first view, M3, 0 to about 190",
        texts=bilingual(
            Texts(
                "The first view is very colourful: {measured}",
                "Its colourfulness is {measured}; from {most} people call a picture highly colourful.",
                "In studies of first impressions, appeal falls with much colour. A heuristic: taste differs.",
                "The page may look loud before a word of it is read.",
                "Keep strong colours for what matters most, and calm large areas until the value is below {most}.",
            ),
            Texts(
                "La primera vista es muy colorida: {measured}",
                "Su colorido es {measured}; desde {most} la gente dice que una imagen es muy colorida.",
                "En estudios de primeras impresiones, el atractivo baja con mucho colorido. Es una heurística.",
                "La página puede parecer estridente antes de leerse una palabra.",
                "Reserva los colores fuertes para lo importante y calma las áreas grandes hasta bajar de {most}.",
            ),
        ),
        check=_check_colour,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.PICTURE}),
    ),
    Rule(
        id="emo-complexity",
        axis=Axis.EMO,
        fix_type=FixType.LAYOUT,
        source="Tuch et al. 2009; Miniukovich and De Angeli 2015; bounds of the Aalto Interface Metrics; a heuristic",
        measures="visual complexity of the first view, bytes of its JPEG of quality 70 at 1280 × 800 px",
        texts=bilingual(
            Texts(
                "The first view is busy: {measured} as a JPEG",
                "As a JPEG of quality 70 it weighs {measured}; {most} and less are usual for a calm screen.",
                "The size of a compressed picture goes with how complex it looks. A heuristic: photographs count too.",
                "Visitors need longer to see what the page is about.",
                "Show fewer things at once, or calmer pictures, until the first view is below {most}.",
            ),
            Texts(
                "La primera vista está recargada: {measured} como JPEG",
                "Como JPEG de calidad 70 pesa {measured}; lo usual en una pantalla serena son {most} o menos.",
                "El peso de la imagen comprimida va con lo compleja que parece. Es una heurística: las fotos cuentan.",
                "Los visitantes tardan más en ver de qué trata la página.",
                "Muestra menos cosas a la vez, o imágenes más serenas, hasta bajar de {most}.",
            ),
        ),
        check=_check_complexity,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.PICTURE}),
    ),
)
