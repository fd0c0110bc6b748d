"""New build sessions become audits in the queue, each once, whoever accepts them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, func, insert, select, update

from cynthia_pipeline.queue.acceptance import NewAudit, NewSession, accept
from cynthia_pipeline.queue.fairness import next_turns
from cynthia_pipeline.queue.model import (
    SYSTEM_PROJECT,
    SYSTEM_USER,
    AuditId,
    OwnerKey,
    Plan,
    Priority,
    SessionId,
    WorkStatus,
)
from cynthia_pipeline.store.tables import build_sessions, credit_balances, cynthia_audits

BATCH = 200
"""Sessions accepted in one transaction."""

_sessions, _audits = build_sessions.c, cynthia_audits.c


def accept_new(connection: Connection, now: datetime) -> int:
    """Makes audits for the oldest new sessions, at most `BATCH`. The caller commits.

    A session that another transaction is accepting at this moment is passed over. One that cannot be audited
    (its input is no address) is final at once, together with its audit, which keeps the reason.

    Returns:
        How many sessions were accepted or refused; `BATCH` says there may be more.
    """
    new = _lock_new_sessions(connection)
    if not new:
        return 0
    accepted = [accept(session) for session in new]
    turns = _turns(connection, accepted)
    rows = [_audit_row(audit, turns.get(audit.session.id, 0), now) for audit in accepted]
    connection.execute(insert(cynthia_audits), rows)
    connection.execute(
        update(build_sessions)
        .where(_sessions.id == bindparam("session"))
        .values(audit_id=bindparam("audit"), audit_status=bindparam("to"), updated_at=now),
        [
            {"session": audit.session.id, "audit": row["id"], "to": row["status"]}
            for audit, row in zip(accepted, rows, strict=True)
        ],
    )
    return len(new)


def _lock_new_sessions(connection: Connection) -> list[NewSession]:
    query = (
        select(
            _sessions.id,
            _sessions.language,
            _sessions.input_type,
            _sessions.input_value,
            _sessions.user_id,
            _sessions.created_at,
            credit_balances.c.plan,
        )
        .outerjoin(credit_balances, credit_balances.c.user_id == _sessions.user_id)
        .where(_sessions.audit_status == WorkStatus.PENDING, _sessions.audit_id.is_(None))
        .order_by(_sessions.created_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=build_sessions)
    )
    return [
        NewSession(
            id=SessionId(row.id),
            language=row.language,
            input_type=row.input_type,
            input_value=row.input_value,
            user_id=row.user_id,
            plan=None if row.plan is None else Plan(row.plan),
            created_at=row.created_at,
        )
        for row in connection.execute(query)
    ]


def _turns(connection: Connection, accepted: Sequence[NewAudit]) -> dict[SessionId, int]:
    """The turn of each audit that enters the queue, fair between owners within a priority."""
    by_priority: dict[Priority, list[NewAudit]] = defaultdict(list)
    for audit in accepted:
        if audit.refusal is None:
            by_priority[audit.priority].append(audit)
    turns: dict[SessionId, int] = {}
    for priority, audits in by_priority.items():
        owners = [audit.owner for audit in audits]
        given = next_turns(owners, _last_turns(connection, owners, priority), _present_turn(connection, priority))
        turns.update(zip((audit.session.id for audit in audits), given, strict=True))
    return turns


def _last_turns(connection: Connection, owners: Sequence[OwnerKey], priority: Priority) -> dict[OwnerKey, int]:
    query = (
        select(_audits.owner_key, func.max(_audits.turn))
        .where(
            _audits.owner_key.in_(set(owners)),
            _audits.status.in_((WorkStatus.PENDING, WorkStatus.RUNNING)),
            _audits.priority == priority,
        )
        .group_by(_audits.owner_key)
    )
    return {OwnerKey(owner): turn for owner, turn in connection.execute(query)}


def _present_turn(connection: Connection, priority: Priority) -> int:
    """The turn being served: the highest that runs, else the lowest that waits, else 0."""
    running = (
        select(func.max(_audits.turn))
        .where(_audits.status == WorkStatus.RUNNING, _audits.lease_id.is_not(None), _audits.priority == priority)
        .scalar_subquery()
    )
    waiting = (
        select(_audits.turn)
        .where(
            _audits.status == WorkStatus.PENDING,
            _audits.next_attempt_at.is_not(None),
            _audits.priority == priority,
        )
        .order_by(_audits.turn)
        .limit(1)
        .scalar_subquery()
    )
    turn: int = connection.execute(select(func.coalesce(running, waiting, 0))).scalar_one()
    return turn


def _audit_row(audit: NewAudit, turn: int, now: datetime) -> dict[str, Any]:
    refused = audit.refusal
    return {
        "id": AuditId(uuid4()),
        "created_at": now,
        "updated_at": now,
        "project_id": SYSTEM_PROJECT,
        "user_id": audit.session.user_id or SYSTEM_USER,
        "status": WorkStatus.PENDING if refused is None else WorkStatus.FAILED,
        "target_type": audit.target_type,
        "target_value": audit.target_value,
        "context": audit.context,
        "language": audit.language,
        "owner_key": audit.owner,
        "target_host": audit.target_host,
        "priority": audit.priority,
        "turn": turn,
        "queued_at": audit.session.created_at,
        "next_attempt_at": now if refused is None else None,
        "error_code": None if refused is None else refused.code,
        "error_message": None if refused is None else refused.message,
        "completed_at": None if refused is None else now,
    }
