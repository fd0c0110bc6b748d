"""Cancel, pause and replay as an operator gives them, on real Postgres."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text, update

from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.acceptance import IntakeRules
from cynthia_pipeline.queue.demand import drains_needed
from cynthia_pipeline.queue.duplicates import Reuse
from cynthia_pipeline.queue.model import (
    LeaseLostError,
    Priority,
    RetryPolicy,
    SessionId,
    WorkKind,
    WorkStatus,
)
from cynthia_pipeline.store.cancelling import Cancelled, CancelOutcome, cancel
from cynthia_pipeline.store.intake import Intake, take_in
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.outcomes import fail
from cynthia_pipeline.store.pauses import pause, pause_of, resume
from cynthia_pipeline.store.replay import replay
from cynthia_pipeline.store.sessions import view_session
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts, cynthia_audits

from .conftest import WIDE, InsertSession, accept_all, finish, take

RETRY = RetryPolicy(max_attempts=2, base_s=2, cap_s=300)
SHARE = Reuse(window_s=600)


def look(engine: Engine) -> Intake:
    with engine.begin() as connection:
        return take_in(connection, RETRY, WorkKind.AUDITS, 30, IntakeRules(ageing_s=600, reuse=SHARE))


def end(engine: Engine, session: SessionId) -> Cancelled:
    with engine.begin() as connection:
        return cancel(connection, session, database_now(connection))


def seen(engine: Engine, session: SessionId) -> tuple[WorkStatus, str | None]:
    with engine.connect() as connection:
        view = view_session(connection, session, database_now(connection))
    assert view is not None
    return view.audit_status, view.error_code


CANCELLED = (WorkStatus.FAILED, ErrorCode.CANCELLED)


def test_a_waiting_session_is_final_at_once(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session(language="es")
    accept_all(engine, SHARE)
    assert end(engine, session).outcome is CancelOutcome.CANCELLED
    assert seen(engine, session) == CANCELLED
    assert take(engine) == []
    with engine.connect() as connection:
        assert connection.scalar(select(cynthia_audits.c.error_message)) == "Esto se canceló."


def test_a_session_that_nobody_accepted_yet_is_final_with_its_reason(
    engine: Engine, insert_session: InsertSession
) -> None:
    session = insert_session()
    assert end(engine, session).outcome is CancelOutcome.CANCELLED
    accept_all(engine, SHARE)
    assert seen(engine, session) == CANCELLED
    assert take(engine) == []


def test_a_running_one_loses_its_lease_and_its_attempt_says_why(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine, SHARE)
    (claimed,) = take(engine)
    assert end(engine, session).outcome is CancelOutcome.STOPPED
    assert seen(engine, session) == CANCELLED
    with pytest.raises(LeaseLostError):
        finish(engine, claimed)
    assert seen(engine, session) == CANCELLED
    with engine.connect() as connection:
        attempt = connection.execute(select(cynthia_audit_attempts)).one()
    assert (attempt.outcome, attempt.error_code) == ("failed", "cancelled")
    assert attempt.ended_at is not None


def test_one_of_two_that_share_an_audit_leaves_the_other_its_audit(
    engine: Engine, insert_session: InsertSession
) -> None:
    user = uuid4()
    stays, leaves = insert_session(user=user), insert_session(user=user)
    accept_all(engine, SHARE)
    (claimed,) = take(engine)
    assert end(engine, leaves).outcome is CancelOutcome.DETACHED
    finish(engine, claimed)
    assert seen(engine, leaves) == CANCELLED
    assert seen(engine, stays) == (WorkStatus.COMPLETED, None)


def test_what_is_final_or_unknown_is_told_and_left(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine, SHARE)
    finish(engine, take(engine)[0])
    assert end(engine, session) == Cancelled(session, CancelOutcome.WAS_FINAL, WorkStatus.COMPLETED)
    assert seen(engine, session) == (WorkStatus.COMPLETED, None)
    nobody = SessionId(uuid4())
    assert end(engine, nobody) == Cancelled(nobody, CancelOutcome.UNKNOWN, None)


def test_a_cancelled_session_can_be_replayed(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine, SHARE)
    end(engine, session)
    with engine.begin() as connection:
        assert replay(connection, [session]) == [session]
    (claimed,) = take(engine)
    finish(engine, claimed)
    assert seen(engine, session) == (WorkStatus.COMPLETED, None)


def test_while_paused_nothing_starts_but_what_an_operator_names(engine: Engine, insert_session: InsertSession) -> None:
    named, _ = insert_session("https://a.example/"), insert_session("https://b.example/")
    accept_all(engine, SHARE)
    with engine.begin() as connection:
        first = pause(connection, WorkKind.AUDITS, "ana", database_now(connection))
        again = pause(connection, WorkKind.AUDITS, "ben", database_now(connection) + timedelta(hours=1))
    assert (first.by, again) == ("ana", first)
    assert take(engine) == []
    backlog = look(engine).backlog
    assert (backlog.due, backlog.paused) == (2, True)
    assert drains_needed(backlog, starting=0, slots_per_drain=5, limits=WIDE, keep_warm=True) == 0
    assert [claimed.sessions for claimed in take(engine, only=[named])] == [(named,)]
    with engine.begin() as connection:
        assert resume(connection, WorkKind.AUDITS) == first
        assert resume(connection, WorkKind.AUDITS) is None
        assert pause_of(connection, WorkKind.AUDITS) is None
    assert len(take(engine)) == 1


def test_what_runs_when_the_pause_comes_finishes(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine, SHARE)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        pause(connection, WorkKind.AUDITS, "ana", database_now(connection))
    finish(engine, claimed)
    assert seen(engine, session) == (WorkStatus.COMPLETED, None)


def test_a_replay_queues_as_a_new_session_of_todays_plan(
    engine: Engine, insert_session: InsertSession, give_plan: Callable[[UUID, str], None]
) -> None:
    user = uuid4()
    session = insert_session(user=user)
    accept_all(engine, SHARE)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        fail(
            connection,
            claimed.id,
            claimed.lease,
            code=ErrorCode.TIMED_OUT,
            message="m",
            detail="d",
            now=database_now(connection),
        )
        connection.execute(update(cynthia_audits).values(priority=Priority.OVERDUE, turn=7_000_000))
    give_plan(user, "pro")
    with engine.begin() as connection:
        replay(connection, [session])
        audit = connection.execute(select(cynthia_audits)).one()
    assert (audit.priority, audit.turn) == (Priority.PAID, 0)


def test_a_replay_of_a_session_whose_audit_is_gone_is_audited_anew_not_answered(
    engine: Engine, insert_session: InsertSession
) -> None:
    user = uuid4()
    insert_session(user=user)
    accept_all(engine, SHARE)
    finish(engine, take(engine)[0])
    orphan = insert_session(user=user)
    with engine.begin() as connection:
        connection.execute(
            update(build_sessions).where(build_sessions.c.id == orphan).values(audit_status=WorkStatus.FAILED)
        )
        assert replay(connection, [orphan]) == [orphan]
    assert [claimed.sessions for claimed in take(engine)] == [(orphan,)]


def test_a_session_that_points_to_a_strangers_audit_never_gets_its_report(
    engine: Engine, insert_session: InsertSession
) -> None:
    theirs = insert_session("https://secret.example/", user=uuid4())
    accept_all(engine, SHARE)
    (claimed,) = take(engine)
    mine = insert_session("https://mine.example/", user=uuid4())
    with engine.begin() as connection:
        connection.execute(update(build_sessions).where(build_sessions.c.id == mine).values(audit_id=claimed.id))
    finish(engine, claimed)
    assert seen(engine, theirs) == (WorkStatus.COMPLETED, None)
    with engine.connect() as connection:
        row = connection.execute(select(build_sessions).where(build_sessions.c.id == mine)).one()
    assert (row.audit_status, row.teaser_summary) == ("pending", None)
    assert look(engine).misdirected == (mine,)
    (own,) = take(engine)
    assert (own.sessions, own.target_value) == ((mine,), "https://mine.example/")


def test_a_session_that_waits_for_an_audit_outside_the_queue_is_taken_in(
    engine: Engine, insert_session: InsertSession
) -> None:
    session = insert_session()
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cynthia_audits (project_id, user_id, target_type, target_value)"
                " VALUES (gen_random_uuid(), gen_random_uuid(), 'url', 'https://example.com')"
            )
        )
        connection.execute(text("UPDATE build_sessions SET audit_id = (SELECT id FROM cynthia_audits)"))
    assert look(engine).misdirected == (session,)
    assert [claimed.sessions for claimed in take(engine)] == [(session,)]


def test_a_megabyte_of_input_is_bounded_and_the_next_session_unharmed(
    engine: Engine, insert_session: InsertSession
) -> None:
    url = insert_session("https://a.example/" + "a" * 1_000_000)
    idea = insert_session("a bakery " * 120_000, input_type="idea")
    next_one = insert_session("https://b.example/")
    accept_all(engine, SHARE)
    assert seen(engine, url) == (WorkStatus.FAILED, ErrorCode.NOT_A_URL)
    claimed = {audit.sessions[0]: audit for audit in take(engine)}
    assert set(claimed) == {idea, next_one}
    assert len(claimed[idea].target_value) == 20_000
    with engine.connect() as connection:
        lengths = connection.execute(
            text("SELECT max(length(target_value)), max(length(context::text)) FROM cynthia_audits")
        ).one()
    assert max(lengths) < 21_000


def test_a_session_deleted_while_it_is_cancelled_or_replayed_is_told(
    engine: Engine, insert_session: InsertSession
) -> None:
    session = insert_session()
    accept_all(engine, SHARE)
    with engine.begin() as connection:
        connection.execute(build_sessions.delete())
        assert replay(connection, [session]) == []
    assert end(engine, session).outcome is CancelOutcome.UNKNOWN
