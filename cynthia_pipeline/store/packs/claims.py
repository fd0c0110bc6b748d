"""Leases on requests for packs: taken and renewed. Each write compares the lease."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, literal, select, update

from cynthia_pipeline.fix_packs.ports import FixPackType
from cynthia_pipeline.fix_packs.requests import ClaimedPack, RequestId
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.model import LeaseId, WorkKind, WorkStatus
from cynthia_pipeline.store.pauses import QUEUE_LOCK, pause_of
from cynthia_pipeline.store.tables import cynthia_audits, cynthia_fix_pack_attempts, fix_pack_requests

_requests, _audits = fix_pack_requests.c, cynthia_audits.c


def claim(
    connection: Connection, *, slots: int, at_once: int, lease_s: float, run_id: str | None, now: datetime
) -> list[ClaimedPack]:
    """Takes leases on the requests that are due and may start, best first. The caller commits.

    By priority, then in turns between users, then by age: whoever asks for many packs does not keep others waiting.

    Args:
        slots: free places of the claiming drain.
        at_once: packs made at once in the whole system.
        lease_s: seconds until the lease ends unless it is renewed.
        run_id: the Dagster run that works, for the record.
    """
    connection.execute(select(func.pg_advisory_xact_lock(QUEUE_LOCK)))
    if pause_of(connection, WorkKind.FIX_PACKS) is not None:
        return []
    running = connection.execute(select(func.count()).where(_requests.status == WorkStatus.RUNNING, _leads())).scalar()
    places = min(slots, at_once - (running or 0))
    if places <= 0:
        return []
    chosen = _best(connection, places, now)
    return _take(connection, chosen, lease_s=lease_s, run_id=run_id, now=now) if chosen else []


def renew(connection: Connection, leases: Sequence[LeaseId], lease_s: float, now: datetime) -> set[LeaseId]:
    """Prolongs the leases. The caller commits. Returns those that were still this drain's."""
    held = (
        select(_requests.id)
        .where(_requests.status == WorkStatus.RUNNING, _requests.lease_id.in_(leases))
        .order_by(_requests.id)
        .with_for_update()
        .cte("held")
    )
    statement = (
        update(fix_pack_requests)
        .where(_requests.id.in_(select(held.c.id)), _requests.lease_id.in_(leases))
        .values(lease_expires_at=now + timedelta(seconds=lease_s))
        .returning(_requests.lease_id)
    )
    return {LeaseId(lease) for (lease,) in connection.execute(statement)}


def write_progress(connection: Connection, progress: Sequence[tuple[ClaimedPack, int]], now: datetime) -> None:
    """Tells the waiting pages how far their packs are, in percent; never backwards. The caller commits."""
    for pack, percent in progress:
        # The request first, then those that it answers: whoever ends it locks them in this order too.
        for which in (_requests.id == pack.id, _requests.answered_by == pack.id):
            connection.execute(
                update(fix_pack_requests)
                .where(which, _requests.status == WorkStatus.RUNNING, _requests.progress < percent)
                .values(progress=percent, updated_at=now)
            )


def seconds_until_due(connection: Connection, now: datetime) -> float | None:
    """Seconds until the next pending request is due, 0 if one is; None if none is pending."""
    query = select(func.min(_requests.next_attempt_at)).where(
        _requests.status == WorkStatus.PENDING, _requests.next_attempt_at.is_not(None)
    )
    due: datetime | None = connection.execute(query).scalar_one()
    return None if due is None else max((due - now).total_seconds(), 0.0)


def _leads() -> ColumnElement[bool]:
    """Worked on itself, and not answered by another's pack."""
    return _requests.answered_by.is_(None)


def _best(connection: Connection, places: int, now: datetime) -> list[RequestId]:
    """The claims' lock keeps the choice good until it is taken, but for a cancel, which the taking compares."""
    others = fix_pack_requests.alias("others")
    running = (
        select(others.c.user_id, func.count().label("count"))
        .where(others.c.status == WorkStatus.RUNNING, others.c.answered_by.is_(None))
        .group_by(others.c.user_id)
        .subquery()
    )
    turn = func.coalesce(running.c.count, 0) + func.row_number().over(
        partition_by=_requests.user_id, order_by=(_requests.priority, _requests.created_at, _requests.id)
    )
    query = (
        select(_requests.id)
        .outerjoin(running, running.c.user_id == _requests.user_id)
        .where(
            _requests.status == WorkStatus.PENDING,
            _requests.next_attempt_at.is_not(None),
            _requests.next_attempt_at <= now,
        )
        .order_by(_requests.priority, turn, _requests.created_at, _requests.id)
        .limit(places)
    )
    return [RequestId(request) for request in connection.scalars(query)]


def _take(
    connection: Connection, chosen: Sequence[RequestId], *, lease_s: float, run_id: str | None, now: datetime
) -> list[ClaimedPack]:
    language = (
        select(func.coalesce(_requests.language, _audits.language)).where(_audits.id == _requests.audit_id)
    ).scalar_subquery()
    statement = (
        update(fix_pack_requests)
        .where(_requests.id.in_(chosen), _requests.status == WorkStatus.PENDING, _requests.next_attempt_at.is_not(None))
        .values(
            status=WorkStatus.RUNNING,
            progress=0,
            lease_id=func.gen_random_uuid(),
            lease_expires_at=now + timedelta(seconds=lease_s),
            attempts=_requests.attempts + 1,
            started_at=func.coalesce(_requests.started_at, literal(now)),
            next_attempt_at=None,
            error_code=None,
            error_message=None,
            updated_at=now,
        )
        .returning(
            _requests.id,
            _requests.lease_id,
            _requests.attempts,
            _requests.audit_id,
            _requests.user_id,
            _requests.type,
            _requests.created_at,
            func.coalesce(_requests.language, language, Language.ENGLISH).label("told_in"),
        )
    )
    rows = {row.id: row for row in connection.execute(statement)}
    if not rows:
        return []
    connection.execute(
        update(fix_pack_requests)
        .where(_requests.answered_by.in_(rows), _requests.status == WorkStatus.PENDING)
        .values(status=WorkStatus.RUNNING, progress=0, updated_at=now)
    )
    connection.execute(
        insert(cynthia_fix_pack_attempts),
        [
            {
                "request_id": row.id,
                "lease_id": row.lease_id,
                "attempt": row.attempts,
                "run_id": run_id,
                "started_at": now,
            }
            for row in rows.values()
        ],
    )
    return [claimed_pack(rows[request], claimed_at=now) for request in chosen if request in rows]


def claimed_pack(row: Row[Any], *, claimed_at: datetime) -> ClaimedPack:
    """The request under its lease, as its drain has it; what it is told in is the row's `told_in`."""
    return ClaimedPack(
        id=RequestId(row.id),
        lease=LeaseId(row.lease_id),
        attempt=row.attempts,
        audit=row.audit_id,
        user=row.user_id,
        type=FixPackType(row.type),
        language=Language(row.told_in) if row.told_in in set(Language) else Language.ENGLISH,
        requested_at=row.created_at,
        claimed_at=claimed_at,
    )
