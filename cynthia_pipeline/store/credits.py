"""Credits on Postgres: each change of a balance and its entry in the ledger are one statement or one transaction.

A hold is one conditional statement. What else changes a balance locks its row first, so that the ledger's entries of a
user are in the order of their ids.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, exists, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from cynthia_pipeline.credits.balance import (
    PACK_PRICE,
    Balance,
    EntryKind,
    opened,
    released,
    with_plan,
)
from cynthia_pipeline.credits.ledger import Account, Entry, Reset
from cynthia_pipeline.queue.model import Plan
from cynthia_pipeline.store.tables import credit_balances, credit_ledger

_balances, _ledger = credit_balances.c, credit_ledger.c

_BALANCE = (
    _balances.user_id,
    _balances.plan,
    _balances.monthly_credits,
    _balances.used_credits,
    _balances.reset_at,
    _balances.anchor_day,
)


class HoldMissingError(Exception):
    """A hold was to be ended that is not open. A fault of ours: the transaction must not be committed."""


def balance_of(connection: Connection, user: UUID, now: datetime) -> Balance:
    """The user's balance, opened if this is the first sight of them. The caller commits."""
    first = opened(user, now)
    connection.execute(
        upsert(credit_balances)
        .values(
            user_id=user,
            plan=first.plan,
            monthly_credits=first.monthly,
            used_credits=first.used,
            reset_at=first.reset_at,
            anchor_day=first.anchor_day,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=[_balances.user_id])
    )
    return _balance(connection.execute(select(*_BALANCE).where(_balances.user_id == user)).one())


def hold(connection: Connection, user: UUID, request: UUID, purpose: str, now: datetime) -> bool:
    """Holds a pack's price for the request, in one statement. The caller commits.

    A request that failed, and gave its credit back, may be replayed: each of its holds has a number.

    Returns:
        Whether there was enough left. A credit that is held for the request already is not held again.
    """
    holds, ends = _counts(connection, user, request)
    if holds > ends:
        return True
    charged = (
        update(credit_balances)
        .where(_balances.user_id == user, _balances.monthly_credits - _balances.used_credits >= PACK_PRICE)
        .values(used_credits=_balances.used_credits + PACK_PRICE, updated_at=now)
        .returning(*_BALANCE)
        .cte("charged")
    )
    entry = select(
        literal(now),
        charged.c.user_id,
        literal(EntryKind.HOLD),
        literal(-PACK_PRICE),
        charged.c.plan,
        charged.c.monthly_credits,
        charged.c.used_credits,
        charged.c.reset_at,
        charged.c.monthly_credits - charged.c.used_credits,
        literal(purpose),
        literal(request),
        literal(_key(EntryKind.HOLD, request, holds + 1)),
    )
    columns = (
        _ledger.created_at,
        _ledger.user_id,
        _ledger.kind,
        _ledger.credits,
        _ledger.plan,
        _ledger.monthly_credits,
        _ledger.used_credits,
        _ledger.reset_at,
        _ledger.balance_after,
        _ledger.purpose,
        _ledger.request_id,
        _ledger.idempotency_key,
    )
    statement = insert(credit_ledger).from_select(list(columns), entry).returning(_ledger.id)
    return connection.execute(statement).first() is not None


def settle(connection: Connection, user: UUID, request: UUID, now: datetime) -> bool:
    """Makes the request's hold a charge. The caller commits, together with the pack.

    Returns:
        False if the user's balance is gone, with its user.

    Raises:
        HoldMissingError: nothing is held for the request.
    """
    balance = _locked(connection, user)
    if balance is None:
        return False
    taken = _open_hold(connection, user, request)
    _enter(connection, balance, balance, EntryKind.SETTLE, taken.purpose, now, hold=taken)
    return True


def release(connection: Connection, user: UUID, request: UUID, now: datetime) -> None:
    """Gives the request's hold back. The caller commits, together with the failure.

    Raises:
        HoldMissingError: nothing is held for the request.
    """
    balance = _locked(connection, user)
    if balance is None:
        return
    taken = _open_hold(connection, user, request)
    beginnings = [kind for kind in EntryKind if kind.begins_allowance]
    begun = exists().where(_ledger.user_id == user, _ledger.id > taken.id, _ledger.kind.in_(beginnings))
    is_past = connection.execute(select(begun)).scalar_one()
    after = released(balance, same_allowance=not is_past)
    _enter(connection, balance, after, EntryKind.RELEASE, taken.purpose, now, hold=taken)


def set_plan(connection: Connection, user: UUID, plan: Plan, now: datetime) -> Balance:
    """Puts the user on the plan; a plan that they are on already begins no new month. The caller commits.

    Returns:
        The balance after it.
    """
    balance_of(connection, user, now)
    before = _locked(connection, user)
    if before is None or before.plan is plan:
        return before or balance_of(connection, user, now)
    after = with_plan(before, plan, now)
    purpose = f"{before.plan} to {plan}"
    _enter(connection, before, after, EntryKind.PLAN_CHANGE, purpose, now)
    return after


