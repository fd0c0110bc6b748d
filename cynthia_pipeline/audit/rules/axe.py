"""Every rule of axe-core as a rule of this project: whatever axe calls a violation, the report holds."""

import re
from collections.abc import Callable, Mapping

from cynthia_pipeline.audit.artifacts import AxeNode, AxeResult, Part, ViewportArtifacts
from cynthia_pipeline.audit.report import Severity
from cynthia_pipeline.audit.rules.axe_act import AXE_ACT
from cynthia_pipeline.audit.rules.axe_tags import AXE_TAGS
from cynthia_pipeline.audit.rules.axe_texts import AXE_TEXTS, IMPACTS, AxeText
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict
from cynthia_pipeline.audit.rules.wcag import CRITERIA, Criterion
from cynthia_pipeline.messages import Language

_MOST_LETTERS = 0.25
"""Share of letters and digits below which a text without two of them in a row is drawn with signs."""

PREFIX = "axe-"
"""Before axe's own id, in the ids of these rules."""

_ALSO: Mapping[str, tuple[str, ...]] = {
    "summary-name": ("2t702h",),
    "aria-command-name": ("c487ae", "m6b1q3"),
    "list": ("bc4a75",),
}
"""ACT rules that a rule of axe's implements without declaring it."""

_BY_IMPACT: Mapping[str, Severity] = {
    "critical": Severity.CRITICAL,
    "serious": Severity.MAJOR,
    "moderate": Severity.MAJOR,
    "minor": Severity.MINOR,
}

_PLAIN_BETWEEN = re.compile(r"(?:(?:div|span)\[aria-[a-z]+\](?:, )?)+")
"""How axe names elements that it would not have in a list or table only for an attribute that they have."""

_LIGHTER: Mapping[Severity, Severity] = {
    Severity.CRITICAL: Severity.MAJOR,
    Severity.MAJOR: Severity.MINOR,
    Severity.MINOR: Severity.INFO,
    Severity.INFO: Severity.INFO,
}


def severity_of(impact: str | None, tags: tuple[str, ...]) -> Severity:
    """How much one of axe's findings matters.

    WCAG level A and AA: axe's critical is critical, serious and moderate are major, minor is minor; a step
    lighter while the rule is experimental. Best practice: minor, or info where axe itself says minor. Level AAA and
    criteria that WCAG has given up: info, since no level that a site promises asks for them.
    """
    if any(tag.endswith(("aaa", "-obsolete")) for tag in tags):
        return Severity.INFO
    if "best-practice" in tags:
        return Severity.INFO if impact == "minor" or "experimental" in tags else Severity.MINOR
    severity = _BY_IMPACT.get(impact or "", Severity.MINOR)
    return _LIGHTER[severity] if "experimental" in tags else severity


def criteria_of(tags: tuple[str, ...]) -> list[Criterion]:
    """The success criteria that axe's tags name: wcag143 is 1.4.3, wcag1412 is 1.4.12."""
    numbers = (tag.removeprefix("wcag") for tag in tags)
    dotted = (f"{digits[0]}.{digits[1]}.{digits[2:]}" for digits in numbers if digits.isdigit() and len(digits) > 2)
    return [CRITERIA[number] for number in dotted if number in CRITERIA]


def findings(result: AxeResult, view: ViewportArtifacts) -> tuple[Finding, ...]:
    """What axe calls violations, as findings; those that fail the same checks have the same cause."""
    return tuple(_finding(node, result, view) for node in result.violations if not is_doubted(node, result, view))


def is_doubted(node: AxeNode, result: AxeResult, view: ViewportArtifacts) -> bool:
    """Whether a measured fact speaks against what axe says of `node`."""
    doubt = _DOUBTS.get(result.rule)
    return doubt is not None and doubt(node, view)


def _embeds_page(node: AxeNode, _: ViewportArtifacts) -> bool:
    """The object holds a page, with a title and words of its own, and nothing that a text could stand in for."""
    return node.data.get("isPage") is True


def _hides_padding(node: AxeNode, _: ViewportArtifacts) -> bool:
    """Nothing but the padding is out of sight."""
    return node.data.get("isPadding") is True


def _is_inert(node: AxeNode, _: ViewportArtifacts) -> bool:
    """The frame is inert, or an open modal dialog makes it so: nobody is to get into it."""
    return node.data.get("isInert") is True


def _turns_nothing(_: AxeNode, view: ViewportArtifacts) -> bool:
    """The style is there, but no element that is shown has it."""
    return not view.content.styled.turnable and not view.content.features.get("unreadableSheets")


