"""Looks for credits that do not add up: balances against the ledger, and holds against what they were for."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, String, case, cast, exists, func, literal, select, true

from cynthia_pipeline.credits.balance import EntryKind
from cynthia_pipeline.queue.model import WorkStatus
from cynthia_pipeline.store.integrity import NAMED, Finding, found
from cynthia_pipeline.store.tables import credit_balances, credit_ledger, fix_pack_requests

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

_balances, _requests = credit_balances.c, fix_pack_requests.c


def find_unbalanced(connection: Connection) -> Finding:
    """Balances that are not what their ledger says, and holds that did not end as their request did."""
    queries = (_apart_from_ledger(), _ended_wrongly(), _unpaid())
    return found(connection, *(query.limit(NAMED + 1) for query in queries))


def _apart_from_ledger() -> "Select[Any]":
    entries = credit_ledger.alias("entries")
    last = (
        select(entries)
        .where(entries.c.user_id == _balances.user_id)
        .order_by(entries.c.id.desc())
        .limit(1)
        .lateral("last")
    )
    total = (
        select(credit_ledger.c.user_id, func.sum(credit_ledger.c.credits).label("credits"))
        .group_by(credit_ledger.c.user_id)
        .subquery("total")
    )
    same = (
        (last.c.plan == _balances.plan)
        & (last.c.monthly_credits == _balances.monthly_credits)
        & (last.c.used_credits == _balances.used_credits)
        & (last.c.reset_at == _balances.reset_at)
        & (total.c.credits == _balances.monthly_credits - _balances.used_credits)
    )
    why = (
        literal("left: ")
        + cast(_balances.monthly_credits - _balances.used_credits, String)
        + literal(", by the ledger: ")
        + func.coalesce(cast(total.c.credits, String), "nothing")
    )
    return (
        select(literal("credit_balances").label("table"), _balances.id, why)
        .select_from(credit_balances)
        .outerjoin(last, true())
        .outerjoin(total, total.c.user_id == _balances.user_id)
        .where(func.coalesce(same, False).is_(False))
    )


def _ended_wrongly() -> "Select[Any]":
    """Requests whose holds did not end as they did: of several holds all but the last are released."""

    def entries(kind: EntryKind) -> "ColumnElement[int]":
        return func.count().filter(credit_ledger.c.kind == kind)

    totals = (
        select(
            credit_ledger.c.request_id,
            entries(EntryKind.HOLD).label("holds"),
            entries(EntryKind.SETTLE).label("settled"),
            entries(EntryKind.RELEASE).label("released"),
        )
        .where(credit_ledger.c.request_id.is_not(None))
        .group_by(credit_ledger.c.request_id)
        .subquery("totals")
    )
    by_request = totals.c
    why = (
        literal("of its ")
        + cast(by_request.holds, String)
        + literal(" holds are settled: ")
        + cast(by_request.settled, String)
        + literal(", released: ")
        + cast(by_request.released, String)
        + literal(", the request ")
        + cast(_requests.status, String)
    )
    still_open = by_request.holds - by_request.settled - by_request.released
    is_new = _requests.accepted_at.is_(None)
    right = case(
        # One that is replayed, and new again, holds nothing; neither does one that another one's pack answers.
        (
            (_requests.status == WorkStatus.FAILED) | is_new | _requests.answered_by.is_not(None),
            (by_request.settled == 0) & (still_open == 0),
        ),
        (_requests.status == WorkStatus.COMPLETED, (by_request.settled == 1) & (still_open == 0)),
        else_=(by_request.settled == 0) & (still_open == 1),
    )
    return (
        select(literal("fix_pack_requests").label("table"), _requests.id, why)
        .select_from(fix_pack_requests)
        .join(totals, by_request.request_id == _requests.id)
        # Where the user was deleted there is no balance to end a hold against.
        .where(~right, exists().where(_balances.user_id == _requests.user_id))
    )


def _unpaid() -> "Select[Any]":
    """Packs without a charge. A request that another one's pack answers costs nothing."""
    charged = exists().where(credit_ledger.c.request_id == _requests.id, credit_ledger.c.kind == EntryKind.SETTLE)
    return select(
        literal("fix_pack_requests").label("table"), _requests.id, literal("completed without a charge")
    ).where(_requests.status == WorkStatus.COMPLETED, _requests.answered_by.is_(None), ~charged)
