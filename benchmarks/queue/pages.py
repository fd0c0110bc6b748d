"""Whether the pages of the Dagster UI slow down as the past grows: `python -m benchmarks.queue.pages`.

Fills Dagster's storage with the runs and events that ever more sessions leave, partitions as the pipeline keeps them
(the newest `CYNTHIA_PARTITIONS_KEPT`), and opens the pages in a browser. One real event and one real run are written
by the pipeline's own code and multiplied by SQL. Medians of the seconds until a page has its last answer.
"""

import argparse
import asyncio
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from playwright.async_api import Browser, Response, async_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.queue.postgres import open_postgres
from benchmarks.queue.processes import running
from benchmarks.queue.results import RESULT
from cynthia_pipeline.assets.drain_thread import Ending
from cynthia_pipeline.assets.session_log import SessionLog
from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.browser.executable import find_chromium
from cynthia_pipeline.deployment.ports import port_to_use
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.model import AttemptOutcome, AuditId, ClaimedAudit, LeaseId, SessionId, Settled
from cynthia_pipeline.store.migrate import upgrade

SIZES = (1_000, 100_000, 1_000_000)
_KEPT = 10_000
_SESSIONS_A_RUN = 100
_PAGES = {
    "asset, overview": "/assets/audit_results",
    "asset, partitions": "/assets/audit_results?view=partitions",
    "asset, events": "/assets/audit_results?view=events",
    "asset, plots": "/assets/audit_results?view=plots",
    "runs": "/runs",
    "automation": "/automation",
}
_QUIET_S = 1.5
"""A page has its last answer when none came for this long."""

_PAGE_WITHIN_S = 120.0

_MORE_RUNS = """
INSERT INTO runs (run_id, snapshot_id, pipeline_name, status, run_body, create_timestamp, update_timestamp, start_time,
                  end_time)
SELECT md5('run' || n)::uuid::text, snapshot_id, pipeline_name, status,
       replace(run_body, %(run)s, md5('run' || n)::uuid::text), at, at,
       extract(epoch FROM at), extract(epoch FROM at) + 60
FROM runs, generate_series(%(first)s::int / %(each)s, (%(last)s::int - 1) / %(each)s) n,
     LATERAL (SELECT create_timestamp - interval '29 days' * (1 - n * %(each)s / %(all)s::float) AS at) moment
WHERE run_id = %(run)s
ON CONFLICT DO NOTHING
"""
_MORE_EVENTS = """
INSERT INTO event_logs (run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition)
SELECT md5('run' || n / %(each)s)::uuid::text,
       replace(replace(event, %(run)s, md5('run' || n / %(each)s)::uuid::text), partition, md5('s' || n)::uuid::text),
       dagster_event_type, timestamp - interval '29 days' * (1 - n / %(all)s::float), step_key, asset_key,
       md5('s' || n)::uuid::text
FROM event_logs, generate_series(%(first)s::int, %(last)s::int) n
WHERE event_logs.run_id = %(run)s AND partition IS NOT NULL
ORDER BY n
"""
_NEWEST_PARTITIONS = """
INSERT INTO dynamic_partitions (partitions_def_name, partition)
SELECT 'build_sessions', md5('s' || n)::uuid::text
FROM generate_series(greatest(1, %(last)s::int - %(kept)s + 1), %(last)s::int) n ORDER BY n
"""


def seed(instance: DagsterInstance) -> str:
    """Writes one run with one session's event, as a drain does. Returns the run's id."""
    run = DagsterRun(job_name="audit_results_job", run_id=str(uuid4()), status=DagsterRunStatus.SUCCESS)
    instance.run_storage.add_run(run)
    now, session = datetime.now(UTC), SessionId(uuid4())
    audit = ClaimedAudit(
        id=AuditId(uuid4()),
        lease=LeaseId(uuid4()),
        sessions=(session,),
        attempt=1,
        target_type=TargetType.URL,
        target_value="https://example.org/",
        language=Language.ENGLISH,
        context=None,
        constraints=None,
        accepted_at=now,
        inserted_at=now,
        claimed_at=now,
    )
    ending = Ending(audit, Settled(AttemptOutcome.COMPLETED, (session,), waited_s=0.02, worked_s=3.0), RESULT)
    SessionLog(instance, run, _KEPT).enter([ending])
    return run.run_id


def fill(url: str, run: str, first: int, last: int, everything: int) -> None:
    """Adds what the sessions number `first` to `last` leave, and lets Postgres take stock of it."""
    parameters = {"run": run, "first": first, "last": last, "each": _SESSIONS_A_RUN, "all": everything, "kept": _KEPT}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_MORE_RUNS, parameters)
        connection.execute(_MORE_EVENTS, parameters)
        connection.execute("DELETE FROM dynamic_partitions")
        connection.execute(_NEWEST_PARTITIONS, parameters)
        connection.execute("VACUUM ANALYZE")


