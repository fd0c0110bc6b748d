"""The report: what an audit engine returns, what the tables store and what the web app's pages read.

The names and shapes are the contract with the web app. Top-level keys are snake_case, keys inside an issue
camelCase, as the web app already stores them; `details` is this project's addition, for what a report must
say beyond the contract (why an axis has no score, what was cut short, which rules ran).
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Score = Annotated[int, Field(ge=0, le=100)]


class Axis(StrEnum):
    """The thirteen axes of an audit."""

    CTX = "CTX"
    DYN = "DYN"
    LFT = "LFT"
    TYP = "TYP"
    CLR = "CLR"
    GRD = "GRD"
    SPC = "SPC"
    IMG = "IMG"
    MOT = "MOT"
    ACC = "ACC"
    RSP = "RSP"
    TRD = "TRD"
    EMO = "EMO"


class Severity(StrEnum):
    """How much an issue matters, heaviest first.

    critical blocks conversion, fails accessibility or breaks the page; major is real friction; minor is
    polish; info is a suggestion.
    """

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


class FixType(StrEnum):
    """What kind of change mends an issue."""

    TOKEN = "token_change"  # noqa: S105 - a design token
    CONTENT = "content_change"
    LAYOUT = "layout_change"
    COMPONENT = "component_change"
    MOTION = "motion_change"


class _ReportPart(BaseModel):
    """Frozen; a part that a newer remote engine adds is kept out rather than refused. JSON has no infinite numbers."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class _CamelPart(_ReportPart):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True)


class Measurements(_CamelPart):
    """What was measured for one issue.

    Attributes:
        values: measured and required values by name, each a text with its unit ("12px", "3.2:1").
        duration: of a motion, with its unit.
        easing: of a motion, as CSS writes it.
        contrast: the measured ratio, as "3.2:1".
        tap_target: the measured size, as "24×18px".
    """

    values: dict[str, str | int | float] | None = None
    duration: str | None = None
    easing: str | None = None
    contrast: str | None = None
    tap_target: str | None = None


class Fix(_CamelPart):
    """The exact change that mends an issue."""

    type: FixType
    description: str
    measurements: Measurements = Measurements()
    before: str | None = None
    after: str | None = None


class Issue(_CamelPart):
    """One thing that is wrong: what, why it matters, and the exact fix.

    Attributes:
        id: stable for the same fault on the same page.
        reason: why it is wrong: the rule behind it.
        impact: what it does to the people who use the page.
        element_path: a CSS selector of the (first) element.
        rule_id: the rule that found it; absent from remote engines.
        viewport: the viewport it was seen in, "desktop" or "mobile"; None = both or neither.
        occurrences: on how many elements the same cause was found.
        element_paths: the further elements of the same cause, at most 20.
    """

    id: str
    axis: Axis
    severity: Severity
    title: str
    description: str
    reason: str
    impact: str
    element_path: str | None = None
    fix: Fix
    rule_id: str | None = None
    source: str | None = None
    viewport: str | None = None
    occurrences: int = 1
    element_paths: tuple[str, ...] = ()


class FixPackOutline(_CamelPart):
    """A group of issues that one pack of changes would mend."""

    id: str
    name: str
    description: str
    category: Literal["layout", "typography", "color", "spacing", "motion", "accessibility"]
    issues: tuple[str, ...]
    estimated_impact: str | int | float
    tradeoffs: str | tuple[str, ...] | None = None


class TokenChange(_CamelPart):
    """A change of design tokens that mends issues."""

    type: Literal["color", "spacing", "typography", "motion"]
    before: dict[str, Any]
    after: dict[str, Any]
    affected_components: tuple[str, ...] = ()


class ChangelogEntry(_CamelPart):
    """One file's change in a patch plan."""

    file: str
    type: Literal["add", "modify", "delete"]
    description: str
    before: str | None = None
    after: str | None = None


class PatchPlan(_CamelPart):
    """How the issues would be mended, and that it can be undone."""

    reversible: bool
    changelog: tuple[ChangelogEntry, ...]


class RuleOutcome(StrEnum):
    """What one rule concluded about one page."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    NEEDS_REVIEW = "needs_review"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class RuleRecord(_ReportPart):
    """What one rule concluded, for the report's own honesty.

    Attributes:
        readings: values that it measured whether they are wrong or not, by view and name ("desktop.colourfulness").
    """

    rule_id: str
    axis: Axis
    outcome: RuleOutcome
    failing: int = 0
    checked: int = 0
    note: str | None = None
    readings: dict[str, float] = {}


class Draft(_ReportPart):
    """Marks a report as being of a page that this project drafted from an idea."""

    idea: str
    template: str


class Remark(_CamelPart):
    """What a language model would have a person look at. It counts for nothing: no score, no issue rests on it.

    Attributes:
        quote: the words of the page that it is about.
        outcome: always needs_review.
    """

    axis: Axis
    title: str
    description: str
    suggestion: str
    quote: str
    outcome: Literal["needs_review"] = "needs_review"


class Judgement(_CamelPart):
    """What a language model added, where one is configured.

    Attributes:
        model: its name.
        unavailable: why it added nothing although it was asked, one sentence.
    """

    model: str
    remarks: tuple[Remark, ...] = ()
    unavailable: str | None = None


class ReportDetails(_ReportPart):
    """What a report says beyond the contract.

    Attributes:
        unjudged: for each axis without a score, the reason.
        cut_short: what could not be measured whole, one sentence each.
        rules: what every rule concluded.
        title: the page's own title.
        final_url: where the redirects ended.
        draft: set when the page is this project's own draft of an idea.
        timings_ms: how long each part of the audit took, milliseconds.
        engine: names and versions of what measured.
        judgement: a language model's remarks; absent where none is configured.
    """

    unjudged: dict[Axis, str] = {}
    cut_short: tuple[str, ...] = ()
    rules: tuple[RuleRecord, ...] = ()
    title: str | None = None
    final_url: str | None = None
    draft: Draft | None = None
    timings_ms: dict[str, float] = {}
    engine: dict[str, str] = {}
    judgement: Annotated[Judgement | None, Field(exclude_if=lambda given: given is None)] = None


class Report(_ReportPart):
    """One audit's whole result.

    Attributes:
        udec_scores: all thirteen axes; None where an axis could not be judged, `details.unjudged` says why.
        overall_score: None only if no axis could be judged.
        teaser_issues: the three to seven that matter most, or all there are.
    """

    product: str = "Cynthia"
    version: str
    overall_score: Score | None
    udec_scores: dict[Axis, Score | None]
    issues_found_total: Annotated[int, Field(ge=0)]
    teaser_issues: tuple[Issue, ...]
    full_issues: tuple[Issue, ...]
    fix_packs: tuple[FixPackOutline, ...] = ()
    token_changes: tuple[TokenChange, ...] | None = None
    patch_plan: PatchPlan | None = None
    details: ReportDetails = ReportDetails()

    def issues_by_severity(self) -> dict[Severity, int]:
        """How many issues of each severity the report holds, heaviest first, zeros included."""
        counts = dict.fromkeys(Severity, 0)
        for issue in self.full_issues:
            counts[issue.severity] += 1
        return counts
