"""This project's side, in two forms: the whole deployment with Dagster, and one drain without Dagster around it."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg

from benchmarks.queue.postgres import BenchmarkPostgres
from benchmarks.queue.processes import running
from benchmarks.queue.system import System
from cynthia_pipeline.store.migrate import upgrade

_LOOK_EVERY_S = 0.1

_PATIENCE_S = 120.0


class OurSystem:
    """This project at work on a migrated database.

    Args:
        cold: each submit waits until no drain is alive.
    """

    def __init__(self, url: str, parts: Mapping[str, psutil.Process], *, cold: bool = False) -> None:
        self.url = url
        self.parts = parts
        self._connection = psycopg.connect(url, autocommit=True)
        self._cold = cold

    @property
    def worker(self) -> psutil.Process | None:
        """The process of the drain that is alive; None if there is none."""
        row = self._connection.execute(
            "SELECT pid FROM cynthia_drains WHERE ended_at IS NULL ORDER BY started_at LIMIT 1"
        ).fetchone()
        return psutil.Process(row[0]) if row is not None and psutil.pid_exists(row[0]) else None

    def submit(self, targets: Sequence[str]) -> None:
        """Inserts the sessions; the insert is the enqueue."""
        deadline = time.monotonic() + _PATIENCE_S
        while self._cold and self.worker is not None:
            if time.monotonic() > deadline:
                raise RuntimeError("the drain does not end")
            time.sleep(_LOOK_EVERY_S)
        self._connection.execute(
            "INSERT INTO build_sessions (input_type, input_value) SELECT 'url', unnest(%s::text[])", [list(targets)]
        )

    def close(self) -> None:
        """Gives the connection back."""
        self._connection.close()


@contextmanager
def open_drain(postgres: BenchmarkPostgres, *, concurrency: int, audit_api_url: str, cold: bool) -> Iterator[System]:
    """Starts a drain on an empty database.

    Raises:
        ValueError: `cold` was asked for: a drain alone is alive by definition.
    """
    if cold:
        raise ValueError("a drain alone cannot be cold")
    url = postgres.create_database("ours")
    upgrade(url)
    environment = _settings(url, concurrency, audit_api_url) | {"CYNTHIA_KEEP_WARM": "true"}
    with running([sys.executable, "-m", "benchmarks.queue.drain_process"], environment=environment) as drain:
        drain.line()
        with closing(OurSystem(url, {"drain": drain.tree, "postgres": postgres.process})) as system:
            yield system


@contextmanager
def open_deployment(
    postgres: BenchmarkPostgres, folder: Path, *, concurrency: int, audit_api_url: str, cold: bool
) -> Iterator[System]:
    """Starts a whole deployment on empty databases; warm, its drain outlives the pauses between the sessions."""
    url = postgres.create_database("ours")
    environment = _settings(url, concurrency, audit_api_url) | {
        "DAGSTER_POSTGRES_URL": postgres.create_database("ours_dagster"),
        "CYNTHIA_HOME": str(folder / "home"),
        "CYNTHIA_WEBSERVER_PORT": "0",
        "CYNTHIA_LINGER_S": "0" if cold else "30",
    }
    with running([sys.executable, "-m", "benchmarks.queue.deployment_process"], environment=environment) as deployment:
        deployment.line()
        parts = {"deployment": deployment.tree, "postgres": postgres.process}
        with closing(OurSystem(url, parts, cold=cold)) as system:
            yield system


def _settings(url: str, concurrency: int, audit_api_url: str) -> dict[str, str]:
    return {
        "CYNTHIA_DATABASE_URL": url,
        "CYNTHIA_AUDIT_ENGINE": "remote",
        "CYNTHIA_AUDIT_API_URL": audit_api_url,
        "CYNTHIA_AUDITS_AT_ONCE": str(concurrency),
    }
