"""Messages about wrong input that do not say what is wrong: WCAG 2.2 SC 3.3.1."""

import re

from cynthia_pipeline.audit.accessibility import FieldError
from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_SAYS_NOTHING = re.compile(
    r"(invalid|wrong|incorrect|bad|not valid|error)( (value|input|entry|data|format|field))?"
    r"|(this |the )?(value|input|entry|field) is (invalid|wrong|incorrect|not valid)"
    r"|(please )?(try again|check your (input|entry))"
    r"|(there is |an )?error( in this field)?|something went wrong|oops"
    r"|(valor|dato|formato|campo)? ?(no válido|inválido|incorrecto|erróneo)|(hay un )?error|inténtalo de nuevo",
    re.IGNORECASE,
)


def _check(view: ViewportArtifacts) -> Verdict:
    errors = view.accessibility.errors
    findings = tuple(
        Finding(
            Severity.MINOR if item.message else Severity.MAJOR,
            cause=item.message or "none",
            facts={"name": item.name[:60] or "…", "message": f"“{item.message}”" if item.message else "–"},
            element=view.elements[item.element],
        )
        for item in errors
        if _says_nothing(item)
    )
    return Verdict(len(errors), findings)


def _says_nothing(item: FieldError) -> bool:
    return not item.message or _SAYS_NOTHING.fullmatch(item.message.strip(" .!*:")) is not None


RULES = (
    Rule(
        id="acc-error-message",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("3.3.1"),
        measures="the text shown for fields with aria-invalid that refer to a message",
        texts=bilingual(
            Texts(
                "Nothing says what is wrong with “{name}”",
                "The field is marked as wrong; the message that it refers to and that is shown: {message}.",
                "WCAG 2.2 success criterion 3.3.1, Error Identification: the error is described in text.",
                "People know that they made a mistake and not which, and give up.",
                "Say beside the field what is wrong with it and what would be right.",
            ),
            Texts(
                "Nada dice qué falla en «{name}»",
                "El campo está marcado como erróneo; el mensaje al que remite y que se ve: {message}.",
                "Criterio 3.3.1 de WCAG 2.2, Identificación de errores: el error se describe en texto.",
                "La gente sabe que se equivocó pero no en qué, y abandona.",
                "Di junto al campo qué falla y qué sería correcto.",
            ),
        ),
        check=_check,
        viewports=(Viewport.DESKTOP,),
        act_rules=("36b590",),
        needs=frozenset({Part.NAMES}),
    ),
)
