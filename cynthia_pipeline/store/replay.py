"""An operator's replay: final sessions go back into the queue, with their history kept in the attempts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from cynthia_pipeline.queue.acceptance import priority_of
from cynthia_pipeline.queue.model import SYSTEM_USER, AuditId, OwnerKey, Plan, Priority, SessionId, WorkKind, WorkStatus
from cynthia_pipeline.store.acceptance import accept_these
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.notifications import tell_of_work
from cynthia_pipeline.store.tables import build_sessions, credit_balances, cynthia_audits
from cynthia_pipeline.store.turns import give_turns

_audits, _sessions = cynthia_audits.c, build_sessions.c

_FINAL = (WorkStatus.COMPLETED, WorkStatus.FAILED)


def replay(connection: Connection, sessions: Sequence[SessionId], now: datetime | None = None) -> list[SessionId]:
    """Puts those of the sessions that are final back into the queue, due at once. The caller commits.

    They queue as new ones of their owner's present plan do, behind what their owner has open. Sessions that share
    an audit go back together. A replay is audited anew, never answered by another session's report.

    Returns:
        The sessions that are in the queue by this. One that was there already is left as it is.
    """
    now = now or database_now(connection)
    places = _places(connection, sessions, now)
    if places:
        connection.execute(
            update(cynthia_audits)
            .where(_audits.id == bindparam("audit"))
            .values(
                status=WorkStatus.PENDING,
                priority=bindparam("class"),
                turn=bindparam("to"),
                priority_since=now,
                next_attempt_at=now,
                queued_at=now,
                attempts=0,
                started_at=None,
                completed_at=None,
                copied_from=None,
                error_code=None,
                error_message=None,
                updated_at=now,
            ),
            [{"audit": audit, "class": priority, "to": turn} for audit, (priority, turn) in places.items()],
        )
    moved = connection.scalars(
        update(build_sessions)
        .where(_sessions.audit_id.in_(places), _sessions.audit_status.in_(_FINAL))
        .values(audit_status=WorkStatus.PENDING, progress=0, updated_at=now)
        .returning(_sessions.id)
    ).all()
    # A session whose audit the web app deleted gets a new one, and so does one that nobody has accepted yet.
    connection.execute(
        update(build_sessions)
        .where(_sessions.id.in_(sessions), _sessions.audit_status.in_(_FINAL), _sessions.audit_id.is_(None))
        .values(audit_status=WorkStatus.PENDING, progress=0, updated_at=now)
    )
    accepted = accept_these(connection, sessions, now)
    if moved or accepted:
        tell_of_work(connection, WorkKind.AUDITS)
    return [*(SessionId(session) for session in moved), *accepted]


def _places(
    connection: Connection, sessions: Sequence[SessionId], now: datetime
) -> dict[AuditId, tuple[Priority, int]]:
    """The final audits of the sessions, locked in the order of their ids, each with its place in the queue."""
    wanted = select(_sessions.audit_id).where(_sessions.id.in_(sessions), _sessions.audit_status.in_(_FINAL))
    query = (
        select(_audits.id, _audits.owner_key, _audits.user_id, credit_balances.c.plan)
        .outerjoin(credit_balances, credit_balances.c.user_id == _audits.user_id)
        .where(_audits.id.in_(wanted), _audits.status.in_(_FINAL))
        .order_by(_audits.id)
        .with_for_update(of=cynthia_audits)
    )
    entering: dict[Priority, list[tuple[AuditId, OwnerKey]]] = defaultdict(list)
    for row in connection.execute(query):
        user = None if row.user_id == SYSTEM_USER else row.user_id
        priority = priority_of(user, None if row.plan is None else Plan(row.plan))
        entering[priority].append((AuditId(row.id), OwnerKey(row.owner_key or row.id)))
    places: dict[AuditId, tuple[Priority, int]] = {}
    for priority, audits in entering.items():
        turns = give_turns(connection, priority, [owner for _, owner in audits], now)
        places.update((audit, (priority, turn)) for (audit, _), turn in zip(audits, turns, strict=True))
    return places
