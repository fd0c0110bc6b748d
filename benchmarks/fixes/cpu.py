"""CPU-seconds of this process and everything under it, right although processes come and go."""

from threading import Event, Lock, Thread
from typing import Self

import psutil

_LOOK_EVERY_S = 0.25


class CpuMeter:
    """Counts from entering to leaving its context.

    What a process used is part of its parent's figures once the parent has waited for it. Where nobody waits (a browser
    that is replaced ends with its whole tree) the sum falls; it is looked at often, and what is lost is kept.
    """

    def __init__(self) -> None:
        self._kept = 0.0
        self._last = 0.0
        self._lock = Lock()
        self._over = Event()
        self._looking = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._looking.join()

    def seconds(self) -> float:
        """CPU-seconds so far; never less than before."""
        with self._lock:
            now = _of_tree()
            self._kept += max(0.0, self._last - now)
            self._last = now
            return self._kept + now

    def _look(self) -> None:
        while not self._over.wait(_LOOK_EVERY_S):
            self.seconds()


def _of_tree() -> float:
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
