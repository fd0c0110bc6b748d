"""The roles of docs/: one migrates, the other does the day's work and nothing else. On real Postgres."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from sqlalchemy import insert, make_url

from cynthia_pipeline.audit.engine import AuditResult, Evidence
from cynthia_pipeline.audit.report import Axis, FixType, Report
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.model import Limits, RetryPolicy, SessionId, WorkKind
from cynthia_pipeline.store.cancelling import cancel
from cynthia_pipeline.store.credits import reset_due
from cynthia_pipeline.store.database import open_engine
from cynthia_pipeline.store.drain_store import PostgresDrainStore
from cynthia_pipeline.store.ledger_check import find_unbalanced
from cynthia_pipeline.store.migrate import pending_revisions, upgrade
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.overview import read_overview
from cynthia_pipeline.store.pauses import pause, resume
from cynthia_pipeline.store.repair import repair_sessions, requeue_adrift
from cynthia_pipeline.store.replay import replay
from cynthia_pipeline.store.retention import prune_attempts
from cynthia_pipeline.store.sessions import view_session
from cynthia_pipeline.store.tables import build_sessions, metadata

from .conftest import Desk

DOCS = Path(__file__).parents[2] / "docs"
ROLES, GRANTS = ((DOCS / name).read_text() for name in ("database-roles.sql", "database-grants.sql"))
WITHOUT_GRANT = {"preview_links"}
RESULT = AuditResult(
    Report(
        version="1",
        overall_score=70,
        udec_scores=dict.fromkeys(Axis, 70),
        issues_found_total=0,
        teaser_issues=(),
        full_issues=(),
    ),
    (Evidence("typ-size-1", "image/webp", 10, 20, b"picture"),),
)


class Server(Protocol):
    """The session's Postgres server, as the root conftest makes it."""

    def url(self, database: str) -> str: ...
    def create(self) -> str: ...
    def drop(self, url: str) -> None: ...


@dataclass(frozen=True)
class Roles:
    """The same database, as each of those who use it."""

    owner: str
    migrator: str
    runtime: str


@pytest.fixture(scope="module")
def roles(server: Server) -> Iterator[Roles]:
    url = server.create()

    def named(user: str) -> str:
        return make_url(url).set(username=user).render_as_string(hide_password=False)

    made = Roles(url, named("cynthia_migrator"), named("cynthia_runtime"))
    execute(url, ROLES)
    upgrade(made.migrator)
    execute(made.migrator, GRANTS)
    yield made
    server.drop(url)
    execute(server.url("postgres"), "DROP ROLE cynthia_migrator; DROP ROLE cynthia_runtime")


def execute(url: str, statements: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statements)


def test_the_migrating_role_brings_the_schema_up_and_the_working_one_finds_it_so(roles: Roles) -> None:
    assert pending_revisions(roles.runtime) == ()
    upgrade(roles.runtime)
    names = {name for name in metadata.tables if f" ON {name} " not in GRANTS}
    assert names == WITHOUT_GRANT


def test_the_working_role_does_a_whole_audits_work(roles: Roles) -> None:
    engine = open_engine(roles.runtime)
    with engine.begin() as connection:
        rows = [{"input_type": "url", "input_value": f"https://host{n}.example.com/"} for n in range(5)]
        statement = insert(build_sessions).returning(build_sessions.c.id)
        sessions = [SessionId(each) for each in connection.scalars(statement, rows)]

    async def drain() -> None:
        store = PostgresDrainStore(
            roles.runtime, Limits(at_once=9, per_owner=9, per_host=9), RetryPolicy(2, 2.0, 300.0), lease_s=30
        )
        await store.register(5)
        assert not await store.accept_new()
        done, failed, retried, released, *_ = claimed = await store.claim(5)
        assert len(await store.renew([each.lease for each in claimed])) == 5
        await store.write_progress([(done, 40)])
        await store.save_draft(done.id, "bakery", "<p>bread</p>")
        assert await store.load_draft(done.id) == ("bakery", "<p>bread</p>")
        await store.complete(done, RESULT)
        await store.fail(failed, ErrorCode.TLS_FAILED, "m", "d")
        await store.retry(retried, 60, ErrorCode.TIMED_OUT, "d")
        await store.release(released)
        assert await store.free_expired() == 0
        await store.raise_waiting()
        await store.stop_counting()
        await store.deregister()
        await store.close()

    asyncio.run(drain())
    with engine.begin() as connection:
        now = database_now(connection)
        states = [view.audit_status for each in sessions if (view := view_session(connection, each, now))]
        assert sorted(states) == ["completed", "failed", "pending", "pending", "running"]
        failed = next(each for each in sessions if view_session(connection, each, now).audit_status == "failed")  # type: ignore[union-attr]  # seen above
        assert replay(connection, [failed], now) == [failed]
        cancel(connection, failed, now)
        pause(connection, WorkKind.AUDITS, "an operator", now)
        resume(connection, WorkKind.AUDITS)
        read_overview(connection, WorkKind.AUDITS, 60, now)
        requeue_adrift(connection, now)
        repair_sessions(connection, now)
        prune_attempts(connection, now)
    engine.dispose()


def test_the_working_role_makes_fix_packs_and_keeps_the_credits(roles: Roles) -> None:
    engine = open_engine(roles.runtime)
    desk = Desk(engine)
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN)
    desk.request(user, audit)
    assert desk.accept() == 1
    (pack,) = desk.claim()
    desk.complete(pack)
    assert (desk.packs(), desk.offenders()) == (1, ())
    with engine.begin() as connection:
        now = database_now(connection)
        reset_due(connection, now, now)
        assert find_unbalanced(connection).offenders == ()
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "ALTER TABLE build_sessions ADD COLUMN mine int",
        "DROP TABLE cynthia_drains",
        "TRUNCATE cynthia_audits",
        "CREATE INDEX mine ON build_sessions (language)",
        "ALTER TABLE credit_ledger DISABLE TRIGGER ALL",
        "DROP TRIGGER cynthia_append_only ON credit_ledger",
        "UPDATE credit_ledger SET credits = 1000",
        "DELETE FROM credit_ledger",
        "DELETE FROM credit_balances",
        "DELETE FROM cynthia_audits",
        "DELETE FROM build_sessions",
        "UPDATE build_sessions SET user_id = NULL",
        "UPDATE build_sessions SET status = 'converted'",
        "UPDATE build_sessions SET input_value = 'http://example.com/'",
        "UPDATE fix_packs SET title = 'mine'",
        "DELETE FROM fix_packs",
        "SELECT * FROM preview_links",
        "UPDATE cynthia_alembic_version SET version_num = '0001'",
        "SET ROLE cynthia_migrator",
        "COPY cynthia_audits TO PROGRAM 'true'",
    ],
)
def test_the_working_role_can_do_nothing_else(roles: Roles, statement: str) -> None:
    with psycopg.connect(roles.runtime) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)
