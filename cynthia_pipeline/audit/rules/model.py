"""What a rule is: facts about itself, and a pure function from one view's artifacts to a verdict.

To add a rule:

1. one file in this folder: its texts in both languages, its `check`, and a `RULES` tuple of `Rule`s;
2. one line in registry.py;
3. under tests/audit/fixtures/<rule id>/ a folder for each case with page.html and expected.json.

`check` gets the artifacts of one view at a time, of those that the rule names, and answers with a `Verdict`:
how many things it looked at and what it found. It decides nothing else. Merging of views, grouping, scoring,
texts, crashes: all of that is done once, for every rule alike, by assemble.py. What a page needs to be measured
by belongs into browser/js/ (a file for each subject) and artifacts.py, never into a rule.

Texts are templates; {placeholders} are filled from a finding's `facts`, which hold measured values with their
units. A fact that a text names must be given by every finding of the rule (tests hold every rule to it).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Measurements, Severity
from cynthia_pipeline.messages import Language


@dataclass(frozen=True, slots=True)
class Texts:
    """What a report says of a finding, in one language; see Issue for each part's meaning."""

    title: str
    description: str
    reason: str
    impact: str
    fix: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found wrong.

    Attributes:
        severity: how much it matters.
        cause: what makes two findings of the rule one issue: the same colour pair, the same size.
        facts: what the texts name, by placeholder: measured values with their units.
        element: where it is; None for the page as a whole or inside a frame.
        path: a selector, where it is not the element's own.
        before, after: the exact change, as CSS declarations or HTML.
        measured: beyond `facts`, which the report repeats as values.
        merged: ids of other engines' rules that found the same.
    """

    severity: Severity
    cause: str
    facts: Mapping[str, str] = field(default_factory=dict)
    element: Element | None = None
    path: str | None = None
    before: str | None = None
    after: str | None = None
    measured: Measurements = field(default_factory=Measurements)
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule concluded about one view.

    Attributes:
        checked: things that the rule applied to; 0 = not applicable.
        findings: those that are wrong.
        reviews: those that a person has to look at.
        note: what is worth knowing about the measurement itself.
        readings: values measured whether they are wrong or not, by name, for the report's details.
    """

    checked: int
    findings: tuple[Finding, ...] = ()
    reviews: int = 0
    note: str | None = None
    readings: Mapping[str, float] = field(default_factory=dict)


Check: TypeAlias = Callable[[ViewportArtifacts], Verdict]

_CRITERION = re.compile(r"SC (\d\.\d\.\d+)")

BOTH_VIEWS = (Viewport.DESKTOP, Viewport.MOBILE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: stable: issue ids, stored reports and fixtures name it.
        source: the standard or the publication that the threshold comes from.
        measures: what is measured and in what unit.
        viewports: the views it looks at.
        absorbs: axe rules of the same fault: axe's findings on an element that this rule found are merged into
            this rule's issue.
        act_rules: ids of the W3C ACT rules that it implements, in whole or in part.
        needs: the parts of the artifacts that it looks at; an audit measures what any of its rules needs.
    """

    id: str
    axis: Axis
    fix_type: FixType
    source: str
    measures: str
    texts: Mapping[Language, Texts]
    check: Check
    viewports: tuple[Viewport, ...] = BOTH_VIEWS
    absorbs: tuple[str, ...] = ()
    act_rules: tuple[str, ...] = ()
    needs: frozenset[Part] = frozenset()

    @property
    def criteria(self) -> tuple[str, ...]:
        """Numbers of the WCAG success criteria that `source` cites."""
        return tuple(_CRITERION.findall(self.source))


def bilingual(en: Texts, es: Texts) -> Mapping[Language, Texts]:
    """The texts of a rule, by language."""
    return {Language.ENGLISH: en, Language.SPANISH: es}


def number(value: float, digits: int = 2) -> str:
    """`value` as a reader wants it: at most `digits` decimals, no trailing zeros."""
    text = f"{value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
