"""Kinds of work that an operator paused: nothing of them starts, what runs ends in peace."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from cynthia_pipeline.queue.model import Pause, WorkKind
from cynthia_pipeline.store.notifications import tell_of_work
from cynthia_pipeline.store.tables import cynthia_pauses

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

QUEUE_LOCK = 0x43796E02
"""Held by a claim and by a pause: two claims at once would each see room for the same place, and once a pause is
committed nothing starts."""

_pauses = cynthia_pauses.c


def pause(connection: Connection, kind: WorkKind, by: str, now: datetime) -> Pause:
    """Pauses the kind; an earlier pause stays as it is. The caller commits.

    Returns:
        The pause that holds.
    """
    connection.execute(select(func.pg_advisory_xact_lock(QUEUE_LOCK)))
    statement = insert(cynthia_pauses).values(kind=kind, paused_at=now, paused_by=by).on_conflict_do_nothing()
    connection.execute(statement)
    row = connection.execute(select(_pauses.paused_at, _pauses.paused_by).where(_pauses.kind == kind)).one()
    return _pause(row)


def resume(connection: Connection, kind: WorkKind) -> Pause | None:
    """Ends the pause and wakes whoever waits for work. The caller commits.

    Returns:
        The pause that ended; None if there was none.
    """
    statement = delete(cynthia_pauses).where(_pauses.kind == kind).returning(_pauses.paused_at, _pauses.paused_by)
    row = connection.execute(statement).first()
    if row is None:
        return None
    tell_of_work(connection, kind)
    return _pause(row)


def pause_of(connection: Connection, kind: WorkKind) -> Pause | None:
    """The pause of the kind; None if it is not paused."""
    row = connection.execute(select(_pauses.paused_at, _pauses.paused_by).where(_pauses.kind == kind)).first()
    return None if row is None else _pause(row)


def _pause(row: "Row[datetime, str]") -> Pause:
    return Pause(since=row.paused_at, by=row.paused_by)
