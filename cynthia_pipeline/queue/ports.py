"""What a drain asks of the outside. The store implements it on Postgres; nothing here knows that."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Protocol

from cynthia_pipeline.audit.engine import AuditResult
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.model import AuditId, ClaimedAudit, LeaseId, SessionId, Settled


class StoreUnavailableError(Exception):
    """The store does not answer at the moment; the same call may succeed later."""


class Notice(StrEnum):
    """What a drain is told of while it waits."""

    WORK = "work"
    CANCELLED = "cancelled"


class DrainStore(Protocol):
    """The queue as one drain sees it. Each call is one transaction, committed when it returns.

    Every method may raise StoreUnavailableError. The time of every write is the store's own.
    """

    async def register(self, slots: int) -> None:
        """Makes the drain known as alive."""

    async def deregister(self) -> None:
        """Notes that the drain ended."""

    async def stop_counting(self) -> None:
        """Notes that the drain takes no more work, so that the sensor starts another if there is any."""

    async def accept_new(self) -> int:
        """Takes new sessions into the queue. Returns how many, and 0 if none are left."""
        ...

    async def claim(self, slots: int, only: Sequence[SessionId] | None) -> list[ClaimedAudit]:
        """Takes leases on at most `slots` audits that are due, best first."""
        ...

    async def seconds_until_due(self, only: Sequence[SessionId] | None) -> float | None:
        """Seconds until the next retry is due, 0 if something is; None if nothing waits."""
        ...

    async def renew(self, leases: Sequence[LeaseId]) -> set[LeaseId]:
        """Prolongs leases and shows the drain alive. Returns those that still hold."""
        ...

    async def write_progress(self, progress: Mapping[AuditId, int]) -> None:
        """Tells the waiting pages how far their audits are, in percent."""

    async def free_expired(self) -> int:
        """Frees the audits whose lease nobody renewed. Returns how many."""
        ...

    async def raise_waiting(self) -> int:
        """Lets audits that waited for long go up a class. Returns how many."""
        ...

    async def load_draft(self, audit: AuditId) -> tuple[str, str] | None:
        """The template's name and the HTML of the audit's drafted page; None if there is none yet."""
        ...

    async def save_draft(self, audit: AuditId, template: str, html: str) -> None:
        """Keeps the audit's drafted page."""

    async def complete(self, audit: AuditId, lease: LeaseId, result: AuditResult) -> Settled:
        """Writes the result. Raises LeaseLostError if the audit is no longer this lease's."""
        ...

    async def fail(self, audit: AuditId, lease: LeaseId, code: ErrorCode, message: str, detail: str) -> Settled:
        """Makes a failure final. Raises LeaseLostError if the audit is no longer this lease's."""
        ...

    async def retry(self, audit: AuditId, lease: LeaseId, wait_s: float, code: ErrorCode, detail: str) -> Settled:
        """Puts the audit back, due in `wait_s` seconds. Raises LeaseLostError as the others do."""
        ...

    async def release(self, audit: AuditId, lease: LeaseId) -> Settled:
        """Gives the audit back untouched. Raises LeaseLostError as the others do."""
        ...

    def notices(self) -> AbstractAsyncContextManager[AsyncIterator[Notice]]:
        """Word that work arrived or was cancelled, one item each; ends when the store becomes unavailable."""
        ...


class Watcher(Protocol):
    """Told of every attempt that ended, after it was written. Must return at once."""

    def __call__(self, audit: ClaimedAudit, settled: Settled, result: AuditResult | None) -> None:
        """`result` is there for a completed audit."""
