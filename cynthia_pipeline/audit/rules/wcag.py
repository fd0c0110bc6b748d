"""The success criteria of WCAG 2.2 that rules refer to, with their names in both languages.

Source: Web Content Accessibility Guidelines (WCAG) 2.2, W3C Recommendation, and its Spanish translation.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cynthia_pipeline.messages import Language


@dataclass(frozen=True, slots=True)
class Criterion:
    """One success criterion: its level is A, AA or AAA."""

    number: str
    level: str
    names: Mapping[Language, str]

    @property
    def source(self) -> str:
        """As a report cites it."""
        return f"WCAG 2.2 SC {self.number} ({self.level})"


def _criterion(number: str, level: str, english: str, spanish: str) -> Criterion:
    return Criterion(number, level, {Language.ENGLISH: english, Language.SPANISH: spanish})


CRITERIA: Mapping[str, Criterion] = {
    criterion.number: criterion
    for criterion in (
        _criterion("1.1.1", "A", "Non-text Content", "Contenido no textual"),
        _criterion("1.2.1", "A", "Audio-only and Video-only", "Solo audio y solo vídeo"),
        _criterion("1.2.2", "A", "Captions", "Subtítulos"),
        _criterion("1.2.3", "A", "Audio Description or Media Alternative", "Audiodescripción o alternativa multimedia"),
        _criterion("1.2.8", "AAA", "Media Alternative", "Alternativa multimedia"),
        _criterion("1.3.1", "A", "Info and Relationships", "Información y relaciones"),
        _criterion("1.3.3", "A", "Sensory Characteristics", "Características sensoriales"),
        _criterion("1.3.4", "AA", "Orientation", "Orientación"),
        _criterion("1.3.5", "AA", "Identify Input Purpose", "Identificación del propósito de los campos"),
        _criterion("1.4.1", "A", "Use of Color", "Uso del color"),
        _criterion("1.4.2", "A", "Audio Control", "Control del audio"),
        _criterion("1.4.3", "AA", "Contrast (Minimum)", "Contraste (mínimo)"),
        _criterion("1.3.2", "A", "Meaningful Sequence", "Secuencia significativa"),
        _criterion("2.4.3", "A", "Focus Order", "Orden del foco"),
        _criterion("1.4.4", "AA", "Resize Text", "Cambio de tamaño del texto"),
        _criterion("1.4.5", "AA", "Images of Text", "Imágenes de texto"),
        _criterion("1.4.6", "AAA", "Contrast (Enhanced)", "Contraste (mejorado)"),
        _criterion("1.4.8", "AAA", "Visual Presentation", "Presentación visual"),
        _criterion("1.4.10", "AA", "Reflow", "Reajuste del texto"),
        _criterion("1.4.11", "AA", "Non-text Contrast", "Contraste no textual"),
        _criterion("1.4.12", "AA", "Text Spacing", "Espaciado del texto"),
        _criterion("2.1.1", "A", "Keyboard", "Teclado"),
        _criterion("2.1.3", "AAA", "Keyboard (No Exception)", "Teclado (sin excepción)"),
        _criterion("2.1.2", "A", "No Keyboard Trap", "Sin trampas para el foco del teclado"),
        _criterion("2.1.4", "A", "Character Key Shortcuts", "Atajos de teclado de un carácter"),
        _criterion("2.2.1", "A", "Timing Adjustable", "Tiempo ajustable"),
        _criterion("2.2.2", "A", "Pause, Stop, Hide", "Poner en pausa, detener, ocultar"),
        _criterion("2.3.1", "A", "Three Flashes or Below Threshold", "Umbral de tres destellos o menos"),
        _criterion("2.3.3", "AAA", "Animation from Interactions", "Animación desde interacciones"),
        _criterion("2.2.4", "AAA", "Interruptions", "Interrupciones"),
        _criterion("2.4.1", "A", "Bypass Blocks", "Evitar bloques"),
        _criterion("2.4.2", "A", "Page Titled", "Página titulada"),
        _criterion("2.4.4", "A", "Link Purpose (In Context)", "Propósito de los enlaces (en contexto)"),
        _criterion("2.4.6", "AA", "Headings and Labels", "Encabezados y etiquetas"),
        _criterion("2.4.7", "AA", "Focus Visible", "Foco visible"),
        _criterion("2.4.9", "AAA", "Link Purpose (Link Only)", "Propósito de los enlaces (solo enlaces)"),
        _criterion("2.5.3", "A", "Label in Name", "Etiqueta en el nombre"),
        _criterion("2.5.4", "A", "Motion Actuation", "Actuación por movimiento"),
        _criterion("2.5.8", "AA", "Target Size (Minimum)", "Tamaño del objetivo (mínimo)"),
        _criterion("3.1.1", "A", "Language of Page", "Idioma de la página"),
        _criterion("3.1.2", "AA", "Language of Parts", "Idioma de las partes"),
        _criterion("3.1.4", "AAA", "Abbreviations", "Abreviaturas"),
        _criterion("3.2.2", "A", "On Input", "Al recibir entradas"),
        _criterion("3.2.5", "AAA", "Change on Request", "Cambios a petición"),
        _criterion("3.3.1", "A", "Error Identification", "Identificación de errores"),
        _criterion("3.3.2", "A", "Labels or Instructions", "Etiquetas o instrucciones"),
        _criterion("4.1.1", "A", "Parsing (obsolete)", "Procesamiento (obsoleto)"),
        _criterion("4.1.2", "A", "Name, Role, Value", "Nombre, función, valor"),
    )
}


def cited(number: str) -> str:
    """The criterion as a report cites it: "WCAG 2.2 SC 1.4.3 (AA)"."""
    return CRITERIA[number].source
