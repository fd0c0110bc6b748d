"""The operators' commands as they are typed, against a real database."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, insert, select, text, update
from typer.testing import CliRunner

from cynthia_pipeline.cli.console import err, out
from cynthia_pipeline.cli.durations import parse_duration, shown
from cynthia_pipeline.cli.main import app
from cynthia_pipeline.errors import ErrorCode, UsageError
from cynthia_pipeline.queue.model import ClaimedAudit, DrainId, Limits, SessionId, WorkKind
from cynthia_pipeline.store.acceptance import accept_new
from cynthia_pipeline.store.claims import claim, write_progress
from cynthia_pipeline.store.drains import DrainRecord, register
from cynthia_pipeline.store.failures import failed_query
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.outcomes import fail, retry
from cynthia_pipeline.store.overview import depth_query, new_query, oldest_query, recent_query
from cynthia_pipeline.store.tables import build_sessions, cynthia_audits

WIDE = Limits(at_once=100, per_owner=100, per_host=100)


@pytest.fixture
def cynthia(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Runs a command at 80 columns; returns its exit code and standard output."""
    monkeypatch.setenv("CYNTHIA_DATABASE_URL", database_url)
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", database_url)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: object) -> tuple[int, str]:
        # The consoles are made once for a process; here each command has its own output.
        out.cache_clear()
        err.cache_clear()
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit | UsageError), result.exception
        if isinstance(result.exception, UsageError):
            return 2, str(result.exception)
        return result.exit_code, result.stdout

    return run


def add(engine: Engine, count: int = 1, user: UUID | None = None) -> list[SessionId]:
    with engine.begin() as connection:
        rows = [
            {"input_type": "url", "input_value": f"https://host{n}.example.com/", "user_id": user} for n in range(count)
        ]
        statement = insert(build_sessions).returning(build_sessions.c.id, sort_by_parameter_order=True)
        found = [SessionId(each) for each in connection.scalars(statement, rows)]
        accept_new(connection, database_now(connection))
    return found


def start(engine: Engine, slots: int, limits: Limits = WIDE) -> list[ClaimedAudit]:
    with engine.begin() as connection:
        now = database_now(connection)
        return claim(connection, slots=slots, limits=limits, lease_s=30, run_id="run-1", now=now)


def lose(engine: Engine, claimed: ClaimedAudit, code: ErrorCode) -> None:
    with engine.begin() as connection:
        now = database_now(connection)
        fail(connection, claimed.id, claimed.lease, code=code, message="m", detail="d", now=now)


def a_drain(engine: Engine, slots: int = 5) -> None:
    with engine.begin() as connection:
        record = DrainRecord(DrainId(uuid4()), WorkKind.AUDITS, "run-1", "a-host", 4711, slots)
        register(connection, record, database_now(connection))


def test_the_queue_is_told_in_eighty_columns_and_as_json(engine: Engine, cynthia: Callable[..., Any]) -> None:
    add(engine, 7)
    a_drain(engine)
    first, second, third = start(engine, 3)
    lose(engine, first, ErrorCode.TIMED_OUT)
    with engine.begin() as connection:
        write_progress(connection, {third.id: 40}, database_now(connection))
        now = database_now(connection)
        retry(connection, second.id, second.lease, wait_s=600, code=ErrorCode.TIMED_OUT, detail="d", now=now)
        connection.execute(insert(build_sessions).values(input_type="idea", input_value="new"))
    code, printed = cynthia("queue")
    assert code == 0
    assert max(map(len, printed.splitlines())) <= 80
    for words in ("anonymous", "timed_out", "a-host:4711", str(third.sessions[0])[:8], "40"):
        assert words in printed
    document = json.loads(cynthia("queue", "--json")[1])
    assert document["depth"] == [{"priority": "anonymous", "due": 4, "later": 1}]
    assert (document["new"], document["running_count"], document["failures"]) == (1, 1, {"timed_out": 1})
    assert document["running"][0]["session"] == str(third.sessions[0])
    assert [drain["run_id"] for drain in document["drains"]] == ["run-1"]
    assert document["waited"]["p50"] is not None
    assert document["worked"]["p50"] is None


def test_an_empty_queue_is_a_table_too(cynthia: Callable[..., Any]) -> None:
    code, printed = cynthia("queue")
    assert code == 0
    assert "nothing" in printed
    assert "no drain is alive" in printed


def test_failed_counts_by_code_and_replay_takes_them_back(engine: Engine, cynthia: Callable[..., Any]) -> None:
    sessions = add(engine, 4)
    for claimed in start(engine, 4):
        lose(engine, claimed, ErrorCode.TLS_FAILED if claimed.sessions[0] == sessions[3] else ErrorCode.TIMED_OUT)
    with engine.begin() as connection:
        old = select(build_sessions.c.audit_id).where(build_sessions.c.id == sessions[0]).scalar_subquery()
        ended = database_now(connection) - timedelta(hours=3)
        connection.execute(update(cynthia_audits).where(cynthia_audits.c.id == old).values(completed_at=ended))
    document = json.loads(cynthia("failed", "--since", "1h", "--json")[1])
    assert {group["code"]: group["count"] for group in document["audits"]["codes"]} == {"timed_out": 2, "tls_failed": 1}
    assert "tls_failed" in cynthia("failed", "--code", "tls_failed")[1]
    asked = ("replay", "--failed", "--code", "timed_out", "--since", "1h", "--json")
    dry = json.loads(cynthia(*asked, "--dry-run")[1])
    assert set(dry["replayed"]) == set(map(str, sessions[1:3]))
    assert json.loads(cynthia(*asked)[1])["replayed"] == dry["replayed"]
    assert json.loads(cynthia(*asked)[1])["replayed"] == []
    assert {claimed.sessions[0] for claimed in start(engine, 9)} == set(sessions[1:3])


