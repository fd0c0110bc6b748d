"""New requests for packs: refused for nothing, answered by an earlier one, or queued with a credit held."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from cynthia_pipeline.credits.balance import Balance
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.fix_packs.ports import FixPackType
from cynthia_pipeline.fix_packs.requests import NewRequest, RequestId, check
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.queue.model import WorkStatus
from cynthia_pipeline.store.credits import balance_of, hold
from cynthia_pipeline.store.packs.orders import audited_page
from cynthia_pipeline.store.packs.requests import cancel
from cynthia_pipeline.store.tables import cynthia_audits, fix_pack_requests

BATCH = 50
"""Requests accepted in one transaction."""

_ACCEPT_LOCK = 0x43796E03
"""Held while requests are accepted: two that ask for the same pack at once must see each other."""

_requests, _audits = fix_pack_requests.c, cynthia_audits.c

_OPEN = (WorkStatus.PENDING, WorkStatus.RUNNING)


def accept_new(connection: Connection, now: datetime) -> int:
    """Takes the oldest new requests in, and ends those that their users cancelled. The caller commits.

    The hold is taken in the transaction that accepts: no request waits without its credit, and no credit is held
    for a request that does not wait.

    Returns:
        How many were accepted, answered, refused or cancelled, at most `BATCH`; 0 says that nothing is left.
    """
    connection.execute(select(func.pg_advisory_xact_lock(_ACCEPT_LOCK)))
    if cancelled := _cancel_marked(connection, now):
        return cancelled
    query = (
        select(
            _requests.id,
            _requests.audit_id,
            _requests.user_id,
            _requests.type,
            func.coalesce(_requests.language, _audits.language, Language.ENGLISH).label("language"),
        )
        .outerjoin(cynthia_audits, _audits.id == _requests.audit_id)
        .where(_requests.status == WorkStatus.PENDING, _requests.accepted_at.is_(None))
        .order_by(_requests.created_at, _requests.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=fix_pack_requests)
    )
    new = [_new(row) for row in connection.execute(query)]
    # Balances are locked in the order of their users, as a reset locks them; a user's own requests keep their order.
    for request in sorted(new, key=lambda each: each.user):
        _accept(connection, request, now)
    return len(new)


def _accept(connection: Connection, request: NewRequest, now: datetime) -> None:
    try:
        check(request, audited_page(connection, request.audit))
        if not _answer(connection, request, now):
            _charge(connection, request, now)
            _set(connection, request, now, {"next_attempt_at": now})
    except PermanentError as error:
        _set(
            connection,
            request,
            now,
            {
                "status": WorkStatus.FAILED,
                "error_code": error.code,
                "error_message": sentence(error.code, request.language, error.facts),
                "completed_at": now,
            },
        )


def _answer(connection: Connection, request: NewRequest, now: datetime) -> bool:
    """Lets an earlier request for the same pack answer this one. Returns whether there is one, open or done."""
    earlier = (
        select(_requests.id, _requests.status, _requests.progress, _requests.fix_pack_id)
        .where(
            _requests.audit_id == request.audit,
            _requests.type == request.type,
            _requests.answered_by.is_(None),
            _requests.accepted_at.is_not(None),
            _requests.status.in_(_OPEN)
            | ((_requests.status == WorkStatus.COMPLETED) & _requests.fix_pack_id.is_not(None)),
        )
        .order_by(_requests.accepted_at.desc())
        .limit(1)
        # Its end, and what it tells those that it answers, comes before this or after.
        .with_for_update()
    )
    row = connection.execute(earlier).first()
    if row is None:
        return False
    is_done = row.status == WorkStatus.COMPLETED
    values = {
        "answered_by": row.id,
        "status": row.status,
        "progress": row.progress,
        "fix_pack_id": row.fix_pack_id,
        "completed_at": now if is_done else None,
    }
    _set(connection, request, now, values)
    return True


def _charge(connection: Connection, request: NewRequest, now: datetime) -> None:
    balance = balance_of(connection, request.user, now)
    purpose = f"{request.type} pack of audit {request.audit}"
    if not hold(connection, request.user, request.id, purpose, now):
        raise _no_credits(balance)


def _no_credits(balance: Balance) -> PermanentError:
    return PermanentError(ErrorCode.NO_CREDITS, used=str(balance.used), total=str(balance.monthly))


def _set(connection: Connection, request: NewRequest, now: datetime, values: dict[str, Any]) -> None:
    connection.execute(
        update(fix_pack_requests).where(_requests.id == request.id).values(accepted_at=now, updated_at=now, **values)
    )


def _cancel_marked(connection: Connection, now: datetime) -> int:
    """Ends the requests that the web app marked as no longer wanted."""
    query = (
        select(_requests.id)
        .where(_requests.cancel_requested_at.is_not(None), _requests.status.in_(_OPEN))
        .order_by(_requests.user_id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    marked = connection.scalars(query).all()
    for request in marked:
        cancel(connection, RequestId(request), now)
    return len(marked)


def _new(row: Any) -> NewRequest:
    return NewRequest(
        id=RequestId(row.id),
        audit=row.audit_id,
        user=row.user_id,
        type=FixPackType(row.type),
        language=_language(row.language),
    )


def _language(name: str) -> Language:
    return Language(name) if name in set(Language) else Language.ENGLISH
