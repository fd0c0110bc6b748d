"""Makes of a report what the template prints: grouped, shortened, named in the reader's language.

Text is cut to lengths that keep a page with one monstrous selector readable; markup is the template's matter.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from cynthia_pipeline.audit.engine import Evidence
from cynthia_pipeline.audit.report import (
    Axis,
    FixPackOutline,
    Issue,
    Judgement,
    Report,
    RuleOutcome,
    RuleRecord,
    Severity,
)
from cynthia_pipeline.report.colours import colours_in
from cynthia_pipeline.report.measured_names import measured_name
from cynthia_pipeline.report.texts import Texts
from cynthia_pipeline.report.view import (
    AxisView,
    ChangeView,
    Excerpt,
    FixPackView,
    IssueView,
    JudgementView,
    Measured,
    PagePicture,
    Picture,
    RemarkView,
    ReportView,
    RuleView,
    SeverityGroup,
    UnjudgedView,
)
from cynthia_pipeline.text import ELLIPSIS, clip, one_line

# The bands of Lighthouse's score gauge: 90 and more is good, below 50 is poor.
GOOD_FROM: Final = 90
FAIR_FROM: Final = 50

TITLE_LENGTH: Final = 160
PARAGRAPH_LENGTH: Final = 1_200
IDEA_LENGTH: Final = 600
SENTENCE_LENGTH: Final = 300
EXCERPT_LENGTH: Final = 800
EXCERPT_LINES: Final = 20
SELECTOR_LENGTH: Final = 240
VALUE_LENGTH: Final = 160
SELECTORS_SHOWN: Final = 10
OPEN_AT_ONCE: Final = 12

_PAGE_PICTURES: Final = {"page-desktop": "desktop", "page-mobile": "mobile"}
_PICTURE_TYPES: Final = frozenset({"image/webp", "image/jpeg", "image/png"})
_OUTCOMES_WORST_FIRST: Final = (
    RuleOutcome.FAIL,
    RuleOutcome.ERROR,
    RuleOutcome.NEEDS_REVIEW,
    RuleOutcome.PASS,
    RuleOutcome.NOT_APPLICABLE,
)


def view_of(report: Report, evidence: Sequence[Evidence], *, target: str, texts: Texts) -> ReportView:
    """Everything the template prints for `report`."""
    details = report.details
    pictures = {picture.name: picture for picture in evidence if picture.media_type in _PICTURE_TYPES}
    issues = _issues(report.full_issues, pictures, texts)
    by_id = {issue.id: shown for issue, shown in zip(_by_severity(report.full_issues), issues, strict=True)}
    final_url = details.final_url if details.final_url and details.final_url != target else None
    return ReportView(
        title=clip(one_line(details.title or ""), TITLE_LENGTH) or clip(one_line(target), TITLE_LENGTH),
        target=clip(one_line(target), SELECTOR_LENGTH),
        target_link=web_link(target),
        final_url=clip(one_line(final_url), SELECTOR_LENGTH) if final_url and not details.draft else None,
        idea=clip(details.draft.idea.strip(), IDEA_LENGTH) if details.draft else None,
        score=report.overall_score,
        band=band(report.overall_score),
        verdict=_verdict(report, texts),
        axes=_axes(report, texts),
        unjudged=_unjudged(report, texts),
        groups=tuple(_group(severity, issues, texts) for severity in Severity),
        total=len(issues),
        first=tuple(by_id[issue.id] for issue in report.teaser_issues if issue.id in by_id),
        fix_packs=tuple(_fix_pack(pack, by_id) for pack in report.fix_packs),
        judgement=None if details.judgement is None else _judgement(details.judgement, texts),
        changes=_changes(report, texts),
        changes_reversible=report.patch_plan is not None and report.patch_plan.reversible,
        page_pictures=tuple(_page_pictures(pictures, texts)),
        cut_short=tuple(clip(one_line(sentence), SENTENCE_LENGTH) for sentence in details.cut_short),
        engine=tuple((one_line(name), clip(one_line(value), VALUE_LENGTH)) for name, value in details.engine.items()),
        timings=tuple(
            (measured_name(one_line(name), texts.language), texts.duration(value))
            for name, value in details.timings_ms.items()
        ),
        rules=_rules(report, texts),
        outcome_counts=_outcome_counts(report, texts),
        version=clip(one_line(report.version), VALUE_LENGTH),
    )


def _verdict(report: Report, texts: Texts) -> str:
    """The page in a sentence; what is critical is not called polish, however good the score. Empty without a score."""
    match band(report.overall_score):
        case "good":
            is_critical = any(issue.severity is Severity.CRITICAL for issue in report.full_issues)
            return texts.verdict_good_but if is_critical else texts.verdict_good
        case "fair":
            return texts.verdict_fair
        case "poor":
            return texts.verdict_poor
        case _:
            return ""


def band(score: int | None) -> str:
    """Which of Lighthouse's three bands a score lies in; "none" without a score."""
    if score is None:
        return "none"
    if score >= GOOD_FROM:
        return "good"
    return "fair" if score >= FAIR_FROM else "poor"


