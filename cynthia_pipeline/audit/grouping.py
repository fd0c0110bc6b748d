"""Findings -> groups: what has the same cause is one issue, whatever views and engines it was seen by."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cynthia_pipeline.audit.artifacts import PageArtifacts, Viewport
from cynthia_pipeline.audit.report import Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule
from cynthia_pipeline.audit.running import RuleRun

_HEAVIEST_FIRST = tuple(Severity)


@dataclass(frozen=True)
class Group:
    """One issue to be.

    Attributes:
        members: desktop first, then in the rule's order.
        paths: selectors of the distinct elements, in that order.
        merged: axe rules whose findings on these elements went into the group.
    """

    rule: Rule
    cause: str
    members: tuple[tuple[Viewport, Finding], ...]
    paths: tuple[str, ...]
    merged: tuple[str, ...]

    @cached_property
    def issue_id(self) -> str:
        """The same for the same fault on the same page, whatever else changes there."""
        digest = hashlib.sha256(self.cause.encode()).hexdigest()
        return f"{self.rule.id}-{digest[:8]}"

    @cached_property
    def severity(self) -> Severity:
        """That of its heaviest member."""
        return min((finding.severity for _, finding in self.members), key=_HEAVIEST_FIRST.index)

    @cached_property
    def viewport(self) -> Viewport | None:
        """The only view it was seen in; None for both."""
        seen = {viewport for viewport, _ in self.members}
        return seen.pop() if len(seen) == 1 and len(self.rule.viewports) > 1 else None

    @property
    def occurrences(self) -> int:
        """Distinct elements; 1 for the page as a whole."""
        return max(len(self.paths), 1)


def grouped(runs: Sequence[RuleRun], artifacts: PageArtifacts) -> list[Group]:
    """The groups of all findings, in the order of the rules.

    A finding of an axe rule that another rule absorbs disappears where that rule found the same element in the
    same view; the group there names it.
    """
    absorbers = {absorbed: item for item in runs for absorbed in item.rule.absorbs}
    found = {item.rule.id: _paths_by_view(item, artifacts) for item in absorbers.values()}
    merged: dict[tuple[str, str], set[str]] = {}
    groups: list[Group] = []
    kept: list[tuple[Rule, list[tuple[Viewport, Finding]]]] = []
    for item in runs:
        absorber = absorbers.get(item.rule.id.removeprefix("axe-")) if item.rule.id.startswith("axe-") else None
        members: list[tuple[Viewport, Finding]] = []
        for viewport, verdict in item.verdicts.items():
            for finding in verdict.findings:
                path = path_of(finding, viewport, artifacts)
                if absorber is not None and (viewport, path) in found[absorber.rule.id]:
                    merged.setdefault((absorber.rule.id, path), set()).add(item.rule.id.removeprefix("axe-"))
                else:
                    members.append((viewport, finding))
        kept.append((item.rule, members))
    for rule, members in kept:
        causes: dict[str, list[tuple[Viewport, Finding]]] = {}
        for viewport, finding in members:
            causes.setdefault(finding.cause, []).append((viewport, finding))
        for cause, same in causes.items():
            paths = tuple(
                dict.fromkeys(path for viewport, finding in same if (path := path_of(finding, viewport, artifacts)))
            )
            also = {name for path in paths or ("",) for name in merged.get((rule.id, path), ())}
            groups.append(Group(rule, cause, tuple(same), paths, tuple(sorted(also))))
    return groups


def path_of(finding: Finding, viewport: Viewport, artifacts: PageArtifacts) -> str:
    """A selector of the finding's element; empty for the page as a whole."""
    if finding.path is not None:
        return finding.path
    return artifacts.view(viewport).path(finding.element) if finding.element is not None else ""


def _paths_by_view(item: RuleRun, artifacts: PageArtifacts) -> set[tuple[Viewport, str]]:
    return {
        (viewport, path_of(finding, viewport, artifacts))
        for viewport, verdict in item.verdicts.items()
        for finding in verdict.findings
    }