def reset_due(connection: Connection, due_before: datetime, now: datetime) -> list[Reset]:
    """Resets every balance for each month that was due before both moments. The caller commits."""
    rows = connection.execute(
        text("SELECT * FROM cynthia_reset_credits(:now, :before)"), {"now": now, "before": due_before}
    )
    return [Reset(row.balance_user, row.was_due_at, row.credits_returned) for row in rows]


def resets_of(connection: Connection, since: datetime, until: datetime) -> list[tuple[Reset, datetime]]:
    """The resets that were due from `since` until before `until`, each with the moment it was made."""
    query = select(_ledger.user_id, _ledger.due_at, _ledger.credits, _ledger.created_at).where(
        _ledger.due_at >= since, _ledger.due_at < until
    )
    return [(Reset(row.user_id, row.due_at, row.credits), row.created_at) for row in connection.execute(query)]


def first_reset_due(connection: Connection) -> datetime | None:
    """When the reset that is due first is; None if there are no balances."""
    first: datetime | None = connection.execute(select(func.min(_balances.reset_at))).scalar_one()
    return first


def account(connection: Connection, user: UUID, now: datetime) -> Account:
    """The user's balance with what is held of it; opened at first sight. The caller commits."""
    holds, ends = _counts(connection, user)
    return Account(balance_of(connection, user, now), holds - ends)


def history(connection: Connection, user: UUID, limit: int) -> list[Entry]:
    """The user's newest entries, newest first."""
    query = select(credit_ledger).where(_ledger.user_id == user).order_by(_ledger.id.desc()).limit(limit)
    return [
        Entry(
            id=row.id,
            at=row.created_at,
            kind=EntryKind(row.kind),
            credits=row.credits,
            balance_after=row.balance_after,
            plan=Plan(row.plan),
            purpose=row.purpose,
            request=row.request_id,
            due_at=row.due_at,
        )
        for row in connection.execute(query)
    ]


def _locked(connection: Connection, user: UUID) -> Balance | None:
    row = connection.execute(select(*_BALANCE).where(_balances.user_id == user).with_for_update()).first()
    return None if row is None else _balance(row)


@dataclass(frozen=True, slots=True)
class _Hold:
    """An open hold: its entry, what it is for, and which of its request's holds it is."""

    id: int
    purpose: str
    request: UUID
    number: int


def _open_hold(connection: Connection, user: UUID, request: UUID) -> _Hold:
    holds, ends = _counts(connection, user, request)
    if holds <= ends:
        raise HoldMissingError(f"no credit is held for the request {request}")
    row = connection.execute(
        select(_ledger.id, _ledger.purpose).where(
            _ledger.user_id == user, _ledger.idempotency_key == _key(EntryKind.HOLD, request, holds)
        )
    ).one()
    return _Hold(row.id, row.purpose, request, holds)


def _counts(connection: Connection, user: UUID, request: UUID | None = None) -> tuple[int, int]:
    """How many holds the user, or one request, has had, and how many of them ended."""
    query = select(
        func.count().filter(_ledger.kind == EntryKind.HOLD),
        func.count().filter(_ledger.kind.in_((EntryKind.SETTLE, EntryKind.RELEASE))),
    ).where(_ledger.user_id == user)
    if request is not None:
        query = query.where(_ledger.request_id == request)
    holds, ends = connection.execute(query).one()
    return holds, ends


def _enter(
    connection: Connection,
    before: Balance,
    after: Balance,
    kind: EntryKind,
    purpose: str,
    now: datetime,
    *,
    hold: _Hold | None = None,
) -> None:
    """Writes the entry, then the balance: the trigger on the balance finds the entry there."""
    connection.execute(
        insert(credit_ledger).values(
            created_at=now,
            user_id=after.user,
            kind=kind,
            credits=after.left - before.left,
            plan=after.plan,
            monthly_credits=after.monthly,
            used_credits=after.used,
            reset_at=after.reset_at,
            balance_after=after.left,
            purpose=purpose,
            request_id=None if hold is None else hold.request,
            idempotency_key=f"{kind}:{uuid4()}" if hold is None else _key(kind, hold.request, hold.number),
        )
    )
    if after != before:
        connection.execute(
            update(credit_balances)
            .where(_balances.user_id == after.user)
            .values(
                plan=after.plan,
                monthly_credits=after.monthly,
                used_credits=after.used,
                reset_at=after.reset_at,
                anchor_day=after.anchor_day,
                updated_at=now,
            )
        )


def _key(kind: EntryKind, request: UUID, number: int) -> str:
    """The entry's idempotency key: the same for whoever writes the end, or the taking, of one hold."""
    return f"{kind}:{request}" if number == 1 else f"{kind}:{request}:{number}"


def _balance(row: Any) -> Balance:
    return Balance(
        user=row.user_id,
        plan=Plan(row.plan),
        monthly=row.monthly_credits,
        used=row.used_credits,
        reset_at=row.reset_at,
        anchor_day=row.anchor_day,
    )
