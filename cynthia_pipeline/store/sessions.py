"""Build sessions as the web app, the commands and the pages see them: inserted, looked at, with their report."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, cast, func, insert, select, true
from sqlalchemy.dialects.postgresql import JSONPATH

from cynthia_pipeline.audit.engine import Evidence
from cynthia_pipeline.audit.report import Report, Severity
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.model import AuditId, SessionId, WorkStatus
from cynthia_pipeline.queue.view import SessionView
from cynthia_pipeline.store.tables import (
    build_sessions,
    cynthia_audit_attempts,
    cynthia_audit_evidence,
    cynthia_audits,
)

_sessions, _audits, _attempts, _evidence = (
    build_sessions.c,
    cynthia_audits.c,
    cynthia_audit_attempts.c,
    cynthia_audit_evidence.c,
)


SHOWN_CHARS = 2048
"""How much of a session's input is shown: a whole address, or the beginning of an idea."""


def insert_session(
    connection: Connection, *, input_type: str, input_value: str, language: Language, user_id: UUID | None
) -> SessionId:
    """Inserts a build session exactly as the web app does, and nothing else. The caller commits."""
    statement = (
        insert(build_sessions)
        .values(input_type=input_type, input_value=input_value, language=language, user_id=user_id)
        .returning(_sessions.id)
    )
    return SessionId(connection.execute(statement).scalar_one())


def view_session(connection: Connection, session: SessionId, now: datetime) -> SessionView | None:
    """The session with its audit; None if there is no such session."""
    views = view_sessions(connection, [session], now)
    return views[0] if views else None


def view_sessions(connection: Connection, sessions: Sequence[SessionId], now: datetime) -> list[SessionView]:
    """The sessions with their audits, oldest first; those that do not exist are left out."""
    last_attempt = (
        select(_attempts.run_id, _attempts.started_at, _attempts.ended_at)
        .where(_attempts.audit_id == _audits.id)
        .order_by(_attempts.started_at.desc())
        .limit(1)
        .lateral()
    )
    severity = func.jsonb_path_query_array(_audits.full_issues, cast("$[*].severity", JSONPATH))
    query = (
        select(
            _sessions.id,
            func.left(_sessions.input_value, SHOWN_CHARS).label("input_value"),
            _sessions.language,
            _sessions.created_at,
            _sessions.progress,
            _sessions.audit_status,
            _sessions.audit_id,
            _audits.overall_score,
            _audits.udec_scores,
            _audits.issues_found_total,
            severity.label("severities"),
            _audits.error_code,
            _audits.error_message,
            _audits.attempts,
            _audits.next_attempt_at,
            _audits.started_at,
            _audits.completed_at,
            _audits.copied_from,
            last_attempt.c.run_id,
            last_attempt.c.started_at.label("attempt_started_at"),
            last_attempt.c.ended_at.label("attempt_ended_at"),
        )
        .outerjoin(cynthia_audits, _audits.id == _sessions.audit_id)
        .outerjoin(last_attempt, true())
        .where(_sessions.id.in_(sessions))
        .order_by(_sessions.created_at)
    )
    return [_view(row, now) for row in connection.execute(query)]


def load_report(connection: Connection, audit: AuditId) -> tuple[Report, tuple[Evidence, ...]] | None:
    """The stored report with its pictures; None if the audit does not exist or is not completed."""
    report = load_report_alone(connection, audit)
    if report is None:
        return None
    pictures = connection.execute(select(cynthia_audit_evidence).where(_evidence.audit_id == audit))
    return report, tuple(
        Evidence(
            name=picture.name,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            content=bytes(picture.content),
        )
        for picture in pictures
    )


def load_report_alone(connection: Connection, audit: AuditId) -> Report | None:
    """The stored report; None if the audit does not exist or is not completed.

    Raises:
        pydantic.ValidationError: what is stored is not a report that this version can read.
    """
    row = connection.execute(
        select(cynthia_audits).where(_audits.id == audit, _audits.status == WorkStatus.COMPLETED)
    ).first()
    if row is None:
        return None
    details: dict[str, Any] = row.details or {}
    return Report.model_validate(
        {
            "product": details.get("product", "Cynthia"),
            "version": details.get("version", "unknown"),
            "overall_score": row.overall_score,
            "udec_scores": row.udec_scores or {},
            "issues_found_total": row.issues_found_total or 0,
            "teaser_issues": row.teaser_issues or [],
            "full_issues": row.full_issues or [],
            "fix_packs": row.fix_packs or [],
            "token_changes": row.token_changes,
            "patch_plan": row.patch_plan,
            "details": details,
        }
    )


def _view(row: Any, now: datetime) -> SessionView:
    severities: list[str] | None = row.severities
    started = row.started_at
    waits = row.audit_status in {WorkStatus.PENDING, WorkStatus.RUNNING}
    waited_until = started or (now if waits else None)
    worked = None
    if row.attempt_started_at is not None:
        worked = ((row.attempt_ended_at or now) - row.attempt_started_at).total_seconds()
    return SessionView(
        session_id=SessionId(row.id),
        input_value=row.input_value,
        language=row.language,
        created_at=row.created_at,
        progress=row.progress,
        audit_status=WorkStatus(row.audit_status),
        audit_id=None if row.audit_id is None else AuditId(row.audit_id),
        overall_score=row.overall_score,
        udec_scores=row.udec_scores,
        issues_found_total=row.issues_found_total,
        issues_by_severity={} if severities is None else {each.value: severities.count(each) for each in Severity},
        error_code=row.error_code,
        error_message=row.error_message,
        attempts=row.attempts or 0,
        next_attempt_at=row.next_attempt_at,
        run_id=row.run_id,
        waited_s=None if waited_until is None else max((waited_until - row.created_at).total_seconds(), 0.0),
        worked_s=worked,
        completed_at=row.completed_at,
        copied_from=None if row.copied_from is None else AuditId(row.copied_from),
    )
