"""One look at the queue from outside of any drain: new sessions in, dead leases out, the backlog told."""

import random
from dataclasses import dataclass

from sqlalchemy import Connection

from cynthia_pipeline.queue.acceptance import IntakeRules
from cynthia_pipeline.queue.demand import Backlog
from cynthia_pipeline.queue.model import RetryPolicy, SessionId, WorkKind
from cynthia_pipeline.store.acceptance import accept_new
from cynthia_pipeline.store.ageing import raise_waiting
from cynthia_pipeline.store.drains import backlog, forget_old
from cynthia_pipeline.store.misdirected import detach_misdirected
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.notifications import tell_of_accepted
from cynthia_pipeline.store.rescue import free_expired


@dataclass(frozen=True, slots=True)
class Intake:
    """What one look found.

    Attributes:
        backlog: what is left to do.
        misdirected: sessions that pointed to an audit that is not theirs, and are new again.
    """

    backlog: Backlog
    misdirected: tuple[SessionId, ...]


def take_in(connection: Connection, retry: RetryPolicy, kind: WorkKind, lease_s: float, rules: IntakeRules) -> Intake:
    """Accepts new sessions, frees dead leases, lets long waits rise, forgets drains of long ago. The caller commits.

    Args:
        connection: in a transaction.
        retry: for the attempts whose lease ended.
        kind: of the work that is looked at.
        lease_s: a drain that was silent for the length of a lease is dead, as its leases are.
        rules: of acceptance and of waiting.
    """
    now = database_now(connection)
    misdirected = detach_misdirected(connection, now)
    if accept_new(connection, now, rules.reuse):
        tell_of_accepted(connection, WorkKind.AUDITS, by=None)
    free_expired(connection, retry, random.uniform, now)
    if rules.ageing_s is not None:
        raise_waiting(connection, rules.ageing_s, now)
    forget_old(connection, now)
    return Intake(backlog(connection, kind, lease_s, now), tuple(misdirected))
