"""Repeats what is asked of the store while the store is away."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import TypeVar

from cynthia_pipeline.queue.ports import StoreUnavailableError
from cynthia_pipeline.queue.retry import Jitter

_PAUSE_S = 0.5
"""Pause before the store is asked again after it was unavailable, seconds."""

Answer = TypeVar("Answer")


class Patiently:
    """Repeats a call of a store's port until it is answered, up to a limit in seconds.

    Safe for every call of the port: a write that was committed although its answer was lost finds the lease gone when
    it is repeated.
    """

    def __init__(
        self, limit_s: float, *, monotonic: Callable[[], float] = time.monotonic, jitter: Jitter = random.uniform
    ) -> None:
        self._limit_s = limit_s
        self._monotonic = monotonic
        self._jitter = jitter

    async def __call__(self, call: Callable[[], Coroutine[object, object, Answer]]) -> Answer:
        """The call's answer.

        Raises:
            StoreUnavailableError: the store was away for longer than the limit.
        """
        deadline = self._monotonic() + self._limit_s
        while True:
            try:
                return await call()
            except StoreUnavailableError:
                if self._monotonic() >= deadline:
                    raise
            await asyncio.sleep(self._jitter(_PAUSE_S / 2, _PAUSE_S))