def web_link(address: str) -> str | None:
    """`address` if it is plainly one of the web, so that it may be linked to."""
    if address != one_line(address) or len(address) > 2_000:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.hostname else None


def _by_severity(issues: Sequence[Issue]) -> list[Issue]:
    order = {severity: rank for rank, severity in enumerate(Severity)}
    return sorted(issues, key=lambda issue: order[issue.severity])


def _issues(issues: Sequence[Issue], pictures: Mapping[str, Evidence], texts: Texts) -> tuple[IssueView, ...]:
    ordered = _by_severity(issues)
    heavy = sum(issue.severity in {Severity.CRITICAL, Severity.MAJOR} for issue in ordered)
    opened = min(heavy or len(ordered), OPEN_AT_ONCE)
    return tuple(_issue(number, issue, pictures, texts, opened) for number, issue in enumerate(ordered, start=1))


def _issue(number: int, issue: Issue, pictures: Mapping[str, Evidence], texts: Texts, opened: int) -> IssueView:
    title = clip(one_line(issue.title), TITLE_LENGTH)
    crop = pictures.get(issue.id)
    further = tuple(path for path in issue.element_paths if path != issue.element_path)
    shown = further[:SELECTORS_SHOWN]
    located = len(shown) + (issue.element_path is not None)
    return IssueView(
        anchor=f"issue-{number}",
        number=number,
        severity=issue.severity,
        title=title,
        axis=texts.axis_names[issue.axis],
        axis_code=issue.axis,
        fix_type=texts.fix_types[issue.fix.type],
        what=clip(issue.description, PARAGRAPH_LENGTH),
        why=tuple(clip(reason, PARAGRAPH_LENGTH) for reason in dict.fromkeys((issue.reason, issue.impact)) if reason),
        fix=clip(issue.fix.description, PARAGRAPH_LENGTH),
        measured=_measured(issue, texts),
        before=_excerpt(issue.fix.before),
        after=_excerpt(issue.fix.after),
        selector=clip(one_line(issue.element_path or ""), SELECTOR_LENGTH),
        further_selectors=tuple(clip(one_line(path), SELECTOR_LENGTH) for path in shown),
        unlisted=max(0, issue.occurrences - located) if located else 0,
        occurrences=issue.occurrences,
        viewport=texts.viewports.get(issue.viewport or "", ""),
        rule=clip(one_line(issue.rule_id or ""), VALUE_LENGTH),
        source=clip(one_line(issue.source or ""), SELECTOR_LENGTH),
        source_link=web_link(issue.source or ""),
        picture=_picture(crop, texts.element_picture.format(title=title)) if crop else None,
        is_open=number <= opened,
    )


def _measured(issue: Issue, texts: Texts) -> tuple[Measured, ...]:
    """The measured values, each told once: not again under a second name, nor where the issue says it anyway."""
    measurements = issue.fix.measurements
    values = measurements.values or {}
    contract = {
        "contrast": measurements.contrast,
        "tapTarget": measurements.tap_target,
        "duration": measurements.duration,
        "easing": measurements.easing,
    }
    elsewhere = {issue.element_path, issue.fix.after}
    named = {name: value for name, value in values.items() if value not in elsewhere} | {
        name: value for name, value in contract.items() if value is not None and value not in values.values()
    }
    return tuple(
        Measured(
            name=clip(measured_name(one_line(name), texts.language), VALUE_LENGTH),
            value=clip(one_line(str(value)), VALUE_LENGTH),
            colours=colours_in(str(value)),
        )
        for name, value in named.items()
    )


def _excerpt(source: str | None) -> Excerpt | None:
    if source is None or not source.strip():
        return None
    lines = source.strip("\n").splitlines()
    shown = lines[:EXCERPT_LINES] + ([ELLIPSIS] if len(lines) > EXCERPT_LINES else [])
    return Excerpt(clip("\n".join(shown), EXCERPT_LENGTH), colours_in(source[:EXCERPT_LENGTH]))


def _picture(evidence: Evidence, alt: str) -> Picture:
    content = base64.b64encode(evidence.content).decode()
    return Picture(
        source=f"data:{evidence.media_type};base64,{content}",
        width=max(1, evidence.width),
        height=max(1, evidence.height),
        alt=alt,
    )


def _page_pictures(pictures: Mapping[str, Evidence], texts: Texts) -> list[PagePicture]:
    return [
        PagePicture(viewport, label, _picture(pictures[name], f"{texts.pictures}: {label}"))
        for name, viewport in _PAGE_PICTURES.items()
        if name in pictures
        for label in [texts.viewports[viewport]]
    ]