@contextmanager
def webserver(environment: Mapping[str, str]) -> Iterator[str]:
    """The Dagster UI on the project's own code; gives its address once it answers."""
    port = port_to_use("127.0.0.1", 0)
    program = Path(sys.executable).with_name("dagster-webserver")
    command = (program, "-m", "cynthia_pipeline.definitions", "-h", "127.0.0.1", "-p", str(port))
    with running(command, environment=environment):
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + _PAGE_WITHIN_S
        while True:
            with suppress(OSError), urllib.request.urlopen(f"{address}/server_info"):  # noqa: S310 - our own address
                break
            if time.monotonic() > deadline:
                raise RuntimeError("the webserver does not answer")
            time.sleep(0.2)
        yield address


async def seconds_of(browser: Browser, address: str) -> tuple[float, str]:
    """Seconds until the page's last answer, and the slowest question with its seconds."""
    page = await browser.new_page()
    began = time.monotonic()
    last: float | None = None
    asked: set[int] = set()
    slowest = (0.0, "")

    def note_answer(response: Response) -> None:
        nonlocal last, slowest
        if response.url.partition("?")[0].endswith("/graphql"):
            last = time.monotonic()
            taken = max(response.request.timing["responseStart"] - response.request.timing["requestStart"], 0) / 1000
            name = re.search(r'"operationName":"(\w+)"', response.request.post_data or "")
            slowest = max(slowest, (taken, name.group(1) if name else "?"))

    page.on("request", lambda request: asked.add(id(request)))
    page.on("requestfinished", lambda request: asked.discard(id(request)))
    page.on("requestfailed", lambda request: asked.discard(id(request)))
    page.on("response", note_answer)
    await page.goto(address, wait_until="domcontentloaded")
    while time.monotonic() - began < _PAGE_WITHIN_S:
        await asyncio.sleep(0.05)
        if not asked and last is not None and time.monotonic() - last > _QUIET_S:
            break
    await page.close()
    if last is None:
        raise RuntimeError(f"{address} asks nothing")
    return last - began, f"{slowest[1]} {slowest[0]:.2f}"


async def measure(address: str, rounds: int) -> Mapping[str, tuple[float, str]]:
    """The median of each page, after one visit that does not count."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(None), args=["--no-sandbox", "--disable-background-networking"]
        )
        measured: dict[str, tuple[float, str]] = {}
        for name, path in _PAGES.items():
            visits = [await seconds_of(browser, address + path) for _ in range(rounds + 1)][1:]
            measured[name] = statistics.median(seconds for seconds, _ in visits), visits[-1][1]
        await browser.close()
        return measured


def main() -> None:
    """Measures at each size and prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments = parser.parse_args()
    console = Console()
    measured: dict[int, Mapping[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, open_postgres(Path(folder)) as postgres:
        app, dagster = postgres.create_database("pages"), postgres.create_database("pages_dagster")
        upgrade(app)
        home = Path(folder) / "dagster"
        home.mkdir()
        shutil.copy(Path(__file__).parents[2] / "dagster.yaml", home)
        environment = {
            "CYNTHIA_DATABASE_URL": app,
            "DAGSTER_POSTGRES_URL": dagster.replace("postgresql://", "postgresql+psycopg2://"),
            "DAGSTER_HOME": str(home),
        }
        os.environ.update(environment)
        with DagsterInstance.from_config(str(home)) as instance:
            run = seed(instance)
        there = 0
        for size in sorted(arguments.sizes):
            console.print(f"{size:,} past sessions …")
            fill(dagster, run, there + 1, size, max(arguments.sizes))
            there = size
            with webserver(environment) as address:
                measured[size] = asyncio.run(measure(address, arguments.rounds))
    _print(console, measured)


def _print(console: Console, measured: Mapping[int, Mapping[str, tuple[float, str]]]) -> None:
    sizes = sorted(measured)
    table = Table(title="Medians, seconds until the last answer", title_justify="left")
    table.add_column("past sessions")
    for size in sizes:
        table.add_column(f"{size:,}", justify="right")
    table.add_column("last to first", justify="right")
    table.add_column("slowest question at the last")
    for name, (first, _) in measured[sizes[0]].items():
        seconds, slowest = measured[sizes[-1]][name]
        row = [f"{measured[size][name][0]:.2f}" for size in sizes]
        table.add_row(name, *row, f"{seconds / first:.2f}", slowest)
    console.print(table)


if __name__ == "__main__":
    main()
