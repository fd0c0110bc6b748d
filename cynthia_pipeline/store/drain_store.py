"""The queue on Postgres, as one drain uses it: each call of the port is one transaction."""

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import uuid4

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from cynthia_pipeline.audit.engine import AuditResult
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.acceptance import IntakeRules
from cynthia_pipeline.queue.model import (
    AuditId,
    ClaimedAudit,
    DrainId,
    LeaseId,
    Limits,
    RetryPolicy,
    SessionId,
    Settled,
    WorkKind,
)
from cynthia_pipeline.queue.ports import Notice, StoreUnavailableError
from cynthia_pipeline.queue.retry import Jitter
from cynthia_pipeline.store import acceptance, ageing, claims, drafts, drains, notifications, outcomes, rescue
from cynthia_pipeline.store.database import open_async_engine
from cynthia_pipeline.store.moment import DatabaseClock, database_now

Answer = TypeVar("Answer")

_ANSWER_WITHIN_S = 15.0
"""Seconds until a call counts as unanswered: a connection can be half open, and then nothing else ends the wait."""


class PostgresDrainStore:
    """Implements queue.ports.DrainStore. `close` gives the connections back."""

    def __init__(
        self,
        url: str,
        limits: Limits,
        retry: RetryPolicy,
        *,
        lease_s: float,
        run_id: str | None = None,
        rules: IntakeRules | None = None,
        clock: DatabaseClock = database_now,
        jitter: Jitter = random.uniform,
    ) -> None:
        self.drain_id = DrainId(uuid4())
        self._url = url
        self._engine = open_async_engine(url)
        self._limits = limits
        self._retry = retry
        self._lease_s = lease_s
        self._run_id = run_id
        self._rules = rules or IntakeRules()
        self._clock = clock
        self._jitter = jitter

    async def close(self) -> None:
        """Closes the pool."""
        await self._engine.dispose()

    async def register(self, slots: int) -> None:
        """Makes the drain known as alive."""
        record = drains.DrainRecord(
            id=self.drain_id,
            kind=WorkKind.AUDITS,
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

    async def accept_new(self) -> int:
        """Takes new sessions into the queue."""
        return await self._transact(
            lambda connection: acceptance.accept_new(connection, self._clock(connection), self._rules.reuse)
        )

    async def claim(self, slots: int, only: Sequence[SessionId] | None) -> list[ClaimedAudit]:
        """Takes leases on audits that are due."""
        return await self._transact(
            lambda connection: claims.claim(
                connection,
                slots=slots,
                limits=self._limits,
                lease_s=self._lease_s,
                run_id=self._run_id,
                now=self._clock(connection),
                only=only,
            )
        )

    async def seconds_until_due(self, only: Sequence[SessionId] | None) -> float | None:
        """Seconds until the next pending audit is due."""
        return await self._transact(
            lambda connection: claims.seconds_until_due(connection, self._clock(connection), only)
        )

    async def renew(self, leases: Sequence[LeaseId]) -> set[LeaseId]:
        """Prolongs leases and shows the drain alive."""

        def work(connection: Connection) -> set[LeaseId]:
            now = self._clock(connection)
            drains.seen(connection, self.drain_id, now)
            return claims.renew(connection, leases, self._lease_s, now) if leases else set()

        return await self._transact(work)

    async def write_progress(self, progress: Mapping[AuditId, int]) -> None:
        """Tells the waiting pages how far their audits are."""
        await self._transact(lambda connection: claims.write_progress(connection, progress, self._clock(connection)))

    async def free_expired(self) -> int:
        """Frees the audits whose lease nobody renewed."""
        freed = await self._transact(
            lambda connection: rescue.free_expired(connection, self._retry, self._jitter, self._clock(connection))
        )
        return len(freed)

    async def raise_waiting(self) -> int:
        """Lets audits that waited for long go up a class."""
        ageing_s = self._rules.ageing_s
        if ageing_s is None:
            return 0
        return await self._transact(
            lambda connection: ageing.raise_waiting(connection, ageing_s, self._clock(connection))
        )

    async def load_draft(self, audit: AuditId) -> tuple[str, str] | None:
        """The audit's drafted page."""
        return await self._transact(lambda connection: drafts.load(connection, audit))

    async def save_draft(self, audit: AuditId, template: str, html: str) -> None:
        """Keeps the audit's drafted page."""
        await self._transact(lambda connection: drafts.save(connection, audit, template, html))

    async def complete(self, audit: AuditId, lease: LeaseId, result: AuditResult) -> Settled:
        """Writes the result."""
        return await self._transact(
            lambda connection: outcomes.complete(connection, audit, lease, result, self._clock(connection))
        )

    async def fail(self, audit: AuditId, lease: LeaseId, code: ErrorCode, message: str, detail: str) -> Settled:
        """Makes a failure final."""
        return await self._transact(
            lambda connection: outcomes.fail(
                connection, audit, lease, code=code, message=message, detail=detail, now=self._clock(connection)
            )
        )

    async def retry(self, audit: AuditId, lease: LeaseId, wait_s: float, code: ErrorCode, detail: str) -> Settled:
        """Puts the audit back."""
        return await self._transact(
            lambda connection: outcomes.retry(
                connection, audit, lease, wait_s=wait_s, code=code, detail=detail, now=self._clock(connection)
            )
        )

    async def release(self, audit: AuditId, lease: LeaseId) -> Settled:
        """Gives the audit back untouched."""
        return await self._transact(
            lambda connection: outcomes.release(connection, audit, lease, self._clock(connection))
        )

    @asynccontextmanager
    async def notices(self) -> AsyncIterator[AsyncIterator[Notice]]:
        """Word that work arrived or was cancelled."""
        try:
            async with notifications.notices(self._url, WorkKind.AUDITS) as heard:
                yield heard
        except psycopg.OperationalError as error:
            raise StoreUnavailableError(str(error)) from error

    async def _transact(self, work: Callable[[Connection], Answer]) -> Answer:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S), self._engine.begin() as connection:
                return await connection.run_sync(work)
        except TimeoutError as error:
            raise StoreUnavailableError("no answer") from error
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            raise StoreUnavailableError(str(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnavailableError(str(error)) from error
            raise
