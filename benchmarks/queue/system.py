"""What both systems under measurement have in common, and the questions that both answer from the same two tables."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import psutil
import psycopg

_FINISHED = "SELECT count(*) FROM build_sessions WHERE audit_status IN ('completed', 'failed')"

_TIMINGS = """
    SELECT s.input_value, extract(epoch FROM s.created_at)::float8, extract(epoch FROM a.started_at)::float8,
           extract(epoch FROM a.completed_at)::float8
    FROM build_sessions s JOIN cynthia_audits a ON a.id = s.audit_id
    WHERE s.audit_status = 'completed' AND a.status = 'completed'"""


@dataclass(frozen=True, slots=True)
class Row:
    """One completed session: its target and its moments in Unix time."""

    target: str
    inserted: float
    started: float
    completed: float


class System(Protocol):
    """A running system: takes sessions, works on them."""

    @property
    def url(self) -> str:
        """Its database."""
        ...

    @property
    def parts(self) -> Mapping[str, psutil.Process]:
        """Everything that it runs on, by name, the roots of the process trees."""
        ...

    @property
    def worker(self) -> psutil.Process | None:
        """The process that works on the audits; None if none does at the moment."""
        ...

    def submit(self, targets: Sequence[str]) -> None:
        """Inserts one anonymous build session for each target, in one transaction, as the web app would."""


class OpenSystem(Protocol):
    """Starts a system on an empty database of its own; `cold` = so that it starts its worker for each session."""

    def __call__(self, *, concurrency: int, audit_api_url: str, cold: bool) -> AbstractContextManager[System]: ...


def count_finished(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """How many sessions have come to their end."""
    row = connection.execute(_FINISHED).fetchone()
    return int(str(row[0])) if row else 0


def completed_rows(connection: psycopg.Connection[tuple[object, ...]]) -> list[Row]:
    """The completed sessions."""
    cursor = connection.execute(_TIMINGS)
    return [
        Row(target=str(target), inserted=float(str(inserted)), started=float(str(started)), completed=float(str(done)))
        for target, inserted, started, done in cursor.fetchall()
    ]
