"""The queue's depth, counted. Reads open work only, however much is past."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, true

from cynthia_pipeline.queue.depth import QueueDepth
from cynthia_pipeline.queue.model import WorkStatus
from cynthia_pipeline.store.tables import build_sessions, cynthia_audits, cynthia_drains

_audits, _sessions, _drains = cynthia_audits.c, build_sessions.c, cynthia_drains.c


def queue_depth(connection: Connection, silent_s: float, now: datetime) -> QueueDepth:
    """The depth at `now`.

    Args:
        silent_s: a drain that was not seen for this many seconds does not count as alive.
    """
    new = (
        select(func.count().label("count"), func.min(_sessions.created_at).label("oldest"))
        .where(_sessions.audit_status == WorkStatus.PENDING, _sessions.audit_id.is_(None))
        .subquery()
    )
    waiting = (
        select(
            func.count().filter(_audits.next_attempt_at <= now).label("due"),
            func.count().filter(_audits.next_attempt_at > now).label("later"),
            func.min(_audits.queued_at).label("oldest"),
        )
        .where(_audits.status == WorkStatus.PENDING, _audits.next_attempt_at.is_not(None))
        .subquery()
    )
    running = select(func.count()).where(
        _audits.status == WorkStatus.RUNNING, _audits.lease_id.is_not(None), _audits.lease_expires_at >= now
    )
    alive = select(func.count()).where(_drains.ended_at.is_(None), _drains.seen_at >= now - timedelta(seconds=silent_s))
    row = connection.execute(
        select(
            new.c.count.label("new"),
            waiting.c.due,
            waiting.c.later,
            running.scalar_subquery().label("running"),
            func.least(new.c.oldest, waiting.c.oldest).label("oldest"),
            alive.scalar_subquery().label("alive"),
        ).select_from(new.join(waiting, true()))
    ).one()
    return QueueDepth(
        new=row.new,
        due=row.due,
        later=row.later,
        running=row.running,
        oldest_wait_s=0.0 if row.oldest is None else round(max((now - row.oldest).total_seconds(), 0.0), 3),
        drains_alive=row.alive,
    )
