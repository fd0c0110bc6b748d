"""Leases that nobody renewed: their audits go back into the queue, or are final when the attempts are used up."""

from datetime import datetime

from sqlalchemy import Connection, select

from cynthia_pipeline.errors import ErrorCode, TransientError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.queue.model import AuditId, LeaseId, RetryPolicy, Settled, WorkKind, WorkStatus
from cynthia_pipeline.queue.retry import GiveUp, Jitter, TryAgain, after_failure
from cynthia_pipeline.store.notifications import tell_of_work
from cynthia_pipeline.store.outcomes import fail, retry
from cynthia_pipeline.store.tables import cynthia_audits

BATCH = 100
"""Leases freed in one transaction."""

_audits = cynthia_audits.c


def free_expired(connection: Connection, policy: RetryPolicy, jitter: Jitter, now: datetime) -> list[Settled]:
    """Ends the attempts whose lease ran out, at most `BATCH`. The caller commits.

    Counts as an attempt: a page that kills every drain that opens it must not do so for ever.
    """
    query = (
        select(_audits.id, _audits.lease_id, _audits.attempts, _audits.language)
        .where(
            _audits.status == WorkStatus.RUNNING,
            _audits.lease_id.is_not(None),
            _audits.lease_expires_at < now,
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    freed: list[Settled] = []
    for row in connection.execute(query).all():
        audit, lease = AuditId(row.id), LeaseId(row.lease_id)
        error = TransientError(ErrorCode.LEASE_EXPIRED, detail="nobody renewed the lease")
        decision = after_failure(error, attempt=row.attempts, policy=policy, jitter=jitter)
        match decision:
            case TryAgain(wait_s):
                settled = retry(connection, audit, lease, wait_s=wait_s, code=error.code, detail=error.detail, now=now)
            case GiveUp():
                message = sentence(error.code, Language(row.language), {})
                settled = fail(connection, audit, lease, code=error.code, message=message, detail=error.detail, now=now)
        freed.append(settled)
    if freed:
        tell_of_work(connection, WorkKind.AUDITS)
    return freed
