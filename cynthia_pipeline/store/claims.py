"""Leases on audits: taken, renewed, given back. Each write compares the lease, so a drain that lost one is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.choice import Candidate, Load, choose, room
from cynthia_pipeline.queue.model import (
    AuditId,
    ClaimedAudit,
    LeaseId,
    Limits,
    OwnerKey,
    SessionId,
    WorkKind,
    WorkStatus,
)
from cynthia_pipeline.store.misdirected import is_theirs
from cynthia_pipeline.store.pauses import QUEUE_LOCK, pause_of
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts, cynthia_audits

_CANDIDATES_PER_PLACE = 8
"""How many due audits are looked at for each free place; owners and hosts that are full are left out before."""

_audits, _sessions, _attempts = cynthia_audits.c, build_sessions.c, cynthia_audit_attempts.c


def claim(
    connection: Connection,
    *,
    slots: int,
    limits: Limits,
    lease_s: float,
    run_id: str | None,
    now: datetime,
    only: Sequence[SessionId] | None = None,
) -> list[ClaimedAudit]:
    """Takes leases on the audits that are due and may start, best first. The caller commits.

    Nothing is taken while audits are paused, but for sessions that an operator named.

    Args:
        slots: free places of the claiming drain.
        lease_s: seconds until the lease ends unless it is renewed.
        run_id: the Dagster run that works, for the record.
        only: the sessions a replay asked for; None takes whatever is due.
    """
    connection.execute(select(func.pg_advisory_xact_lock(QUEUE_LOCK)))
    if only is None and pause_of(connection, WorkKind.AUDITS) is not None:
        return []
    load = _load(connection, limits, now)
    places = room(load, limits, slots)
    if places == 0:
        return []
    rows = connection.execute(due_query(now, load, limits, places, only)).all()
    candidates = [Candidate(AuditId(row.id), OwnerKey(row.owner_key or row.id), row.target_host) for row in rows]
    chosen = choose(candidates, load, limits, slots)
    if not chosen:
        return []
    return _take(connection, chosen, lease_s=lease_s, run_id=run_id, now=now)


def due_query(
    now: datetime, load: Load, limits: Limits, places: int, only: Sequence[SessionId] | None
) -> Select[tuple[object, object, object]]:
    """The audits that are due, in the order of priority, turn and waiting time. Reads the index of open work only."""
    query = (
        select(_audits.id, _audits.owner_key, _audits.target_host)
        .where(
            _audits.status == WorkStatus.PENDING,
            _audits.next_attempt_at.is_not(None),
            _audits.next_attempt_at <= now,
        )
        .order_by(_audits.priority, _audits.turn, _audits.queued_at, _audits.id)
        .limit(places * _CANDIDATES_PER_PLACE)
        .with_for_update(skip_locked=True)
    )
    if full := load.full_owners(limits):
        query = query.where(_audits.owner_key.not_in(full))
    if full_hosts := load.full_hosts(limits):
        query = query.where(_audits.target_host.is_(None) | _audits.target_host.not_in(full_hosts))
    if only is not None:
        query = query.where(_audits.id.in_(select(_sessions.audit_id).where(_sessions.id.in_(only))))
    return query


def renew(connection: Connection, leases: Sequence[LeaseId], lease_s: float, now: datetime) -> set[LeaseId]:
    """Prolongs the leases. The caller commits.

    Returns:
        Those that were still this drain's; the work under the others must stop.
    """
    # Locked in the order of their ids, as everything that locks several audits does.
    held = (
        select(_audits.id)
        .where(_audits.status == WorkStatus.RUNNING, _audits.lease_id.in_(leases))
        .order_by(_audits.id)
        .with_for_update()
        .cte("held")
    )
    statement = (
        update(cynthia_audits)
        .where(_audits.id.in_(select(held.c.id)), _audits.status == WorkStatus.RUNNING, _audits.lease_id.in_(leases))
        .values(lease_expires_at=now + timedelta(seconds=lease_s))
        .returning(_audits.lease_id)
    )
    return {LeaseId(lease) for (lease,) in connection.execute(statement)}


def write_progress(connection: Connection, progress: Mapping[AuditId, int], now: datetime) -> None:
    """Tells the waiting pages how far their audits are, in percent; never backwards. The caller commits."""
    statement = (
        update(build_sessions)
        .where(
            _sessions.audit_id == bindparam("audit"),
            _sessions.audit_status == WorkStatus.RUNNING,
            _sessions.progress < bindparam("percent"),
        )
        .values(progress=bindparam("percent"), updated_at=now)
    )
    connection.execute(statement, [{"audit": audit, "percent": percent} for audit, percent in progress.items()])


def _load(connection: Connection, limits: Limits, now: datetime) -> Load:
    running = (
        select(_audits.owner_key, _audits.target_host, func.count())
        .where(_audits.status == WorkStatus.RUNNING, _audits.lease_id.is_not(None))
        .group_by(_audits.owner_key, _audits.target_host)
    )
    by_owner: dict[OwnerKey, int] = {}
    by_host: dict[str, int] = {}
    total = 0
    for owner, host, count in connection.execute(running):
        total += count
        by_owner[OwnerKey(owner)] = by_owner.get(OwnerKey(owner), 0) + count
        if host is not None:
            by_host[host] = by_host.get(host, 0) + count
    started = 0
    if limits.starts_per_minute is not None:
        since = now - timedelta(seconds=60)
        started = connection.execute(select(func.count()).where(_attempts.started_at > since)).scalar_one()
    return Load(running=total, by_owner=by_owner, by_host=by_host, started_last_minute=started)


def _take(
    connection: Connection, chosen: Sequence[AuditId], *, lease_s: float, run_id: str | None, now: datetime
) -> list[ClaimedAudit]:
    statement = (
        update(cynthia_audits)
        .where(_audits.id.in_(chosen))
        .values(
            status=WorkStatus.RUNNING,
            lease_id=func.gen_random_uuid(),
            lease_expires_at=now + timedelta(seconds=lease_s),
            attempts=_audits.attempts + 1,
            started_at=func.coalesce(_audits.started_at, literal(now)),
            error_code=None,
            error_message=None,
            updated_at=now,
        )
        .returning(
            _audits.id,
            _audits.lease_id,
            _audits.attempts,
            _audits.target_type,
            _audits.target_value,
            _audits.language,
            _audits.context,
            _audits.constraints,
            _audits.created_at,
        )
    )
    taken = {AuditId(row.id): row for row in connection.execute(statement)}
    connection.execute(
        insert(cynthia_audit_attempts),
        [
            {
                "audit_id": row.id,
                "lease_id": row.lease_id,
                "attempt": row.attempts,
                "run_id": run_id,
                "started_at": now,
            }
            for row in taken.values()
        ],
    )
    waiting = _start_sessions(connection, list(taken), now)
    return [_claimed(taken[audit], waiting.get(audit), now) for audit in chosen if audit in taken]


def _start_sessions(
    connection: Connection, audits: Sequence[AuditId], now: datetime
) -> dict[AuditId, tuple[tuple[SessionId, ...], datetime]]:
    moved = (
        update(build_sessions)
        .where(
            _sessions.audit_id.in_(audits),
            _sessions.audit_status.in_((WorkStatus.PENDING, WorkStatus.RUNNING)),
            _audits.id == _sessions.audit_id,
            is_theirs(),
        )
        .values(audit_status=WorkStatus.RUNNING, progress=0, updated_at=now)
        .returning(_sessions.id, _sessions.audit_id, _sessions.created_at)
        .cte("moved")
    )
    query = select(
        moved.c.audit_id,
        func.array_agg(aggregate_order_by(moved.c.id, moved.c.created_at)),
        func.min(moved.c.created_at),
    ).group_by(moved.c.audit_id)
    return {
        AuditId(audit): (tuple(SessionId(session) for session in sessions), first)
        for audit, sessions, first in connection.execute(query)
    }


def _claimed(
    row: "Row[tuple[object, ...]]", waiting: tuple[tuple[SessionId, ...], datetime] | None, now: datetime
) -> ClaimedAudit:
    sessions, inserted_at = waiting if waiting is not None else ((), None)
    return ClaimedAudit(
        id=AuditId(row.id),
        lease=LeaseId(row.lease_id),
        sessions=sessions,
        attempt=row.attempts,
        target_type=TargetType(row.target_type),
        target_value=row.target_value,
        language=Language(row.language),
        context=row.context,
        constraints=row.constraints,
        accepted_at=row.created_at,
        inserted_at=inserted_at,
        claimed_at=now,
    )


def seconds_until_due(connection: Connection, now: datetime, only: Sequence[SessionId] | None) -> float | None:
    """Seconds until the next pending audit is due, 0 if one is; None if none is pending."""
    query = select(func.min(_audits.next_attempt_at)).where(
        _audits.status == WorkStatus.PENDING, _audits.next_attempt_at.is_not(None)
    )
    if only is not None:
        query = query.where(_audits.id.in_(select(_sessions.audit_id).where(_sessions.id.in_(only))))
    due: datetime | None = connection.execute(query).scalar_one()
    return None if due is None else max((due - now).total_seconds(), 0.0)
