"""Whether the queue slows down as its past grows: `python -m benchmarks.queue.growth`.

Fills the tables with ever more sessions that are past, and times what a drain and a sensor ask of them. Everything is
asked in turn on one connection and on one idle server, so that the figures compare; medians, milliseconds.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, text

from benchmarks.queue.postgres import open_postgres
from benchmarks.queue.results import RESULT
from cynthia_pipeline.queue.acceptance import IntakeRules
from cynthia_pipeline.queue.duplicates import Reuse
from cynthia_pipeline.queue.model import ClaimedAudit, DrainId, Limits, RetryPolicy, WorkKind
from cynthia_pipeline.store import acceptance, claims, drains, outcomes, overview, rescue
from cynthia_pipeline.store.clock_jumps import pull_in
from cynthia_pipeline.store.database import open_engine
from cynthia_pipeline.store.depth import queue_depth
from cynthia_pipeline.store.intake import take_in
from cynthia_pipeline.store.migrate import upgrade
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.repair import repair_sessions, requeue_adrift

Answer = TypeVar("Answer")

SIZES = (1_000, 100_000, 1_000_000)
_AT_ONCE = 20
_LEASE_S = 30.0
_LIMITS = Limits(at_once=100, per_owner=100, per_host=100)
_RETRY = RetryPolicy(max_attempts=4, base_s=2.0, cap_s=300.0)
_RULES = IntakeRules(ageing_s=600.0, reuse=Reuse(window_s=600.0, copy=True, private_hosts=frozenset()))

_PAST_AUDITS = """
INSERT INTO cynthia_audits (id, created_at, updated_at, project_id, user_id, status, target_type, target_value,
    overall_score, udec_scores, issues_found_total, teaser_issues, full_issues, completed_at, owner_key, target_host,
    priority, turn, queued_at, priority_since, attempts, started_at, dedupe_key, error_code)
SELECT md5('audit' || n)::uuid, at, at, gen_random_uuid(), md5('owner' || n % 10000)::uuid,
    CASE WHEN n % 20 = 0 THEN 'failed' ELSE 'completed' END::audit_status, 'url', 'https://site-' || n || '.example/',
    70, '{"CTX": 70}', 3, '[]', jsonb_build_array(jsonb_build_object('evidence', repeat(md5(n::text), 20))), at,
    md5('owner' || n % 10000)::uuid, 'site-' || n || '.example', 2, n / 10000, at, at, 1, at, md5('key' || n),
    CASE WHEN n % 20 = 0 THEN 'timed_out' END
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n,
    LATERAL (SELECT now() - interval '2 hours' - n * interval '2 seconds' AS at) moment
"""
_PAST_SESSIONS = """
INSERT INTO build_sessions (created_at, updated_at, input_type, input_value, audit_id, audit_status, progress, user_id)
SELECT created_at, created_at, 'url', target_value, id, status::text::build_session_audit_status, 100, owner_key
FROM cynthia_audits WHERE id IN (SELECT md5('audit' || n)::uuid
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n)
"""
_PAST_ATTEMPTS = """
INSERT INTO cynthia_audit_attempts (audit_id, lease_id, attempt, started_at, ended_at, outcome)
SELECT id, gen_random_uuid(), 1, created_at, created_at, status FROM cynthia_audits
WHERE id IN (SELECT md5('audit' || n)::uuid FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n)
"""
_PAST_DRAINS = """
INSERT INTO cynthia_drains (id, kind, run_id, host, pid, slots, started_at, seen_at, ending_at, ended_at)
SELECT gen_random_uuid(), 'audits', gen_random_uuid(), 'host', 1, 5, at, at, at, at
FROM generate_series(CAST(:first AS int) / 10, CAST(:last AS int) / 10) n,
    LATERAL (SELECT now() - interval '2 hours' - n * interval '20 seconds' AS at) moment
