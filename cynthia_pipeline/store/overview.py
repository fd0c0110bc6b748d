"""The queue's numbers. Each query reads open work, the last hour or the failures asked for, never all that is past."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, and_, func, literal, select, true, tuple_

from cynthia_pipeline.queue.model import AttemptOutcome, Priority, SessionId, WorkKind, WorkStatus
from cynthia_pipeline.queue.overview import (
    SHOWN,
    Depth,
    LiveDrain,
    Overview,
    RunningAudit,
    Spread,
)
from cynthia_pipeline.queue.waiting import WaitingFacts
from cynthia_pipeline.store.failures import failed_query, failure_groups
from cynthia_pipeline.store.pauses import pause_of
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts, cynthia_audits, cynthia_drains

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

RECENT = timedelta(hours=1)
"""What "recent" means for durations and failures."""

_audits, _sessions, _attempts, _drains = (
    cynthia_audits.c,
    build_sessions.c,
    cynthia_audit_attempts.c,
    cynthia_drains.c,
)

_WAITS = and_(_audits.status == WorkStatus.PENDING, _audits.next_attempt_at.is_not(None))
_RUNS = and_(_audits.status == WorkStatus.RUNNING, _audits.lease_id.is_not(None))
_NEW = and_(_sessions.audit_status == WorkStatus.PENDING, _sessions.audit_id.is_(None))


def read_overview(connection: Connection, kind: WorkKind, silent_s: float, now: datetime) -> Overview:
    """The queue at this moment.

    Args:
        connection: in a transaction.
        kind: of the drains to list.
        silent_s: a drain that was not seen for this many seconds is not alive.
        now: the present moment.
    """
    waiting = connection.execute(depth_query(now)).all()
    finals = connection.execute(recent_query(now)).one()
    oldest = connection.execute(oldest_query(now)).scalar_one()
    return Overview(
        now=now,
        pause=pause_of(connection, kind),
        new=connection.execute(new_query()).scalar_one(),
        depth=tuple(Depth(Priority(row.priority), row.due, row.later) for row in waiting),
        oldest_wait_s=None if oldest is None else max((now - oldest).total_seconds(), 0.0),
        running_count=connection.execute(select(func.count()).where(_RUNS)).scalar_one(),
        running=_running(connection, now),
        waited=Spread(finals.waited_p50, finals.waited_p95),
        worked=Spread(finals.worked_p50, finals.worked_p95),
        completed=finals.completed,
        failures=tuple(
            (group.code, group.count) for group in failure_groups(connection, failed_query(kind, now - RECENT))
        ),
        drains=_live_drains(connection, kind, silent_s, now),
    )


def depth_query(now: datetime) -> Select[Any]:
    """What waits, by class."""
    is_due = _audits.next_attempt_at <= now
    return (
        select(
            _audits.priority,
            func.count().filter(is_due).label("due"),
            func.count().filter(~is_due).label("later"),
        )
        .where(_WAITS)
        .group_by(_audits.priority)
        .order_by(_audits.priority)
    )


def new_query() -> Select[Any]:
    """How many sessions were not taken in yet."""
    return select(func.count()).where(_NEW)


def oldest_query(now: datetime) -> Select[Any]:
    """Since when the longest waiting session waits that could start."""
    new = select(func.min(_sessions.created_at)).where(_NEW).scalar_subquery()
    due = select(func.min(_audits.queued_at)).where(_WAITS, _audits.next_attempt_at <= now).scalar_subquery()
    return select(func.least(new, due))


def recent_query(now: datetime) -> Select[Any]:
    """How long the finals of the last hour waited and worked."""
    waited = func.extract("epoch", _audits.started_at - _audits.queued_at)
    worked = func.extract("epoch", _attempts.ended_at - _attempts.started_at)
    is_completed = _attempts.outcome == AttemptOutcome.COMPLETED

    def percentile(share: float, value: "ColumnElement[Any]") -> "ColumnElement[Any]":
        return func.percentile_cont(share).within_group(value)

    return (
        select(
            func.count().filter(is_completed).label("completed"),
            percentile(0.5, waited).label("waited_p50"),
            percentile(0.95, waited).label("waited_p95"),
            percentile(0.5, worked).filter(is_completed).label("worked_p50"),
            percentile(0.95, worked).filter(is_completed).label("worked_p95"),
        )
        .join(cynthia_audits, _audits.id == _attempts.audit_id)
        .where(
            _attempts.ended_at > now - RECENT,
            _attempts.outcome.in_((AttemptOutcome.COMPLETED, AttemptOutcome.FAILED)),
        )
    )


def final_sessions(connection: Connection, sessions: "Sequence[SessionId]") -> list[SessionId]:
    """Those of the sessions that are final, in their given order."""
    final = (WorkStatus.COMPLETED, WorkStatus.FAILED)
    query = select(_sessions.id).where(_sessions.id.in_(sessions), _sessions.audit_status.in_(final))
    found = set(connection.scalars(query))
    return [session for session in sessions if session in found]


def read_waiting(
    connection: Connection, session: SessionId, kind: WorkKind, silent_s: float, now: datetime
) -> WaitingFacts | None:
    """What `queue.waiting.explain` needs of one session; None if it is not waiting."""
    row = connection.execute(
        select(
            _sessions.audit_id,
            _audits.status,
            _audits.priority,
            _audits.turn,
            _audits.queued_at,
            _audits.next_attempt_at,
            _audits.owner_key,
            _audits.target_host,
        )
        .outerjoin(cynthia_audits, _audits.id == _sessions.audit_id)
        .where(_sessions.id == session, _sessions.audit_status == WorkStatus.PENDING)
    ).first()
    if row is None:
        return None
    accepted = row.audit_id is not None and row.next_attempt_at is not None
    drains = connection.execute(
        select(func.count().label("alive"), func.coalesce(func.sum(_drains.slots), 0).label("slots")).where(
            *_is_alive(kind, silent_s, now), _drains.ending_at.is_(None)
        )
    ).one()
    ahead = connection.execute(_counts(_WAITS, _is_before(row), _audits.next_attempt_at <= now, row=row)).one()
    running = connection.execute(_counts(_RUNS, row=row)).one()
    return WaitingFacts(
        now=now,
        accepted=accepted,
        next_attempt_at=row.next_attempt_at,
        pause=pause_of(connection, kind),
        ahead=ahead.total if accepted else 0,
        ahead_of_owner=ahead.of_owner if accepted else 0,
        ahead_at_host=ahead.at_host if accepted else 0,
        running=running.total,
        running_of_owner=running.of_owner,
        running_at_host=running.at_host,
        host=row.target_host,
        started_last_minute=connection.execute(
            select(func.count()).where(_attempts.started_at > now - timedelta(seconds=60))
        ).scalar_one(),
        live_drains=drains.alive,
        live_slots=int(drains.slots),
        typical_s=connection.execute(recent_query(now)).one().worked_p50,
    )


def _is_before(row: Any) -> "ColumnElement[bool]":
    place = tuple_(_audits.priority, _audits.turn, _audits.queued_at, _audits.id)
    return place < tuple_(
        *(
            literal(value, column.type)
            for value, column in zip(
                (row.priority, row.turn, row.queued_at, row.audit_id),
                (_audits.priority, _audits.turn, _audits.queued_at, _audits.id),
                strict=True,
            )
        )
    )


def _counts(*conditions: "ColumnElement[bool]", row: Any) -> Select[int, int, int]:
    return select(
        func.count().label("total"),
        func.count().filter(_audits.owner_key == row.owner_key).label("of_owner"),
        func.count().filter(_audits.target_host == row.target_host).label("at_host"),
    ).where(*conditions)


def _running(connection: Connection, now: datetime) -> tuple[RunningAudit, ...]:
    first = (
        select(_sessions.id, _sessions.progress)
        .where(_sessions.audit_id == _audits.id)
        .order_by(_sessions.created_at)
        .limit(1)
        .lateral()
    )
    query = (
        select(
            first.c.id.label("session"),
            first.c.progress,
            func.left(_audits.target_value, 500).label("target"),
            _audits.attempts,
            _attempts.run_id,
            _attempts.started_at,
        )
        .outerjoin(
            cynthia_audit_attempts,
            and_(_attempts.audit_id == _audits.id, _attempts.lease_id == _audits.lease_id),
        )
        .outerjoin(first, true())
        .where(_RUNS)
        .order_by(_attempts.started_at)
        .limit(SHOWN)
    )
    return tuple(
        RunningAudit(
            session=None if row.session is None else SessionId(row.session),
            target=row.target,
            seconds=0.0 if row.started_at is None else max((now - row.started_at).total_seconds(), 0.0),
            progress=row.progress or 0,
            attempt=row.attempts,
            run_id=row.run_id,
        )
        for row in connection.execute(query)
    )


def _is_alive(kind: WorkKind, silent_s: float, now: datetime) -> "Sequence[ColumnElement[bool]]":
    return _drains.kind == kind, _drains.ended_at.is_(None), _drains.seen_at >= now - timedelta(seconds=silent_s)


def _live_drains(connection: Connection, kind: WorkKind, silent_s: float, now: datetime) -> tuple[LiveDrain, ...]:
    query = select(cynthia_drains).where(*_is_alive(kind, silent_s, now)).order_by(_drains.started_at)
    return tuple(
        LiveDrain(
            run_id=row.run_id,
            host=row.host,
            pid=row.pid,
            slots=row.slots,
            alive_s=(now - row.started_at).total_seconds(),
            silent_s=max((now - row.seen_at).total_seconds(), 0.0),
            ending=row.ending_at is not None,
        )
        for row in connection.execute(query)
    )
