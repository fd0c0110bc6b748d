"""Runs a drain beside Dagster's own thread, so that writing events to Dagster never delays a result."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, Self, TypeAlias

from cynthia_pipeline.queue.drain import Drain, DrainSummary
from cynthia_pipeline.queue.model import Settled
from cynthia_pipeline.queue.ports import Made, Watcher, Work

BATCH = 100
"""Most endings that are handed over at once."""

OpenDrain: TypeAlias = Callable[[Watcher[Work, Made]], AbstractAsyncContextManager[Drain[Work, Made]]]


@dataclass(frozen=True, slots=True)
class Ending(Generic[Work, Made]):
    """One attempt that ended and is written in Postgres."""

    work: Work
    settled: Settled
    made: Made | None


class DrainThread(Generic[Work, Made]):
    """A drain in a thread of its own.

    Within the context, `batches` gives the endings as they come; it ends with the drain. Leaving the context early,
    as an interrupt does, stops the drain in order; `rest` then gives the endings that came after.

    Args:
        open_drain: called in the thread's event loop with the watcher to use.
    """

    def __init__(self, open_drain: OpenDrain[Work, Made]) -> None:
        self._open_drain = open_drain
        self._endings: SimpleQueue[Ending[Work, Made] | None] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None
        # A daemon: if Dagster's thread dies without leaving the context (its own storage is gone), the process must
        # end, and the leases with it, rather than work on unseen.
        self._thread = threading.Thread(target=self._run, name="drain", daemon=True)
        self.summary = DrainSummary()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    def batches(self) -> Iterator[list[Ending[Work, Made]]]:
        """The endings as they come: each time all that are there, at least one and at most `BATCH`.

        Raises:
            Exception: what ended the drain, if it did not end by itself.
        """
        more = True
        while more and (ending := self._endings.get()) is not None:
            batch = [ending]
            while len(batch) < BATCH and not self._endings.empty():
                following = self._endings.get()
                if following is None:
                    more = False
                    break
                batch.append(following)
            yield batch
        if self._failure is not None:
            raise self._failure

    def rest(self) -> list[Ending[Work, Made]]:
        """The endings not yet taken, once the context is left."""
        left: list[Ending[Work, Made]] = []
        while not self._endings.empty():
            if (ending := self._endings.get()) is not None:
                left.append(ending)
        return left

    def _run(self) -> None:
        try:
            self.summary = self._loop.run_until_complete(self._drive())
        except BaseException as failure:  # noqa: BLE001 - handed to the iterating thread, which raises it
            self._failure = failure
        finally:
            self._endings.put(None)

    async def _drive(self) -> DrainSummary:
        async with self._open_drain(self._watch) as drain:
            stopper = asyncio.create_task(self._stop_on_demand(drain))
            try:
                return await drain.run()
            finally:
                stopper.cancel()

    async def _stop_on_demand(self, drain: Drain[Work, Made]) -> None:
        await self._stop.wait()
        drain.stop()

    def _watch(self, work: Work, settled: Settled, made: Made | None) -> None:
        self._endings.put(Ending(work, settled, made))
