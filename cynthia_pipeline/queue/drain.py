"""A drain: takes work that is due, does several pieces at once, records each as it ends, takes more as they come.

What the work is (an audit, a fix pack) is its worker's matter and its store's. It ends when nothing was due for the
linger time, at its age limit, or when it is told to stop; then it takes nothing new, lets what runs finish within the
grace time, and gives back the rest untouched.
"""

import asyncio
import random
import time
import traceback
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Generic

from cynthia_pipeline.errors import ErrorCode, TransientError, WorkError
from cynthia_pipeline.messages import sentence
from cynthia_pipeline.queue.model import AttemptOutcome, LeaseId, LeaseLostError, RetryPolicy, Settled
from cynthia_pipeline.queue.patience import Patiently
from cynthia_pipeline.queue.ports import (
    DrainStore,
    Made,
    Notice,
    StoreRefusedError,
    StoreUnavailableError,
    Watcher,
    Work,
    Worker,
    WorkerFactory,
)
from cynthia_pipeline.queue.retry import GiveUp, Jitter, TryAgain, after_failure

_PULSE_S = 1.0
"""How often progress is written, seconds; pages poll about as often."""

_TEARDOWN_S = 10.0
"""A worker keeps to the attempt's time limit itself; this many seconds later the drain stops waiting for it."""

_RENEWALS_PER_LEASE = 3
"""A lease is renewed this often in its length, so that one missed renewal does not lose it."""


@dataclass(frozen=True, slots=True)
class DrainLimits:
    """How one drain behaves; all times in seconds.

    Attributes:
        slots: pieces of work it does at once.
        linger_s: how long it waits for more work before it ends.
        max_age_s: it takes nothing new after this long.
        grace_s: how long running work may go on once it was told to stop.
        poll_s: how often it looks for work that no notice told of.
        lease_s: length of a lease.
        attempt_timeout_s: longest one attempt may take.
        store_patience_s: how long the store may be unavailable before the drain gives up.
        keep_warm: does not end for want of work.
    """

    slots: int
    linger_s: float
    max_age_s: float
    grace_s: float
    poll_s: float
    lease_s: float
    attempt_timeout_s: float
    retry: RetryPolicy
    store_patience_s: float = 180.0
    keep_warm: bool = False


@dataclass(slots=True)
class DrainSummary:
    """What one drain did, by how its attempts ended."""

    completed: int = 0
    failed: int = 0
    retried: int = 0
    released: int = 0
    lost: int = 0

    def __str__(self) -> str:
        """A sentence, for the log of the drain's run."""
        return (
            f"Drained: {self.completed} completed, {self.failed} failed, {self.retried} to be retried, "
            f"{self.released} given back, {self.lost} lost to other drains."
        )


@dataclass(slots=True)
class _InProgress(Generic[Work]):
    """One piece of work in progress."""

    work: Work
    task: "asyncio.Task[None]"
    progress: int = 0
    told: int = 0
    settling: bool = False
    """Its end is being written: it is not interrupted any more."""
    given_up: bool = False
    """Its lease is another drain's: there is nothing to give back."""


