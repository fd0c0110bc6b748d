"""Headings that a template, a program or a clock wrote, and first headings that fit any page: WCAG 2.2 SC 2.4.6.

Whether a heading fits what follows it is for people to judge; these fit nothing. A heading whose words stand in the
page's title too is never one: there somebody meant them, as on a page that explains an error message.
"""

import re
from enum import StrEnum

from cynthia_pipeline.audit.artifacts import Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.page_headings import Heading, headings
from cynthia_pipeline.audit.rules.page_title import is_placeholder
from cynthia_pipeline.audit.rules.wcag import cited

_WHOLE = 200
"""Characters of a heading that are looked at."""


class Leftover(StrEnum):
    """Who wrote it."""

    TEMPLATE = "template"
    ERROR = "error"
    MOMENT = "moment"
    ANY_PAGE = "any page"


_INSTRUCTION = re.compile(
    r"\b(insert|enter|type|write|put|add|replace)\s+(your|this|the|a)\s+(\w+\s+)?"
    r"(text|title|heading|headline|header|name|content)\b.*\b(here|with)\b"
    r"|\b(your|the|this|section|page)\s+(text|title|heading|headline|content)\s+(goes\s+)?here\b"
    r"|\b(inserta|introduce|escribe|pon|añade|reemplaza|sustituye)\s+(tu|este|esta|el|la|un)\s+(\w+\s+)?"
    r"(texto|título|encabezado|nombre|contenido)\b.*\b(aquí|por)\b"
    r"|\b(tu|el|este)\s+(texto|título|encabezado|contenido)\s+(va\s+)?aquí\b"
    r"|\blorem ipsum\b",
    re.IGNORECASE,
)
_UNFILLED = re.compile(r"\{\{.*\}\}|\{%.*%\}|<%.*%>|\$\{.*\}|\[object object\]|undefined|null|nan", re.IGNORECASE)
_ERROR = re.compile(
    r"\b\w*(error|exception|warning|notice)\b.*(\bline\s+\d+|:\d+:\d+\b)"
    r"|\btraceback \(most recent call last\)|\bSQLSTATE\[",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})[T,\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
    r"\s*([ap]\.?m\.?|Z|[A-Z]{2,5}|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_ANY_PAGE = re.compile(r"(hi|hello|hey)( there| world)?|hola( mundo)?|(page|página)\s*\d+", re.IGNORECASE)


def leftover(text: str, *, is_first_level: bool) -> Leftover | None:
    """Who wrote a heading that says nothing of its page, if anybody but its author did.

    Args:
        text: what the heading says.
        is_first_level: a date or a greeting may head a section, but not name a page.
    """
    said = " ".join(text.split())[:_WHOLE]
    if _INSTRUCTION.search(said) or _UNFILLED.fullmatch(said):
        return Leftover.TEMPLATE
    if _ERROR.search(said):
        return Leftover.ERROR
    if is_first_level and _MOMENT.fullmatch(said):
        return Leftover.MOMENT
    if is_first_level and (_ANY_PAGE.fullmatch(said.strip(" .,!…")) or is_placeholder(said)):
        return Leftover.ANY_PAGE
    return None


def _check(view: ViewportArtifacts) -> Verdict:
    title = f" {_words(view.document.title)} "
    named = [heading for heading in headings(view) if heading.text]
    findings = [
        _finding(heading, kind)
        for heading in named
        if f" {_words(heading.text)} " not in title
        and (kind := leftover(heading.text, is_first_level=heading.level == 1)) is not None
    ]
    return Verdict(len(named), tuple(findings))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _finding(heading: Heading, kind: Leftover) -> Finding:
    severity = Severity.MAJOR if kind in (Leftover.TEMPLATE, Leftover.ERROR) else Severity.MINOR
    return Finding(severity, kind, {"text": f"“{heading.text[:80]}”"}, heading.element)


RULES = (
    Rule(
        id="ctx-heading-leftover",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=cited("2.4.6"),
        measures="headings with words of a template, a program or a clock, and first headings for any page, count",
        texts=bilingual(
            Texts(
                "A heading says {text} and nothing of what follows",
                "Its words come from a template, a program's message or a clock, or would fit any page.",
                "WCAG 2.2 success criterion 2.4.6, Headings and Labels: headings describe topic or purpose.",
                "Who goes from heading to heading, by eye or by ear, learns nothing, or that something is broken.",
                "Write what the page or the section is about; where a program wrote it, mend what it complains of.",
            ),
            Texts(
                "Un encabezado dice {text} y nada de lo que sigue",
                "Sus palabras vienen de una plantilla, del mensaje de un programa o de un reloj, o valen para todo.",
                "Criterio 2.4.6 de WCAG 2.2, Encabezados y etiquetas: describen el tema o el propósito.",
                "Quien va de encabezado en encabezado, con la vista o de oído, no aprende nada, o que algo falla.",
                "Escribe de qué trata la página o la sección; si lo escribió un programa, arregla lo que le falta.",
            ),
        ),
        check=_check,
        viewports=(Viewport.DESKTOP,),
        act_rules=("b49b2e",),
    ),
)
