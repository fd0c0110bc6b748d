"""Sentences of the report that belong to no rule, in both languages."""

from collections.abc import Mapping
from typing import assert_never

from cynthia_pipeline.messages import Language


def occurrence_note(occurrences: int, language: Language) -> str:
    """How often the same cause was found; nothing for a single time."""
    if occurrences < 2:
        return ""
    match language:
        case Language.ENGLISH:
            return f"Found on {occurrences} elements."
        case Language.SPANISH:
            return f"Se encontró en {occurrences} elementos."
        case _:
            assert_never(language)


def unjudged_reason(*, has_rules: bool, language: Language) -> str:
    """Why an axis has no score."""
    match language:
        case Language.ENGLISH:
            return (
                "Nothing on this page could be measured for this axis."
                if has_rules
                else "This version has no measurement for this axis yet."
            )
        case Language.SPANISH:
            return (
                "Nada de esta página se pudo medir para este eje."
                if has_rules
                else "Esta versión aún no tiene ninguna medición para este eje."
            )
        case _:
            assert_never(language)


def on_further_elements(count: int, language: Language) -> str:
    """That a change is wanted on more elements than are named; nothing if there are none."""
    if count < 1:
        return ""
    match language:
        case Language.ENGLISH:
            return f"(and {count} more)"
        case Language.SPANISH:
            return f"(y {count} más)"
        case _:
            assert_never(language)


def links_the_changes(language: Language) -> str:
    """What the entry does that brings the added stylesheet into the page."""
    match language:
        case Language.ENGLISH:
            return "Link the stylesheet with the changes, after all others."
        case Language.SPANISH:
            return "Enlaza la hoja de estilo con los cambios, después de todas las demás."
        case _:
            assert_never(language)


_NO_JUDGEMENT: Mapping[Language, Mapping[str, str]] = {
    Language.ENGLISH: {
        "not_installed": "The language model was not asked: this installation lacks the “judgement” extra.",
        "timed_out": "The language model did not answer in time.",
        "unreachable": "The language model could not be reached.",
        "refused": "The language model’s service refused the question.",
        "unreadable": "The language model’s answer could not be used.",
    },
    Language.SPANISH: {
        "not_installed": "No se preguntó al modelo de lenguaje: a esta instalación le falta el extra «judgement».",
        "timed_out": "El modelo de lenguaje no respondió a tiempo.",
        "unreachable": "No se pudo contactar con el modelo de lenguaje.",
        "refused": "El servicio del modelo de lenguaje rechazó la pregunta.",
        "unreadable": "La respuesta del modelo de lenguaje no se pudo usar.",
    },
}


def no_judgement(reason: str, language: Language) -> str:
    """Why a language model added nothing. `reason` is a value of audit.asking.NoAnswer."""
    return _NO_JUDGEMENT[language][reason]
