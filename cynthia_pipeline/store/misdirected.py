"""Sessions that point to an audit that is not theirs: they let go of it and are new again.

The web app can set audit_id itself: to another user's audit, or to a row that was never in the queue. Waiting there
would last for ever, or end with a stranger's report.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, or_, update

from cynthia_pipeline.queue.model import SessionId, WorkStatus
from cynthia_pipeline.store.tables import build_sessions, cynthia_audits

_audits, _sessions = cynthia_audits.c, build_sessions.c


def is_theirs() -> ColumnElement[bool]:
    """Whether an audit was made for a session, or for another one of the session's user."""
    return or_(_audits.owner_key == _sessions.id, _audits.owner_key == _sessions.user_id)


def detach_misdirected(connection: Connection, now: datetime) -> list[SessionId]:
    """Makes open sessions new again whose audit is not theirs. The caller commits. Reads open sessions only."""
    statement = (
        update(build_sessions)
        .where(
            _sessions.audit_status.in_((WorkStatus.PENDING, WorkStatus.RUNNING)),
            _sessions.audit_id.is_not(None),
            ~exists().where(_audits.id == _sessions.audit_id, is_theirs()),
        )
        .values(audit_id=None, audit_status=WorkStatus.PENDING, progress=0, updated_at=now)
        .returning(_sessions.id)
    )
    return [SessionId(session) for session in connection.scalars(statement)]
