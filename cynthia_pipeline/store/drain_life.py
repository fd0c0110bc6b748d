"""What the stores of all drains have in common: connections, the drain's signs of life, and word of new work."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ClassVar, TypeVar
from uuid import uuid4

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from cynthia_pipeline.queue.model import DrainId, WorkKind
from cynthia_pipeline.queue.ports import Notice, StoreRefusedError, StoreUnavailableError
from cynthia_pipeline.store import drains, notifications
from cynthia_pipeline.store.database import open_async_engine
from cynthia_pipeline.store.moment import DatabaseClock

Answer = TypeVar("Answer")


class DrainLife:
    """One drain's pool and its record among the drains. `close` gives the connections back."""

    answer_within_s: ClassVar[float] = 15.0
    """Seconds until a call counts as unanswered: a connection can be half open, and then nothing else ends the wait."""

    def __init__(self, url: str, kind: WorkKind, run_id: str | None, clock: DatabaseClock) -> None:
        self.drain_id = DrainId(uuid4())
        self._url = url
        self._kind = kind
        self._engine = open_async_engine(url)
        self._run_id = run_id
        self._clock = clock

    async def close(self) -> None:
        """Closes the pool."""
        await self._engine.dispose()

    async def register(self, slots: int) -> None:
        """Makes the drain known as alive."""
        record = drains.DrainRecord(
            id=self.drain_id,
            kind=self._kind,
            run_id=self._run_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            slots=slots,
        )
        await self._transact(lambda connection: drains.register(connection, record, self._clock(connection)))

    async def deregister(self) -> None:
        """Notes that the drain ended."""
        await self._transact(lambda connection: drains.deregister(connection, self.drain_id, self._clock(connection)))

    async def stop_counting(self) -> None:
        """Notes that the drain takes no more work."""
        await self._transact(lambda connection: drains.ending(connection, self.drain_id, self._clock(connection)))

    @asynccontextmanager
    async def notices(self) -> AsyncIterator[AsyncIterator[Notice]]:
        """Word that work arrived or was cancelled."""
        try:
            async with notifications.notices(self._url, self._kind, self.drain_id) as heard:
                yield heard
        except psycopg.OperationalError as error:
            raise StoreUnavailableError(str(error)) from error

    async def _transact(self, work: Callable[[Connection], Answer]) -> Answer:
        try:
            async with asyncio.timeout(self.answer_within_s), self._engine.begin() as connection:
                return await connection.run_sync(work)
        except TimeoutError as error:
            # What does not answer on one connection will not on the others, which would each be waited for.
            await self._engine.dispose()
            raise StoreUnavailableError("no answer") from error
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            raise StoreUnavailableError(str(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnavailableError(str(error)) from error
            raise StoreRefusedError(str(error)) from error
