"""What a completed audit's row must hold, checked on the stored columns: a page reads them, not the report's model."""

from collections.abc import Sequence
from dataclasses import dataclass

from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.audit.teaser import LEAST, MOST


@dataclass(frozen=True, slots=True)
class StoredReport:
    """The figures of one completed audit, as they lie in its row.

    Attributes:
        axes: the names under which scores are stored, None scores included.
        issues_found: what the row says.
        issues: how many there are.
        teasers: how many of them the visitor is shown.
    """

    overall_score: int | None
    axes: Sequence[str]
    scored_axes: int
    issues_found: int | None
    issues: int
    teasers: int


def faults(report: StoredReport) -> list[str]:
    """What is missing or out of bounds, one phrase each; empty for a whole report."""
    missing = sorted({axis.value for axis in Axis} - set(report.axes))
    found: list[str] = []
    if missing:
        found.append(f"no entry for {', '.join(missing)}")
    if report.overall_score is None and report.scored_axes:
        found.append("axis scores, but no overall score")
    if report.overall_score is not None and not 0 <= report.overall_score <= 100:
        found.append(f"an overall score of {report.overall_score}")
    if report.issues_found is None:
        found.append("no count of issues")
    elif report.issues_found < report.issues:
        found.append(f"{report.issues} issues, {report.issues_found} counted")
    if not min(LEAST, report.issues) <= report.teasers <= MOST:
        found.append(f"{report.teasers} teaser issues of {report.issues}")
    return found
