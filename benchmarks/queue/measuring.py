"""What a measurement is made of: CPU time and memory of process trees, percentiles, seconds between rows' moments."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


def cpu_seconds(root: psutil.Process) -> float:
    """CPU seconds, user and system, that `root` and all below it have used, the dead among them included.

    A process that ended is in its parent's account of children from the moment the parent took note of its end.
    """
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def peak_memory_mb(root: psutil.Process) -> float:
    """The most memory that `root` has held in RAM so far (VmHWM, of the kernel's account), 10^6 bytes."""
    for line in Path(f"/proc/{root.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise psutil.NoSuchProcess(root.pid)


class CpuMeter:
    """CPU seconds of named process trees since the meter was made."""

    def __init__(self, roots: Mapping[str, psutil.Process]) -> None:
        self._roots = roots
        self._before = {name: cpu_seconds(root) for name, root in roots.items()}

    def read(self) -> dict[str, float]:
        return {name: cpu_seconds(root) - self._before[name] for name, root in self._roots.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed (the nearest-rank method)."""
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


@dataclass(frozen=True, slots=True)
class Timing:
    """One session's moments, Unix time in seconds: the first three as Postgres wrote them, the last as the stub saw."""

    inserted: float
    started: float
    completed: float
    asked: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What one scenario gave for one system.

    Attributes:
        timings: one for each session.
        cpu_s: CPU seconds by part of the system, from before the first insert until after the last completion.
        peak_mb: most memory of the process that works on the audits; NaN if it has ended.
    """

    timings: tuple[Timing, ...]
    cpu_s: Mapping[str, float]
    peak_mb: float

    @property
    def all_done_s(self) -> float:
        """Seconds from the first insert to the last completion."""
        return max(timing.completed for timing in self.timings) - min(timing.inserted for timing in self.timings)

    @property
    def per_second(self) -> float:
        """Sessions completed a second."""
        return len(self.timings) / self.all_done_s

    @property
    def cpu_ms_each(self) -> float:
        """CPU milliseconds of the whole system for each session."""
        return sum(self.cpu_s.values()) / len(self.timings) * 1000

    def start_ms(self, share: float) -> float:
        """Milliseconds from insert to start, at this percentile."""
        return percentile([timing.started - timing.inserted for timing in self.timings], share) * 1000

    def asked_ms(self, share: float) -> float:
        """Milliseconds from insert to the request at the Audit API, at this percentile."""
        return percentile([timing.asked - timing.inserted for timing in self.timings], share) * 1000