class Drain(Generic[Work, Made]):
    """One drain. `run` works until it ends; `stop` tells it to, from the loop's own thread.

    Args:
        lingers: waits for more work when none is left; without, it ends as soon as nothing waits.
    """

    def __init__(
        self,
        store: DrainStore[Work, Made],
        open_worker: WorkerFactory[Work, Made],
        limits: DrainLimits,
        watcher: Watcher[Work, Made],
        *,
        lingers: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Jitter = random.uniform,
    ) -> None:
        self._store = store
        self._open_worker = open_worker
        self._limits = limits
        self._watcher = watcher
        self._lingers = lingers
        self._monotonic = monotonic
        self._jitter = jitter
        self._patiently = Patiently(limits.store_patience_s, monotonic=monotonic, jitter=jitter)
        self._wake = asyncio.Event()
        self._stopping = False
        self._running: dict[LeaseId, _InProgress[Work]] = {}
        self._failure: BaseException | None = None
        self._summary = DrainSummary()

    def stop(self) -> None:
        """Takes nothing new from here on. Call it in the drain's event loop."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> DrainSummary:
        """Works until there is nothing left to wait for.

        Raises:
            StoreUnavailableError: the store was away for longer than the drain's patience.
            WorkError: the worker could not be opened.
        """
        async with self._open_worker() as worker:
            await self._patiently(lambda: self._store.register(self._limits.slots))
            helpers = [asyncio.create_task(self._listen()), asyncio.create_task(self._pulse())]
            try:
                await self._take_until_done(worker)
                await self._wind_down()
            finally:
                await _cancel([*helpers, *(running.task for running in self._running.values())])
                with suppress(StoreUnavailableError):
                    await self._store.deregister()
        if self._failure is not None:
            raise self._failure
        return self._summary

    # Taking work

    async def _take_until_done(self, worker: Worker[Work, Made]) -> None:
        began = idle_since = self._monotonic()
        while not self._stopping:
            if self._monotonic() - began >= self._limits.max_age_s:
                break
            self._wake.clear()
            await self._take(worker)
            now = self._monotonic()
            if self._running:
                idle_since = now
            wait = await self._seconds_to_wait(now - idle_since)
            if wait is None:
                break
            await self._sleep(min(wait, max(began + self._limits.max_age_s - now, 0.0)))
        await self._patiently(self._store.stop_counting)
        if not self._stopping:
            # What was inserted between the last look and the sensor's knowing that this drain ends.
            await self._take(worker)

    async def _take(self, worker: Worker[Work, Made]) -> None:
        while await self._patiently(self._store.accept_new):
            pass
        free = self._limits.slots - len(self._running)
        # Told to stop while it accepted: a place that came free meanwhile stays free.
        if free <= 0 or self._stopping:
            return
        for work in await self._patiently(lambda: self._store.claim(free)):
            task = asyncio.create_task(self._work(worker, work), name=f"work {work.id}")
            self._running[work.lease] = _InProgress(work, task)
            task.add_done_callback(partial(self._ended, work.lease))

    async def _seconds_to_wait(self, idle_s: float) -> float | None:
        """Seconds until there is reason to look again; None if there is nothing left to wait for."""
        poll_s = self._limits.poll_s
        if len(self._running) >= self._limits.slots:
            return poll_s
        due_in = await self._patiently(self._store.seconds_until_due)
        if due_in is not None and due_in > 0:
            poll_s = min(poll_s, due_in)
        if self._running or self._limits.keep_warm:
            return poll_s
        if not self._lingers:
            return None if due_in is None else poll_s
        left = self._limits.linger_s - idle_s
        return min(poll_s, left) if left > 0 else None

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _wind_down(self) -> None:
        """Lets what runs finish: all of it, or within the grace time when told to stop."""
        while self._running and not self._stopping:
            self._wake.clear()
            await self._sleep(self._limits.poll_s)
        if not self._running:
            return
        await asyncio.wait([running.task for running in self._running.values()], timeout=self._limits.grace_s)
        unfinished = list(self._running.values())
        for running in unfinished:
            if not running.settling:
                running.task.cancel()
        if unfinished:
            await asyncio.wait([running.task for running in unfinished], timeout=_TEARDOWN_S)

    def _ended(self, lease: LeaseId, task: "asyncio.Task[None]") -> None:
        self._running.pop(lease, None)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failure = failure
            self._stopping = True
        self._wake.set()

    # One piece of work

    async def _work(self, worker: Worker[Work, Made], work: Work) -> None:
        try:
            made = await self._attempt(worker, work)
        except WorkError as error:
            await self._record_failure(work, error)
        except asyncio.CancelledError:
            if not self._running[work.lease].given_up:
                await self._settle(work, lambda: self._store.release(work))
            raise
        else:
            await self._record_completion(work, made)

    async def _attempt(self, worker: Worker[Work, Made], work: Work) -> Made:
        async def progress(percent: int) -> None:
            running = self._running[work.lease]
            running.progress = max(running.progress, min(percent, 99))

        try:
            async with asyncio.timeout(self._limits.attempt_timeout_s + _TEARDOWN_S):
                return await worker.work(work, progress)
        except (WorkError, StoreUnavailableError):
            raise
        except TimeoutError as error:
            seconds = f"{self._limits.attempt_timeout_s:g}"
            raise TransientError(ErrorCode.TIMED_OUT, seconds=seconds, detail="the worker did not end") from error
        except Exception as error:
            # A fault of ours in one piece of work. It is this one's failure, with its traceback for the operator, and
            # must not take along the others that run beside it.
            raise TransientError(ErrorCode.INTERNAL, detail=traceback.format_exc(limit=-8)) from error

    # Recording

    async def _record_completion(self, work: Work, made: Made) -> None:
        try:
            await self._settle(work, lambda: self._store.complete(work, made), made)
        except StoreRefusedError as error:
            # A result that cannot be stored is a fault of this one piece of work.
            await self._record_failure(work, TransientError(ErrorCode.INTERNAL, detail=f"not stored: {error}"))

    async def _record_failure(self, work: Work, error: WorkError) -> None:
        store, retry = self._store, self._limits.retry
        match after_failure(error, attempt=work.attempt, policy=retry, jitter=self._jitter):
            case TryAgain(wait_s):
                await self._settle(work, lambda: store.retry(work, wait_s, error.code, error.detail))
            case GiveUp():
                message = sentence(error.code, work.language, error.facts)
                await self._settle(work, lambda: store.fail(work, error.code, message, error.detail))

    async def _settle(
        self,
        work: Work,
        write: Callable[[], Coroutine[object, object, Settled]],
        made: Made | None = None,
    ) -> None:
        self._running[work.lease].settling = True
        try:
            settled = await self._patiently(write)
        except LeaseLostError:
            self._summary.lost += 1
            return
        match settled.outcome:
            case AttemptOutcome.COMPLETED:
                self._summary.completed += 1
            case AttemptOutcome.FAILED:
                self._summary.failed += 1
            case AttemptOutcome.RETRIED | AttemptOutcome.EXPIRED:
                self._summary.retried += 1
            case AttemptOutcome.RELEASED:
                self._summary.released += 1
        self._watcher(work, settled, made)

    # Beside the work

    async def _listen(self) -> None:
        while True:
            # Polling goes on beneath while the store is away; the listening is taken up again when it is back.
            with suppress(StoreUnavailableError):
                async with self._store.notices() as notices:
                    # What was told before there was anyone to hear it.
                    self._wake.set()
                    await self._let_go_of_what_is_lost()
                    async for notice in notices:
                        match notice:
                            case Notice.WORK:
                                self._wake.set()
                            case Notice.CANCELLED:
                                await self._let_go_of_what_is_lost()
            await asyncio.sleep(self._limits.poll_s)

    async def _pulse(self) -> None:
        """Renews the leases, tells progress, frees what others left behind."""
        renewal_s = self._limits.lease_s / _RENEWALS_PER_LEASE
        renewed_at = self._monotonic()
        while True:
            await asyncio.sleep(min(_PULSE_S, renewal_s))
            with suppress(StoreUnavailableError):
                await self._tell_progress()
                if self._monotonic() - renewed_at >= renewal_s:
                    await self._renew()
                    renewed_at = self._monotonic()

    async def _tell_progress(self) -> None:
        news: list[tuple[Work, int]] = []
        for running in self._running.values():
            if running.progress > running.told:
                running.told = running.progress
                news.append((running.work, running.progress))
        if news:
            await self._store.write_progress(news)

    async def _renew(self) -> None:
        await self._let_go_of_what_is_lost()
        if await self._store.free_expired():
            self._wake.set()
        await self._store.raise_waiting()

    async def _let_go_of_what_is_lost(self) -> None:
        """Renews the leases, and stops the work under those that were taken away."""
        held = list(self._running)
        still_held = await self._store.renew(held)
        for lease in held:
            running = self._running.get(lease)
            if lease not in still_held and running is not None and not running.settling:
                running.given_up = True
                running.task.cancel()


async def _cancel(tasks: "Sequence[asyncio.Task[None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
