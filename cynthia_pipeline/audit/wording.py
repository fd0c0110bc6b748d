"""Sentences of the report that belong to no rule, in both languages."""

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