def _axes(report: Report, texts: Texts) -> tuple[AxisView, ...]:
    return tuple(
        AxisView(axis, texts.axis_names[axis], texts.axis_meanings[axis], score, band(score))
        for axis in Axis
        for score in [report.udec_scores.get(axis)]
        if score is not None
    )


def _unjudged(report: Report, texts: Texts) -> tuple[UnjudgedView, ...]:
    names: dict[str, list[str]] = {}
    for axis in Axis:
        if report.udec_scores.get(axis) is None:
            reason = one_line(report.details.unjudged.get(axis, "")) or texts.not_judged_plain
            names.setdefault(clip(reason, SENTENCE_LENGTH), []).append(texts.axis_names[axis])
    return tuple(UnjudgedView(tuple(named), reason) for reason, named in names.items())


def _group(severity: Severity, issues: Sequence[IssueView], texts: Texts) -> SeverityGroup:
    return SeverityGroup(
        severity=severity,
        label=texts.severity_groups[severity],
        meaning=texts.severity_meanings[severity],
        issues=tuple(issue for issue in issues if issue.severity is severity),
    )


def _fix_pack(pack: FixPackOutline, by_id: Mapping[str, IssueView]) -> FixPackView:
    tradeoffs = (pack.tradeoffs,) if isinstance(pack.tradeoffs, str) else pack.tradeoffs or ()
    return FixPackView(
        name=clip(one_line(pack.name), TITLE_LENGTH),
        description=clip(pack.description, PARAGRAPH_LENGTH),
        impact=clip(one_line(str(pack.estimated_impact)), VALUE_LENGTH),
        tradeoffs=tuple(clip(one_line(tradeoff), SENTENCE_LENGTH) for tradeoff in tradeoffs),
        issues=tuple(by_id[issue_id] for issue_id in dict.fromkeys(pack.issues) if issue_id in by_id),
    )


def _judgement(judgement: Judgement, texts: Texts) -> JudgementView:
    said = [judgement.unavailable or texts.remarks_why.format(model=clip(one_line(judgement.model), VALUE_LENGTH))]
    if not judgement.remarks and judgement.unavailable is None:
        said.append(texts.remarks_none)
    return JudgementView(
        said=clip(one_line(" ".join(said)), PARAGRAPH_LENGTH),
        remarks=tuple(
            RemarkView(
                title=clip(one_line(remark.title), TITLE_LENGTH),
                axis=texts.axis_names[remark.axis],
                description=clip(remark.description, PARAGRAPH_LENGTH),
                suggestion=clip(remark.suggestion, PARAGRAPH_LENGTH),
                quote=clip(one_line(remark.quote), SENTENCE_LENGTH),
            )
            for remark in judgement.remarks
        ),
    )


def _changes(report: Report, texts: Texts) -> tuple[ChangeView, ...]:
    entries = () if report.patch_plan is None else report.patch_plan.changelog
    return tuple(
        ChangeView(
            description=clip(one_line(entry.description), SENTENCE_LENGTH),
            place=f"{texts.plan_types[entry.type]} {clip(one_line(entry.file), SELECTOR_LENGTH)}",
            before=_excerpt(entry.before),
            after=_excerpt(entry.after),
        )
        for entry in entries
    )


def _rules(report: Report, texts: Texts) -> tuple[RuleView, ...]:
    rank = {outcome: number for number, outcome in enumerate(_OUTCOMES_WORST_FIRST)}
    ordered = sorted(report.details.rules, key=lambda record: (rank[record.outcome], record.axis, record.rule_id))
    return tuple(
        RuleView(
            rule=clip(one_line(record.rule_id), VALUE_LENGTH),
            axis=texts.axis_names[record.axis],
            outcome=record.outcome,
            outcome_label=texts.outcomes[record.outcome],
            counts=f"{record.failing} / {record.checked}" if record.checked else "",
            note=clip(one_line(_note(record, texts)), SENTENCE_LENGTH),
        )
        for record in ordered
    )


def _note(record: RuleRecord, texts: Texts) -> str:
    """What a rule remarks, and the values that it read whether wrong or not."""
    readings = [
        f"{measured_name(name.rpartition('.')[2], texts.language)} {value:g}" for name, value in record.readings.items()
    ]
    said = texts.notes.get(record.note or "", record.note or "")
    return "; ".join(part for part in (said, ", ".join(readings)) if part)


def _outcome_counts(report: Report, texts: Texts) -> tuple[tuple[str, int], ...]:
    counts = dict.fromkeys(_OUTCOMES_WORST_FIRST, 0)
    for record in report.details.rules:
        counts[record.outcome] += 1
    return tuple((texts.outcomes[outcome], n) for outcome, n in counts.items() if n)
