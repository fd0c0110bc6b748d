"""Child processes that say on standard output when they are ready, and are ended with the context that started them."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

_END_WITHIN_S = 30.0


class Child:
    """A running child; `line` waits for the next line that it prints."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.tree = psutil.Process(process.pid)

    def line(self) -> str:
        """The next line of standard output, without its end.

        Raises:
            RuntimeError: the child ended.
        """
        assert self._process.stdout is not None  # noqa: S101 - narrows for the type checker
        text = self._process.stdout.readline()
        if not text:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait()}")
        return text.rstrip("\n")

    def tell(self, text: str) -> None:
        """Writes one line to standard input."""
        assert self._process.stdin is not None  # noqa: S101 - narrows for the type checker
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()


@contextmanager
def running(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Iterator[Child]:
    """Starts `command`, ends it with SIGTERM (then SIGKILL) at the end of the context.

    Args:
        command: program and arguments.
        environment: added to this process's own.
        folder: where it runs.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
        cwd=folder,
    )
    try:
        yield Child(process)
    finally:
        process.terminate()
        try:
            process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
