"""New build sessions become audits in the queue, each once, whoever accepts them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.acceptance import MAX_IDEA_CHARS, NewAudit, NewSession, accept, led, refused
from cynthia_pipeline.queue.duplicates import Reuse
from cynthia_pipeline.queue.model import AuditId, Plan, Priority, SessionId, WorkStatus
from cynthia_pipeline.store.duplicates import answers_for
from cynthia_pipeline.store.new_rows import identity_columns, link
from cynthia_pipeline.store.tables import build_sessions, credit_balances, cynthia_audits
from cynthia_pipeline.store.turns import give_turns

BATCH = 200
"""Sessions accepted in one transaction."""

_sessions = build_sessions.c


def accept_new(connection: Connection, now: datetime, reuse: Reuse | None = None) -> int:
    """Makes audits for the oldest new sessions, at most `BATCH`. The caller commits.

    A session that another transaction is accepting at this moment is passed over. One that cannot be audited
    (its input is no address) is final at once, together with its audit, which keeps the reason.

    Args:
        connection: in a transaction.
        now: the present moment.
        reuse: how far reports and open audits answer for the new sessions; None makes an audit for each.

    Returns:
        How many sessions were accepted, answered or refused; `BATCH` says there may be more.
    """
    query = _new_sessions().order_by(_sessions.created_at).limit(BATCH)
    new = [accept(session) for session in _read(connection, query.with_for_update(skip_locked=True, of=build_sessions))]
    if not new:
        return 0
    if reuse is None:
        link(connection, _enter(connection, new, now), now)
        return len(new)
    leaders, leader_of = led(new)
    audit_of = answers_for(connection, leaders, reuse, now)
    audit_of |= _enter(connection, [audit for audit in leaders if audit.session.id not in audit_of], now)
    audit_of |= {follower: audit_of[leader] for follower, leader in leader_of.items()}
    link(connection, audit_of, now)
    return len(new)


def accept_these(
    connection: Connection, sessions: Sequence[SessionId], now: datetime, *, refuse: ErrorCode | None = None
) -> list[SessionId]:
    """Makes an audit of its own for each of the sessions that is pending without one. The caller commits.

    Args:
        connection: in a transaction.
        sessions: which to accept.
        now: the present moment.
        refuse: makes the audits final failures with this code, in place of queueing them.

    Returns:
        The sessions that were.
    """
    query = _new_sessions().where(_sessions.id.in_(sessions)).order_by(_sessions.id).with_for_update(of=build_sessions)
    accepted = [accept(session) for session in _read(connection, query)]
    if refuse is not None:
        accepted = [refused(audit, refuse) for audit in accepted]
    if accepted:
        link(connection, _enter(connection, accepted, now), now)
    return [audit.session.id for audit in accepted]


def _enter(connection: Connection, accepted: Sequence[NewAudit], now: datetime) -> dict[SessionId, AuditId]:
    """Makes an audit for each; returns it by its session."""
    if not accepted:
        return {}
    turns = _turns(connection, accepted, now)
    rows = {audit.session.id: _audit_row(audit, turns.get(audit.session.id, 0), now) for audit in accepted}
    connection.execute(insert(cynthia_audits), list(rows.values()))
    return {session: AuditId(row["id"]) for session, row in rows.items()}


def _new_sessions() -> Select[Any]:
    return (
        select(
            _sessions.id,
            _sessions.language,
            _sessions.input_type,
            func.left(_sessions.input_value, MAX_IDEA_CHARS + 1).label("input_value"),
            _sessions.user_id,
            _sessions.created_at,
            credit_balances.c.plan,
        )
        .outerjoin(credit_balances, credit_balances.c.user_id == _sessions.user_id)
        .where(_sessions.audit_status == WorkStatus.PENDING, _sessions.audit_id.is_(None))
    )


def _read(connection: Connection, query: Select[Any]) -> list[NewSession]:
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


def _turns(connection: Connection, accepted: Sequence[NewAudit], now: datetime) -> dict[SessionId, int]:
    """The turn of each audit that enters the queue, fair between owners within a priority."""
    by_priority: dict[Priority, list[NewAudit]] = defaultdict(list)
    for audit in accepted:
        if audit.refusal is None:
            by_priority[audit.priority].append(audit)
    turns: dict[SessionId, int] = {}
    for priority, audits in by_priority.items():
        given = give_turns(connection, priority, [audit.owner for audit in audits], now)
        turns.update(zip((audit.session.id for audit in audits), given, strict=True))
    return turns


def _audit_row(audit: NewAudit, turn: int, now: datetime) -> dict[str, Any]:
    refusal = audit.refusal
    return {
        **identity_columns(audit, now),
        "status": WorkStatus.PENDING if refusal is None else WorkStatus.FAILED,
        "priority": audit.priority,
        "turn": turn,
        "queued_at": audit.session.created_at,
        "priority_since": now,
        "next_attempt_at": now if refusal is None else None,
        "error_code": None if refusal is None else refusal.code,
        "error_message": None if refusal is None else refusal.message,
        "completed_at": None if refusal is None else now,
    }
