"""What an audit gives where its content does not matter: thirteen scores and no issue."""

from typing import Final

from cynthia_pipeline.audit.engine import AuditResult
from cynthia_pipeline.audit.report import Axis, Report

RESULT: Final = AuditResult(
    Report(
        version="1",
        overall_score=70,
        udec_scores=dict.fromkeys(Axis, 70),
        issues_found_total=0,
        teaser_issues=(),
        full_issues=(),
    )
)
