"""Runs one rule over the views that it looks at. A rule that crashes costs its own answer and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from cynthia_pipeline.audit.artifacts import PageArtifacts, Viewport
from cynthia_pipeline.audit.report import Axis, RuleOutcome
from cynthia_pipeline.audit.rules.model import Rule, Verdict


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What one rule concluded about a page.

    Attributes:
        error: the exception that ended the rule; its verdicts are then empty.
    """

    rule: Rule
    verdicts: Mapping[Viewport, Verdict]
    error: str | None = None

    @property
    def outcome(self) -> RuleOutcome:
        """The verdicts of all views in one word."""
        verdicts = self.verdicts.values()
        if self.error is not None:
            return RuleOutcome.ERROR
        if any(verdict.findings for verdict in verdicts):
            return RuleOutcome.FAIL
        if any(verdict.reviews for verdict in verdicts):
            return RuleOutcome.NEEDS_REVIEW
        if any(verdict.checked for verdict in verdicts):
            return RuleOutcome.PASS
        return RuleOutcome.NOT_APPLICABLE

    @property
    def note(self) -> str | None:
        """For the report's record."""
        return self.error or next((verdict.note for verdict in self.verdicts.values() if verdict.note), None)

    def judges(self, axis: Axis) -> bool:
        """Whether this run says anything about `axis`."""
        return self.rule.axis is axis and self.outcome in (RuleOutcome.PASS, RuleOutcome.FAIL)


def run(rule: Rule, artifacts: PageArtifacts) -> RuleRun:
    """Runs `rule`; never raises for what the rule does."""
    try:
        verdicts = {viewport: rule.check(artifacts.view(viewport)) for viewport in rule.viewports}
    except Exception as error:  # noqa: BLE001 -- whatever a rule stumbles over becomes its own error record
        return RuleRun(rule, {}, f"{type(error).__name__}: {error}")
    return RuleRun(rule, verdicts)
