"""One look at the requests' queue from outside of any drain: new ones in, dead leases out, the backlog told."""

import random
from datetime import datetime

from sqlalchemy import Connection, func, select, true

from cynthia_pipeline.queue.demand import Backlog
from cynthia_pipeline.queue.model import RetryPolicy, WorkKind, WorkStatus
from cynthia_pipeline.store.database import Database
from cynthia_pipeline.store.drains import live_drains
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.packs.acceptance import accept_new
from cynthia_pipeline.store.packs.rescue import free_expired
from cynthia_pipeline.store.pauses import pause_of
from cynthia_pipeline.store.tables import fix_pack_requests

_requests = fix_pack_requests.c


def take_in(database: Database, retry: RetryPolicy, lease_s: float) -> Backlog:
    """Accepts all new requests, frees dead leases, and says what is left to do; a transaction for each.

    Args:
        database: where the requests are.
        retry: for the attempts whose lease ended.
        lease_s: a drain that was silent for the length of a lease is dead, as its leases are.
    """
    accepted = True
    while accepted:
        with database.transaction() as connection:
            accepted = accept_new(connection, database_now(connection)) > 0
    with database.transaction() as connection:
        free_expired(connection, retry, random.uniform, database_now(connection))
    with database.transaction() as connection:
        return backlog(connection, lease_s, database_now(connection))


def backlog(connection: Connection, silent_s: float, now: datetime) -> Backlog:
    """What requests wait and who works. Counts open work only, at the same cost however much is past.

    Args:
        silent_s: a drain that was not seen for this many seconds does not count.
    """
    waits = (_requests.status == WorkStatus.PENDING) & (
        _requests.next_attempt_at.is_not(None) | _requests.accepted_at.is_(None)
    )
    runs = (_requests.status == WorkStatus.RUNNING) & (_requests.lease_expires_at >= now)
    open_work = (
        select(
            func.count().filter(waits & (func.coalesce(_requests.next_attempt_at, now) <= now)).label("due"),
            func.count().filter(waits & (_requests.next_attempt_at > now)).label("later"),
            func.count().filter(runs).label("running"),
        )
        .where(_requests.status.in_((WorkStatus.PENDING, WorkStatus.RUNNING)))
        .subquery()
    )
    live = live_drains(WorkKind.FIX_PACKS, silent_s, now)
    row = connection.execute(select(open_work, live).select_from(open_work.join(live, true()))).one()
    return Backlog(
        due=row.due,
        later=row.later,
        running=row.running,
        live_drains=row.drains,
        live_slots=int(row.slots),
        paused=pause_of(connection, WorkKind.FIX_PACKS) is not None,
    )
