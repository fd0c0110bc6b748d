"""How attempts end: an audit and the sessions that wait for it move together, in the caller's one transaction.

Every function compares the lease first. If another drain holds the audit by now, or the web app deleted it, nothing
is written and LeaseLostError is raised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, exists, insert, update

from cynthia_pipeline.audit.engine import AuditResult, Evidence
from cynthia_pipeline.audit.report import Report
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.model import (
    SYSTEM_USER,
    AttemptOutcome,
    AuditId,
    LeaseId,
    LeaseLostError,
    SessionId,
    Settled,
    WorkStatus,
)
from cynthia_pipeline.store.misdirected import is_theirs
from cynthia_pipeline.store.storable import storable
from cynthia_pipeline.store.tables import (
    build_sessions,
    cynthia_audit_attempts,
    cynthia_audit_evidence,
    cynthia_audits,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

_audits, _sessions, _attempts = cynthia_audits.c, build_sessions.c, cynthia_audit_attempts.c
_evidence = cynthia_audit_evidence.c


@dataclass(frozen=True, slots=True)
class _Ending:
    outcome: AttemptOutcome
    code: ErrorCode | None = None
    detail: str = ""
    next_attempt_at: datetime | None = None


_NO_LEASE = {"lease_id": None, "lease_expires_at": None, "next_attempt_at": None}


def complete(connection: Connection, audit: AuditId, lease: LeaseId, result: AuditResult, now: datetime) -> Settled:
    """Writes the whole report, its evidence and the sessions' teasers.

    Raises:
        LeaseLostError: the audit is no longer this lease's.
    """
    report = result.report
    row = _compare_and_set(
        connection,
        audit,
        lease,
        now,
        {
            **_NO_LEASE,
            **_report_columns(report),
            "status": WorkStatus.COMPLETED,
            "error_code": None,
            "error_message": None,
            "completed_at": now,
        },
    )
    if row.has_evidence:
        connection.execute(delete(cynthia_audit_evidence).where(_evidence.audit_id == audit))
    if result.evidence:
        _add_evidence(connection, audit, result.evidence)
    sessions = _move_sessions(
        connection,
        audit,
        now,
        {
            "audit_status": WorkStatus.COMPLETED,
            "progress": 100,
            "teaser_score": report.overall_score,
            "teaser_summary": {
                "issuesFound": report.issues_found_total,
                "teaserIssues": [issue.model_dump(mode="json", by_alias=True) for issue in report.teaser_issues],
            },
        },
    )
    _adopt(connection, audit, sessions)
    return _settle(connection, row, lease, sessions, _Ending(AttemptOutcome.COMPLETED), now)


def fail(
    connection: Connection,
    audit: AuditId,
    lease: LeaseId,
    *,
    code: ErrorCode,
    message: str,
    detail: str,
    now: datetime,
) -> Settled:
    """Makes the failure final.

    Raises:
        LeaseLostError: the audit is no longer this lease's.
    """
    values = {
        **_NO_LEASE,
        "status": WorkStatus.FAILED,
        "error_code": code,
        "error_message": storable(message),
        "completed_at": now,
    }
    row = _compare_and_set(connection, audit, lease, now, values)
    sessions = _move_sessions(connection, audit, now, {"audit_status": WorkStatus.FAILED})
    ending = _Ending(AttemptOutcome.FAILED, code, detail)
    return _settle(connection, row, lease, sessions, ending, now)


def retry(
    connection: Connection,
    audit: AuditId,
    lease: LeaseId,
    *,
    wait_s: float,
    code: ErrorCode,
    detail: str,
    now: datetime,
) -> Settled:
    """Puts the audit back into the queue, due in `wait_s` seconds. No page shows a failure that is not final.

    Raises:
        LeaseLostError: the audit is no longer this lease's.
    """
    at = now + timedelta(seconds=wait_s)
    values = {
        **_NO_LEASE,
        "status": WorkStatus.PENDING,
        "next_attempt_at": at,
        "error_code": code,
    }
    row = _compare_and_set(connection, audit, lease, now, values)
    sessions = _move_sessions(connection, audit, now, {"audit_status": WorkStatus.PENDING, "progress": 0})
    ending = _Ending(AttemptOutcome.RETRIED, code, detail, at)
    return _settle(connection, row, lease, sessions, ending, now)


def release(connection: Connection, audit: AuditId, lease: LeaseId, now: datetime) -> Settled:
    """Gives the audit back untouched, due at once; the attempt does not count.

    Raises:
        LeaseLostError: the audit is no longer this lease's.
    """
    values = {
        **_NO_LEASE,
        "status": WorkStatus.PENDING,
        "next_attempt_at": now,
        "attempts": _audits.attempts - 1,
    }
    row = _compare_and_set(connection, audit, lease, now, values)
    sessions = _move_sessions(connection, audit, now, {"audit_status": WorkStatus.PENDING, "progress": 0})
    return _settle(connection, row, lease, sessions, _Ending(AttemptOutcome.RELEASED), now)


def _compare_and_set(
    connection: Connection, audit: AuditId, lease: LeaseId, now: datetime, values: dict[str, Any]
) -> "Row[Any]":
    statement = (
        update(cynthia_audits)
        .where(_audits.id == audit, _audits.lease_id == lease, _audits.status == WorkStatus.RUNNING)
        .values(updated_at=now, **values)
        .returning(
            _audits.id,
            _audits.started_at,
            _audits.created_at,
            _audits.error_message,
            exists().where(_evidence.audit_id == audit).label("has_evidence"),
        )
    )
    row = connection.execute(statement).first()
    if row is None:
        raise LeaseLostError
    return row


def _move_sessions(
    connection: Connection, audit: AuditId, now: datetime, values: dict[str, Any]
) -> "Sequence[Row[Any]]":
    statement = (
        update(build_sessions)
        .where(
            _sessions.audit_id == audit,
            _sessions.audit_status.in_((WorkStatus.PENDING, WorkStatus.RUNNING)),
            _audits.id == audit,
            is_theirs(),
        )
        .values(updated_at=now, **values)
        .returning(_sessions.id, _sessions.user_id, _sessions.created_at)
    )
    return connection.execute(statement).all()


def _adopt(connection: Connection, audit: AuditId, sessions: "Sequence[Row[Any]]") -> None:
    """An anonymous session that a user claimed while it was audited takes its audit along."""
    if user := next((row.user_id for row in sessions if row.user_id is not None), None):
        connection.execute(
            update(cynthia_audits).where(_audits.id == audit, _audits.user_id == SYSTEM_USER).values(user_id=user)
        )


def _settle(
    connection: Connection,
    audit: "Row[Any]",
    lease: LeaseId,
    sessions: "Sequence[Row[Any]]",
    ending: _Ending,
    now: datetime,
) -> Settled:
    statement = (
        update(cynthia_audit_attempts)
        .where(_attempts.audit_id == audit.id, _attempts.lease_id == lease)
        .values(ended_at=now, outcome=ending.outcome, error_code=ending.code, detail=storable(ending.detail) or None)
        .returning(_attempts.started_at)
    )
    began: datetime = connection.execute(statement).scalar_one()
    inserted = min((session.created_at for session in sessions), default=audit.created_at)
    return Settled(
        outcome=ending.outcome,
        sessions=tuple(SessionId(session.id) for session in sessions),
        waited_s=max((audit.started_at - inserted).total_seconds(), 0.0),
        worked_s=max((now - began).total_seconds(), 0.0),
        next_attempt_at=ending.next_attempt_at,
        error_code=ending.code,
        error_message=audit.error_message,
    )


def _report_columns(report: Report) -> dict[str, Any]:
    document = report.model_dump(mode="json", by_alias=True)
    return {
        name: document[name]
        for name in (
            "overall_score",
            "udec_scores",
            "issues_found_total",
            "teaser_issues",
            "full_issues",
            "fix_packs",
            "token_changes",
            "patch_plan",
            "details",
        )
    } | {"details": {**document["details"], "product": report.product, "version": report.version}}


def _add_evidence(connection: Connection, audit: AuditId, evidence: Sequence[Evidence]) -> None:
    connection.execute(
        insert(cynthia_audit_evidence),
        [
            {
                "audit_id": audit,
                "name": picture.name,
                "media_type": picture.media_type,
                "width": picture.width,
                "height": picture.height,
                "content": picture.content,
            }
            for picture in evidence
        ],
    )
