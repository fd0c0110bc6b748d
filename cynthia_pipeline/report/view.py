"""What the template prints of a report, field by field; report/presenter.py decides it beforehand."""

from dataclasses import dataclass

from cynthia_pipeline.audit.report import Axis, RuleOutcome, Severity


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside the file. `source` is a data: address; sizes in CSS px."""

    source: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The whole page at one viewport."""

    viewport: str
    label: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class AxisView:
    """The line of an axis that has a score."""

    code: Axis
    name: str
    meaning: str
    score: int
    band: str


@dataclass(frozen=True, slots=True)
class UnjudgedView:
    """The axes that have no score for one and the same reason."""

    names: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Source before or after a change, with the colours it names."""

    text: str
    colours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured value with its name."""

    name: str
    value: str
    colours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssueView:
    """One issue as it is shown. `anchor` is unique in the file and made here, never from the page."""

    anchor: str
    number: int
    severity: Severity
    title: str
    axis: str
    axis_code: Axis
    fix_type: str
    what: str
    why: tuple[str, ...]
    fix: str
    measured: tuple[Measured, ...]
    before: Excerpt | None
    after: Excerpt | None
    selector: str
    further_selectors: tuple[str, ...]
    unlisted: int
    occurrences: int
    viewport: str
    rule: str
    source: str
    source_link: str | None
    picture: Picture | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class SeverityGroup:
    """The issues of one severity."""

    severity: Severity
    label: str
    meaning: str
    issues: tuple[IssueView, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """What one rule concluded."""

    rule: str
    axis: str
    outcome: RuleOutcome
    outcome_label: str
    counts: str
    note: str


@dataclass(frozen=True, slots=True)
class FixPackView:
    """One outlined fix pack, with the issues it would mend."""

    name: str
    description: str
    impact: str
    tradeoffs: tuple[str, ...]
    issues: tuple[IssueView, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One entry of the plan of changes."""

    description: str
    place: str
    before: Excerpt | None
    after: Excerpt | None


@dataclass(frozen=True, slots=True)
class RemarkView:
    """One remark of a language model."""

    title: str
    axis: str
    description: str
    suggestion: str
    quote: str


@dataclass(frozen=True, slots=True)
class JudgementView:
    """What a language model added, or why it added nothing."""

    said: str
    remarks: tuple[RemarkView, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report as it is shown."""

    title: str
    target: str
    target_link: str | None
    final_url: str | None
    idea: str | None
    score: int | None
    band: str
    verdict: str
    axes: tuple[AxisView, ...]
    unjudged: tuple[UnjudgedView, ...]
    groups: tuple[SeverityGroup, ...]
    total: int
    first: tuple[IssueView, ...]
    fix_packs: tuple[FixPackView, ...]
    judgement: JudgementView | None
    changes: tuple[ChangeView, ...]
    changes_reversible: bool
    page_pictures: tuple[PagePicture, ...]
    cut_short: tuple[str, ...]
    engine: tuple[tuple[str, str], ...]
    timings: tuple[tuple[str, str], ...]
    rules: tuple[RuleView, ...]
    outcome_counts: tuple[tuple[str, int], ...]
    version: str