def test_replay_wants_to_know_which(engine: Engine, cynthia: Callable[..., Any]) -> None:
    assert cynthia("replay")[0] == 2
    assert cynthia("replay", "--failed")[0] == 2
    assert cynthia("replay", uuid4(), "--code", "timed_out")[0] == 2
    assert cynthia("failed", "--since", "yesterday")[0] == 2
    (session,) = add(engine)
    assert cynthia("replay", session)[0] == 1
    assert len(start(engine, 9)) == 1


def test_cancel_says_what_became_of_each(engine: Engine, cynthia: Callable[..., Any]) -> None:
    waits, nobody = add(engine)[0], uuid4()
    code, printed = cynthia("cancel", waits, nobody)
    assert code == 1
    assert f"{waits}  cancelled" in printed
    assert f"{nobody}  there is no such session or request" in printed
    assert "left as it is: it is failed already" in cynthia("cancel", waits)[1]
    assert "cancelled" in cynthia("status", waits)[1]


def test_pause_and_resume_name_who_and_when(engine: Engine, cynthia: Callable[..., Any]) -> None:
    (session,) = add(engine)
    assert "paused, by ana since" in cynthia("pause", "audits", "--by", "ana")[1]
    assert "paused by ana" in cynthia("queue")[1]
    assert "paused by ana" in cynthia("status", session)[1]
    assert start(engine, 1) == []
    assert "they were paused by ana" in cynthia("resume", "audits")[1]
    assert "were not paused" in cynthia("resume", "audits")[1]
    assert len(start(engine, 1)) == 1


def test_status_says_place_reasons_and_estimate(engine: Engine, cynthia: Callable[..., Any]) -> None:
    user = uuid4()
    sessions = add(engine, 5, user)
    start(engine, 2)
    a_drain(engine, slots=2)
    waiting = json.loads(cynthia("status", sessions[4], "--json")[1])["waiting"]
    assert waiting["place"] == 3
    assert [reason["code"] for reason in waiting["reasons"]] == [
        "drains_full",
        "owner_limit",
        "host_limit",
        "behind_others",
    ]
    assert waiting["starts_in_s"] is None
    code, printed = cynthia("status", sessions[4])
    assert code == 0
    assert "all 2 places of the live drains are taken" in printed
    assert json.loads(cynthia("status", sessions[0], "--json")[1])["waiting"] is None
    with engine.begin() as connection:
        statement = insert(build_sessions).values(input_type="url", input_value="https://new.example.com")
        new = connection.scalar(statement.returning(build_sessions.c.id))
    reasons = json.loads(cynthia("status", new, "--json")[1])["waiting"]["reasons"]
    assert reasons[0]["code"] == "not_accepted"


def test_the_numbers_cost_the_same_however_much_is_past(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cynthia_audits (id, project_id, user_id, status, target_type, target_value, owner_key,"
                " started_at, queued_at, completed_at, error_code) SELECT ('00000000-0000-0000-0000-' ||"
                " lpad(n::text, 12, '0'))::uuid, gen_random_uuid(), gen_random_uuid(), CASE WHEN n % 10 = 0"
                " THEN 'failed' ELSE 'completed' END::audit_status, 'url', 'u', gen_random_uuid(), t, t, t, 'timed_out'"
                " FROM (SELECT n, now() - n * interval '10 min' AS t FROM generate_series(1, 20000) n) past"
            )
        )
        connection.execute(
            text(
                "INSERT INTO build_sessions (input_type, input_value, audit_id, audit_status, created_at)"
                " SELECT 'url', 'u', id, status::text::build_session_audit_status, queued_at FROM cynthia_audits"
            )
        )
        connection.execute(
            text(
                "INSERT INTO cynthia_audit_attempts (audit_id, lease_id, attempt, started_at, ended_at, outcome)"
                " SELECT id, gen_random_uuid(), 1, started_at, completed_at, status::text FROM cynthia_audits"
            )
        )
        for table in ("cynthia_audits", "build_sessions", "cynthia_audit_attempts"):
            connection.execute(text(f"ANALYZE {table}"))
        now = database_now(connection)
        since = now - timedelta(hours=1)
        queries = [
            depth_query(now),
            new_query(),
            oldest_query(now),
            recent_query(now),
            failed_query(WorkKind.AUDITS, since),
        ]
        for query in queries:
            compiled = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
            plan = "\n".join(connection.scalars(text(f"EXPLAIN {compiled}".replace(":", r"\:"))))
            assert "Seq Scan" not in plan, plan


@pytest.mark.parametrize(("typed", "seconds"), [("90s", 90), ("15m", 900), ("1h", 3600), (" 7D ", 604_800)])
def test_durations_are_read(typed: str, seconds: int) -> None:
    assert parse_duration(typed) == timedelta(seconds=seconds)


@pytest.mark.parametrize("typed", ["", "1", "h", "-1h", "1w", "1.5h", "999999999d", "٣h"])
def test_what_is_no_duration_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_duration(typed)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0.42, "0.4 s"),
        (9.99, "10 s"),
        (75, "1 min 15 s"),
        (3661, "1 h 1 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_durations_are_shown(seconds: float | None, words: str) -> None:
    assert shown(seconds) == words
