"""The turns that audits get when they enter a priority class, as the open audits stand at this moment."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from cynthia_pipeline.queue.ageing import turns_in
from cynthia_pipeline.queue.model import OwnerKey, Priority, WorkStatus
from cynthia_pipeline.store.tables import cynthia_audits

_audits = cynthia_audits.c


def give_turns(connection: Connection, priority: Priority, owners: Sequence[OwnerKey], now: datetime) -> list[int]:
    """The turn of each audit that enters the class, in the order of `owners`, fair between them."""
    if not owners:
        return []
    last = _last_turns(connection, owners, priority)
    return turns_in(priority, owners, last, _present_turn(connection, priority), now)


def _last_turns(connection: Connection, owners: Sequence[OwnerKey], priority: Priority) -> dict[OwnerKey, int]:
    query = (
        select(_audits.owner_key, func.max(_audits.turn))
        .where(
            _audits.owner_key.in_(set(owners)),
            _audits.status.in_((WorkStatus.PENDING, WorkStatus.RUNNING)),
            _audits.priority == priority,
        )
        .group_by(_audits.owner_key)
    )
    return {OwnerKey(owner): turn for owner, turn in connection.execute(query)}


def _present_turn(connection: Connection, priority: Priority) -> int:
    """The turn being served: the highest that runs, else the lowest that waits, else 0."""
    running = (
        select(func.max(_audits.turn))
        .where(_audits.status == WorkStatus.RUNNING, _audits.lease_id.is_not(None), _audits.priority == priority)
        .scalar_subquery()
    )
    waiting = (
        select(_audits.turn)
        .where(
            _audits.status == WorkStatus.PENDING,
            _audits.next_attempt_at.is_not(None),
            _audits.priority == priority,
        )
        .order_by(_audits.turn)
        .limit(1)
        .scalar_subquery()
    )
    turn: int = connection.execute(select(func.coalesce(running, waiting, 0))).scalar_one()
    return turn
