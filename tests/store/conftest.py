"""Rows as the web app makes them, and reports as an engine returns them."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, Table, insert, update

from cynthia_pipeline.audit.engine import AuditResult
from cynthia_pipeline.audit.report import Axis, Report
from cynthia_pipeline.queue.duplicates import Reuse
from cynthia_pipeline.queue.model import ClaimedAudit, Limits, SessionId
from cynthia_pipeline.store.acceptance import accept_new
from cynthia_pipeline.store.claims import claim
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.outcomes import complete
from cynthia_pipeline.store.tables import build_sessions, credit_balances

InsertSession = Callable[..., SessionId]

WIDE = Limits(at_once=100, per_owner=100, per_host=100)
"""Nothing waits for a place."""

RESULT = AuditResult(
    Report(
        version="1",
        overall_score=70,
        udec_scores=dict.fromkeys(Axis, 70),
        issues_found_total=0,
        teaser_issues=(),
        full_issues=(),
    )
)
"""A report of a page without a fault."""


def accept_all(engine: Engine, reuse: Reuse | None = None) -> None:
    """Takes new sessions in."""
    with engine.begin() as connection:
        accept_new(connection, database_now(connection), reuse)


def take(engine: Engine, slots: int = 100, *, only: list[SessionId] | None = None) -> list[ClaimedAudit]:
    """Claims what is due, as a drain does."""
    with engine.begin() as connection:
        now = database_now(connection)
        return claim(connection, slots=slots, limits=WIDE, lease_s=30, run_id="run", now=now, only=only)


def finish(engine: Engine, claimed: ClaimedAudit) -> None:
    """Completes an audit under its lease."""
    with engine.begin() as connection:
        complete(connection, claimed.id, claimed.lease, RESULT, database_now(connection))


def write(engine: Engine, table: Table, row: UUID, **values: object) -> None:
    """Changes one row past all rules."""
    with engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == row).values(**values))


@pytest.fixture
def insert_session(engine: Engine) -> InsertSession:
    """Inserts a build session with the web app's own columns; returns its id."""

    def insert_one(
        value: str = "https://example.com/", *, user: UUID | None = None, input_type: str = "url", language: str = "en"
    ) -> SessionId:
        with engine.begin() as connection:
            statement = (
                insert(build_sessions)
                .values(input_type=input_type, input_value=value, user_id=user, language=language)
                .returning(build_sessions.c.id)
            )
            return SessionId(connection.execute(statement).scalar_one())

    return insert_one


@pytest.fixture
def give_plan(engine: Engine) -> Callable[[UUID, str], None]:
    """Gives a user a plan."""

    def give(user: UUID, plan: str) -> None:
        with engine.begin() as connection:
            connection.execute(
                insert(credit_balances).values(user_id=user, plan=plan, reset_at=datetime(2027, 1, 1, tzinfo=UTC))
            )

    return give
