"""One look at the queue from outside of any drain: new sessions in, dead leases out, the backlog told."""

import random

from sqlalchemy import Connection

from cynthia_pipeline.queue.demand import Backlog
from cynthia_pipeline.queue.model import RetryPolicy, WorkKind
from cynthia_pipeline.store.acceptance import accept_new
from cynthia_pipeline.store.drains import backlog, forget_old
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.rescue import free_expired


def take_in(connection: Connection, retry: RetryPolicy, kind: WorkKind, lease_s: float) -> Backlog:
    """Accepts new sessions, frees dead leases, forgets drains of long ago. The caller commits.

    Args:
        lease_s: a drain that was silent for the length of a lease is dead, as its leases are.

    Returns:
        What is left to do.
    """
    now = database_now(connection)
    accept_new(connection, now)
    free_expired(connection, retry, random.uniform, now)
    forget_old(connection, now)
    return backlog(connection, kind, lease_s, now)
