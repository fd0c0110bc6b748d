"""Ends a piece of work from outside, with the reason."""

import asyncio
from types import TracebackType
from typing import Self

from cynthia_pipeline.errors import WorkError


class Tripwire:
    """An async context whose work is cancelled by `trip`, and which then raises the error given there.

    What `asyncio.timeout` does for time, for whatever an event handler notices: a crashed tab, a navigation that
    never ends. A cancellation from further outside passes through untouched.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._error: WorkError | None = None

    def trip(self, error: WorkError) -> None:
        """Ends the work; the first error counts, and after the work has ended none does."""
        if self._error is None and self._task is not None:
            self._error = error
            self._task.cancel()

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if self._error is not None and task is not None and task.uncancel() <= self._cancelling:
            raise self._error from error
