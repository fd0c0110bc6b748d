"""An operator's cancel: the session is final at once, and the work for it stops unless others wait for it too."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select, update

from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.queue.model import AttemptOutcome, AuditId, LeaseId, SessionId, WorkKind, WorkStatus
from cynthia_pipeline.store.acceptance import accept_these
from cynthia_pipeline.store.misdirected import is_theirs
from cynthia_pipeline.store.notifications import tell_of_cancelling
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts, cynthia_audits

_audits, _sessions, _attempts = cynthia_audits.c, build_sessions.c, cynthia_audit_attempts.c

_OPEN = (WorkStatus.PENDING, WorkStatus.RUNNING)


class CancelOutcome(StrEnum):
    """What a cancel did."""

    CANCELLED = "cancelled"
    STOPPED = "stopped"
    DETACHED = "detached"
    WAS_FINAL = "was_final"
    UNKNOWN = "unknown"

    @property
    def is_done(self) -> bool:
        """Whether the session is cancelled now."""
        return self in {CancelOutcome.CANCELLED, CancelOutcome.STOPPED, CancelOutcome.DETACHED}


@dataclass(frozen=True, slots=True)
class Cancelled:
    """One session after its cancel; `status` is None for a session that does not exist."""

    session: SessionId
    outcome: CancelOutcome
    status: WorkStatus | None


def cancel(connection: Connection, session: SessionId, now: datetime) -> Cancelled:
    """Cancels one session. The caller commits.

    Returns:
        CANCELLED: it was waiting. STOPPED: it was running, and its drain has lost the lease. DETACHED: other sessions
        wait for the same audit, which goes on without this one. WAS_FINAL: it had ended before.
    """
    audit = _lock_audit(connection, session)
    row = connection.execute(
        select(_sessions.audit_status, _sessions.audit_id).where(_sessions.id == session).with_for_update()
    ).first()
    if row is None:
        return Cancelled(session, CancelOutcome.UNKNOWN, None)
    status = WorkStatus(row.audit_status)
    if status.is_final:
        return Cancelled(session, CancelOutcome.WAS_FINAL, status)
    if row.audit_id is not None and row.audit_id == audit and not _is_shared(connection, audit, session):
        stopped = _end_audit(connection, audit, now)
        connection.execute(
            update(build_sessions).where(_sessions.id == session).values(audit_status=WorkStatus.FAILED, updated_at=now)
        )
        outcome = CancelOutcome.STOPPED if stopped else CancelOutcome.CANCELLED
        return Cancelled(session, outcome, WorkStatus.FAILED)
    connection.execute(
        update(build_sessions)
        .where(_sessions.id == session)
        .values(audit_id=None, audit_status=WorkStatus.PENDING, progress=0, updated_at=now)
    )
    accept_these(connection, [session], now, refuse=ErrorCode.CANCELLED)
    outcome = CancelOutcome.CANCELLED if row.audit_id is None else CancelOutcome.DETACHED
    return Cancelled(session, outcome, WorkStatus.FAILED)


def _lock_audit(connection: Connection, session: SessionId) -> AuditId | None:
    """The session's own open audit, locked before the session is, as every other writer does."""
    query = (
        select(_audits.id)
        .join(build_sessions, _sessions.audit_id == _audits.id)
        .where(_sessions.id == session, is_theirs(), _audits.status.in_(_OPEN))
        .with_for_update(of=cynthia_audits)
    )
    found = connection.execute(query).scalar()
    return None if found is None else AuditId(found)


def _is_shared(connection: Connection, audit: AuditId, session: SessionId) -> bool:
    others = select(func.count()).where(
        _sessions.audit_id == audit, _sessions.id != session, _sessions.audit_status.in_(_OPEN)
    )
    return connection.execute(others).scalar_one() > 0


def _end_audit(connection: Connection, audit: AuditId, now: datetime) -> bool:
    """Makes the audit a final failure. Returns whether it was running."""
    row = connection.execute(select(_audits.lease_id, _audits.language).where(_audits.id == audit)).one()
    connection.execute(
        update(cynthia_audits)
        .where(_audits.id == audit)
        .values(
            status=WorkStatus.FAILED,
            lease_id=None,
            lease_expires_at=None,
            next_attempt_at=None,
            error_code=ErrorCode.CANCELLED,
            error_message=sentence(ErrorCode.CANCELLED, Language(row.language), {}),
            completed_at=now,
            updated_at=now,
        )
    )
    if row.lease_id is None:
        return False
    connection.execute(
        update(cynthia_audit_attempts)
        .where(_attempts.audit_id == audit, _attempts.lease_id == LeaseId(row.lease_id))
        .values(ended_at=now, outcome=AttemptOutcome.FAILED, error_code=ErrorCode.CANCELLED)
    )
    tell_of_cancelling(connection, WorkKind.AUDITS)
    return True
