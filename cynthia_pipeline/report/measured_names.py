"""What the measured values of an issue are called, in both languages. A name that is not here is shown as it came."""

import re
from collections.abc import Mapping
from typing import Final

from cynthia_pipeline.messages import Language

# English, Spanish. The keys are the facts of the rules and the contract's own measurements.
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "above": ("Size of the heading above", "Tamaño del título superior"),
    "attribute": ("Attribute", "Atributo"),
    "background": ("Background", "Fondo"),
    "below": ("Size of the heading below", "Tamaño del título inferior"),
    "change": ("Change", "Cambio"),
    "characters": ("Characters", "Caracteres"),
    "colours": ("Colours", "Colores"),
    "confidence": ("Confidence", "Confianza"),
    "contrast": ("Contrast", "Contraste"),
    "count": ("Number", "Cantidad"),
    "duration": ("Duration", "Duración"),
    "easing": ("Easing", "Curva de animación"),
    "edge": ("Edge", "Borde"),
    "element": ("Element", "Elemento"),
    "families": ("Typefaces", "Tipos de letra"),
    "file": ("File", "Archivo"),
    "format": ("Format", "Formato"),
    "formula": ("Formula", "Fórmula"),
    "groups": ("Groups", "Grupos"),
    "headings": ("Headings", "Títulos"),
    "lines": ("Lines", "Líneas"),
    "link": ("Link", "Enlace"),
    "lower": ("Heading below", "Título inferior"),
    "measure": ("Measuring", "Medición"),
    "measured": ("Measured", "Medido"),
    "missing": ("Not used", "Sin usar"),
    "most": ("At most", "Como máximo"),
    "over": ("Too wide by", "Sobra"),
    "page": ("Page", "Página"),
    "passing": ("Nearest that passes", "El más próximo que cumple"),
    "per_sentence": ("Words a sentence", "Palabras por frase"),
    "per_word": ("Syllables a word", "Sílabas por palabra"),
    "pitch": ("From line to line", "De línea a línea"),
    "reached": ("With the change", "Con el cambio"),
    "reaches": ("Reaches to", "Llega hasta"),
    "required": ("Required", "Exigido"),
    "share": ("Share", "Proporción"),
    "shown": ("Shown at", "Se muestra a"),
    "size": ("Text size", "Tamaño del texto"),
    "surround": ("Around it", "Alrededor"),
    "tag": ("Element", "Elemento"),
    "tapTarget": ("Tap target", "Área táctil"),
    "text": ("Text", "Texto"),
    "top": ("From the top", "Desde arriba"),
    "upper": ("Heading above", "Título superior"),
    "view": ("View", "Vista"),
    "wanted": ("Wanted", "Deseado"),
    "wasted": ("Wasted", "De más"),
    "weight": ("File size", "Peso del archivo"),
    "width": ("Width", "Ancho"),
    "zoom": ("Zoom", "Zoom"),
}

_WORD_BORDER: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def measured_name(key: str, language: Language) -> str:
    """The name of the measured value `key`; an unknown key as words: "lineHeight" reads "line height"."""
    if known := _NAMES.get(key):
        return known[0] if language is Language.ENGLISH else known[1]
    return _WORD_BORDER.sub(" ", key).replace("_", " ").lower() if key.isascii() else key


def is_named(key: str) -> bool:
    """Whether `key` has a name of its own in both languages."""
    return key in _NAMES
