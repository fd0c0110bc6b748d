"""Mends what the queue's own writes cannot leave behind: sessions and audits that contradict each other.

Rows that another transaction holds are passed over: it may be about to mend them itself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, cast, null, select, update

from cynthia_pipeline.queue.model import AuditId, SessionId, WorkStatus
from cynthia_pipeline.queue.repair import is_adrift, session_should_be
from cynthia_pipeline.store.misdirected import is_theirs
from cynthia_pipeline.store.tables import build_sessions, cynthia_audits

BATCH = 200
"""Rows mended in one transaction; the next tick goes on."""

OPEN = (WorkStatus.PENDING, WorkStatus.RUNNING)

_audits, _sessions = cynthia_audits.c, build_sessions.c


def differs() -> ColumnElement[bool]:
    """Whether a session's state is not its audit's: the same four, in two types."""
    return cast(_sessions.audit_status, Text) != cast(_audits.status, Text)


def requeue_adrift(connection: Connection, now: datetime) -> list[AuditId]:
    """Puts open audits that nothing would move any more back into the queue, due at once. The caller commits."""
    query = (
        select(_audits.id, _audits.status, _audits.lease_id, _audits.lease_expires_at, _audits.next_attempt_at)
        .where(_audits.status.in_(OPEN), _audits.owner_key.is_not(None))
        .where(
            ((_audits.status == WorkStatus.PENDING) & _audits.next_attempt_at.is_(None))
            | (
                (_audits.status == WorkStatus.RUNNING)
                & (_audits.lease_id.is_(None) | _audits.lease_expires_at.is_(None))
            )
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    adrift = [
        AuditId(row.id)
        for row in connection.execute(query)
        if is_adrift(
            WorkStatus(row.status),
            leased=row.lease_id is not None and row.lease_expires_at is not None,
            scheduled=row.next_attempt_at is not None,
        )
    ]
    if adrift:
        connection.execute(
            update(cynthia_audits)
            .where(_audits.id.in_(adrift))
            .values(
                status=WorkStatus.PENDING,
                next_attempt_at=now,
                lease_id=None,
                lease_expires_at=None,
                updated_at=now,
            )
        )
    return adrift


def repair_sessions(connection: Connection, now: datetime) -> dict[SessionId, WorkStatus]:
    """Brings open sessions in line with their audits. The caller commits.

    Those that point to an audit that is not theirs are left to store/misdirected.py.

    Returns:
        The sessions that were wrong, with the state they are in now.
    """
    repaired: dict[SessionId, WorkStatus] = {}
    for row in (*_without_audit(connection), *_apart(connection)):
        audit = None if row.status is None else WorkStatus(row.status)
        state = session_should_be(WorkStatus(row.audit_status), audit)
        if state is None:
            continue
        values = _values(row, state)
        connection.execute(update(build_sessions).where(_sessions.id == row.id).values(updated_at=now, **values))
        repaired[SessionId(row.id)] = state
    return repaired


def _without_audit(connection: Connection) -> Sequence[Row[Any]]:
    """Sessions that ran when the web app deleted their audit."""
    query = (
        select(_sessions.id, _sessions.audit_status, null().label("status"))
        .where(_sessions.audit_status == WorkStatus.RUNNING, _sessions.audit_id.is_(None))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(query).all()


def _apart(connection: Connection) -> Sequence[Row[Any]]:
    """Open sessions that contradict their audit. Both rows are locked, so that neither moves before the mending."""
    query: Select[Any] = (
        select(
            _sessions.id,
            _sessions.audit_status,
            _audits.status,
            _audits.overall_score,
            _audits.issues_found_total,
            _audits.teaser_issues,
        )
        .join(cynthia_audits, _audits.id == _sessions.audit_id)
        .where(
            _sessions.audit_status.in_(OPEN),
            _sessions.audit_id.is_not(None),
            differs(),
            is_theirs(),
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(query).all()


def _values(row: Row[Any], state: WorkStatus) -> dict[str, Any]:
    values: dict[str, Any] = {"audit_status": state}
    match state:
        case WorkStatus.PENDING | WorkStatus.RUNNING:
            values["progress"] = 0
        case WorkStatus.COMPLETED:
            values |= {
                "progress": 100,
                "teaser_score": row.overall_score,
                "teaser_summary": {
                    "issuesFound": row.issues_found_total,
                    "teaserIssues": row.teaser_issues or [],
                },
            }
        case WorkStatus.FAILED:
            pass
        case _ as never:
            assert_never(never)
    return values
