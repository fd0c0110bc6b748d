"""Requests for packs as the web app, the commands and the pages see them: inserted, looked at, cancelled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, select, update
from sqlalchemy.dialects.postgresql import insert

from cynthia_pipeline.credits.balance import EntryKind
from cynthia_pipeline.errors import ErrorCode, UsageError
from cynthia_pipeline.fix_packs.ports import FixPackType
from cynthia_pipeline.fix_packs.requests import RequestId, RequestView
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.queue.model import AttemptOutcome, LeaseId, WorkKind, WorkStatus
from cynthia_pipeline.store.cancelling import CancelOutcome
from cynthia_pipeline.store.credits import release
from cynthia_pipeline.store.notifications import tell_of_cancelling, tell_of_work
from cynthia_pipeline.store.tables import credit_ledger, cynthia_audits, cynthia_fix_pack_attempts, fix_pack_requests

_requests, _attempts, _audits = fix_pack_requests.c, cynthia_fix_pack_attempts.c, cynthia_audits.c

_OPEN = (WorkStatus.PENDING, WorkStatus.RUNNING)


def insert_request(
    connection: Connection, *, audit: UUID, user: UUID, pack: FixPackType, idempotency_key: str | None = None
) -> RequestId:
    """Inserts a request exactly as the web app does, and nothing else. The caller commits.

    Returns:
        Its id; with a key that the user has used before, the first request's.

    Raises:
        UsageError: the key was used for another pack.
    """
    statement = (
        insert(fix_pack_requests)
        .values(audit_id=audit, user_id=user, type=pack, idempotency_key=idempotency_key)
        .on_conflict_do_nothing(index_elements=[_requests.user_id, _requests.idempotency_key])
        .returning(_requests.id)
    )
    inserted = connection.execute(statement).scalar()
    if inserted is not None:
        return RequestId(inserted)
    first = connection.execute(
        select(_requests.id, _requests.audit_id, _requests.type).where(
            _requests.user_id == user, _requests.idempotency_key == idempotency_key
        )
    ).one()
    if (first.audit_id, first.type) != (audit, pack):
        raise UsageError(f"the key {idempotency_key} was used for the request {first.id}, which is for another pack")
    return RequestId(first.id)


def view_request(connection: Connection, request: RequestId) -> RequestView | None:
    """The request; None if there is no such request."""
    views = view_requests(connection, [request])
    return views[0] if views else None


def view_requests(connection: Connection, requests: Sequence[RequestId]) -> list[RequestView]:
    """The requests, oldest first; those that do not exist are left out."""
    newest = (
        select(credit_ledger.c.kind)
        .where(credit_ledger.c.request_id == _requests.id)
        .order_by(credit_ledger.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    credit = case(
        (newest == EntryKind.HOLD, "held"),
        (newest == EntryKind.SETTLE, "settled"),
        (newest == EntryKind.RELEASE, "released"),
    )
    query = (
        select(fix_pack_requests, credit.label("credit"))
        .where(_requests.id.in_(requests))
        .order_by(_requests.created_at, _requests.id)
    )
    return [_view(row) for row in connection.execute(query)]


def cancel(connection: Connection, request: RequestId, now: datetime) -> tuple[CancelOutcome, WorkStatus | None]:
    """Cancels a request that is not final, and gives its credit back. The caller commits.

    Requests that its pack would have answered are cancelled with it: they are the same user's, for the same pack.

    Returns:
        What it did, and the status that the request has now. CANCELLED: it was waiting. STOPPED: it was running, and
        its drain has lost the lease. DETACHED: it was one that another request's pack would have answered.
    """
    row = connection.execute(select(fix_pack_requests).where(_requests.id == request).with_for_update()).first()
    if row is None:
        return CancelOutcome.UNKNOWN, None
    status = WorkStatus(row.status)
    if status.is_final:
        return CancelOutcome.WAS_FINAL, status
    values = {
        "status": WorkStatus.FAILED,
        "lease_id": None,
        "lease_expires_at": None,
        "next_attempt_at": None,
        "error_code": ErrorCode.CANCELLED,
        "error_message": sentence(ErrorCode.CANCELLED, _language(connection, row), {}),
        "accepted_at": row.accepted_at or now,
        "completed_at": now,
        "updated_at": now,
    }
    joined = (_requests.answered_by == request) & _requests.status.in_(_OPEN)
    connection.execute(update(fix_pack_requests).where((_requests.id == request) | joined).values(values))
    if row.answered_by is not None:
        return CancelOutcome.DETACHED, WorkStatus.FAILED
    if row.accepted_at is not None:
        release(connection, row.user_id, request, now)
    if row.lease_id is None:
        return CancelOutcome.CANCELLED, WorkStatus.FAILED
    connection.execute(
        update(cynthia_fix_pack_attempts)
        .where(_attempts.request_id == request, _attempts.lease_id == LeaseId(row.lease_id))
        .values(ended_at=now, outcome=AttemptOutcome.FAILED, error_code=ErrorCode.CANCELLED)
    )
    tell_of_cancelling(connection, WorkKind.FIX_PACKS)
    return CancelOutcome.STOPPED, WorkStatus.FAILED


def failed_requests(connection: Connection, requests: Sequence[RequestId]) -> list[RequestId]:
    """Those of the requests that failed, in their given order."""
    query = select(_requests.id).where(_requests.id.in_(requests), _requests.status == WorkStatus.FAILED)
    failed = set(connection.scalars(query))
    return [request for request in requests if request in failed]


def replay(connection: Connection, requests: Sequence[RequestId], now: datetime) -> list[RequestId]:
    """Makes those of the requests that failed new again. The caller commits.

    They are accepted as new ones are: checked, answered by an earlier request's pack, or queued with a credit held
    anew. Their attempts stay on record. What is completed is left as it is: its pack was paid for.

    Returns:
        The requests that are new again.
    """
    statement = (
        update(fix_pack_requests)
        .where(_requests.id.in_(requests), _requests.status == WorkStatus.FAILED)
        .values(
            status=WorkStatus.PENDING,
            progress=0,
            attempts=0,
            accepted_at=None,
            started_at=None,
            completed_at=None,
            cancel_requested_at=None,
            answered_by=None,
            error_code=None,
            error_message=None,
            replayed_at=now,
            updated_at=now,
        )
        .returning(_requests.id)
    )
    replayed = [RequestId(request) for request in connection.scalars(statement)]
    if replayed:
        tell_of_work(connection, WorkKind.FIX_PACKS)
    return replayed


def _language(connection: Connection, row: Any) -> Language:
    name = row.language or connection.execute(select(_audits.language).where(_audits.id == row.audit_id)).scalar()
    return Language(name) if name in set(Language) else Language.ENGLISH


def _view(row: Any) -> RequestView:
    return RequestView(
        id=RequestId(row.id),
        audit=row.audit_id,
        user=row.user_id,
        type=FixPackType(row.type),
        status=WorkStatus(row.status),
        progress=row.progress,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        completed_at=row.completed_at,
        fix_pack=row.fix_pack_id,
        answered_by=None if row.answered_by is None else RequestId(row.answered_by),
        credit=row.credit,
        error_code=row.error_code,
        error_message=row.error_message,
    )
