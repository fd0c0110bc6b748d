"""How attempts at packs end. The request, its credit and its pack move together, in the caller's one transaction.

Every function compares the lease first. If another drain holds the request by now, nothing is written and
LeaseLostError is raised.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.fix_packs.ports import MadePack
from cynthia_pipeline.fix_packs.requests import ClaimedPack, RequestId
from cynthia_pipeline.messages import sentence
from cynthia_pipeline.queue.model import AttemptOutcome, LeaseId, LeaseLostError, Settled, WorkStatus
from cynthia_pipeline.store.credits import release as release_credit
from cynthia_pipeline.store.credits import settle as settle_credit
from cynthia_pipeline.store.storable import storable
from cynthia_pipeline.store.tables import (
    cynthia_audits,
    cynthia_fix_pack_attempts,
    fix_pack_requests,
    fix_pack_screenshots,
    fix_pack_verifications,
    fix_packs,
)

_requests, _attempts = fix_pack_requests.c, cynthia_fix_pack_attempts.c

_NO_LEASE = {"lease_id": None, "lease_expires_at": None}


@dataclass(frozen=True, slots=True)
class _Ending:
    outcome: AttemptOutcome
    code: ErrorCode | None = None
    detail: str = ""
    message: str | None = None
    next_attempt_at: datetime | None = None


def complete(connection: Connection, pack: ClaimedPack, made: MadePack, now: datetime) -> Settled:
    """Writes the pack and makes its hold a charge. A pack whose audit or user was deleted meanwhile is a free failure.

    Raises:
        LeaseLostError: the request is no longer this lease's.
    """
    row = _locked(connection, pack.id, pack.lease)
    audit = (
        select(cynthia_audits.c.id).where(cynthia_audits.c.id == pack.audit).with_for_update(key_share=True, read=True)
    )
    if connection.execute(audit).first() is None or not settle_credit(connection, pack.user, pack.id, now):
        code = ErrorCode.AUDIT_NOT_FOUND
        return fail(connection, pack, code=code, message=sentence(code, pack.language, {}), detail="deleted", now=now)
    _insert_pack(connection, pack, made, now)
    values = {
        "status": WorkStatus.COMPLETED,
        "progress": 100,
        "fix_pack_id": pack.id,
        "error_code": None,
        "error_message": None,
        "completed_at": now,
    }
    _move(connection, pack.id, values, now)
    return _settle(connection, row, pack.lease, _Ending(AttemptOutcome.COMPLETED), now)


def fail(
    connection: Connection, pack: ClaimedPack, *, code: ErrorCode, message: str, detail: str, now: datetime
) -> Settled:
    """Makes the failure final and gives the credit back.

    Raises:
        LeaseLostError: the request is no longer this lease's.
    """
    row = _locked(connection, pack.id, pack.lease)
    release_credit(connection, pack.user, pack.id, now)
    values = {
        "status": WorkStatus.FAILED,
        "error_code": code,
        "error_message": storable(message),
        "completed_at": now,
    }
    _move(connection, pack.id, values, now)
    ending = _Ending(AttemptOutcome.FAILED, code, detail, message=message)
    return _settle(connection, row, pack.lease, ending, now)


def retry(
    connection: Connection, pack: ClaimedPack, *, wait_s: float, code: ErrorCode, detail: str, now: datetime
) -> Settled:
    """Puts the request back into the queue, due in `wait_s` seconds; its credit stays held.

    Raises:
        LeaseLostError: the request is no longer this lease's.
    """
    row = _locked(connection, pack.id, pack.lease)
    at = now + timedelta(seconds=wait_s)
    _move(connection, pack.id, {"status": WorkStatus.PENDING, "progress": 0, "error_code": code}, now, due=at)
    ending = _Ending(AttemptOutcome.RETRIED, code, detail, next_attempt_at=at)
    return _settle(connection, row, pack.lease, ending, now)


def release(connection: Connection, pack: ClaimedPack, now: datetime) -> Settled:
    """Gives the request back untouched, due at once; the attempt does not count, and its credit stays held.

    Raises:
        LeaseLostError: the request is no longer this lease's.
    """
    row = _locked(connection, pack.id, pack.lease)
    _move(connection, pack.id, {"status": WorkStatus.PENDING, "progress": 0}, now, due=now)
    connection.execute(update(fix_pack_requests).where(_requests.id == pack.id).values(attempts=_requests.attempts - 1))
    return _settle(connection, row, pack.lease, _Ending(AttemptOutcome.RELEASED), now)


def _locked(connection: Connection, request: RequestId, lease: LeaseId) -> Any:
    query = (
        select(
            _requests.id,
            _requests.started_at,
            func.coalesce(_requests.replayed_at, _requests.created_at).label("asked_at"),
        )
        .where(_requests.id == request, _requests.lease_id == lease, _requests.status == WorkStatus.RUNNING)
        .with_for_update()
    )
    row = connection.execute(query).first()
    if row is None:
        raise LeaseLostError
    return row


def _insert_pack(connection: Connection, pack: ClaimedPack, made: MadePack, now: datetime) -> None:
    connection.execute(
        insert(fix_packs).values(
            id=pack.id,
            created_at=now,
            updated_at=now,
            audit_id=pack.audit,
            user_id=pack.user,
            type=pack.type,
            title=storable(made.title),
            description=storable(made.description),
            patch_preview=made.patch_preview.model_dump(mode="json", by_alias=True, exclude_none=True),
            files_affected=list(made.files_affected),
            issues_fixed=list(made.issues_fixed),
        )
    )
    record = made.verification.model_dump(mode="json", by_alias=True)
    connection.execute(insert(fix_pack_verifications).values(fix_pack_id=pack.id, created_at=now, record=record))
    if made.screenshots:
        connection.execute(
            insert(fix_pack_screenshots),
            [
                {
                    "fix_pack_id": pack.id,
                    "name": picture.name,
                    "media_type": picture.media_type,
                    "content": picture.content,
                }
                for picture in made.screenshots
            ],
        )


def _move(
    connection: Connection, request: RequestId, values: dict[str, Any], now: datetime, *, due: datetime | None = None
) -> None:
    """Moves the request, and with it those that its pack answers."""
    connection.execute(
        update(fix_pack_requests)
        .where(_requests.id == request)
        .values({**_NO_LEASE, "next_attempt_at": due, "updated_at": now, **values})
    )
    connection.execute(
        update(fix_pack_requests)
        .where(_requests.answered_by == request, _requests.status.in_((WorkStatus.PENDING, WorkStatus.RUNNING)))
        .values({"updated_at": now, **values})
    )


def _settle(connection: Connection, row: Any, lease: LeaseId, ending: _Ending, now: datetime) -> Settled:
    statement = (
        update(cynthia_fix_pack_attempts)
        .where(_attempts.request_id == row.id, _attempts.lease_id == lease)
        .values(ended_at=now, outcome=ending.outcome, error_code=ending.code, detail=storable(ending.detail) or None)
        .returning(_attempts.started_at)
    )
    began: datetime = connection.execute(statement).scalar_one()
    return Settled(
        outcome=ending.outcome,
        sessions=(),
        waited_s=max((row.started_at - row.asked_at).total_seconds(), 0.0),
        worked_s=max((now - began).total_seconds(), 0.0),
        next_attempt_at=ending.next_attempt_at,
        error_code=ending.code,
        error_message=ending.message,
    )
