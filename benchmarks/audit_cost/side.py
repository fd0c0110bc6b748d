"""A worker process, and what it costs with everything under it."""

import subprocess
import sys
import time

import psutil

_REAPED_S = 0.3  # until the processes of a closed context have ended and are counted with their parent


class Side:
    """One worker process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.audit_cost.worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()

    def cost(self, url: str) -> tuple[float, float]:
        """CPU-seconds and seconds of one piece of work."""
        before, started = self._cpu_s(), time.monotonic()
        if self._worker.stdin is None:
            raise SystemExit("the worker takes no input")
        self._worker.stdin.write(url + "\n")
        self._worker.stdin.flush()
        self._read()
        took = time.monotonic() - started
        time.sleep(_REAPED_S)
        return self._cpu_s() - before, took

    def memory_mb(self) -> float:
        """What its tree holds now, MB; pages that processes share are counted once (PSS)."""
        return tree_memory_mb(psutil.Process(self._worker.pid))

    def close(self) -> None:
        """Lets the worker end by itself."""
        if self._worker.stdin is not None:
            self._worker.stdin.close()
        self._worker.wait()

    def _read(self) -> str:
        line = self._worker.stdout.readline() if self._worker.stdout is not None else ""
        if not line:
            raise SystemExit(f"the {self.name} worker ended early")
        return line

    def _cpu_s(self) -> float:
        worker = psutil.Process(self._worker.pid)
        times = [process.cpu_times() for process in (worker, *worker.children(recursive=True))]
        return float(sum(t.user + t.system + t.children_user + t.children_system for t in times))


def tree_memory_mb(root: psutil.Process) -> float:
    """Proportional set sizes of a process and all under it, summed, MB."""
    total = 0
    for process in (root, *root.children(recursive=True)):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:  # ended meanwhile
            continue
    return total / 1e6
