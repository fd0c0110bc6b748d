"""The drains that are alive, and what waits for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update

from cynthia_pipeline.queue.demand import Backlog
from cynthia_pipeline.queue.model import DrainId, WorkKind, WorkStatus
from cynthia_pipeline.store.pauses import pause_of
from cynthia_pipeline.store.tables import build_sessions, cynthia_audits, cynthia_drains

if TYPE_CHECKING:
    from sqlalchemy import ScalarSelect, Select, Subquery

_drains, _audits, _sessions = cynthia_drains.c, cynthia_audits.c, build_sessions.c

KEPT = timedelta(days=1)
"""How long a drain is remembered after its last sign of life."""

COUNTED_AT_MOST = 1000
"""The backlog is counted no further than this: more drains than that many audits need are never started."""


@dataclass(frozen=True, slots=True)
class DrainRecord:
    """One drain as it presents itself."""

    id: DrainId
    kind: WorkKind
    run_id: str | None
    host: str
    pid: int
    slots: int


def register(connection: Connection, drain: DrainRecord, now: datetime) -> None:
    """Makes the drain known. The caller commits."""
    connection.execute(
        insert(cynthia_drains).values(
            id=drain.id,
            kind=drain.kind,
            run_id=drain.run_id,
            host=drain.host,
            pid=drain.pid,
            slots=drain.slots,
            started_at=now,
            seen_at=now,
        )
    )


def seen(connection: Connection, drain: DrainId, now: datetime) -> None:
    """Notes that the drain is alive. The caller commits."""
    connection.execute(update(cynthia_drains).where(_drains.id == drain).values(seen_at=now))


def ending(connection: Connection, drain: DrainId, now: datetime) -> None:
    """Notes that the drain takes no new work. The caller commits."""
    connection.execute(update(cynthia_drains).where(_drains.id == drain).values(ending_at=now, seen_at=now))


def deregister(connection: Connection, drain: DrainId, now: datetime) -> None:
    """Notes that the drain ended. The caller commits."""
    connection.execute(
        update(cynthia_drains)
        .where(_drains.id == drain)
        .values(ending_at=func.coalesce(_drains.ending_at, now), ended_at=now, seen_at=now)
    )


def forget_old(connection: Connection, now: datetime) -> int:
    """Forgets the drains that ended, or fell silent, more than `KEPT` ago. The caller commits."""
    return connection.execute(delete(cynthia_drains).where(_drains.seen_at < now - KEPT)).rowcount


def backlog(connection: Connection, kind: WorkKind, silent_s: float, now: datetime) -> Backlog:
    """What audits wait and who works. Counts open work only, at the same cost however much is past.

    Args:
        silent_s: a drain that was not seen for this many seconds does not count.
    """
    open_audits = _audits.status == WorkStatus.PENDING, _audits.next_attempt_at.is_not(None)
    new = _count(select(_sessions.id).where(_sessions.audit_status == WorkStatus.PENDING, _sessions.audit_id.is_(None)))
    due = _count(select(_audits.id).where(*open_audits, _audits.next_attempt_at <= now))
    later = _count(select(_audits.id).where(*open_audits, _audits.next_attempt_at > now))
    running = _count(
        select(_audits.id).where(
            _audits.status == WorkStatus.RUNNING, _audits.lease_id.is_not(None), _audits.lease_expires_at >= now
        )
    )
    live = live_drains(kind, silent_s, now)
    row = connection.execute(select(new, due, later, running, live.c.drains, live.c.slots)).one()
    return Backlog(
        due=row[0] + row[1],
        later=row[2],
        running=row[3],
        live_drains=row.drains,
        live_slots=int(row.slots),
        paused=pause_of(connection, kind) is not None,
    )


def live_drains(kind: WorkKind, silent_s: float, now: datetime) -> "Subquery":
    """How many drains of the kind are alive and take new work, and their places, as `drains` and `slots`."""
    return (
        select(func.count().label("drains"), func.coalesce(func.sum(_drains.slots), 0).label("slots"))
        .where(_drains.kind == kind, _drains.ending_at.is_(None), _drains.seen_at >= now - timedelta(seconds=silent_s))
        .subquery()
    )


def _count(query: "Select[Any]") -> "ScalarSelect[int]":
    limited = query.limit(COUNTED_AT_MOST).subquery()
    return select(func.count()).select_from(limited).scalar_subquery()


def known_run_ids(connection: Connection, kind: WorkKind) -> set[str]:
    """The Dagster runs that have shown a drain, dead and ended ones included."""
    query = select(_drains.run_id).where(_drains.kind == kind, _drains.run_id.is_not(None))
    return set(connection.scalars(query))
