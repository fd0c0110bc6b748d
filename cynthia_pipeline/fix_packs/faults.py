"""What is wrong with a probed page, element by element: the currency of fixers and of the verification."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from cynthia_pipeline.audit.artifacts import Element, PageArtifacts, Viewport
from cynthia_pipeline.audit.grouping import Group, grouped, path_of
from cynthia_pipeline.audit.rules.model import Finding, Rule
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.audit.running import RuleRun, run

FaultKey: TypeAlias = tuple[str, str]
"""A rule's id and the selector of the element it complains of; the same in both viewports."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding.

    Attributes:
        issue: id of the issue it belongs to; empty where another rule's issue stands for it.
    """

    issue: str
    rule: Rule
    viewport: Viewport
    path: str
    finding: Finding

    @property
    def key(self) -> FaultKey:
        """What it is called."""
        return self.rule.id, self.path

    @property
    def element(self) -> Element | None:
        """Where it is."""
        return self.finding.element


def keys_of(faults: Iterable[Fault]) -> tuple[FaultKey, ...]:
    """What the faults are called, each once, in order: one element is one in both viewports."""
    return tuple(dict.fromkeys(fault.key for fault in faults))


def paths_of(faults: Iterable[Fault]) -> tuple[str, ...]:
    """Where the faults are, each selector once, in order."""
    return tuple(dict.fromkeys(fault.path for fault in faults))


@dataclass(frozen=True, slots=True)
class Faults:
    """All findings of a page.

    Attributes:
        every: each finding of each rule, merged or not.
        groups: the issues.
    """

    every: tuple[Fault, ...]
    groups: tuple[Group, ...]

    def of_issues(self, issues: Iterable[str]) -> tuple[Fault, ...]:
        """The findings of these issues, those of axe that an issue absorbed included."""
        wanted = frozenset(issues)
        found = tuple(fault for fault in self.every if fault.issue in wanted)
        absorbing = {
            (f"axe-{name}", fault.viewport, fault.path): fault.issue for fault in found for name in fault.rule.absorbs
        }
        absorbed = (
            replace(fault, issue=absorbing[fault.rule.id, fault.viewport, fault.path])
            for fault in self.every
            if not fault.issue and (fault.rule.id, fault.viewport, fault.path) in absorbing
        )
        return (*found, *absorbed)


def faults_of(artifacts: PageArtifacts, rules: Sequence[Rule] = RULES) -> Faults:
    """Runs every rule over the page."""
    runs = [run(rule, artifacts) for rule in rules]
    groups = tuple(grouped(runs, artifacts))
    issue_of = {
        (group.rule.id, viewport, id(finding)): group.issue_id
        for group in groups
        for viewport, finding in group.members
    }
    return Faults(tuple(_every(runs, issue_of, artifacts)), groups)


def _every(
    runs: Sequence[RuleRun], issue_of: dict[tuple[str, Viewport, int], str], artifacts: PageArtifacts
) -> Iterable[Fault]:
    for item in runs:
        for viewport, verdict in item.verdicts.items():
            for finding in verdict.findings:
                issue = issue_of.get((item.rule.id, viewport, id(finding)), "")
                yield Fault(issue, item.rule, viewport, path_of(finding, viewport, artifacts), finding)