def _shows_signs(node: AxeNode, view: ViewportArtifacts) -> bool:
    """The words are set in a typeface of signs: what is seen is a picture, drawn for them."""
    family = view.elements[node.element].style.get("font-family", "") if node.element is not None else ""
    return any(kind in family.casefold() for kind in ("icon", "symbol", "awesome", "glyph"))


def _has_plain_between(node: AxeNode, _: ViewportArtifacts) -> bool:
    """Between it and its items stand elements without a role of their own, which ARIA 1.3 looks through."""
    values = node.data.get("values") if node.data.get("messageKey") == "unallowed" else None
    return isinstance(values, str) and _PLAIN_BETWEEN.fullmatch(values) is not None


def _is_no_word(node: AxeNode, view: ViewportArtifacts) -> bool:
    """The text holds no word, only signs: a line or an ornament, which is not read."""
    text = view.elements[node.element].text if node.element is not None else ""
    signs = [char.isalnum() for char in text if not char.isspace()]
    return bool(signs) and sum(signs) < _MOST_LETTERS * len(signs) and not re.search(r"[^\W_]{2}", text)


_DOUBTS: Mapping[str, Callable[[AxeNode, ViewportArtifacts], bool]] = {
    "aria-required-children": _has_plain_between,
    "object-alt": _embeds_page,
    "scrollable-region-focusable": _hides_padding,
    "frame-focusable-content": _is_inert,
    "css-orientation-lock": _turns_nothing,
    "label-content-name-mismatch": _shows_signs,
    "color-contrast": _is_no_word,
    "color-contrast-enhanced": _is_no_word,
}
"""Violations that a measured fact speaks against: a person decides; the report keeps them as `needs_review`."""


def _finding(node: AxeNode, result: AxeResult, view: ViewportArtifacts) -> Finding:
    element = view.elements[node.element] if node.element is not None else None
    return Finding(
        severity=severity_of(node.impact, result.tags),
        cause="+".join(sorted(set(node.checks))),
        facts={"element": view.path(element) if element is not None else node.target},
        element=element,
        path=None if element is not None else node.target,
    )


def _rule(axe_id: str, row: AxeText) -> Rule:
    tags = AXE_TAGS[axe_id]
    criteria = criteria_of(tags)

    def check(view: ViewportArtifacts) -> Verdict:
        result = view.axe.get(axe_id)
        if result is None:
            return Verdict(0)
        found = findings(result, view)
        doubted = len(result.violations) - len(found)
        checked = len(result.violations) + len(result.incomplete) + result.passed
        note = f"{doubted} of axe's violations are for a person to decide" if doubted else None
        return Verdict(checked, found, len(result.incomplete) + doubted, note)

    return Rule(
        id=f"{PREFIX}{axe_id}",
        axis=row.axis,
        fix_type=row.fix_type,
        source="; ".join([*(criterion.source for criterion in criteria), f"axe-core {axe_id}"]),
        measures="elements that axe-core's rule complains of, count",
        texts={
            Language.ENGLISH: Texts(
                title=row.en[0],
                description=f"{row.en[0]}: {{element}}.",
                reason=_reason(criteria, Language.ENGLISH),
                impact=IMPACTS[Language.ENGLISH][row.hurt],
                fix=row.en[1],
            ),
            Language.SPANISH: Texts(
                title=row.es[0],
                description=f"{row.es[0]}: {{element}}.",
                reason=_reason(criteria, Language.SPANISH),
                impact=IMPACTS[Language.SPANISH][row.hurt],
                fix=row.es[1],
            ),
        },
        check=check,
        needs=frozenset({Part.AXE}),
        act_rules=(*AXE_ACT.get(axe_id, ()), *_ALSO.get(axe_id, ())),
    )


def _reason(criteria: list[Criterion], language: Language) -> str:
    english = language is Language.ENGLISH
    if not criteria:
        return (
            "An established practice of accessible pages, beyond what WCAG requires."
            if english
            else "Práctica establecida de las páginas accesibles, más allá de lo que exige WCAG."
        )
    first = criteria[0]
    name = first.names[language]
    return (
        f"WCAG 2.2 success criterion {first.number}, {name} (level {first.level})."
        if english
        else f"Criterio de conformidad {first.number} de WCAG 2.2, {name} (nivel {first.level})."
    )


RULES = tuple(_rule(axe_id, row) for axe_id, row in AXE_TEXTS.items())
