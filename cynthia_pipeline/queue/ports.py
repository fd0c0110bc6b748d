"""What a drain asks of the outside. The store implements it on Postgres; nothing here knows that."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Protocol, TypeAlias, TypeVar
from uuid import UUID

from cynthia_pipeline.audit.engine import ProgressReporter
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.model import LeaseId, Settled


class StoreUnavailableError(Exception):
    """The store does not answer at the moment; the same call may succeed later."""


class StoreRefusedError(Exception):
    """The store does not take what it was given, and would not take it again; what was written before stands."""


class Notice(StrEnum):
    """What a drain is told of while it waits."""

    WORK = "work"
    CANCELLED = "cancelled"


class Claimed(Protocol):
    """One piece of work that this drain holds a lease on.

    Attributes:
        attempt: 1 for the first.
        language: of the sentence that tells why it failed.
    """

    @property
    def id(self) -> UUID: ...
    @property
    def lease(self) -> LeaseId: ...
    @property
    def attempt(self) -> int: ...
    @property
    def language(self) -> Language: ...


Work = TypeVar("Work", bound=Claimed)
"""A kind of work."""
Made = TypeVar("Made")
"""What the work makes."""

_Work_contra = TypeVar("_Work_contra", bound=Claimed, contravariant=True)
_Made_co = TypeVar("_Made_co", covariant=True)
_Made_contra = TypeVar("_Made_contra", contravariant=True)


class Worker(Protocol[_Work_contra, _Made_co]):
    """Does the work. `work` may be called many times at once."""

    async def work(self, work: _Work_contra, progress: ProgressReporter, /) -> _Made_co:
        """Does one piece.

        Raises:
            WorkError: it could not be done; the type says whether to try again.
            StoreUnavailableError: the store was away for longer than the worker's patience.
        """
        ...


WorkerFactory: TypeAlias = Callable[[], AbstractAsyncContextManager[Worker[Work, Made]]]
"""Opens a worker for the length of a drain, and closes everything it started."""


class DrainStore(Protocol[Work, _Made_contra]):
    """The queue as one drain sees it. Each call is one transaction, committed when it returns.

    Every method may raise StoreUnavailableError or StoreRefusedError. The time of every write is the store's own.
    """

    async def register(self, slots: int) -> None:
        """Makes the drain known as alive."""

    async def deregister(self) -> None:
        """Notes that the drain ended."""

    async def stop_counting(self) -> None:
        """Notes that the drain takes no more work, so that the sensor starts another if there is any."""

    async def accept_new(self) -> bool:
        """Takes what is new into the queue, as much as goes into one transaction. Returns whether there may be more."""
        ...

    async def claim(self, slots: int) -> list[Work]:
        """Takes leases on at most `slots` pieces of work that are due, best first."""
        ...

    async def seconds_until_due(self) -> float | None:
        """Seconds until the next retry is due, 0 if something is; None if nothing waits."""
        ...

    async def renew(self, leases: Sequence[LeaseId]) -> set[LeaseId]:
        """Prolongs leases and shows the drain alive. Returns those that still hold."""
        ...

    async def write_progress(self, progress: Sequence[tuple[Work, int]]) -> None:
        """Tells the waiting pages how far their work is, in percent."""

    async def free_expired(self) -> int:
        """Frees the work whose lease nobody renewed. Returns how many."""
        ...

    async def raise_waiting(self) -> int:
        """Lets work that waited for long go up a class. Returns how many."""
        ...

    async def complete(self, work: Work, made: _Made_contra, /) -> Settled:
        """Writes the result. Raises LeaseLostError if the work is no longer this lease's."""
        ...

    async def fail(self, work: Work, code: ErrorCode, message: str, detail: str, /) -> Settled:
        """Makes a failure final. Raises LeaseLostError if the work is no longer this lease's."""
        ...

    async def retry(self, work: Work, wait_s: float, code: ErrorCode, detail: str, /) -> Settled:
        """Puts the work back, due in `wait_s` seconds. Raises LeaseLostError as the others do."""
        ...

    async def release(self, work: Work, /) -> Settled:
        """Gives the work back untouched. Raises LeaseLostError as the others do."""
        ...

    def notices(self) -> AbstractAsyncContextManager[AsyncIterator[Notice]]:
        """Word that work arrived or was cancelled, one item each; ends when the store becomes unavailable."""
        ...


class Watcher(Protocol[_Work_contra, _Made_contra]):
    """Told of every attempt that ended, after it was written. Must return at once."""

    def __call__(self, work: _Work_contra, settled: Settled, made: _Made_contra | None, /) -> None:
        """`made` is there for completed work."""
