"""The audits' queue on Postgres, as one drain uses it: each call of the port is one transaction."""

import random
from collections.abc import Sequence

from sqlalchemy import Connection

from cynthia_pipeline.audit.engine import AuditResult
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.acceptance import IntakeRules
from cynthia_pipeline.queue.model import (
    AuditId,
    ClaimedAudit,
    LeaseId,
    LeaseLostError,
    Limits,
    RetryPolicy,
    SessionId,
    Settled,
    WorkKind,
)
from cynthia_pipeline.store import acceptance, ageing, claims, drafts, drains, outcomes, rescue
from cynthia_pipeline.store.drain_life import DrainLife
from cynthia_pipeline.store.group_commit import GroupCommit
from cynthia_pipeline.store.moment import DatabaseClock, database_now
from cynthia_pipeline.store.notifications import tell_of_accepted

_COMPLETED_AT_ONCE = 20
"""Results in one transaction: reports of real pages are 100 KB and more, with pictures of 1.5 MB at most."""


class PostgresDrainStore(DrainLife):
    """Implements queue.ports.DrainStore for audits. `close` gives the connections back.

    Args:
        only: the sessions a replay asked for; None takes whatever is due.
    """

    def __init__(
        self,
        url: str,
        limits: Limits,
        retry: RetryPolicy,
        *,
        lease_s: float,
        run_id: str | None = None,
        rules: IntakeRules | None = None,
        only: Sequence[SessionId] | None = None,
        clock: DatabaseClock = database_now,
    ) -> None:
        super().__init__(url, WorkKind.AUDITS, run_id, clock)
        self._limits = limits
        self._retry = retry
        self._lease_s = lease_s
        self._rules = rules or IntakeRules()
        self._only = only
        self._completed = GroupCommit(self._complete_all, _COMPLETED_AT_ONCE)

    async def accept_new(self) -> bool:
        """Takes new sessions into the queue; none where only some were asked for."""
        if self._only is not None:
            return False

        def work(connection: Connection) -> bool:
            accepted = acceptance.accept_new(connection, self._clock(connection), self._rules.reuse)
            if accepted:
                tell_of_accepted(connection, self._kind, self.drain_id)
            return accepted == acceptance.BATCH

        return await self._transact(work)

    async def claim(self, slots: int) -> list[ClaimedAudit]:
        """Takes leases on audits that are due."""
        return await self._transact(
            lambda connection: claims.claim(
                connection,
                slots=slots,
                limits=self._limits,
                lease_s=self._lease_s,
                run_id=self._run_id,
                now=self._clock(connection),
                only=self._only,
            )
        )

    async def seconds_until_due(self) -> float | None:
        """Seconds until the next pending audit is due."""
        return await self._transact(
            lambda connection: claims.seconds_until_due(connection, self._clock(connection), self._only)
        )

    async def renew(self, leases: Sequence[LeaseId]) -> set[LeaseId]:
        """Prolongs leases and shows the drain alive."""

        def work(connection: Connection) -> set[LeaseId]:
            now = self._clock(connection)
            drains.seen(connection, self.drain_id, now)
            return claims.renew(connection, leases, self._lease_s, now) if leases else set()

        return await self._transact(work)

    async def write_progress(self, progress: Sequence[tuple[ClaimedAudit, int]]) -> None:
        """Tells the waiting pages how far their audits are."""
        percents = {audit.id: percent for audit, percent in progress}
        await self._transact(lambda connection: claims.write_progress(connection, percents, self._clock(connection)))

    async def free_expired(self) -> int:
        """Frees the audits whose lease nobody renewed."""
        freed = await self._transact(
            lambda connection: rescue.free_expired(connection, self._retry, random.uniform, self._clock(connection))
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

    async def complete(self, audit: ClaimedAudit, result: AuditResult, /) -> Settled:
        """Writes the result, with those that come to their end meanwhile."""
        return await self._completed((audit.id, audit.lease, result))

    async def fail(self, audit: ClaimedAudit, code: ErrorCode, message: str, detail: str, /) -> Settled:
        """Makes a failure final."""
        return await self._transact(
            lambda connection: outcomes.fail(
                connection,
                audit.id,
                audit.lease,
                code=code,
                message=message,
                detail=detail,
                now=self._clock(connection),
            )
        )

    async def retry(self, audit: ClaimedAudit, wait_s: float, code: ErrorCode, detail: str, /) -> Settled:
        """Puts the audit back."""
        return await self._transact(
            lambda connection: outcomes.retry(
                connection,
                audit.id,
                audit.lease,
                wait_s=wait_s,
                code=code,
                detail=detail,
                now=self._clock(connection),
            )
        )

    async def release(self, audit: ClaimedAudit, /) -> Settled:
        """Gives the audit back untouched."""
        return await self._transact(
            lambda connection: outcomes.release(connection, audit.id, audit.lease, self._clock(connection))
        )

    async def _complete_all(self, results: Sequence[tuple[AuditId, LeaseId, AuditResult]]) -> list[Settled | Exception]:
        settled = await self._transact(
            lambda connection: outcomes.complete_all(connection, results, self._clock(connection))
        )
        return [settled.get(lease) or LeaseLostError() for _, lease, _ in results]
