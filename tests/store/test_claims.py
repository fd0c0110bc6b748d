"""Claims and what follows on them, on real Postgres: leases, limits, order, races."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, delete, select, text, update

from cynthia_pipeline.audit.engine import AuditResult, Evidence
from cynthia_pipeline.audit.report import Axis, Fix, FixType, Issue, Report, Severity
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.choice import Load
from cynthia_pipeline.queue.model import (
    SYSTEM_PROJECT,
    SYSTEM_USER,
    AttemptOutcome,
    ClaimedAudit,
    LeaseLostError,
    Limits,
    RetryPolicy,
    SessionId,
    WorkKind,
    WorkStatus,
)
from cynthia_pipeline.store.claims import claim, due_query, renew, write_progress
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.notifications import listening
from cynthia_pipeline.store.outcomes import complete, fail, release, retry
from cynthia_pipeline.store.replay import replay
from cynthia_pipeline.store.rescue import free_expired
from cynthia_pipeline.store.sessions import load_report, view_session
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts, cynthia_audits

from .conftest import WIDE, InsertSession, accept_all

POLICY = RetryPolicy(max_attempts=2, base_s=2, cap_s=300)
LEASE_S = 30.0


def take(
    engine: Engine,
    slots: int = 100,
    limits: Limits = WIDE,
    *,
    only: list[SessionId] | None = None,
    now: datetime | None = None,
) -> list[ClaimedAudit]:
    with engine.begin() as connection:
        return claim(
            connection,
            slots=slots,
            limits=limits,
            lease_s=LEASE_S,
            run_id="run",
            now=now or database_now(connection),
            only=only,
        )


def a_report(title: str = "A title") -> AuditResult:
    issue = Issue(
        id="typ-size-1",
        axis=Axis.TYP,
        severity=Severity.MAJOR,
        title=title,
        description="d",
        reason="r",
        impact="i",
        fix=Fix(type=FixType.TOKEN, description="f"),
    )
    report = Report(
        version="1",
        overall_score=81,
        udec_scores={axis: 81 if axis is Axis.TYP else None for axis in Axis},
        issues_found_total=1,
        teaser_issues=(issue,),
        full_issues=(issue,),
    )
    return AuditResult(report, (Evidence("typ-size-1", "image/webp", 10, 20, b"picture"),))


def finish(engine: Engine, claimed: ClaimedAudit, result: AuditResult | None = None) -> None:
    with engine.begin() as connection:
        complete(connection, claimed.id, claimed.lease, result or a_report(), database_now(connection))


def status_of(engine: Engine, session: SessionId) -> WorkStatus:
    with engine.connect() as connection:
        view = view_session(connection, session, database_now(connection))
        assert view is not None
        return view.audit_status


def test_a_session_is_accepted_once_with_the_systems_ids(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine)
    accept_all(engine)
    with engine.connect() as connection:
        audit = connection.execute(select(cynthia_audits)).one()
        assert connection.scalar(select(build_sessions.c.audit_id)) == audit.id
    assert (audit.project_id, audit.user_id, audit.owner_key) == (SYSTEM_PROJECT, SYSTEM_USER, session)
    assert (audit.status, audit.target_type, audit.target_host) == ("pending", "url", "example.com")
    assert audit.context["source"] == "build-my-site"


def test_what_is_no_address_is_final_at_once_with_its_message(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session("no such thing at all")
    accept_all(engine)
    assert take(engine) == []
    with engine.connect() as connection:
        view = view_session(connection, session, database_now(connection))
    assert view is not None
    assert (view.audit_status, view.error_code) == (WorkStatus.FAILED, ErrorCode.NOT_A_URL)
    assert view.error_message


def test_the_audit_and_its_session_go_through_their_states_together(
    engine: Engine, insert_session: InsertSession
) -> None:
    session = insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    assert claimed.sessions == (session,)
    assert status_of(engine, session) is WorkStatus.RUNNING
    with engine.begin() as connection:
        write_progress(connection, {claimed.id: 40}, database_now(connection))
        write_progress(connection, {claimed.id: 30}, database_now(connection))
    finish(engine, claimed)
    with engine.connect() as connection:
        row = connection.execute(select(build_sessions)).one()
        audit = connection.execute(select(cynthia_audits)).one()
        attempt = connection.execute(select(cynthia_audit_attempts)).one()
        stored = load_report(connection, claimed.id)
    assert (row.audit_status, row.progress, row.teaser_score) == ("completed", 100, 81)
    assert row.teaser_summary["issuesFound"] == 1
    assert row.teaser_summary["teaserIssues"][0]["fix"]["type"] == "token_change"
    assert "elementPath" in row.teaser_summary["teaserIssues"][0]
    assert (audit.status, audit.overall_score, audit.lease_id) == ("completed", 81, None)
    assert audit.udec_scores["TYP"] == 81
    assert set(audit.udec_scores) == set(Axis)
    assert audit.completed_at is not None
    assert (attempt.outcome, attempt.run_id) == ("completed", "run")
    assert stored is not None
    assert stored == (a_report().report, a_report().evidence)


def test_progress_never_goes_backwards(engine: Engine, insert_session: InsertSession) -> None:
    insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        write_progress(connection, {claimed.id: 40}, database_now(connection))
        write_progress(connection, {claimed.id: 30}, database_now(connection))
        assert connection.scalar(select(build_sessions.c.progress)) == 40


def test_a_freed_lease_wakes_whoever_waits_for_work(
    engine: Engine, database_url: str, insert_session: InsertSession
) -> None:
    insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    with listening(database_url, WorkKind.AUDITS) as ear:
        with engine.begin() as connection:
            free_expired(connection, POLICY, lambda low, _: low, claimed.claimed_at + timedelta(seconds=LEASE_S + 1))
        assert ear.wait(20)


def test_a_lost_lease_writes_nothing(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine)
    (first,) = take(engine)
    later = first.claimed_at + timedelta(seconds=LEASE_S + 1)
    with engine.begin() as connection:
        (freed,) = free_expired(connection, POLICY, lambda low, _: low, later)
    assert freed.outcome is AttemptOutcome.RETRIED
    (second,) = take(engine, now=later)
    assert second.attempt == 2
    with engine.begin() as connection:
        assert renew(connection, [first.lease, second.lease], LEASE_S, later) == {second.lease}
    with pytest.raises(LeaseLostError):
        finish(engine, first)
    assert status_of(engine, session) is WorkStatus.RUNNING
    finish(engine, second)
    with pytest.raises(LeaseLostError):
        finish(engine, second)
    with engine.connect() as connection:
        outcomes = connection.scalars(select(cynthia_audit_attempts.c.outcome)).all()
    assert Counter(outcomes) == {"retried": 1, "completed": 1}


def test_a_page_that_kills_every_drain_is_final_in_the_end(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session(language="es")
    accept_all(engine)
    for _ in range(POLICY.max_attempts):
        (claimed,) = take(engine)
        with engine.begin() as connection:
            late = claimed.claimed_at + timedelta(seconds=LEASE_S + 1)
            free_expired(connection, POLICY, lambda low, _: low, late)
            connection.execute(
                update(cynthia_audits)
                .values(next_attempt_at=text("now() - interval '1 s'"))
                .where(cynthia_audits.c.status == "pending")
            )
    assert status_of(engine, session) is WorkStatus.FAILED
    with engine.connect() as connection:
        view = view_session(connection, session, database_now(connection))
    assert view is not None
    assert view.error_message is not None
    assert "interrumpió" in view.error_message


def test_a_retry_is_due_later_and_shows_no_failure(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        now = database_now(connection)
        settled = retry(
            connection, claimed.id, claimed.lease, wait_s=60, code=ErrorCode.TIMED_OUT, detail="slow", now=now
        )
    assert settled.next_attempt_at == now + timedelta(seconds=60)
    assert status_of(engine, session) is WorkStatus.PENDING
    assert take(engine) == []
    (again,) = take(engine, now=now + timedelta(seconds=61))
    assert again.attempt == 2


def test_a_release_counts_as_no_attempt(engine: Engine, insert_session: InsertSession) -> None:
    insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        release(connection, claimed.id, claimed.lease, database_now(connection))
    (again,) = take(engine)
    assert again.attempt == 1


def test_a_failure_is_final_until_it_is_replayed_with_its_history(
    engine: Engine, insert_session: InsertSession
) -> None:
    session = insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        fail(
            connection,
            claimed.id,
            claimed.lease,
            code=ErrorCode.HTTP_CLIENT_ERROR,
            message="404 \x00",
            detail="d\x00",
            now=database_now(connection),
        )
    assert status_of(engine, session) is WorkStatus.FAILED
    assert take(engine) == []
    with engine.begin() as connection:
        assert replay(connection, [session]) == [session]
        assert replay(connection, [session]) == []
    (again,) = take(engine)
    assert (again.attempt, again.sessions) == (1, (session,))
    finish(engine, again)
    with engine.connect() as connection:
        outcomes = connection.scalars(
            select(cynthia_audit_attempts.c.outcome).order_by(cynthia_audit_attempts.c.started_at)
        ).all()
    assert outcomes == ["failed", "completed"]


def test_a_report_with_what_postgres_cannot_hold_is_stored(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    finish(engine, claimed, a_report(title="null \x00 and half \ud83d a pair"))
    assert status_of(engine, session) is WorkStatus.COMPLETED
    with engine.connect() as connection:
        stored = load_report(connection, claimed.id)
    assert stored is not None
    assert stored[0].full_issues[0].title == "null � and half � a pair"


def test_a_deleted_audit_is_a_lost_lease(engine: Engine, insert_session: InsertSession) -> None:
    session = insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        connection.execute(delete(cynthia_audits))
    with pytest.raises(LeaseLostError):
        finish(engine, claimed)
    with engine.connect() as connection:
        view = view_session(connection, session, database_now(connection))
    assert view is not None
    assert view.audit_id is None


def test_a_deleted_session_does_not_hold_up_its_audit(engine: Engine, insert_session: InsertSession) -> None:
    insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        connection.execute(delete(build_sessions))
    finish(engine, claimed)
    with engine.connect() as connection:
        assert connection.scalar(select(cynthia_audits.c.status)) == "completed"


def test_a_session_claimed_by_a_user_meanwhile_takes_its_audit_along(
    engine: Engine, insert_session: InsertSession
) -> None:
    user = uuid4()
    insert_session()
    accept_all(engine)
    (claimed,) = take(engine)
    with engine.begin() as connection:
        connection.execute(update(build_sessions).values(user_id=user))
    finish(engine, claimed)
    with engine.connect() as connection:
        assert connection.scalar(select(cynthia_audits.c.user_id)) == user


def test_an_audit_of_the_web_apps_own_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cynthia_audits (project_id, user_id, target_type, target_value)"
                " VALUES (gen_random_uuid(), gen_random_uuid(), 'url', 'https://example.com')"
            )
        )
    assert take(engine) == []


def test_paid_goes_first_and_owners_take_turns(
    engine: Engine, insert_session: InsertSession, give_plan: Callable[[UUID, str], None]
) -> None:
    hog, other, paying = UUID(int=1), UUID(int=2), UUID(int=3)
    give_plan(paying, "pro")
    hogs = [insert_session(f"https://h{n}.test/", user=hog) for n in range(4)]
    anonymous = insert_session("https://anon.test/")
    others = [insert_session(f"https://o{n}.test/", user=other) for n in range(2)]
    paid = insert_session("https://paid.test/", user=paying)
    accept_all(engine)
    order = [claimed.sessions[0] for claimed in take(engine)]
    assert order == [paid, hogs[0], others[0], hogs[1], others[1], hogs[2], hogs[3], anonymous]


def test_limits_hold_over_drains_that_race(engine: Engine, insert_session: InsertSession) -> None:
    for n in range(60):
        insert_session(f"https://www.host{n % 4}.test/{n}", user=UUID(int=n % 7 + 1))
    accept_all(engine)
    limits = Limits(at_once=9, per_owner=2, per_host=3)
    start = Barrier(8)

    def race(_: int) -> list[ClaimedAudit]:
        start.wait()
        return take(engine, slots=4, limits=limits)

    with ThreadPoolExecutor(8) as threads:
        claimed = [audit for batch in threads.map(race, range(8)) for audit in batch]

    assert len(claimed) == len({audit.id for audit in claimed}) == 9
    with engine.connect() as connection:
        running = connection.execute(
            select(cynthia_audits.c.owner_key, cynthia_audits.c.target_host).where(cynthia_audits.c.status == "running")
        ).all()
    assert len(running) == 9
    assert max(Counter(row.owner_key for row in running).values()) <= 2
    assert max(Counter(row.target_host for row in running).values()) <= 3


def test_starts_per_minute_are_counted_over_all_drains(engine: Engine, insert_session: InsertSession) -> None:
    for n in range(6):
        insert_session(f"https://host{n}.test/")
    accept_all(engine)
    limits = Limits(at_once=100, per_owner=9, per_host=9, starts_per_minute=4)
    first = take(engine, slots=3, limits=limits)
    assert [len(first), len(take(engine, slots=3, limits=limits)), len(take(engine, slots=3, limits=limits))] == [
        3,
        1,
        0,
    ]
    a_minute_later = first[0].claimed_at + timedelta(seconds=61)
    assert len(take(engine, slots=3, limits=limits, now=a_minute_later)) == 2


def test_acceptances_that_race_make_one_audit_each(engine: Engine, insert_session: InsertSession) -> None:
    for n in range(50):
        insert_session(f"https://host{n}.test/")
    start = Barrier(6)

    def race(_: int) -> None:
        start.wait()
        accept_all(engine)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(race, range(6)))
    accept_all(engine)
    with engine.connect() as connection:
        audits = connection.scalars(select(cynthia_audits.c.id)).all()
        pointed = connection.scalars(select(build_sessions.c.audit_id)).all()
    assert len(audits) == 50
    assert set(pointed) == set(audits)


def test_a_replay_claims_its_own_sessions_only(engine: Engine, insert_session: InsertSession) -> None:
    insert_session("https://a.test/")
    wanted = insert_session("https://b.test/")
    accept_all(engine)
    assert [claimed.sessions for claimed in take(engine, only=[wanted])] == [(wanted,)]


def test_the_claim_reads_the_index_of_open_work_however_much_is_past(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cynthia_audits (project_id, user_id, status, target_type, target_value, owner_key)"
                " SELECT gen_random_uuid(), gen_random_uuid(), 'completed', 'url', 'https://x.test', gen_random_uuid()"
                " FROM generate_series(1, 20000)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO cynthia_audits"
                " (project_id, user_id, target_type, target_value, owner_key, next_attempt_at, turn)"
                " SELECT gen_random_uuid(), gen_random_uuid(), 'url', 'https://x.test', gen_random_uuid(), now(), n"
                " FROM generate_series(1, 500) n"
            )
        )
        connection.execute(text("ANALYZE cynthia_audits"))
        load = Load(running=0, by_owner={}, by_host={})
        query = due_query(database_now(connection), load, WIDE, 5, None)
        compiled = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        plan = "\n".join(connection.scalars(text(f"EXPLAIN {compiled}")))
    assert "ix_cynthia_audits_queue" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("seed", range(5))
def test_many_drains_finish_every_session_once(engine: Engine, insert_session: InsertSession, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a reproducible mix of outcomes
    sessions = {insert_session(f"https://host{n}.test/") for n in range(25)}

    def drain(number: int) -> int:
        own, done = random.Random(seed * 100 + number), 0  # noqa: S311 - a reproducible mix of outcomes
        accept_all(engine)
        while batch := take(engine, slots=3, limits=Limits(at_once=8, per_owner=1, per_host=1)):
            for claimed in batch:
                with engine.begin() as connection:
                    now = database_now(connection)
                    if own.random() < 0.3:
                        release(connection, claimed.id, claimed.lease, now)
                    else:
                        complete(connection, claimed.id, claimed.lease, a_report(), now)
                        done += 1
        return done

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(drain, range(4)))
    drain(rng.randrange(4, 99))
    with engine.connect() as connection:
        attempts = connection.execute(
            select(cynthia_audit_attempts.c.audit_id).where(cynthia_audit_attempts.c.outcome == "completed")
        ).all()
    assert len(attempts) == len({row.audit_id for row in attempts}) == len(sessions)
    assert all(status_of(engine, session) is WorkStatus.COMPLETED for session in sessions)
