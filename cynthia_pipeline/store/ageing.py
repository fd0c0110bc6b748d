"""Audits that waited for an ageing period rise by one class. Bounded, and the claim goes on reading its one index."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from cynthia_pipeline.queue.ageing import risen
from cynthia_pipeline.queue.model import OwnerKey, Priority, WorkStatus
from cynthia_pipeline.store.tables import cynthia_audits
from cynthia_pipeline.store.turns import give_turns

BATCH = 200
"""Audits that rise in one transaction."""

_audits = cynthia_audits.c


def raise_waiting(connection: Connection, ageing_s: float, now: datetime) -> int:
    """Moves those that have waited longest in their class into the one above, at most `BATCH`. The caller commits.

    Args:
        connection: in a transaction.
        ageing_s: how long a class is waited in, seconds.
        now: the present moment.

    Returns:
        How many rose.
    """
    query = (
        select(_audits.id, _audits.owner_key, _audits.priority)
        .where(
            _audits.status == WorkStatus.PENDING,
            _audits.next_attempt_at.is_not(None),
            _audits.priority > Priority.OVERDUE,
            _audits.priority_since <= now - timedelta(seconds=ageing_s),
        )
        .order_by(_audits.priority_since, _audits.turn, _audits.queued_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rising: dict[Priority, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        rising[risen(Priority(row.priority))].append(row)
    moves = [
        {"audit": row.id, "class": priority, "to": turn}
        for priority, rows in rising.items()
        for row, turn in zip(
            rows, give_turns(connection, priority, [OwnerKey(row.owner_key) for row in rows], now), strict=True
        )
    ]
    if moves:
        connection.execute(
            update(cynthia_audits)
            .where(_audits.id == bindparam("audit"))
            .values(priority=bindparam("class"), turn=bindparam("to"), priority_since=now),
            moves,
        )
    return len(moves)
