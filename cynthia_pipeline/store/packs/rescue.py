"""Leases on requests that nobody renewed: back into the queue, their credit still held, or final and released."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from cynthia_pipeline.errors import ErrorCode, TransientError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.queue.model import RetryPolicy, Settled, WorkStatus
from cynthia_pipeline.queue.retry import GiveUp, Jitter, TryAgain, after_failure
from cynthia_pipeline.store.packs.claims import claimed_pack
from cynthia_pipeline.store.packs.outcomes import fail, retry
from cynthia_pipeline.store.tables import cynthia_audits, fix_pack_requests

BATCH = 50
"""Leases freed in one transaction."""

_requests, _audits = fix_pack_requests.c, cynthia_audits.c


def free_expired(connection: Connection, policy: RetryPolicy, jitter: Jitter, now: datetime) -> list[Settled]:
    """Ends the attempts whose lease ran out, at most `BATCH`; each counts as an attempt. The caller commits."""
    query = (
        select(
            fix_pack_requests,
            func.coalesce(_requests.language, _audits.language, Language.ENGLISH).label("told_in"),
        )
        .outerjoin(cynthia_audits, _audits.id == _requests.audit_id)
        .where(
            _requests.status == WorkStatus.RUNNING,
            _requests.lease_id.is_not(None),
            _requests.lease_expires_at < now,
        )
        .order_by(_requests.user_id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=fix_pack_requests)
    )
    freed: list[Settled] = []
    error = TransientError(ErrorCode.LEASE_EXPIRED, detail="nobody renewed the lease")
    for row in connection.execute(query).all():
        pack = claimed_pack(row, claimed_at=row.updated_at)
        match after_failure(error, attempt=pack.attempt, policy=policy, jitter=jitter):
            case TryAgain(wait_s):
                settled = retry(connection, pack, wait_s=wait_s, code=error.code, detail=error.detail, now=now)
            case GiveUp():
                message = sentence(error.code, pack.language, {})
                settled = fail(connection, pack, code=error.code, message=message, detail=error.detail, now=now)
        freed.append(settled)
    return freed
