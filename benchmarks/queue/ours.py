"""This project's side: one drain as a process of its own, on the remote engine, told of work by Postgres."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psutil
import psycopg

from benchmarks.queue.postgres import BenchmarkPostgres
from benchmarks.queue.processes import running
from benchmarks.queue.system import System
from cynthia_pipeline.store.migrate import upgrade


class OurSystem:
    """A live drain on a migrated database."""

    def __init__(self, url: str, parts: Mapping[str, psutil.Process]) -> None:
        self.url = url
        self.parts = parts
        self.worker = parts["drain"]
        self._connection = psycopg.connect(url, autocommit=True)

    def submit(self, targets: Sequence[str]) -> None:
        """Inserts the sessions; the insert is the enqueue."""
        self._connection.execute(
            "INSERT INTO build_sessions (input_type, input_value) SELECT 'url', unnest(%s::text[])", [list(targets)]
        )

    def close(self) -> None:
        """Gives the connection back."""
        self._connection.close()


@contextmanager
def open_ours(postgres: BenchmarkPostgres, *, concurrency: int, audit_api_url: str) -> Iterator[System]:
    """Starts a drain on an empty database."""
    url = postgres.create_database("ours")
    upgrade(url)
    environment = {
        "CYNTHIA_DATABASE_URL": url,
        "CYNTHIA_AUDIT_ENGINE": "remote",
        "CYNTHIA_AUDIT_API_URL": audit_api_url,
        "CYNTHIA_AUDITS_AT_ONCE": str(concurrency),
        "CYNTHIA_KEEP_WARM": "true",
    }
    with running([sys.executable, "-m", "benchmarks.queue.drain_process"], environment=environment) as drain:
        drain.line()
        system = OurSystem(url, {"drain": drain.tree, "postgres": postgres.process})
        try:
            yield system
        finally:
            system.close()
