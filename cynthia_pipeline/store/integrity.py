"""Looks for broken promises, for the asset checks. Each query reads open work or a bounded window of the past."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, Select, String, Text, case, cast, exists, func, literal, select

from cynthia_pipeline.audit.completeness import StoredReport, faults
from cynthia_pipeline.queue.model import AttemptOutcome, WorkKind, WorkStatus
from cynthia_pipeline.store.misdirected import is_theirs
from cynthia_pipeline.store.repair import OPEN, differs
from cynthia_pipeline.store.tables import (
    build_sessions,
    cynthia_audit_attempts,
    cynthia_audits,
    cynthia_fix_pack_attempts,
    cynthia_pauses,
    fix_pack_requests,
)

NAMED = 10
"""Offenders that are named; more are only said to exist."""

WINDOW = timedelta(days=1)
"""How far back finished work is looked at: checks run at least daily."""

_LOOKED_AT = 10_000
"""Most finished audits that one check looks at, the newest."""

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    _Columns: TypeAlias = ReadOnlyColumnCollection[str, Any]

_audits, _sessions, _attempts = cynthia_audits.c, build_sessions.c, cynthia_audit_attempts.c
_requests, _pack_attempts = fix_pack_requests.c, cynthia_fix_pack_attempts.c


@dataclass(frozen=True, slots=True)
class Offender:
    """One row that breaks a promise, and how."""

    table: str
    id: UUID
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found.

    Attributes:
        offenders: at most `NAMED`.
        more: whether there are others.
    """

    offenders: tuple[Offender, ...]
    more: bool


def find_stuck(connection: Connection, now: datetime, after: timedelta) -> Finding:
    """Open work that nothing moved for `after` and that waits for nothing that is known.

    A live lease, a retry that is due later, a pause, and a queue that moves (an attempt began within `after`) are
    reasons to wait.
    """
    since = now - after
    audits = select(
        literal("cynthia_audits").label("table"),
        _audits.id.label("id"),
        case(
            (_audits.status == WorkStatus.RUNNING, "running without a live lease"),
            (_audits.next_attempt_at.is_(None), "pending, and no attempt is planned"),
            else_="due, and nothing starts",
        ).label("why"),
    ).where(
        _audits.status.in_(OPEN),
        _audits.owner_key.is_not(None),
        _is_unmoved(_audits, _attempts, WorkKind.AUDITS, since),
    )
    sessions = select(literal("build_sessions"), _sessions.id, literal("never accepted")).where(
        _sessions.audit_status == WorkStatus.PENDING,
        _sessions.audit_id.is_(None),
        func.greatest(_sessions.created_at, _sessions.updated_at) < since,
    )
    return found(connection, audits.limit(NAMED + 1), sessions.limit(NAMED + 1))


def find_packs_stuck(connection: Connection, now: datetime, after: timedelta) -> Finding:
    """Open requests for fix packs that nothing moved for `after`; the reasons to wait are those of `find_stuck`."""
    since = now - after
    query = select(
        literal("fix_pack_requests").label("table"),
        _requests.id,
        case(
            (_requests.status == WorkStatus.RUNNING, "running without a live lease"),
            (_requests.accepted_at.is_(None), "never accepted"),
            (_requests.next_attempt_at.is_(None), "pending, and no attempt is planned"),
            else_="due, and nothing starts",
        ),
    ).where(
        _requests.status.in_(OPEN),
        # One that another request's pack will answer moves with that.
        _requests.answered_by.is_(None),
        _is_unmoved(_requests, _pack_attempts, WorkKind.FIX_PACKS, since),
    )
    return found(connection, query.limit(NAMED + 1))


def _is_unmoved(work: "_Columns", attempts: "_Columns", kind: WorkKind, since: datetime) -> "ColumnElement[bool]":
    """Whether nothing moved open work since then, and it waits for nothing that is known."""
    idle = ~exists().where(attempts.started_at > since) & ~exists().where(cynthia_pauses.c.kind == kind)
    return case(
        (work.status == WorkStatus.RUNNING, func.coalesce(work.lease_expires_at, work.updated_at) < since),
        (work.next_attempt_at.is_(None), work.updated_at < since),
        else_=(work.next_attempt_at < since) & idle,
    )


