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