"""
_NEW = """
INSERT INTO build_sessions (input_type, input_value)
SELECT 'url', 'https://' || gen_random_uuid() || '.example/' FROM generate_series(1, CAST(:count AS int))
"""


def fill(engine: Engine, first: int, last: int) -> None:
    """Adds the past sessions number `first` to `last`, and lets Postgres take stock of them."""
    with engine.begin() as connection:
        for statement in (_PAST_AUDITS, _PAST_SESSIONS, _PAST_ATTEMPTS, _PAST_DRAINS):
            connection.execute(text(statement), {"first": first, "last": last})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def measure(engine: Engine, rounds: int) -> Mapping[str, float]:
    """The median of each operation, in ms; each round works `_AT_ONCE` new sessions through."""
    taken: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[Connection], Answer]) -> Answer:
        began = time.perf_counter()
        with engine.begin() as connection:
            answer = work(connection)
        taken.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        return answer

    for _ in range(rounds):
        drain = DrainId(uuid4())
        record = drains.DrainRecord(id=drain, kind=WorkKind.AUDITS, run_id=str(drain), host="h", pid=1, slots=_AT_ONCE)
        timed("sensor tick, nothing new", _tick)
        timed("drain start", partial(_start, record=record))
        with engine.begin() as connection:
            connection.execute(text(_NEW), {"count": _AT_ONCE})
        timed(f"accept {_AT_ONCE}", _accept)
        claimed = timed(f"claim {_AT_ONCE}", _claim)
        timed("renew", partial(_renew, claimed=claimed))
        timed(f"complete {_AT_ONCE}", partial(_complete, claimed=claimed))
        timed("rescue", _rescue)
        timed("cynthia queue", _overview)
        timed("depth", _depth)
        with engine.begin() as connection:
            drains.deregister(connection, drain, database_now(connection))
    return {name: statistics.median(values) for name, values in taken.items()}


def _tick(connection: Connection) -> None:
    take_in(connection, _RETRY, WorkKind.AUDITS, _LEASE_S, _RULES)


def _start(connection: Connection, record: drains.DrainRecord) -> None:
    drains.register(connection, record, database_now(connection))
    _accept(connection)
    _claim(connection)
    claims.seconds_until_due(connection, database_now(connection), None)


def _accept(connection: Connection) -> None:
    acceptance.accept_new(connection, database_now(connection), _RULES.reuse)


def _claim(connection: Connection) -> list[ClaimedAudit]:
    return claims.claim(
        connection, slots=_AT_ONCE, limits=_LIMITS, lease_s=_LEASE_S, run_id="run", now=database_now(connection)
    )


def _renew(connection: Connection, claimed: Sequence[ClaimedAudit]) -> None:
    claims.renew(connection, [audit.lease for audit in claimed], _LEASE_S, database_now(connection))


def _complete(connection: Connection, claimed: Sequence[ClaimedAudit]) -> None:
    outcomes.complete_all(connection, [(audit.id, audit.lease, RESULT) for audit in claimed], database_now(connection))


def _overview(connection: Connection) -> None:
    overview.read_overview(connection, WorkKind.AUDITS, _LEASE_S, database_now(connection))


def _depth(connection: Connection) -> None:
    queue_depth(connection, _LEASE_S, database_now(connection))


def _rescue(connection: Connection) -> None:
    now = database_now(connection)
    pull_in(connection, lease_s=_LEASE_S, longest_wait_s=4000, now=now)
    rescue.free_expired(connection, _RETRY, random.uniform, now)
    requeue_adrift(connection, now)
    repair_sessions(connection, now)


def main() -> None:
    """Measures at each size and prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments = parser.parse_args()
    console = Console()
    measured: dict[int, Mapping[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, open_postgres(Path(folder)) as postgres:
        url = postgres.create_database("growth")
        upgrade(url)
        engine = open_engine(url)
        there = 0
        for size in sorted(arguments.sizes):
            console.print(f"{size:,} past sessions …")
            fill(engine, there + 1, size)
            there = size
            measure(engine, 5)
            measured[size] = measure(engine, arguments.rounds)
        engine.dispose()
    _print(console, measured)


def _print(console: Console, measured: Mapping[int, Mapping[str, float]]) -> None:
    sizes = sorted(measured)
    table = Table(title="Medians, ms", title_justify="left")
    table.add_column("past sessions")
    for size in sizes:
        table.add_column(f"{size:,}", justify="right")
    table.add_column("last to first", justify="right")
    for name, first in measured[sizes[0]].items():
        row = [f"{measured[size][name]:.1f}" for size in sizes]
        table.add_row(name, *row, f"{measured[sizes[-1]][name] / first:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()
