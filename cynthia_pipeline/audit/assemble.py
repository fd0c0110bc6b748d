"""Artifacts -> report: every rule run, findings grouped into issues, scored, written in the reader's language.

Pure, and the same artifacts give the same report.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from cynthia_pipeline.audit.artifacts import PageArtifacts, Viewport
from cynthia_pipeline.audit.engine import AuditRequest
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.grouping import Group, grouped, path_of
from cynthia_pipeline.audit.outlines import outlines
from cynthia_pipeline.audit.patch_plan import Wish, patch_plan
from cynthia_pipeline.audit.report import (
    Axis,
    Fix,
    Issue,
    Report,
    ReportDetails,
    RuleOutcome,
    RuleRecord,
    Severity,
)
from cynthia_pipeline.audit.rules.model import Rule
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.audit.running import RuleRun, run
from cynthia_pipeline.audit.scoring import Fault, score
from cynthia_pipeline.audit.teaser import Candidate, choose, heaviest_first
from cynthia_pipeline.audit.tokens import token_changes
from cynthia_pipeline.audit.wording import occurrence_note, unjudged_reason
from cynthia_pipeline.messages import Language

PATHS_CAP = 20
"""Most further elements that one issue lists."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an issue can be seen.

    Attributes:
        rect: CSS px in page coordinates, as the screenshot of that view.
    """

    issue_id: str
    viewport: Viewport
    rect: Rect


@dataclass(frozen=True, slots=True)
class AssembledReport:
    """A report, and where its issues can be seen, heaviest first."""

    report: Report
    spots: tuple[Spot, ...]


def assemble(artifacts: PageArtifacts, request: AuditRequest, rules: Sequence[Rule] = RULES) -> AssembledReport:
    """Judges the page by `rules` and writes the report in the request's language."""
    language = request.language
    runs = [run(rule, artifacts) for rule in rules]
    groups = {group.issue_id: group for group in grouped(runs, artifacts)}
    order = [item.issue_id for item in heaviest_first([_candidate(group) for group in groups.values()])]
    order.sort(key=lambda issue_id: _SEVERITY_ORDER[groups[issue_id].severity])
    issues = [_issue(groups[issue_id], language) for issue_id in order]
    by_id = {issue.id: issue for issue in issues}

    judged = [axis for axis in Axis if any(item.judges(axis) for item in runs)]
    faults = {group.issue_id: fault_of(group) for group in groups.values()}
    scores = score(faults.values(), judged)
    measured = {item.rule.axis for item in runs}
    report = Report(
        version=version("cynthia-pipeline"),
        overall_score=scores.overall,
        udec_scores=dict(scores.axes),
        issues_found_total=len(issues),
        teaser_issues=tuple(by_id[issue_id] for issue_id in choose([_candidate(g) for g in groups.values()])),
        full_issues=tuple(issues),
        fix_packs=outlines(issues, faults, judged, language),
        token_changes=token_changes(issues),
        patch_plan=patch_plan(
            _wishes((groups[issue_id] for issue_id in order), artifacts, language),
            page_url=artifacts.final_url,
            language=language,
        ),
        details=ReportDetails(
            unjudged={
                axis: unjudged_reason(has_rules=axis in measured, language=language)
                for axis in Axis
                if axis not in judged
            },
            cut_short=_cut_short(artifacts, language),
            rules=tuple(_record(item, groups.values()) for item in runs),
            title=artifacts.desktop.document.title or None,
            final_url=artifacts.final_url,
            draft=request.draft,
            timings_ms=dict(artifacts.timings_ms),
            engine={"axe-core": artifacts.desktop.axe_version, **artifacts.engine},
        ),
    )
    spots = [_spot(groups[issue_id]) for issue_id in order]
    return AssembledReport(report, tuple(spot for spot in spots if spot is not None))


_SEVERITY_ORDER: Mapping[Severity, int] = {severity: place for place, severity in enumerate(Severity)}


def fault_of(group: Group) -> Fault:
    """What scoring wants to know of a group."""
    return Fault(group.rule.id, group.rule.axis, group.severity, group.occurrences)


def _candidate(group: Group) -> Candidate:
    seen = [
        finding.element.rect.y < viewport.height
        for viewport, finding in group.members
        if finding.element is not None and finding.element.visible
    ]
    return Candidate(group.issue_id, group.rule.id, group.severity, group.occurrences, any(seen))


def _issue(group: Group, language: Language) -> Issue:
    first = group.members[0][1]
    texts = group.rule.texts[language]
    note = occurrence_note(group.occurrences, language)
    values: dict[str, str | int | float] = dict(first.facts)
    return Issue(
        id=group.issue_id,
        axis=group.rule.axis,
        severity=group.severity,
        title=texts.title.format_map(first.facts),
        description=" ".join(part for part in (texts.description.format_map(first.facts), note) if part),
        reason=texts.reason.format_map(first.facts),
        impact=texts.impact.format_map(first.facts),
        element_path=group.paths[0] if group.paths else None,
        fix=Fix(
            type=group.rule.fix_type,
            description=texts.fix.format_map(first.facts),
            measurements=first.measured.model_copy(update={"values": values or None}),
            before=first.before,
            after=first.after,
        ),
        rule_id=group.rule.id,
        source="; ".join((group.rule.source, *(f"axe-core {rule}" for rule in group.merged))),
        viewport=group.viewport.value if group.viewport else None,
        occurrences=group.occurrences,
        element_paths=group.paths[1 : 1 + PATHS_CAP],
    )


def _record(item: RuleRun, groups: Iterable[Group]) -> RuleRecord:
    failing = sum(len(verdict.findings) for verdict in item.verdicts.values())
    if item.outcome is RuleOutcome.FAIL and not any(group.rule.id == item.rule.id for group in groups):
        note: str | None = "merged"
    else:
        note = item.note
    return RuleRecord(
        rule_id=item.rule.id,
        axis=item.rule.axis,
        outcome=item.outcome,
        failing=failing,
        checked=sum(verdict.checked for verdict in item.verdicts.values()),
        note=note,
        readings={
            f"{viewport}.{name}": value
            for viewport, verdict in item.verdicts.items()
            for name, value in verdict.readings.items()
        },
    )


def _wishes(groups: Iterable[Group], artifacts: PageArtifacts, language: Language) -> Iterator[Wish]:
    """What each finding wants of its element, but for suggestions."""
    for group in groups:
        if group.severity is Severity.INFO:
            continue
        for viewport, finding in group.members:
            if finding.before and finding.after:
                yield Wish(
                    why=group.rule.texts[language].title.format_map(finding.facts),
                    path=path_of(finding, viewport, artifacts),
                    view=Viewport.MOBILE if group.rule.viewports == (Viewport.MOBILE,) else group.viewport,
                    before=finding.before,
                    after=finding.after,
                )


def _cut_short(artifacts: PageArtifacts, language: Language) -> tuple[str, ...]:
    cuts = (*artifacts.cut_short, *artifacts.desktop.cut_short, *artifacts.mobile.cut_short)
    return tuple(dict.fromkeys(cut.sentence(language) for cut in cuts))


def _spot(group: Group) -> Spot | None:
    """Where the group's first element can be seen; a fault of the whole page is to be seen nowhere in particular."""
    for viewport, finding in group.members:
        element = finding.element
        if element is not None and element.tag not in ("html", "body") and element.rect.area > 0:
            return Spot(group.issue_id, viewport, element.rect)
    return None
