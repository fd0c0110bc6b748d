"""A drain on real Postgres, with an engine whose audits the test ends by hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from sqlalchemy import Engine, insert, select, text, update

from cynthia_pipeline.audit.engine import AuditEngine, AuditRequest, AuditResult, ProgressReporter, TargetType
from cynthia_pipeline.audit.report import Axis, Report
from cynthia_pipeline.drafts.template import TemplateDrafter
from cynthia_pipeline.errors import ErrorCode, PermanentError, RateLimitedError, TransientError
from cynthia_pipeline.queue.auditing import audit_workers
from cynthia_pipeline.queue.drain import Drain, DrainLimits, DrainSummary
from cynthia_pipeline.queue.model import AttemptOutcome, ClaimedAudit, Limits, RetryPolicy, SessionId, Settled
from cynthia_pipeline.store.cancelling import cancel
from cynthia_pipeline.store.drain_store import PostgresDrainStore
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.replay import replay
from cynthia_pipeline.store.tables import (
    build_sessions,
    cynthia_audit_attempts,
    cynthia_audits,
    cynthia_drains,
    cynthia_page_drafts,
)

RETRY = RetryPolicy(max_attempts=3, base_s=0.01, cap_s=0.02)
REPORT = AuditResult(
    Report(
        version="1",
        overall_score=70,
        udec_scores=dict.fromkeys(Axis, 70),
        issues_found_total=0,
        teaser_issues=(),
        full_issues=(),
    )
)

Play = Callable[[AuditRequest, ProgressReporter], Awaitable[AuditResult]]


@dataclass
class Engines:
    """Opens an engine that plays `play`, and notes what it was asked for."""

    play: Play
    asked: list[AuditRequest] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    closed: int = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AuditEngine]:
        yield self
        self.closed += 1

    async def audit(self, request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        self.asked.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self.play(request, progress)
        finally:
            self.at_once -= 1


@dataclass
class Running:
    """A drain under way."""

    drain: Drain[ClaimedAudit, AuditResult]
    task: "asyncio.Task[DrainSummary]"
    endings: "asyncio.Queue[tuple[ClaimedAudit, Settled]]"

    async def next_ending(self) -> tuple[ClaimedAudit, Settled]:
        async with asyncio.timeout(20):
            return await self.endings.get()

    async def done(self) -> DrainSummary:
        async with asyncio.timeout(20):
            return await self.task


StartDrain = Callable[..., Running]


def limits(**changes: Any) -> DrainLimits:
    values: dict[str, Any] = {
        "slots": 5,
        "linger_s": 0.0,
        "max_age_s": 60.0,
        "grace_s": 5.0,
        "poll_s": 0.2,
        "lease_s": 30.0,
        "attempt_timeout_s": 30.0,
        "retry": RETRY,
    }
    return DrainLimits(**{**values, **changes})


@pytest.fixture
async def start_drain(database_url: str) -> AsyncIterator[StartDrain]:
    stores: list[PostgresDrainStore] = []
    tasks: list[asyncio.Task[DrainSummary]] = []

    def start(engines: Engines, *, only: list[SessionId] | None = None, **changes: Any) -> Running:
        drain_limits = limits(**changes)
        endings: asyncio.Queue[tuple[ClaimedAudit, Settled]] = asyncio.Queue()
        store = PostgresDrainStore(
            database_url,
            Limits(at_once=drain_limits.slots, per_owner=9, per_host=9),
            RETRY,
            lease_s=drain_limits.lease_s,
            run_id="run",
            only=only,
        )
        stores.append(store)
        drain = Drain(
            store,
            audit_workers(engines.open, TemplateDrafter(), store, drain_limits.store_patience_s),
            drain_limits,
            lambda audit, settled, _: endings.put_nowait((audit, settled)),
            lingers=only is None,
        )
        task = asyncio.create_task(drain.run())
        tasks.append(task)
        return Running(drain, task, endings)

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for store in stores:
        await store.close()


@pytest.fixture
def insert_sessions(engine: Engine) -> Callable[[int], list[SessionId]]:
    def insert_some(count: int) -> list[SessionId]:
        with engine.begin() as connection:
            began = database_now(connection)
            rows = [
                {
                    "input_type": "url",
                    "input_value": f"https://host{n}.test/",
                    "created_at": began + timedelta(microseconds=n),
                }
                for n in range(count)
            ]
            return [
                SessionId(
                    connection.execute(insert(build_sessions).values(row).returning(build_sessions.c.id)).scalar_one()
                )
                for row in rows
            ]

    return insert_some


def statuses(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.scalars(select(build_sessions.c.audit_status)))


async def succeed(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
    await progress(50)
    return REPORT


async def test_a_drain_works_through_the_backlog_and_ends(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(12)
    engines = Engines(succeed)
    summary = await start_drain(engines).done()
    assert summary == DrainSummary(completed=12)
    assert statuses(engine) == ["completed"] * 12
    assert engines.closed == 1
    with engine.connect() as connection:
        assert connection.scalars(select(cynthia_drains.c.ended_at)).one() is not None


async def test_it_works_on_several_at_once_and_no_more_than_its_places(
    insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(7)
    all_in = asyncio.Event()

    async def meet(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        if engines.at_once == 3:
            all_in.set()
        await all_in.wait()
        return REPORT

    engines = Engines(meet)
    await start_drain(engines, slots=3).done()
    assert engines.most_at_once == 3


async def test_a_lingering_drain_hears_of_new_work_without_polling(
    insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    running = start_drain(Engines(succeed), linger_s=15.0, poll_s=15.0)
    insert_sessions(1)
    await running.next_ending()
    insert_sessions(1)
    await running.next_ending()
    running.drain.stop()
    assert (await running.done()).completed == 2


async def test_a_transient_failure_is_retried_to_the_last_attempt_and_never_shown_as_failed(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(1)

    async def stumble(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        raise TransientError(ErrorCode.CONNECTION_REFUSED, host="host0.test")

    running = start_drain(Engines(stumble), linger_s=5.0)
    outcomes = []
    for _ in range(RETRY.max_attempts):
        _, settled = await running.next_ending()
        outcomes.append(settled.outcome)
    assert outcomes == [AttemptOutcome.RETRIED, AttemptOutcome.RETRIED, AttemptOutcome.FAILED]
    with engine.connect() as connection:
        audit = connection.execute(select(cynthia_audits)).one()
    assert (audit.status, audit.error_code) == ("failed", "connection_refused")
    assert audit.error_message == "host0.test refused the connection. Is the site running?"


async def test_a_permanent_failure_is_final_at_once(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(1)

    async def refuse(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        raise PermanentError(ErrorCode.HTTP_CLIENT_ERROR, host="host0.test", status="404")

    summary = await start_drain(Engines(refuse)).done()
    assert summary == DrainSummary(failed=1)


async def test_a_rate_limit_is_waited_out(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(1)

    async def limit(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        raise RateLimitedError(ErrorCode.RATE_LIMITED, retry_after_s=600.0)

    await start_drain(Engines(limit)).done()
    with engine.connect() as connection:
        audit = connection.execute(select(cynthia_audits)).one()
    assert audit.status == "pending"
    assert audit.next_attempt_at - audit.updated_at >= timedelta(seconds=600)


async def test_a_fault_of_ours_fails_its_own_audit_only(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(3)

    async def trip(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        if "host1" in request.target_value:
            raise ZeroDivisionError("a fault of ours")
        return REPORT

    await start_drain(Engines(trip), linger_s=1.0).done()
    assert statuses(engine) == ["completed", "completed", "failed"]
    with engine.connect() as connection:
        details = connection.scalars(
            select(cynthia_audit_attempts.c.detail).where(cynthia_audit_attempts.c.error_code == "internal")
        ).all()
    assert len(details) == RETRY.max_attempts
    assert all("a fault of ours" in detail for detail in details if detail)


async def test_stopping_gives_back_what_does_not_finish_and_counts_no_attempt(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(3)
    started, go = asyncio.Event(), asyncio.Event()

    async def last(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        if engines.at_once == 2:
            started.set()
        if "host0" in request.target_value:
            await go.wait()
            return REPORT
        await asyncio.Event().wait()
        raise AssertionError

    engines = Engines(last)
    running = start_drain(engines, slots=2, grace_s=1.0)
    await started.wait()
    running.drain.stop()
    go.set()
    summary = await running.done()
    assert summary == DrainSummary(completed=1, released=1)
    assert statuses(engine) == ["completed", "pending", "pending"]
    with engine.connect() as connection:
        assert sorted(connection.scalars(select(cynthia_audits.c.attempts))) == [0, 0, 1]


async def test_a_place_that_comes_free_while_it_stops_stays_free(
    engine: Engine,
    insert_sessions: Callable[[int], list[SessionId]],
    start_drain: StartDrain,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    insert_sessions(2)
    started, go, accepting, accepted = (asyncio.Event() for _ in range(4))

    async def wait(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        started.set()
        await go.wait()
        return REPORT

    async def accept_slowly() -> bool:
        accepting.set()
        await accepted.wait()
        return False

    running = start_drain(Engines(wait), slots=1)
    await started.wait()
    monkeypatch.setattr(running.drain._store, "accept_new", accept_slowly)
    await accepting.wait()
    running.drain.stop()
    go.set()
    await running.next_ending()
    accepted.set()
    assert await running.done() == DrainSummary(completed=1)
    assert statuses(engine) == ["completed", "pending"]


async def test_a_lease_that_was_taken_away_stops_the_work_and_writes_nothing(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(1)
    started, stopped = asyncio.Event(), asyncio.Event()

    async def hang(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    running = start_drain(Engines(hang), slots=1, lease_s=0.6)
    await started.wait()
    with engine.begin() as connection:
        connection.execute(
            update(cynthia_audits).values(
                lease_id=text("gen_random_uuid()"), lease_expires_at=text("now() + interval '1 hour'")
            )
        )
    async with asyncio.timeout(20):
        await stopped.wait()
    await running.done()
    assert statuses(engine) == ["running"]


async def test_progress_reaches_the_waiting_page(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(1)
    go = asyncio.Event()

    async def report_half(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        await progress(50)
        await go.wait()
        return REPORT

    def shown() -> int | None:
        with engine.connect() as connection:
            return connection.scalar(select(build_sessions.c.progress))

    running = start_drain(Engines(report_half), lease_s=0.3)
    async with asyncio.timeout(20):
        while await asyncio.to_thread(shown) != 50:
            await asyncio.to_thread(shown)
    go.set()
    await running.done()
    assert shown() == 100


async def test_an_idea_is_drafted_once_and_audited_as_a_draft(engine: Engine, start_drain: StartDrain) -> None:
    with engine.begin() as connection:
        connection.execute(insert(build_sessions).values(input_type="idea", input_value="a bakery", language="es"))
    engines = Engines(succeed)
    await start_drain(engines).done()
    with engine.begin() as connection:
        draft = connection.execute(select(cynthia_page_drafts)).one()
        session = connection.scalars(select(build_sessions.c.id)).one()
        replay(connection, [SessionId(session)])
    await start_drain(engines).done()
    first, second = engines.asked
    assert first.target_type is TargetType.FRAME
    assert first.html == second.html == draft.html
    assert first.draft is not None
    assert first.draft.idea == "a bakery"


async def test_a_replay_works_on_its_own_sessions_and_waits_for_their_retries(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    mine, _ = insert_sessions(2)
    await start_drain(Engines(succeed)).done()
    insert_sessions(1)
    with engine.begin() as connection:
        replay(connection, [mine])
    tries = 0

    async def second_time(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise TransientError(ErrorCode.TIMED_OUT, seconds="1")
        return REPORT

    summary = await start_drain(Engines(second_time), only=[mine]).done()
    assert summary == DrainSummary(completed=1, retried=1)
    assert statuses(engine) == ["completed", "completed", "pending"]


async def test_a_drain_too_old_takes_nothing_new(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(2)
    summary = await start_drain(Engines(succeed), max_age_s=0.0, slots=1).done()
    assert summary.completed <= 1
    assert "pending" in statuses(engine)


async def test_an_engine_that_does_not_open_takes_no_sessions(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(1)

    class Broken(Engines):
        def open(self) -> NoReturn:
            raise TransientError(ErrorCode.BROWSER_FAILED)

    with pytest.raises(TransientError):
        await start_drain(Broken(succeed)).done()
    assert statuses(engine) == ["pending"]


async def test_a_cancel_stops_the_work_at_its_word_and_leaves_the_rest(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    cancelled, _ = insert_sessions(2)
    both, stopped, go = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def last(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        if engines.at_once == 2:
            both.set()
        try:
            await go.wait()
        except asyncio.CancelledError:
            stopped.set()
            raise
        return REPORT

    def cancel_it() -> None:
        with engine.begin() as connection:
            cancel(connection, cancelled, database_now(connection))

    # The lease is long and so is the poll: only the word itself can be heard in time.
    engines = Engines(last)
    running = start_drain(engines, lease_s=3600.0, poll_s=3600.0)
    await both.wait()
    await asyncio.to_thread(cancel_it)
    async with asyncio.timeout(20):
        await stopped.wait()
    go.set()
    running.drain.stop()
    assert await running.done() == DrainSummary(completed=1)
    assert statuses(engine) == ["completed", "failed"]


async def test_a_result_that_the_database_refuses_fails_its_own_audit_only(
    engine: Engine, insert_sessions: Callable[[int], list[SessionId]], start_drain: StartDrain
) -> None:
    insert_sessions(3)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE cynthia_audits ADD CHECK (overall_score < 71)"))

    async def judge(request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        if "host1" in request.target_value:
            return AuditResult(REPORT.report.model_copy(update={"overall_score": 99}))
        return REPORT

    await start_drain(Engines(judge), linger_s=1.0).done()
    assert statuses(engine) == ["completed", "completed", "failed"]
    with engine.connect() as connection:
        details = connection.scalars(
            select(cynthia_audit_attempts.c.detail).where(cynthia_audit_attempts.c.error_code == "internal")
        ).all()
    assert len(details) == RETRY.max_attempts
    assert all(detail and "not stored" in detail for detail in details)
