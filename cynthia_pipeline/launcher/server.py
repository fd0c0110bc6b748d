"""The fork server: imports all that a run needs, once, then forks a process for each run.

It stays single-threaded and opens no connection to anything, for both would be broken in its children.
"""

import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Never

from dagster import DagsterInstance

from cynthia_pipeline.dagster_compat import end_dead_run
from cynthia_pipeline.launcher.protocol import LONGEST, READY, Answer, Ask, Request, State, decode_request, encode

_PRELOADED = (
    "cynthia_pipeline.definitions",
    "cynthia_pipeline.engines",
    "cynthia_pipeline.browser.engine",
    "cynthia_pipeline.remote.client",
    "cynthia_pipeline.store.drain_store",
    "dagster_postgres",
    "psycopg2",
    "psycopg",
    "playwright.async_api",
)
"""What a run would import by and by."""

_ANSWER_WITHIN_S = 5.0
_REMEMBERED = 1000
"""Runs whose end is remembered, for whoever asks later."""

Main = Callable[[], object]


class ForkServer:
    """Forks, reaps and remembers.

    Args:
        main: the command that a child runs, on its own sys.argv.
        died: called in a child of its own for each run whose process ended by a signal or with an error.
    """

    def __init__(self, listener: socket.socket, main: Main, died: Callable[[str], None]) -> None:
        self._listener = listener
        self._main = main
        self._died = died
        self._pids: dict[str, int] = {}
        self._ended: dict[str, State] = {}
        self._reporters: set[int] = set()
        self._selector = selectors.DefaultSelector()

    def serve(self) -> Never:
        """Answers until the process is ended."""
        woken, waker = socket.socketpair()
        for end in (woken, waker, self._listener):
            end.settimeout(0)
        # Who started the server may have had it ignored; a child can be told to stop before it could change that.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # A child's end wakes the loop: it neither polls nor misses one.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is woken:
                    with suppress(BlockingIOError):
                        woken.recv(4096)
                else:
                    self._accept()
            self._reap()

    def _accept(self) -> None:
        with suppress(OSError, ValueError, KeyError, TypeError):  # who asks nonsense, or goes away, gets no answer
            connection, _ = self._listener.accept()
            with connection:
                connection.settimeout(_ANSWER_WITHIN_S)
                with connection.makefile("rb") as stream:
                    request = decode_request(stream.readline(LONGEST))
                connection.sendall(encode(self._answer(request)))

    def _answer(self, request: Request) -> Answer:
        pid = self._pids.get(request.run_id)
        if request.ask is Ask.START and pid is None:
            pid = self._pids[request.run_id] = self._fork(lambda: self._run(request.arguments))
        elif request.ask is Ask.STOP and pid is not None:
            os.kill(pid, signal.SIGTERM)
        state = State.RUNNING if pid is not None else self._ended.get(request.run_id, State.UNKNOWN)
        return Answer(state, pid)

    def _run(self, arguments: Sequence[str]) -> None:
        sys.argv = ["dagster", *arguments]
        self._main()

    def _fork(self, body: Callable[[], None]) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return pid
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._listener.close()
        self._selector.close()
        os.setsid()
        code = 1
        try:
            body()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # noqa: BLE001 - the last stop of a process: said as Python says it, then it ends
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        for run_id, pid in list(self._pids.items()):
            reaped, status = os.waitpid(pid, os.WNOHANG)
            if reaped:
                del self._pids[run_id]
                self._remember(run_id, State.SUCCEEDED if status == 0 else State.FAILED)
                if status != 0:
                    self._reporters.add(self._fork(partial(self._died, run_id)))
        self._reporters = {pid for pid in self._reporters if os.waitpid(pid, os.WNOHANG)[0] == 0}

    def _remember(self, run_id: str, state: State) -> None:
        self._ended[run_id] = state
        while len(self._ended) > _REMEMBERED:
            del self._ended[next(iter(self._ended))]


def report_death(run_id: str) -> None:
    """Ends the run in Dagster's eyes, unless it has ended there already."""
    with DagsterInstance.get() as instance:
        run = instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished:
            end_dead_run(instance, run, "Its process ended before its work did.")


def main() -> None:
    """Serves on the socket that the first argument names."""
    path = Path(sys.argv[1])
    for module in _PRELOADED:
        importlib.import_module(module)
    (command,) = entry_points(group="console_scripts", name="dagster")
    run_dagster: Main = command.load()
    # What is there now is shared with the children; a collection would touch, and so copy, all of it.
    gc.collect()
    gc.freeze()
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen(64)
        print(READY, flush=True)  # noqa: T201 - the supervisor waits for this line
        ForkServer(listener, run_dagster, report_death).serve()


if __name__ == "__main__":
    main()
