"""The dead letters: what failed for good, by error code. Read by the moment of the failure, never all that is past."""

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from cynthia_pipeline.queue.model import WorkKind, WorkStatus
from cynthia_pipeline.queue.overview import FailureGroup
from cynthia_pipeline.store.tables import build_sessions, cynthia_audits, fix_pack_requests

NEWEST = 5
"""Sessions, or requests, named for each error code."""

_audits, _sessions, _requests = cynthia_audits.c, build_sessions.c, fix_pack_requests.c


def failed_query(kind: WorkKind, since: datetime, code: str | None = None) -> Select[Any]:
    """The sessions, or requests for packs, that failed for good since then: error_code, completed_at, id."""
    match kind:
        case WorkKind.AUDITS:
            work = _audits
            query = (
                select(work.error_code, work.completed_at, _sessions.id)
                .join(build_sessions, _sessions.audit_id == work.id)
                .where(_sessions.audit_status == WorkStatus.FAILED)
            )
        case WorkKind.FIX_PACKS:
            work = _requests
            query = select(work.error_code, work.completed_at, work.id)
        case _ as never:
            assert_never(never)
    failed = query.where(work.status == WorkStatus.FAILED, work.completed_at.is_not(None), work.completed_at > since)
    return failed if code is None else failed.where(work.error_code == code)


def failure_groups(connection: Connection, failed: Select[Any]) -> list[FailureGroup]:
    """What `failed_query` finds, by error code, most frequent first."""
    found = failed.subquery()
    ordered = func.row_number().over(
        partition_by=found.c.error_code, order_by=(found.c.completed_at.desc(), found.c.id)
    )
    numbered = select(found, ordered.label("number")).subquery()
    name = func.coalesce(numbered.c.error_code, "unknown")
    newest = func.array_agg(numbered.c.id).filter(numbered.c.number <= NEWEST)
    query = select(
        name.label("code"),
        func.count().label("failures"),
        func.max(numbered.c.completed_at).label("last_at"),
        newest.label("newest"),
    ).group_by(name)
    return [
        FailureGroup(row.code, row.failures, row.last_at, tuple(row.newest))
        for row in connection.execute(query.order_by(func.count().desc(), name))
    ]


def failed_ids(connection: Connection, failed: Select[Any]) -> list[UUID]:
    """The ids that `failed_query` finds, oldest failure first."""
    found = failed.subquery()
    return list(connection.scalars(select(found.c.id).order_by(found.c.completed_at, found.c.id)))
