"""Messages about wrong input that do not say what is wrong: WCAG 2.2 SC 3.3.1."""

import re

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_SAYS_NOTHING = re.compile(
    r"(invalid|wrong|incorrect|bad|not valid|error)( (value|input|entry|data|format|field))?"
    r"|((this |the )?(value|input|entry|field) )?is (invalid|wrong|incorrect|not valid)"
    r"|(please )?(fill|complete|enter) (in )?(the |this |all )?(fields?|form|value)?( correctly| properly)"
    r"|(please )?(try again|check your (input|entry))"
    r"|(there is |an )?error( in this field)?|something went wrong|oops"
    r"|(valor|dato|formato|campo)? ?(no válido|inválido|incorrecto|erróneo)|(hay un )?error|inténtalo de nuevo",
    re.IGNORECASE,
)


def _check(view: ViewportArtifacts) -> Verdict:
    errors = view.accessibility.errors
    told = {item.element for item in errors}
    findings = tuple(
        Finding(
            Severity.MINOR if item.message else Severity.MAJOR,
            cause=item.message or "none",
            facts={"name": item.name[:60] or "…", "message": f"“{item.message}”" if item.message else "–"},
            element=view.elements[item.element],
        )
        for item in errors
        if not item.message or _says_nothing(item.message, item.name)
    )
    messages = [item for item in view.accessibility.markup.messages if item.element not in told]
    findings += tuple(
        Finding(
            Severity.MINOR if item.is_heard else Severity.MAJOR,
            cause=item.words,
            facts={"name": item.label[:60] or "…", "message": f"“{item.words}”" if item.is_heard else "–"},
            element=view.elements[item.element],
        )
        for item in messages
        if not item.is_heard or _says_nothing(item.words, item.label)
    )
    return Verdict(len(errors) + len(messages), findings)


def _says_nothing(message: str, name: str) -> bool:
    plain = message.casefold().strip(" .!*:")
    label = re.sub(r"\(.*?\)|[^\w\s]", " ", name.casefold())
    words = [re.escape(label.strip()), *(re.escape(word) for word in label.split() if len(word) > 2)]
    for word in filter(None, words):
        plain = re.sub(rf"\b(for|in|of|en|para|de|your|the|this)? ?\b{word}\b", " ", plain)
    return _SAYS_NOTHING.fullmatch(" ".join(plain.split()).strip(" .!*:")) is not None


def _check_unplaced(view: ViewportArtifacts) -> Verdict:
    errors = view.accessibility.markup.form_errors
    findings = tuple(
        Finding(Severity.MAJOR, "unplaced", {"message": f"“{item.words[:80]}”"}, view.elements[item.element])
        for item in errors
    )
    return Verdict(len(errors) + len(view.accessibility.errors), findings)


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
    Rule(
        id="acc-error-unplaced",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('3.3.1')}, {cited('1.4.1')}",
        measures="messages about mistakes in forms that mark no field in text or ARIA, count",
        texts=bilingual(
            Texts(
                "The form says that something is wrong, and not where",
                "It says {message}; no field has aria-invalid, no message beside it, and no link leads to one.",
                "WCAG 2.2 success criterion 3.3.1: the item in error is named in text; 1.4.1: not by colour alone.",
                "Who cannot see a red border looks for the mistake in every field.",
                "Name each wrong field in the message, link to it, and say beside it what is wrong.",
            ),
            Texts(
                "El formulario dice que algo está mal, pero no dónde",
                "Dice {message}; ningún campo tiene aria-invalid ni mensaje al lado, y ningún enlace lleva a uno.",
                "Criterio 3.3.1 de WCAG 2.2: el campo erróneo se identifica con texto; 1.4.1: no solo con color.",
                "Quien no ve un borde rojo busca el fallo campo por campo.",
                "Nombra cada campo erróneo en el mensaje, enlázalo y di a su lado qué está mal.",
            ),
        ),
        check=_check_unplaced,
        viewports=(Viewport.DESKTOP,),
        act_rules=("36b590",),
        needs=frozenset({Part.NAMES}),
    ),
)
