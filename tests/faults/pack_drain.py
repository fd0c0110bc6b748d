"""A drain of fix packs in a process of its own, with a maker that needs no browser; dies at the point it is told.

Arguments: the database's URL, the point ("" = none), and whether the maker makes or refuses. Killed by itself with
SIGKILL, so that it is exactly there: nothing that Python does at its end is done.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

from sqlalchemy import Connection

from cynthia_pipeline.audit.engine import ProgressReporter
from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.fix_packs.ports import Diff, MadePack, PackMaker, PackOrder, PatchPreview, Verification
from cynthia_pipeline.fix_packs.requests import ClaimedPack
from cynthia_pipeline.fix_packs.working import pack_workers
from cynthia_pipeline.queue.drain import Drain, DrainLimits
from cynthia_pipeline.queue.model import RetryPolicy, Settled
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.packs import acceptance, claims, outcomes
from cynthia_pipeline.store.packs.drain_store import PostgresPackStore

LEASE_S = 1.0
RETRY = RetryPolicy(max_attempts=5, base_s=0.01, cap_s=0.02)


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("alive after SIGKILL")


class MortalStore(PostgresPackStore):
    """Dies inside of a transaction, or just after its commit."""

    def __init__(self, url: str, point: str) -> None:
        super().__init__(url, 5, RETRY, lease_s=LEASE_S)
        self.point = point

    def reached(self, point: str) -> None:
        if self.point == point:
            die()

    async def accept_new(self) -> bool:
        def work(connection: Connection) -> int:
            accepted = acceptance.accept_new(connection, database_now(connection))
            if accepted:
                self.reached("held, not committed")
            return accepted

        accepted = await self._transact(work)
        if accepted:
            self.reached("held")
        return accepted > 0

    async def claim(self, slots: int) -> list[ClaimedPack]:
        def work(connection: Connection) -> list[ClaimedPack]:
            now = database_now(connection)
            taken = claims.claim(connection, slots=slots, at_once=5, lease_s=LEASE_S, run_id=None, now=now)
            if taken:
                self.reached("claimed, not committed")
            return taken

        taken = await self._transact(work)
        if taken:
            self.reached("claimed")
        return taken

    async def complete(self, pack: ClaimedPack, made: MadePack, /) -> Settled:
        def work(connection: Connection) -> Settled:
            settled = outcomes.complete(connection, pack, made, database_now(connection))
            self.reached("ended, not committed")
            return settled

        settled = await self._transact(work)
        self.reached("ended")
        return settled

    async def fail(self, pack: ClaimedPack, code: ErrorCode, message: str, detail: str, /) -> Settled:
        def work(connection: Connection) -> Settled:
            now = database_now(connection)
            settled = outcomes.fail(connection, pack, code=code, message=message, detail=detail, now=now)
            self.reached("ended, not committed")
            return settled

        settled = await self._transact(work)
        self.reached("ended")
        return settled


class Maker:
    def __init__(self, store: MortalStore, *, makes: bool) -> None:
        self._store = store
        self._makes = makes

    async def make(self, order: PackOrder, progress: ProgressReporter) -> MadePack:  # noqa: ARG002 - any page will do
        await progress(50)
        self._store.reached("making")
        if not self._makes:
            raise PermanentError(ErrorCode.PAGE_CHANGED)
        scores = dict.fromkeys(Axis, 70)
        return MadePack(
            title="t",
            description="d",
            patch_preview=PatchPreview(diffs=(Diff(file="a.css", before="x", after="y", lines_changed=1),)),
            files_affected=("a.css",),
            issues_fixed=("i",),
            verification=Verification(before=scores, after=scores, overall_before=70, overall_after=71, fixed=()),
        )


async def drain(url: str, point: str, *, makes: bool) -> None:
    store = MortalStore(url, point)

    @asynccontextmanager
    async def open_maker() -> AsyncIterator[PackMaker]:
        yield Maker(store, makes=makes)

    limits = DrainLimits(
        slots=5,
        linger_s=3 * LEASE_S,
        max_age_s=60,
        grace_s=5,
        poll_s=0.2,
        lease_s=LEASE_S,
        attempt_timeout_s=30,
        retry=RETRY,
    )
    try:
        await Drain(store, pack_workers(open_maker, store, 30), limits, lambda *_: None).run()
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(drain(sys.argv[1], sys.argv[2], makes=sys.argv[3] == "makes"))
