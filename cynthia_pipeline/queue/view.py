"""What the outside is told of one session: the same facts in the terminal, in `--json` and in the Dagster UI."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cynthia_pipeline.queue.model import AuditId, SessionId, WorkStatus
from cynthia_pipeline.queue.waiting import Waiting


@dataclass(frozen=True, slots=True)
class SessionView:
    """One build session with its audit.

    Attributes:
        waited_s: from the insert to the first start, or until now if it has not started; seconds.
        worked_s: of the last attempt, until now if it runs; seconds. None before the first start.
        run_id: the Dagster run of the last attempt.
        next_attempt_at: when a waiting audit is due.
        completed_at: when its audit ended for good.
        copied_from: the audit whose report its own is a copy of.
        waiting: why it waits, where that was asked for and it does.
    """

    session_id: SessionId
    input_value: str
    language: str
    created_at: datetime
    progress: int
    audit_status: WorkStatus
    audit_id: AuditId | None
    overall_score: int | None
    udec_scores: dict[str, int | None] | None
    issues_found_total: int | None
    issues_by_severity: dict[str, int]
    error_code: str | None
    error_message: str | None
    attempts: int
    next_attempt_at: datetime | None
    run_id: str | None
    waited_s: float | None
    worked_s: float | None
    completed_at: datetime | None = None
    copied_from: AuditId | None = None
    waiting: Waiting | None = None

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "session_id": str(self.session_id),
            "audit_id": None if self.audit_id is None else str(self.audit_id),
            "audit_status": self.audit_status.value,
            "progress": self.progress,
            "overall_score": self.overall_score,
            "udec_scores": self.udec_scores,
            "issues_found_total": self.issues_found_total,
            "issues_by_severity": self.issues_by_severity,
            "error_code": self.error_code,
            "error_message": self.error_message,
            "attempts": self.attempts,
            "next_attempt_at": None if self.next_attempt_at is None else self.next_attempt_at.isoformat(),
            "run_id": self.run_id,
            "waited_s": self.waited_s,
            "worked_s": self.worked_s,
            "copied_from": None if self.copied_from is None else str(self.copied_from),
            "waiting": None if self.waiting is None else self.waiting.as_json(),
        }
