"""What the measured values of an issue are called, in both languages. A name that is not here is shown as it came."""

import re
from collections.abc import Mapping
from typing import Final

from cynthia_pipeline.messages import Language

# English, Spanish. The keys are the facts of the rules and the contract's own measurements.
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "above": ("Size of the heading above", "Tamaño del título superior"),
    "after": ("Change to", "Cambiar a"),
    "area": ("Area", "Superficie"),
    "attribute": ("Attribute", "Atributo"),
    "background": ("Background", "Fondo"),
    "bar": ("Fixed bar", "Barra fija"),
    "before_it": ("Above it", "Encima"),
    "below": ("Size of the heading below", "Tamaño del título inferior"),
    "box": ("Cut off by", "Recortado por"),
    "cause": ("Cause", "Causa"),
    "change": ("Change", "Cambio"),
    "changes": ("Changes", "Cambios"),
    "characters": ("Characters", "Caracteres"),
    "colours": ("Colours", "Colores"),
    "common": ("The others in the row", "Los demás de la fila"),
    "confidence": ("Confidence", "Confianza"),
    "contrast": ("Contrast", "Contraste"),
    "controls": ("Controls", "Controles"),
    "count": ("Number", "Cantidad"),
    "covered": ("Covered", "Tapado"),
    "declared": ("Declared", "Declarado"),
    "difference": ("Difference", "Diferencia"),
    "distance": ("Distance", "Distancia"),
    "duration": ("Duration", "Duración"),
    "earlier": ("First in the source", "Primero en el código"),
    "easing": ("Easing", "Curva de animación"),
    "edge": ("Edge", "Borde"),
    "element": ("Element", "Elemento"),
    "families": ("Typefaces", "Tipos de letra"),
    "file": ("File", "Archivo"),
    "files": ("Files", "Archivos"),
    "finger": ("Fingertip", "Yema del dedo"),
    "first": ("First", "Primero"),
    "format": ("Format", "Formato"),
    "formula": ("Formula", "Fórmula"),
    "found": ("Found", "Encontrado"),
    "free": ("Free", "Libre"),
    "gap": ("Gap", "Separación"),
    "groups": ("Groups", "Grupos"),
    "headings": ("Headings", "Títulos"),
    "height": ("Height", "Alto"),
    "hidden": ("Hidden", "Oculto"),
    "inner": ("Inside", "Dentro"),
    "kept": ("Values to keep", "Valores que conservar"),
    "key": ("Key", "Tecla"),
    "keys": ("Keys", "Teclas"),
    "kinds": ("Different pages", "Páginas distintas"),
    "later": ("Later in the source", "Después en el código"),
    "least": ("At least", "Como mínimo"),
    "length": ("Length", "Duración"),
    "line": ("Line", "Línea"),
    "lines": ("Lines", "Líneas"),
    "link": ("Link", "Enlace"),
    "longest": ("Longest task", "Tarea más larga"),
    "lost": ("Cut off", "Recortado"),
    "lower": ("Heading below", "Título inferior"),
    "measure": ("Measuring", "Medición"),
    "measured": ("Measured", "Medido"),
    "message": ("Message", "Mensaje"),
    "missing": ("Not used", "Sin usar"),
    "most": ("At most", "Como máximo"),
    "name": ("Name", "Nombre"),
    "needed": ("Needed", "Necesario"),
    "off": ("Off by", "Desviación"),
    "over": ("Too wide by", "Sobra"),
    "page": ("Page", "Página"),
    "passing": ("Nearest that passes", "El más próximo que cumple"),
    "per_sentence": ("Words a sentence", "Palabras por frase"),
    "per_word": ("Syllables a word", "Sílabas por palabra"),
    "pitch": ("From line to line", "De línea a línea"),
    "property": ("Property", "Propiedad"),
    "rate": ("Flashes a second", "Destellos por segundo"),
    "reached": ("With the change", "Con el cambio"),
    "reaches": ("Reaches to", "Llega hasta"),
    "required": ("Required", "Exigido"),
    "role": ("Role", "Función"),
    "score": ("Score", "Puntuación"),
    "second": ("Second", "Segundo"),
    "seconds": ("Plays for", "Suena durante"),
    "share": ("Share", "Proporción"),
    "shown": ("Shown at", "Se muestra a"),
    "size": ("Text size", "Tamaño del texto"),
    "sizes": ("Values", "Valores"),
    "slow": ("Slowed to", "Ralentizado a"),
    "start": ("Begins", "Comienza"),
    "stops": ("Tab stops", "Paradas del tabulador"),
    "strong": ("Strongest lines", "Líneas más marcadas"),
    "surround": ("Around it", "Alrededor"),
    "tag": ("Element", "Elemento"),
    "tapTarget": ("Tap target", "Área táctil"),
    "text": ("Text", "Texto"),
    "title": ("Page title", "Título de la página"),
    "top": ("From the top", "Desde arriba"),
    "upper": ("Heading above", "Título superior"),
    "usual": ("Usual", "Habitual"),
    "view": ("View", "Vista"),
    "wanted": ("Wanted", "Deseado"),
    "wasted": ("Wasted", "De más"),
    "weight": ("File size", "Peso del archivo"),
    "what": ("What", "Qué"),
    "width": ("Width", "Ancho"),
    "words": ("Words", "Palabras"),
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
