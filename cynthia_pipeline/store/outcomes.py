"""How attempts end: an audit and the sessions that wait for it move together, in the caller's one transaction.

Every function compares the lease first. If another drain holds the audit by now, or the web app deleted it, nothing
is written and LeaseLostError is raised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Update, column, delete, exists, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, UUID

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
    REPORT_COLUMNS,
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


_RETURNED = (
    _audits.id,
    _audits.started_at,
    _audits.created_at,
    _audits.error_message,
    exists().where(_evidence.audit_id == _audits.id).label("has_evidence"),
)
_NO_LEASE = {"lease_id": None, "lease_expires_at": None, "next_attempt_at": None}


def complete(connection: Connection, audit: AuditId, lease: LeaseId, result: AuditResult, now: datetime) -> Settled:
    """Writes one whole report, its evidence and the sessions' teasers.

    Raises:
        LeaseLostError: the audit is no longer this lease's.
    """
    settled = complete_all(connection, [(audit, lease, result)], now)
    if lease not in settled:
        raise LeaseLostError
    return settled[lease]


def complete_all(
    connection: Connection, results: Sequence[tuple[AuditId, LeaseId, AuditResult]], now: datetime
) -> dict[LeaseId, Settled]:
    """Writes whole reports, their evidence and the sessions' teasers, in as many statements as one takes.

    Returns:
        How each ended, by its lease; a lease that was lost is left out.
    """
    rows = {row.id: row for row in connection.execute(_completion(results, now))}
    if old := [audit for audit, row in rows.items() if row.has_evidence]:
        connection.execute(delete(cynthia_audit_evidence).where(_evidence.audit_id.in_(old)))
    if pictures := [_picture(audit, each) for audit, _, result in results if audit in rows for each in result.evidence]:
        connection.execute(insert(cynthia_audit_evidence), pictures)
    sessions = _show_completed(connection, list(rows), now)
    for audit, row in rows.items():
        if row.user_id == SYSTEM_USER:
            _adopt(connection, audit, sessions.get(audit, []))
    ending = _Ending(AttemptOutcome.COMPLETED)
    began = _end_attempts(connection, {audit: row.ended_lease for audit, row in rows.items()}, ending, now)
    return {
        LeaseId(row.ended_lease): _settled(row, sessions.get(audit, []), began[audit], ending, now)
        for audit, row in rows.items()
    }


def _completion(results: Sequence[tuple[AuditId, LeaseId, AuditResult]], now: datetime) -> Update:
    """All results go as one document: the rows of an UPDATE cannot be bound one by one in one statement."""
    columns = (*REPORT_COLUMNS, "details")
    made = (
        func.jsonb_to_recordset(
            literal(
                [
                    {"audit": str(audit), "lease": str(lease), **_report_columns(result.report)}
                    for audit, lease, result in results
                ],
                JSONB,
            )
        )
        .table_valued(
            column("audit", UUID(as_uuid=True)),
            column("lease", UUID(as_uuid=True)),
            *(column(name, _audits[name].type) for name in columns),
        )
        .render_derived("made", with_types=True)
    )
    # Locked in the order of their ids, as everything that locks several audits does.
    held = (
        select(_audits.id)
        .where(_audits.id.in_([audit for audit, _, _ in results]), _audits.status == WorkStatus.RUNNING)
        .order_by(_audits.id)
        .with_for_update()
        .cte("held")
    )
    return (
        update(cynthia_audits)
        .where(
            _audits.id.in_(select(held.c.id)),
            _audits.id == made.c.audit,
            _audits.lease_id == made.c.lease,
            _audits.status == WorkStatus.RUNNING,
        )
        .values(
            {
                **_NO_LEASE,
                **{name: made.c[name] for name in columns},
                "status": WorkStatus.COMPLETED,
                "error_code": None,
                "error_message": None,
                "completed_at": now,
                "updated_at": now,
            }
        )
        .returning(*_RETURNED, _audits.user_id, made.c.lease.label("ended_lease"))
    )


def _show_completed(
    connection: Connection, audits: Sequence[AuditId], now: datetime
) -> "dict[AuditId, list[Row[Any]]]":
    statement = (
        update(build_sessions)
        .where(
            _sessions.audit_id.in_(audits),
            _sessions.audit_status.in_((WorkStatus.PENDING, WorkStatus.RUNNING)),
            _audits.id == _sessions.audit_id,
            is_theirs(),
        )
        .values(
            audit_status=WorkStatus.COMPLETED,
            progress=100,
            teaser_score=_audits.overall_score,
            teaser_summary=func.jsonb_build_object(
                "issuesFound", _audits.issues_found_total, "teaserIssues", _audits.teaser_issues
            ),
            updated_at=now,
        )
        .returning(_sessions.audit_id, _sessions.id, _sessions.user_id, _sessions.created_at)
    )
    by_audit: dict[AuditId, list[Row[Any]]] = {}
    for row in connection.execute(statement):
        by_audit.setdefault(AuditId(row.audit_id), []).append(row)
    return by_audit


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
        .returning(*_RETURNED)
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
    began = _end_attempts(connection, {AuditId(audit.id): lease}, ending, now)
    return _settled(audit, sessions, began[AuditId(audit.id)], ending, now)


def _end_attempts(
    connection: Connection, leases: Mapping[AuditId, LeaseId], ending: _Ending, now: datetime
) -> dict[AuditId, datetime]:
    """Notes how the attempts under the leases ended; answers when they had begun."""
    statement = (
        update(cynthia_audit_attempts)
        .where(_attempts.audit_id.in_(list(leases)), _attempts.lease_id.in_(list(leases.values())))
        .values(ended_at=now, outcome=ending.outcome, error_code=ending.code, detail=storable(ending.detail) or None)
        .returning(_attempts.audit_id, _attempts.started_at)
    )
    return {AuditId(row.audit_id): row.started_at for row in connection.execute(statement)}


def _settled(
    audit: "Row[Any]", sessions: "Sequence[Row[Any]]", began: datetime, ending: _Ending, now: datetime
) -> Settled:
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
    details = {**document["details"], "product": report.product, "version": report.version}
    return {name: document[name] for name in REPORT_COLUMNS} | {"details": details}


def _picture(audit: AuditId, picture: Evidence) -> dict[str, Any]:
    return {
        "audit_id": audit,
        "name": picture.name,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "content": picture.content,
    }
