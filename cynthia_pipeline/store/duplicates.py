"""New sessions that a known audit answers: joined to it, or given a copy of its report; the same under races."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, literal, or_, select, union

from cynthia_pipeline.queue.acceptance import NewAudit
from cynthia_pipeline.queue.duplicates import Copy, Join, Known, Reuse, answer
from cynthia_pipeline.queue.model import AuditId, OwnerKey, SessionId, WorkStatus
from cynthia_pipeline.store.new_rows import identity_columns
from cynthia_pipeline.store.tables import REPORT_COLUMNS, cynthia_audit_evidence, cynthia_audits

_INTAKE_LOCK = 0x43796E03
"""Held until the new audits are committed: of two that accept at once, the second sees the first one's."""

_COPIED = (*REPORT_COLUMNS, "details", "completed_at")
"""What a copy has from its original, the moment of the report included: a copy is no fresher than that."""

_audits, _evidence = cynthia_audits.c, cynthia_audit_evidence.c


def answers_for(
    connection: Connection, new: Sequence[NewAudit], reuse: Reuse, now: datetime
) -> dict[SessionId, AuditId]:
    """The audits that answer new sessions; those that need an audit of their own are left out. The caller commits.

    Holds the audits locked against a change of their state, and all other calls back, until then.
    """
    connection.execute(select(func.pg_advisory_xact_lock(_INTAKE_LOCK)))
    known = _known(connection, new, reuse, now)
    answers: dict[SessionId, AuditId] = {}
    for audit in new:
        candidates = known.get(audit.dedupe_key or "", [])
        match answer(audit.owner, candidates, public_host=audit.host, reuse=reuse, now=now):
            case Join(original):
                answers[audit.session.id] = original
            case Copy(original):
                answers[audit.session.id] = _copy(connection, audit, original, now)
            case None:
                pass
    return answers


def _known(connection: Connection, new: Sequence[NewAudit], reuse: Reuse, now: datetime) -> dict[str, list[Known]]:
    keys = {audit.dedupe_key for audit in new if audit.dedupe_key is not None}
    owners = {audit.owner for audit in new if audit.session.user_id is not None}
    if not keys or not (owners or reuse.copy):
        return {}
    own = _audits.owner_key.in_(owners)
    is_open = _audits.status.in_((WorkStatus.PENDING, WorkStatus.RUNNING))
    is_fresh = (
        _audits.status == WorkStatus.COMPLETED,
        _audits.completed_at >= now - timedelta(seconds=reuse.window_s),
    )
    may_answer = or_(own, _audits.copied_from.is_(None)) if reuse.copy else own
    candidates = union(
        select(_audits.id).where(own, is_open, _audits.dedupe_key.in_(keys)),
        select(_audits.id).where(_audits.dedupe_key.in_(keys), *is_fresh, may_answer),
    )
    # Locked in the order of their ids, as everything that locks several audits does.
    query = (
        select(
            _audits.id,
            _audits.owner_key,
            _audits.status,
            _audits.completed_at,
            _audits.copied_from,
            _audits.dedupe_key,
        )
        .where(_audits.id.in_(list(connection.scalars(candidates))))
        .order_by(_audits.id)
        .with_for_update(read=True)
    )
    known: dict[str, list[Known]] = defaultdict(list)
    for row in connection.execute(query):
        known[row.dedupe_key].append(
            Known(
                id=AuditId(row.id),
                owner=OwnerKey(row.owner_key),
                status=WorkStatus(row.status),
                completed_at=row.completed_at,
                is_copy=row.copied_from is not None,
            )
        )
    return known


def _copy(connection: Connection, audit: NewAudit, original: AuditId, now: datetime) -> AuditId:
    """An audit row of the session's own, completed with the original's report and pictures."""
    own = {
        **identity_columns(audit, now),
        "status": WorkStatus.COMPLETED,
        "priority": audit.priority,
        "queued_at": audit.session.created_at,
        "copied_from": original,
    }
    values = [literal(value, cynthia_audits.c[name].type).label(name) for name, value in own.items()]
    report = [_audits[name] for name in _COPIED]
    connection.execute(
        insert(cynthia_audits).from_select([*own, *_COPIED], select(*values, *report).where(_audits.id == original))
    )
    pictures = [column for column in _evidence if column.name != "audit_id"]
    connection.execute(
        insert(cynthia_audit_evidence).from_select(
            ["audit_id", *(column.name for column in pictures)],
            select(literal(own["id"], _evidence.audit_id.type), *pictures).where(_evidence.audit_id == original),
        )
    )
    return AuditId(own["id"])
