"""The fork server as a process of its own, and what it does with the runs that it is given."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from cynthia_pipeline.launcher.protocol import READY, Answer, Ask, Request, State, ask

SERVER = """
import signal, socket, sys, time
from pathlib import Path
from cynthia_pipeline.launcher.protocol import READY
from cynthia_pipeline.launcher.server import ForkServer

def main():
    what = sys.argv[1]
    if what == "wait":
        signal.pause()
    sys.exit({"succeed": 0, "fail": 3}[what])

def died(run_id):
    print("died", run_id, flush=True)

signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as some shells hand it down to what they start in the background
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(sys.argv[1])
    listener.listen()
    print(READY, flush=True)
    ForkServer(listener, main, died).serve()
"""


class Server:
    """A fork server whose runs do as their argument says."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "fork.sock"
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(self.socket)], stdout=subprocess.PIPE, text=True
        )
        self.wait_for(READY)

    def ask(self, asked: Ask, run_id: str, *arguments: str) -> Answer:
        return ask(self.socket, Request(asked, run_id, arguments), within_s=10)

    def wait_for(self, line: str) -> None:
        assert self.process.stdout is not None
        for said in self.process.stdout:
            if said.strip() == line:
                return
        raise AssertionError(f"ended without {line!r}")

    def end_of(self, run_id: str) -> State:
        while (answer := self.ask(Ask.STATE, run_id)).state is State.RUNNING:
            pass
        return answer.state


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="fork-") as folder:
        server = Server(Path(folder))
        yield server
        server.process.kill()
        server.process.communicate()


def test_a_run_is_a_process_of_its_own_and_its_end_is_remembered(server: Server) -> None:
    started = server.ask(Ask.START, "one", "succeed")
    assert started.pid is not None
    assert started.pid != server.process.pid
    assert server.end_of("one") is State.SUCCEEDED
    assert server.ask(Ask.STATE, "another").state is State.UNKNOWN


@pytest.mark.parametrize(
    "fall",
    [
        lambda server: server.ask(Ask.START, "run", "fail"),
        lambda server: os.kill(server.ask(Ask.START, "run", "wait").pid, signal.SIGKILL),
    ],
    ids=["error", "killed"],
)
def test_a_death_is_reported_and_the_server_goes_on(server: Server, fall: Callable[[Server], object]) -> None:
    fall(server)
    server.wait_for("died run")
    assert server.ask(Ask.STATE, "run").state is State.FAILED
    server.ask(Ask.START, "next", "succeed")
    assert server.end_of("next") is State.SUCCEEDED


def test_a_run_is_started_once_however_often_it_is_asked_for(server: Server) -> None:
    pids = {server.ask(Ask.START, "run", "wait").pid for _ in range(3)}
    assert len(pids) == 1
    assert server.ask(Ask.STOP, "run").state is State.RUNNING
    server.wait_for("died run")


def test_nonsense_gets_no_answer_and_harms_nobody(server: Server) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(server.socket))
        connection.sendall(b"nonsense\n")
        assert connection.recv(100) == b""
    server.ask(Ask.START, "run", "succeed")
    assert server.end_of("run") is State.SUCCEEDED


def test_ended_runs_leave_no_zombies(server: Server) -> None:
    for number in range(5):
        server.ask(Ask.START, str(number), "succeed")
    for number in range(5):
        server.end_of(str(number))
    assert psutil.Process(server.process.pid).children() == []
