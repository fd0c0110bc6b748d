"""Upkeep on real Postgres: contradictions made on purpose and mended, the past pruned, the depth counted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update

from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.depth import QueueDepth
from cynthia_pipeline.queue.model import (
    SYSTEM_PROJECT,
    AttemptOutcome,
    ClaimedAudit,
    LeaseLostError,
    RetryPolicy,
    SessionId,
    WorkStatus,
)
from cynthia_pipeline.store.claims import claim, renew
from cynthia_pipeline.store.clock_jumps import pull_in
from cynthia_pipeline.store.depth import queue_depth
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.outcomes import complete, fail, retry
from cynthia_pipeline.store.repair import repair_sessions, requeue_adrift
from cynthia_pipeline.store.rescue import free_expired
from cynthia_pipeline.store.retention import BATCH, moved_since, oldest_passing, prune_attempts
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts, cynthia_audits, cynthia_drains

from .conftest import RESULT, WIDE, InsertSession, accept_all, take, write

PENDING, RUNNING, COMPLETED, FAILED = WorkStatus


def mend(engine: Engine) -> dict[SessionId, WorkStatus]:
    with engine.begin() as connection:
        return repair_sessions(connection, database_now(connection))


def states(engine: Engine, session: SessionId) -> tuple[str, str | None]:
    with engine.connect() as connection:
        row = connection.execute(
            select(build_sessions.c.audit_status, cynthia_audits.c.status)
            .outerjoin(cynthia_audits, cynthia_audits.c.id == build_sessions.c.audit_id)
            .where(build_sessions.c.id == session)
        ).one()
    return row.audit_status, row.status


@pytest.fixture
def running(engine: Engine, insert_session: InsertSession) -> tuple[SessionId, ClaimedAudit]:
    """A session in the middle of its audit."""
    session = insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    return session, claimed


def test_what_agrees_is_left_alone(engine: Engine, insert_session: InsertSession) -> None:
    for number in range(4):
        insert_session(f"https://host{number}.test/")
    accept_all(engine)
    first, second, _ = take(engine, 3)
    with engine.begin() as connection:
        now = database_now(connection)
        complete(connection, first.id, first.lease, RESULT, now)
        fail(connection, second.id, second.lease, code=ErrorCode.TLS_FAILED, message="m", detail="", now=now)
    insert_session("https://new.test/")
    before = _everything(engine)
    assert mend(engine) == {}
    with engine.begin() as connection:
        assert requeue_adrift(connection, database_now(connection)) == []
    assert _everything(engine) == before


@pytest.mark.parametrize("found", [PENDING, RUNNING])
@pytest.mark.parametrize("audit", [PENDING, RUNNING, COMPLETED, FAILED])
def test_an_open_session_follows_its_audit(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], found: WorkStatus, audit: WorkStatus
) -> None:
    session, claimed = running
    with engine.begin() as connection:
        now = database_now(connection)
        match audit:
            case WorkStatus.PENDING:
                retry(connection, claimed.id, claimed.lease, wait_s=9, code=ErrorCode.TIMED_OUT, detail="", now=now)
            case WorkStatus.COMPLETED:
                complete(connection, claimed.id, claimed.lease, RESULT, now)
            case WorkStatus.FAILED:
                fail(connection, claimed.id, claimed.lease, code=ErrorCode.TLS_FAILED, message="m", detail="", now=now)
            case WorkStatus.RUNNING:
                pass
    write(engine, build_sessions, session, audit_status=found, teaser_score=None, teaser_summary=None)
    assert mend(engine) == ({} if found is audit else {session: audit})
    assert states(engine, session) == (audit, audit)
    if audit is COMPLETED:
        with engine.connect() as connection:
            row = connection.execute(select(build_sessions)).one()
        assert (row.progress, row.teaser_score) == (100, 70)
        assert row.teaser_summary == {"issuesFound": 0, "teaserIssues": []}


def test_a_session_whose_audit_was_deleted_while_it_ran_is_new_again(
    engine: Engine, running: tuple[SessionId, ClaimedAudit]
) -> None:
    session, claimed = running
    with engine.begin() as connection:
        connection.execute(delete(cynthia_audits).where(cynthia_audits.c.id == claimed.id))
    assert mend(engine) == {session: PENDING}
    accept_all(engine)
    assert states(engine, session) == (PENDING, PENDING)


def test_a_final_session_stays_what_it_is(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    session, claimed = running
    with engine.begin() as connection:
        complete(connection, claimed.id, claimed.lease, RESULT, database_now(connection))
        connection.execute(delete(cynthia_audits).where(cynthia_audits.c.id == claimed.id))
    assert mend(engine) == {}
    assert states(engine, session) == (COMPLETED, None)


def test_a_strangers_result_is_never_copied_into_a_session(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], insert_session: InsertSession
) -> None:
    _, claimed = running
    with engine.begin() as connection:
        complete(connection, claimed.id, claimed.lease, RESULT, database_now(connection))
    other = insert_session("https://other.test/")
    write(engine, build_sessions, other, audit_id=claimed.id, audit_status=RUNNING)
    assert mend(engine) == {}
    assert states(engine, other) == (RUNNING, COMPLETED)


def test_rows_in_another_transactions_hands_are_passed_over(
    engine: Engine, running: tuple[SessionId, ClaimedAudit]
) -> None:
    session, claimed = running
    write(engine, build_sessions, session, audit_status=PENDING)
    with engine.begin() as holder:
        holder.execute(select(cynthia_audits).where(cynthia_audits.c.id == claimed.id).with_for_update())
        assert mend(engine) == {}
    assert mend(engine) == {session: RUNNING}


@pytest.mark.parametrize(
    "broken",
    [
        {"lease_id": None},
        {"lease_expires_at": None},
        {"lease_id": None, "lease_expires_at": None},
        {"status": PENDING, "next_attempt_at": None},
    ],
)
def test_an_audit_that_nothing_would_move_is_due_again(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], broken: dict[str, object]
) -> None:
    session, claimed = running
    write(engine, cynthia_audits, claimed.id, **broken)
    with engine.begin() as connection:
        assert requeue_adrift(connection, database_now(connection)) == [claimed.id]
    mend(engine)
    assert states(engine, session) == (PENDING, PENDING)
    (again,) = take(engine)
    assert again.id == claimed.id


def test_the_web_apps_own_audits_stay_its_own(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            insert(cynthia_audits).values(
                project_id=SYSTEM_PROJECT, user_id=uuid4(), status=RUNNING, target_type="url", target_value="x"
            )
        )
        assert requeue_adrift(connection, database_now(connection)) == []


def test_passing_attempts_go_and_finals_stay(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    _, claimed = running
    with engine.begin() as connection:
        now = database_now(connection)
        old, young = now - timedelta(days=40), now - timedelta(days=20)
        for outcome in AttemptOutcome:
            for ended in (old, young):
                connection.execute(
                    insert(cynthia_audit_attempts).values(
                        audit_id=claimed.id,
                        lease_id=uuid4(),
                        attempt=1,
                        started_at=ended,
                        ended_at=ended,
                        outcome=outcome,
                    )
                )
        assert prune_attempts(connection, now - timedelta(days=30)) == 3
        assert prune_attempts(connection, now - timedelta(days=30)) == 0
        left = connection.execute(select(cynthia_audit_attempts.c.outcome, cynthia_audit_attempts.c.ended_at)).all()
    assert {row.outcome for row in left if row.ended_at == old} == {"completed", "failed"}
    assert {row.outcome for row in left if row.ended_at == young} == set(AttemptOutcome)
    assert [row for row in left if row.ended_at is None], "the attempt that runs is not of the past"


def test_attempts_go_batch_by_batch(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    _, claimed = running
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cynthia_audit_attempts (audit_id, lease_id, attempt, started_at, ended_at, outcome)"
                " SELECT :audit, gen_random_uuid(), 1, now() - interval '40 days', now() - interval '40 days',"
                " 'retried' FROM generate_series(1, :count)"
            ),
            {"audit": claimed.id, "count": BATCH + 5},
        )
        before = database_now(connection) - timedelta(days=30)
        assert [prune_attempts(connection, before) for _ in range(3)] == [BATCH, 5, 0]


def test_pruning_reads_its_own_index(engine: Engine, running: tuple[SessionId, ClaimedAudit]) -> None:
    _, claimed = running
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cynthia_audit_attempts (audit_id, lease_id, attempt, started_at, ended_at, outcome)"
                " SELECT :audit, gen_random_uuid(), 1, now() - interval '40 days', now() - interval '40 days',"
                " 'completed' FROM generate_series(1, 20000)"
            ),
            {"audit": claimed.id},
        )
        connection.execute(text("ANALYZE cynthia_audit_attempts"))
        query = oldest_passing(database_now(connection) - timedelta(days=30))
        compiled = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        plan = "\n".join(connection.scalars(text(f"EXPLAIN {compiled}")))
    assert "ix_cynthia_audit_attempts_passing" in plan
    assert "Seq Scan" not in plan


def test_sessions_that_moved_lately_are_known(engine: Engine, insert_session: InsertSession) -> None:
    old, young, gone = insert_session("https://a.test/"), insert_session("https://b.test/"), SessionId(uuid4())
    with engine.begin() as connection:
        since = database_now(connection) - timedelta(days=30)
        connection.execute(
            update(build_sessions).where(build_sessions.c.id == old).values(updated_at=since - timedelta(seconds=1))
        )
        assert moved_since(connection, [old, young, gone], since) == {young}


def test_the_depth_counts_each_state_once(engine: Engine, insert_session: InsertSession) -> None:
    for number in range(5):
        insert_session(f"https://host{number}.test/")
    accept_all(engine)
    first, second, third = take(engine, 3)
    with engine.begin() as connection:
        now = database_now(connection)
        retry(connection, first.id, first.lease, wait_s=60, code=ErrorCode.TIMED_OUT, detail="", now=now)
        complete(connection, second.id, second.lease, RESULT, now)
        connection.execute(
            update(cynthia_audits).where(cynthia_audits.c.id == first.id).values(queued_at=now - timedelta(seconds=90))
        )
        for seen_s, ended in ((5, None), (45, None), (5, now)):
            connection.execute(
                insert(cynthia_drains).values(
                    id=uuid4(),
                    kind="audits",
                    host="h",
                    pid=1,
                    slots=5,
                    started_at=now,
                    seen_at=now - timedelta(seconds=seen_s),
                    ended_at=ended,
                )
            )
    insert_session("https://new.test/")
    with engine.begin() as connection:
        depth = queue_depth(connection, 30, now)
    assert depth == QueueDepth(new=1, due=2, later=1, running=1, oldest_wait_s=90.0, drains_alive=1)
    assert third.sessions


def test_an_empty_queue_has_no_depth(engine: Engine) -> None:
    with engine.begin() as connection:
        depth = queue_depth(connection, 30, database_now(connection))
    assert depth == QueueDepth(new=0, due=0, later=0, running=0, oldest_wait_s=0.0, drains_alive=0)


def _everything(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return [
            [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in (build_sessions, cynthia_audits)
        ]


def test_moments_that_a_clock_put_back_left_ahead_are_pulled_in(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], insert_session: InsertSession
) -> None:
    _, leased = running
    insert_session("https://retried.test/")
    accept_all(engine)
    (retried,) = take(engine)
    with engine.begin() as connection:
        ahead = database_now(connection) + timedelta(hours=1)
        retry(connection, retried.id, retried.lease, wait_s=5, code=ErrorCode.TIMED_OUT, detail="", now=ahead)
        assert renew(connection, [leased.lease], 30, ahead) == {leased.lease}
        connection.execute(
            insert(cynthia_drains).values(
                id=uuid4(), kind="audits", host="h", pid=1, slots=5, started_at=ahead, seen_at=ahead
            )
        )
    with engine.begin() as connection:
        now = database_now(connection)
        assert pull_in(connection, lease_s=30, longest_wait_s=60, now=now) == 3
        assert pull_in(connection, lease_s=30, longest_wait_s=60, now=now) == 0
        row = {each.id: each for each in connection.execute(select(cynthia_audits))}
        assert row[leased.id].lease_expires_at == now + timedelta(seconds=30)
        assert row[retried.id].next_attempt_at == now + timedelta(seconds=60)
        assert row[retried.id].lease_expires_at is None
        assert connection.scalars(select(cynthia_drains.c.seen_at)).one() == now


def test_what_is_due_and_leased_in_its_time_is_not_pulled_in(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], insert_session: InsertSession
) -> None:
    insert_session("https://waits.test/")
    accept_all(engine)
    before = _everything(engine)
    with engine.begin() as connection:
        assert pull_in(connection, lease_s=30, longest_wait_s=60, now=database_now(connection)) == 0
    assert _everything(engine) == before


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)], ids=["forward", "back"])
def test_a_clock_that_jumps_while_an_audit_runs_costs_no_second_effect(
    engine: Engine, running: tuple[SessionId, ClaimedAudit], jump: timedelta
) -> None:
    session, first = running
    with engine.begin() as connection:
        jumped = database_now(connection) + jump
        pull_in(connection, lease_s=30, longest_wait_s=60, now=jumped)
    # Nobody renews: the drain died as the clock jumped.
    with engine.begin() as connection:
        later = jumped + timedelta(seconds=31)
        (freed,) = free_expired(connection, RetryPolicy(max_attempts=3, base_s=2, cap_s=30), lambda low, _: low, later)
    assert freed.outcome is AttemptOutcome.RETRIED
    with engine.begin() as connection:
        (second,) = claim(connection, slots=5, limits=WIDE, lease_s=30, run_id="run", now=later)
        with pytest.raises(LeaseLostError):
            complete(connection, first.id, first.lease, RESULT, later)
        complete(connection, second.id, second.lease, RESULT, later)
    assert states(engine, session) == ("completed", "completed")
