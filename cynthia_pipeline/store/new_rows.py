"""New audit rows, and the sessions that point to them: what accepting, answering and refusing have in common."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Connection, Uuid, case, cast, func, literal, select, update
from sqlalchemy.types import Text

from cynthia_pipeline.queue.acceptance import NewAudit
from cynthia_pipeline.queue.model import SYSTEM_PROJECT, SYSTEM_USER, AuditId, SessionId, WorkStatus
from cynthia_pipeline.store.tables import build_session_audit_status, build_sessions, cynthia_audits

_audits, _sessions = cynthia_audits.c, build_sessions.c


def identity_columns(audit: NewAudit, now: datetime) -> dict[str, Any]:
    """The columns of a row of its own for `audit`; its state is the caller's to add."""
    return {
        "id": AuditId(uuid4()),
        "created_at": now,
        "updated_at": now,
        "project_id": SYSTEM_PROJECT,
        "user_id": audit.session.user_id or SYSTEM_USER,
        "target_type": audit.target_type,
        "target_value": audit.target_value,
        "context": audit.context,
        "language": audit.language,
        "owner_key": audit.owner,
        "target_host": audit.target_host,
        "dedupe_key": audit.dedupe_key,
    }


def link(connection: Connection, audit_of: Mapping[SessionId, AuditId], now: datetime) -> None:
    """Points sessions to their audits, in the state that each audit is in. The caller commits.

    The audits must be locked or of this transaction, so that their state stays what the sessions are told.
    """
    ids = _uuids(list(audit_of)), _uuids(list(audit_of.values()))
    pairs = func.unnest(*ids).table_valued("session", "audit", name="pair").render_derived()
    is_completed = _audits.status == WorkStatus.COMPLETED
    siblings = build_sessions.alias("siblings")
    furthest = (
        select(func.coalesce(func.max(siblings.c.progress), 0))
        .where(siblings.c.audit_id == _audits.id, siblings.c.audit_status == WorkStatus.RUNNING)
        .scalar_subquery()
    )
    teaser = func.jsonb_build_object("issuesFound", _audits.issues_found_total, "teaserIssues", _audits.teaser_issues)
    connection.execute(
        update(build_sessions)
        .where(_sessions.id == pairs.c.session, _audits.id == pairs.c.audit)
        .values(
            audit_id=_audits.id,
            audit_status=cast(cast(_audits.status, Text), build_session_audit_status),
            progress=case((is_completed, literal(100)), else_=furthest),
            teaser_score=case((is_completed, _audits.overall_score), else_=_sessions.teaser_score),
            teaser_summary=case((is_completed, teaser), else_=_sessions.teaser_summary),
            updated_at=now,
        )
    )


def _uuids(ids: list[Any]) -> Any:
    return cast(literal([UUID(str(each)) for each in ids], ARRAY(Uuid)), ARRAY(Uuid))
