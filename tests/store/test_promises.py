"""Each promise broken on purpose, and found; and the same state unbroken, and passed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, insert, select, update

from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.model import ClaimedAudit, SessionId, WorkKind, WorkStatus
from cynthia_pipeline.store.depth import queue_depth
from cynthia_pipeline.store.integrity import (
    NAMED,
    Finding,
    find_done_twice,
    find_incomplete,
    find_lost,
    find_stuck,
)
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.outcomes import retry
from cynthia_pipeline.store.pauses import pause
from cynthia_pipeline.store.repair import repair_sessions, requeue_adrift
from cynthia_pipeline.store.replay import replay
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts, cynthia_audits

from .conftest import InsertSession, accept_all, finish, take, write

AFTER = timedelta(minutes=10)
LATER = timedelta(minutes=11)


def stuck(engine: Engine, later: timedelta = LATER) -> Finding:
    """What is stuck, looked at `later` than now."""
    with engine.begin() as connection:
        return find_stuck(connection, database_now(connection) + later, AFTER)


def lost(engine: Engine, later: timedelta = LATER) -> Finding:
    with engine.begin() as connection:
        return find_lost(connection, database_now(connection) + later, AFTER)


def whys(finding: Finding) -> list[str]:
    return [offender.why for offender in finding.offenders]


@pytest.fixture
def running(engine: Engine, insert_session: InsertSession) -> tuple[SessionId, ClaimedAudit]:
    session = insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    return session, claimed


# Nothing stuck


def test_fresh_work_is_not_stuck(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    assert running
    assert stuck(engine, timedelta()) == Finding((), more=False)


def test_a_dead_lease_that_nobody_frees_is_stuck(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    _, claimed = running
    assert [(offender.id, offender.why) for offender in stuck(engine).offenders] == [
        (claimed.id, "running without a live lease")
    ]


def test_a_live_lease_is_a_reason(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    _, claimed = running
    with engine.connect() as connection:
        ends = database_now(connection) + LATER + timedelta(seconds=20)
    write(engine, cynthia_audits, claimed.id, lease_expires_at=ends)
    assert stuck(engine).offenders == ()


def test_a_retry_that_is_due_later_is_a_reason(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    _, claimed = running
    with engine.begin() as connection:
        now = database_now(connection)
        retry(connection, claimed.id, claimed.lease, wait_s=700, code=ErrorCode.TIMED_OUT, detail="", now=now)
    assert stuck(engine).offenders == ()
    assert whys(stuck(engine, timedelta(seconds=700) + LATER)) == ["due, and nothing starts"]


def test_a_queue_that_moves_is_a_reason_and_one_that_stands_is_not(
    engine: Engine, insert_session: InsertSession
) -> None:
    insert_session("https://a.test/")
    insert_session("https://b.test/")
    accept_all(engine)
    assert whys(stuck(engine)) == ["due, and nothing starts"] * 2
    (claimed,) = take(engine, 1)
    finish(engine, claimed)
    assert stuck(engine, timedelta(minutes=9)).offenders == ()
    with engine.begin() as connection:
        now = database_now(connection)
        connection.execute(update(cynthia_audit_attempts).values(started_at=now + timedelta(minutes=5)))
    assert stuck(engine).offenders == ()


def test_a_pause_is_a_reason(engine: Engine, insert_session: InsertSession) -> None:
    insert_session()
    accept_all(engine)
    with engine.begin() as connection:
        pause(connection, WorkKind.AUDITS, "me", database_now(connection))
    assert stuck(engine).offenders == ()


def test_an_audit_without_a_next_attempt_is_stuck(engine: Engine, insert_session: InsertSession) -> None:
    insert_session()
    accept_all(engine)
    with engine.begin() as connection:
        connection.execute(update(cynthia_audits).values(next_attempt_at=None))
    assert whys(stuck(engine)) == ["pending, and no attempt is planned"]


def test_a_session_that_nobody_accepts_is_stuck(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    finding = stuck(engine)
    assert [(offender.table, offender.id) for offender in finding.offenders] == [("build_sessions", session)]


def test_ten_are_named_and_the_rest_is_said_to_exist(engine: Engine, insert_session: InsertSession) -> None:
    for _ in range(NAMED + 1):
        insert_session()
    finding = stuck(engine)
    assert (len(finding.offenders), finding.more) == (NAMED, True)


# No session lost


@pytest.mark.parametrize("status", [WorkStatus.PENDING, WorkStatus.COMPLETED, WorkStatus.FAILED])
def test_a_session_that_contradicts_its_audit_is_lost(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], status: WorkStatus
) -> None:
    session, claimed = running
    write(engine, cynthia_audits, claimed.id, status=status)
    assert lost(engine, timedelta()).offenders == (), "rescue has not had its time yet"
    assert [(offender.id, offender.why) for offender in lost(engine).offenders] == [
        (session, f"running, its audit {status}")
    ]


def test_a_running_session_without_audit_is_lost(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    session, _ = running
    write(engine, build_sessions, session, audit_id=None)
    assert whys(lost(engine)) == ["running without an audit"]


def test_a_session_with_anothers_audit_is_lost(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], insert_session: InsertSession
) -> None:
    _, claimed = running
    other = insert_session("https://other.test/", user=uuid4())
    write(engine, build_sessions, other, audit_id=claimed.id, audit_status=WorkStatus.RUNNING)
    assert [(offender.id, offender.why) for offender in lost(engine).offenders] == [
        (other, "points to an audit that is not its own")
    ]


def test_a_finished_session_that_contradicts_its_audit_is_lost(
    engine: Engine, running: tuple[SessionId, ClaimedAudit]
) -> None:
    session, claimed = running
    finish(engine, claimed)
    assert lost(engine).offenders == ()
    write(engine, build_sessions, session, audit_status=WorkStatus.FAILED)
    assert whys(lost(engine)) == ["failed, its audit completed"]


# No audit done twice


def done_twice(engine: Engine) -> Finding:
    with engine.begin() as connection:
        return find_done_twice(connection, database_now(connection))


def test_one_completion_is_one(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    finish(engine, running[1])
    assert done_twice(engine).offenders == ()


def test_a_replay_may_complete_again_and_again(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    session, claimed = running
    finish(engine, claimed)
    for _ in range(2):
        with engine.begin() as connection:
            assert replay(connection, [session]) == [session]
        (again,) = take(engine)
        finish(engine, again)
    assert done_twice(engine).offenders == ()


@pytest.mark.parametrize("overlap", [True, False])
def test_a_second_completion_without_a_replay_is_found(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], *, overlap: bool
) -> None:
    session, claimed = running
    finish(engine, claimed)
    if overlap:
        with engine.begin() as connection:
            replay(connection, [session])
    with engine.begin() as connection:
        first = connection.execute(select(cynthia_audit_attempts)).one()
        started = first.started_at if overlap else first.ended_at + timedelta(seconds=1)
        connection.execute(
            insert(cynthia_audit_attempts).values(
                audit_id=claimed.id,
                lease_id=uuid4(),
                attempt=2,
                started_at=started,
                ended_at=first.ended_at + timedelta(seconds=2),
                outcome="completed",
            )
        )
    (offender,) = done_twice(engine).offenders
    assert offender.id == claimed.id
    assert str(claimed.lease) in offender.why


# Reports whole


def incomplete(engine: Engine) -> Finding:
    with engine.begin() as connection:
        return find_incomplete(connection, database_now(connection))


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({}, []),
        (
            {"udec_scores": {axis.value: 70 for axis in Axis if axis is not Axis.MOT}},
            ["no entry for MOT"],
        ),
        ({"udec_scores": [1, 2]}, ["no entry for ACC, CLR, CTX, DYN, EMO, GRD, IMG, LFT, MOT, RSP, SPC, TRD, TYP"]),
        ({"overall_score": None}, ["axis scores, but no overall score"]),
        ({"teaser_issues": [{}] * 8, "full_issues": [{}] * 8, "issues_found_total": 8}, ["8 teaser issues of 8"]),
        ({"full_issues": [{}] * 4, "issues_found_total": 4}, ["0 teaser issues of 4"]),
        ({"full_issues": [{}], "teaser_issues": [{}]}, ["1 issues, 0 counted"]),
        ({"issues_found_total": None}, ["no count of issues"]),
    ],
)
def test_a_report_with_a_hole_is_found(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], broken: dict[str, Any], why: list[str]
) -> None:
    _, claimed = running
    finish(engine, claimed)
    if broken:
        write(engine, cynthia_audits, claimed.id, **broken)
    assert whys(incomplete(engine)) == why


# Flat cost

_PAST = """
INSERT INTO cynthia_audits (
    id, project_id, user_id, status, target_type, target_value, owner_key, completed_at, queued_at)
SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'completed', 'url', 'x', gen_random_uuid(),
       now() - n * interval '1 hour', now() FROM generate_series(1, 20000) AS n;
INSERT INTO cynthia_audit_attempts (audit_id, lease_id, attempt, started_at, ended_at, outcome)
SELECT id, gen_random_uuid(), 1, completed_at, completed_at, 'completed' FROM cynthia_audits;
INSERT INTO build_sessions (input_type, input_value, audit_id, audit_status, updated_at)
SELECT 'url', 'x', id, 'completed', completed_at FROM cynthia_audits;
ANALYZE;
"""


def test_a_long_past_is_not_read(engine: Engine) -> None:
    """Every statement of upkeep, planned by Postgres over 20,000 finished audits."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        seen.append((statement, parameters))

    with engine.begin() as connection:
        for statement in _PAST.split(";\n"):
            if statement:
                connection.exec_driver_sql(statement)
        now = database_now(connection)
        event.listen(connection, "before_cursor_execute", note)
        find_stuck(connection, now, AFTER)
        find_lost(connection, now, AFTER)
        find_done_twice(connection, now)
        find_incomplete(connection, now)
        requeue_adrift(connection, now)
        repair_sessions(connection, now)
        queue_depth(connection, 30, now)
        event.remove(connection, "before_cursor_execute", note)
        plans = [
            "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))
            for statement, parameters in seen
        ]
    assert len(plans) >= 10
    for plan in plans:
        for table in ("cynthia_audits", "build_sessions", "cynthia_audit_attempts"):
            assert f"Seq Scan on {table}" not in plan, plan
