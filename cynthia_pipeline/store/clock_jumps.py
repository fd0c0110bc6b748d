"""Moments further ahead than anything here ever writes: the database's clock was put back since they were written.

Left alone, a dead drain's lease would last for as long as the clock went back, a retry would wait as long, and a dead
drain would pass for alive. A clock put forward needs no mending: leases end early, and who lost one writes nothing.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, select, update

from cynthia_pipeline.queue.model import WorkStatus
from cynthia_pipeline.store.tables import cynthia_audits, cynthia_drains, fix_pack_requests

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

_drains = cynthia_drains.c


def pull_in(connection: Connection, *, lease_s: float, longest_wait_s: float, now: datetime) -> int:
    """Brings such moments back to the furthest that is ever set. The caller commits.

    A drain that lives renews its lease as ever, so that nothing is taken from it.

    Args:
        connection: in a transaction.
        lease_s: length of a lease; the drains of one queue share their settings.
        longest_wait_s: the longest a retry is put off.
        now: the present moment.

    Returns:
        How many rows were changed.
    """
    lease_end, due = now + timedelta(seconds=lease_s), now + timedelta(seconds=longest_wait_s)
    changed = 0
    for table in (cynthia_audits, fix_pack_requests):
        work = table.c
        leased = (work.status == WorkStatus.RUNNING, work.lease_id.is_not(None))
        changed += _pull_in(connection, table, work.lease_expires_at, lease_end, *leased)
        changed += _pull_in(connection, table, work.next_attempt_at, due, work.status == WorkStatus.PENDING)
    ahead = _drains.ended_at.is_(None) & (_drains.seen_at > now)
    return changed + connection.execute(update(cynthia_drains).where(ahead).values(seen_at=now)).rowcount


def _pull_in(
    connection: Connection,
    table: Table,
    moment: "ColumnElement[Any]",
    furthest: datetime,
    *conditions: "ColumnElement[bool]",
) -> int:
    # Locked in the order of their ids, as everything that locks several rows of work does.
    ahead = select(table.c.id).where(*conditions, moment > furthest).order_by(table.c.id)
    statement = update(table).where(table.c.id.in_(ahead.with_for_update(skip_locked=True))).values({moment: furthest})
    return connection.execute(statement).rowcount
