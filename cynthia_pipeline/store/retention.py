"""What of the past goes: attempts that ended nothing. Finals, with their reports, are kept."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Select, delete, select, tuple_

from cynthia_pipeline.queue.model import AttemptOutcome, SessionId
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts

BATCH = 1000
"""Attempts deleted in one transaction."""

PASSING = (AttemptOutcome.RETRIED, AttemptOutcome.RELEASED, AttemptOutcome.EXPIRED)
"""Outcomes after which the audit went on; the index that pruning reads holds these alone."""

_attempts, _sessions = cynthia_audit_attempts.c, build_sessions.c


def prune_attempts(connection: Connection, before: datetime) -> int:
    """Deletes the oldest attempts that ended before `before` and ended nothing, at most `BATCH`. The caller commits.

    Returns:
        How many; fewer than `BATCH` says that none is left.
    """
    gone = delete(cynthia_audit_attempts).where(
        tuple_(_attempts.audit_id, _attempts.lease_id).in_(oldest_passing(before))
    )
    return connection.execute(gone).rowcount


def oldest_passing(before: datetime) -> Select[tuple[UUID, UUID]]:
    """The audit and the lease of the oldest `BATCH` attempts that ended before `before` and ended nothing."""
    return (
        select(_attempts.audit_id, _attempts.lease_id)
        .where(_attempts.ended_at < before, _attempts.outcome.in_(PASSING))
        .order_by(_attempts.ended_at)
        .limit(BATCH)
    )


def moved_since(connection: Connection, sessions: Iterable[SessionId], since: datetime) -> set[SessionId]:
    """Those of the sessions that exist and moved at `since` or later."""
    query = select(_sessions.id).where(_sessions.id.in_(list(sessions)), _sessions.updated_at >= since)
    return {SessionId(session) for session in connection.scalars(query)}
