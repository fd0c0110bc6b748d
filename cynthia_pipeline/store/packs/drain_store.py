"""The requests' queue on Postgres, as one drain uses it: each call of the port is one transaction."""

import random
from collections.abc import Sequence

from sqlalchemy import Connection

from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.fix_packs.ports import MadePack, PackOrder
from cynthia_pipeline.fix_packs.requests import ClaimedPack
from cynthia_pipeline.queue.model import LeaseId, RetryPolicy, Settled, WorkKind
from cynthia_pipeline.store import drains
from cynthia_pipeline.store.drain_life import DrainLife
from cynthia_pipeline.store.moment import DatabaseClock, database_now
from cynthia_pipeline.store.packs import acceptance, claims, orders, outcomes, rescue


class PostgresPackStore(DrainLife):
    """Implements queue.ports.DrainStore for requests, and fix_packs.working.Orders. `close` gives the connections back.

    Args:
        at_once: packs made at once in the whole system.
    """

    def __init__(
        self,
        url: str,
        at_once: int,
        retry: RetryPolicy,
        *,
        lease_s: float,
        run_id: str | None = None,
        clock: DatabaseClock = database_now,
    ) -> None:
        super().__init__(url, WorkKind.FIX_PACKS, run_id, clock)
        self._at_once = at_once
        self._retry = retry
        self._lease_s = lease_s

    async def accept_new(self) -> bool:
        """Takes new requests into the queue."""
        return await self._transact(lambda connection: acceptance.accept_new(connection, self._clock(connection)) > 0)

    async def claim(self, slots: int) -> list[ClaimedPack]:
        """Takes leases on requests that are due."""
        return await self._transact(
            lambda connection: claims.claim(
                connection,
                slots=slots,
                at_once=self._at_once,
                lease_s=self._lease_s,
                run_id=self._run_id,
                now=self._clock(connection),
            )
        )

    async def seconds_until_due(self) -> float | None:
        """Seconds until the next pending request is due."""
        return await self._transact(lambda connection: claims.seconds_until_due(connection, self._clock(connection)))

    async def renew(self, leases: Sequence[LeaseId]) -> set[LeaseId]:
        """Prolongs leases and shows the drain alive."""

        def work(connection: Connection) -> set[LeaseId]:
            now = self._clock(connection)
            drains.seen(connection, self.drain_id, now)
            return claims.renew(connection, leases, self._lease_s, now) if leases else set()

        return await self._transact(work)

    async def write_progress(self, progress: Sequence[tuple[ClaimedPack, int]]) -> None:
        """Tells the waiting pages how far their packs are."""
        await self._transact(lambda connection: claims.write_progress(connection, progress, self._clock(connection)))

    async def free_expired(self) -> int:
        """Frees the requests whose lease nobody renewed."""
        freed = await self._transact(
            lambda connection: rescue.free_expired(connection, self._retry, random.uniform, self._clock(connection))
        )
        return len(freed)

    async def raise_waiting(self) -> int:
        """Requests take turns between users, and need no classes to rise through."""
        return 0

    async def load_order(self, pack: ClaimedPack) -> PackOrder:
        """What the maker is told to make."""
        return await self._transact(lambda connection: orders.load_order(connection, pack))

    async def complete(self, pack: ClaimedPack, made: MadePack, /) -> Settled:
        """Writes the pack and its charge."""
        return await self._transact(
            lambda connection: outcomes.complete(connection, pack, made, self._clock(connection))
        )

    async def fail(self, pack: ClaimedPack, code: ErrorCode, message: str, detail: str, /) -> Settled:
        """Makes a failure final and gives the credit back."""
        return await self._transact(
            lambda connection: outcomes.fail(
                connection, pack, code=code, message=message, detail=detail, now=self._clock(connection)
            )
        )

    async def retry(self, pack: ClaimedPack, wait_s: float, code: ErrorCode, detail: str, /) -> Settled:
        """Puts the request back."""
        return await self._transact(
            lambda connection: outcomes.retry(
                connection, pack, wait_s=wait_s, code=code, detail=detail, now=self._clock(connection)
            )
        )

    async def release(self, pack: ClaimedPack, /) -> Settled:
        """Gives the request back untouched."""
        return await self._transact(lambda connection: outcomes.release(connection, pack, self._clock(connection)))
