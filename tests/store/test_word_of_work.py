"""Who accepted new sessions tells the drains: they heard of the insert as well, looked, and could not see them yet."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy import Engine, insert

from cynthia_pipeline.queue.acceptance import IntakeRules
from cynthia_pipeline.queue.model import Limits, RetryPolicy, WorkKind
from cynthia_pipeline.queue.ports import Notice
from cynthia_pipeline.store.drain_store import PostgresDrainStore
from cynthia_pipeline.store.intake import take_in
from cynthia_pipeline.store.notifications import tell_of_cancelling
from cynthia_pipeline.store.tables import build_sessions

LIMITS = Limits(at_once=5, per_owner=2, per_host=2)
RETRY = RetryPolicy(max_attempts=4, base_s=2, cap_s=300)
_HEARD_WITHIN_S = 60


@pytest_asyncio.fixture
async def drain(database_url: str) -> AsyncIterator[PostgresDrainStore]:
    store = PostgresDrainStore(database_url, LIMITS, RETRY, lease_s=30)
    yield store
    await store.close()


def insert_session(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(build_sessions).values(input_type="url", input_value="https://a.test/"))


async def test_a_drain_hears_of_what_the_sensor_accepted(drain: PostgresDrainStore, engine: Engine) -> None:
    insert_session(engine)
    async with drain.notices() as notices:
        with engine.begin() as connection:
            take_in(connection, RETRY, WorkKind.AUDITS, 30, IntakeRules())
        async with asyncio.timeout(_HEARD_WITHIN_S):
            assert await anext(aiter(notices)) is Notice.WORK


async def test_a_drain_hears_of_what_another_accepted_and_not_of_its_own(
    drain: PostgresDrainStore, engine: Engine, database_url: str
) -> None:
    insert_session(engine)
    other = PostgresDrainStore(database_url, LIMITS, RETRY, lease_s=30)
    try:
        async with drain.notices() as notices, other.notices() as others, asyncio.timeout(_HEARD_WITHIN_S):
            assert not await drain.accept_new()
            with engine.begin() as connection:
                tell_of_cancelling(connection, WorkKind.AUDITS)
            assert await anext(aiter(notices)) is Notice.CANCELLED
            assert await anext(aiter(others)) is Notice.WORK
    finally:
        await other.close()
