"""An operator's replay: final sessions go back into the queue, with their history kept in the attempts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from cynthia_pipeline.queue.model import SessionId, WorkStatus
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.tables import build_sessions, cynthia_audits

_audits, _sessions = cynthia_audits.c, build_sessions.c


def replay(connection: Connection, sessions: Sequence[SessionId], now: datetime | None = None) -> list[SessionId]:
    """Puts those of the sessions that are final back into the queue, due at once. The caller commits.

    Returns:
        The sessions that are pending again. One that is open already is left as it is.
    """
    now = now or database_now(connection)
    final = (WorkStatus.COMPLETED, WorkStatus.FAILED)
    audits = select(_sessions.audit_id).where(
        _sessions.id.in_(sessions), _sessions.audit_status.in_(final), _sessions.audit_id.is_not(None)
    )
    reopened = connection.scalars(
        update(cynthia_audits)
        .where(_audits.id.in_(audits), _audits.status.in_(final))
        .values(
            status=WorkStatus.PENDING,
            next_attempt_at=now,
            queued_at=now,
            attempts=0,
            started_at=None,
            completed_at=None,
            error_code=None,
            error_message=None,
            updated_at=now,
        )
        .returning(_audits.id)
    ).all()
    moved = connection.scalars(
        update(build_sessions)
        .where(_sessions.audit_id.in_(reopened), _sessions.audit_status.in_(final))
        .values(audit_status=WorkStatus.PENDING, progress=0, updated_at=now)
        .returning(_sessions.id)
    ).all()
    # A session whose audit the web app deleted is new again, and is accepted as a new one would be.
    orphans = connection.scalars(
        update(build_sessions)
        .where(_sessions.id.in_(sessions), _sessions.audit_status.in_(final), _sessions.audit_id.is_(None))
        .values(audit_status=WorkStatus.PENDING, progress=0, updated_at=now)
        .returning(_sessions.id)
    ).all()
    return [SessionId(session) for session in (*moved, *orphans)]