def find_lost(connection: Connection, now: datetime, after: timedelta) -> Finding:
    """Sessions that contradict their audit for longer than `after`; rescue mends such within seconds.

    Finished ones are looked at as far back as `WINDOW`.
    """
    since = now - after
    orphaned = select(
        literal("build_sessions").label("table"), _sessions.id, literal("running without an audit")
    ).where(_sessions.audit_status == WorkStatus.RUNNING, _sessions.audit_id.is_(None), _sessions.updated_at < since)
    open_apart = (
        select(literal("build_sessions").label("table"), _sessions.id, _contradiction())
        .join(cynthia_audits, _audits.id == _sessions.audit_id)
        .where(
            _sessions.audit_status.in_(OPEN),
            _sessions.audit_id.is_not(None),
            differs() | ~is_theirs(),
            _sessions.updated_at < since,
            _audits.updated_at < since,
        )
    )
    ended = _recently_ended(now, (AttemptOutcome.COMPLETED, AttemptOutcome.FAILED))
    final_apart = (
        select(literal("build_sessions").label("table"), _sessions.id, _contradiction())
        .join(cynthia_audits, _audits.id == _sessions.audit_id)
        .where(
            _audits.id.in_(ended),
            _sessions.audit_status.not_in(OPEN),
            differs(),
            _sessions.updated_at < since,
            _audits.updated_at < since,
        )
    )
    return found(connection, *(query.limit(NAMED + 1) for query in (orphaned, open_apart, final_apart)))


def find_done_twice(connection: Connection, now: datetime) -> Finding:
    """Audits of the last `WINDOW` that two attempts completed, although no replay lies between."""
    first = cynthia_audit_attempts.alias("first")
    second = cynthia_audit_attempts.alias("second")
    completed = AttemptOutcome.COMPLETED
    query = (
        select(
            literal("cynthia_audits").label("table"),
            _audits.id,
            literal("completed twice, by the leases ")
            + cast(first.c.lease_id, String)
            + literal(" and ")
            + cast(second.c.lease_id, String),
        )
        .join(second, second.c.audit_id == _audits.id)
        .join(first, first.c.audit_id == second.c.audit_id)
        .where(
            second.c.ended_at > now - WINDOW,
            second.c.outcome == completed,
            first.c.outcome == completed,
            (first.c.ended_at < second.c.ended_at)
            | ((first.c.ended_at == second.c.ended_at) & (first.c.lease_id < second.c.lease_id)),
            # A replay puts the audit into the queue anew after its first end, and its second attempt begins after it.
            (second.c.started_at < first.c.ended_at) | (_audits.queued_at < first.c.ended_at),
        )
        .limit(NAMED + 1)
    )
    return found(connection, query)


def find_incomplete(connection: Connection, now: datetime) -> Finding:
    """Completed audits of the last `WINDOW` whose report is not whole."""
    offenders = []
    for audit, report in _stored_reports(connection, now):
        if broken := faults(report):
            offenders.append(Offender("cynthia_audits", audit, "; ".join(broken)))
            if len(offenders) > NAMED:
                break
    return Finding(tuple(offenders[:NAMED]), more=len(offenders) > NAMED)


def _stored_reports(connection: Connection, now: datetime) -> Iterator[tuple[UUID, StoredReport]]:
    query = select(
        _audits.id,
        _audits.overall_score,
        _audits.udec_scores,
        _audits.issues_found_total,
        _length(_audits.full_issues).label("issues"),
        _length(_audits.teaser_issues).label("teasers"),
    ).where(_audits.id.in_(_recently_ended(now, (AttemptOutcome.COMPLETED,))), _audits.status == WorkStatus.COMPLETED)
    for row in connection.execute(query):
        scores = row.udec_scores if isinstance(row.udec_scores, dict) else {}
        yield (
            row.id,
            StoredReport(
                overall_score=row.overall_score,
                axes=tuple(scores),
                scored_axes=sum(score is not None for score in scores.values()),
                issues_found=row.issues_found_total,
                issues=row.issues,
                teasers=row.teasers,
            ),
        )


def _length(column: "ColumnElement[Any]") -> "ColumnElement[int]":
    """How many elements a JSON array has; 0 where it is something else."""
    return case((func.jsonb_typeof(column) == "array", func.jsonb_array_length(column)), else_=0)


def _recently_ended(now: datetime, outcomes: tuple[AttemptOutcome, ...]) -> "Select[tuple[UUID]]":
    return (
        select(_attempts.audit_id)
        .where(_attempts.ended_at > now - WINDOW, _attempts.outcome.in_(outcomes))
        .order_by(_attempts.ended_at.desc())
        .limit(_LOOKED_AT)
    )


def _contradiction() -> "ColumnElement[str]":
    return case(
        (~is_theirs() & _sessions.audit_status.in_(OPEN), "points to an audit that is not its own"),
        else_=cast(_sessions.audit_status, Text) + literal(", its audit ") + cast(_audits.status, Text),
    )


def found(connection: Connection, *queries: "Select[Any]") -> Finding:
    """What the queries find. Each gives a table's name, an id and a reason, and more than `NAMED` rows at most once."""
    rows = [row for query in queries for row in connection.execute(query)]
    return Finding(tuple(Offender(*row) for row in rows[:NAMED]), more=len(rows) > NAMED)
