"""Rows as the web app makes them, and reports as an engine returns them."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert

from cynthia_pipeline.queue.model import SessionId
from cynthia_pipeline.store.tables import build_sessions, credit_balances

InsertSession = Callable[..., SessionId]


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
