"""`cynthia up` as a user runs it: real processes, real signals, and nobody left behind."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import psutil
import pytest

from cynthia_pipeline.deployment.cohort import members
from cynthia_pipeline.deployment.health import ask_health
from cynthia_pipeline.deployment.home import Home
from cynthia_pipeline.deployment.services import MARK
from cynthia_pipeline.store.embedded import EmbeddedPostgres

WORKSPACE = Path(__file__).parents[2] / "workspace.yaml"
CYNTHIA = str(Path(sys.executable).with_name("cynthia"))
GONE_WITHIN_S = 30
"""For psutil.wait_procs, which returns as soon as the last one has ended."""


class Up:
    """A running `cynthia up`."""

    running: ClassVar[list["Up"]] = []

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("CYNTHIA_", "DAGSTER_"))},
            "CYNTHIA_HOME": str(home),
            "CYNTHIA_WEBSERVER_PORT": "0",
            "CYNTHIA_LINGER_S": "0",
        }
        self.process = subprocess.Popen([CYNTHIA, "up"], env=self.environment, stderr=subprocess.PIPE, text=True)
        self.running.append(self)
        self.told: list[str] = []
        self.wait_for("Up.")

    def wait_for(self, words: str) -> str:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told.append(line)
            if words in line:
                return line
        raise AssertionError("".join(self.told))

    def started(self) -> list[psutil.Process]:
        """Every process that belongs to it, the guard included."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def by_command(self, words: str) -> psutil.Process:
        return next(process for process in self.started() if words in " ".join(process.cmdline()))

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cyn-"))
    folder.chmod(0o755)
    yield folder / "home"
    for up in Up.running:
        if up.process.poll() is None:
            # Only after a failed assertion; the guard ends the rest.
            up.process.kill()
            up.process.communicate()
    Up.running.clear()
    EmbeddedPostgres(folder / "home" / "postgres").destroy()
    shutil.rmtree(folder)


def fetched(url: str, question: dict[str, str] | None = None) -> Any:
    body = None if question is None else json.dumps(question).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - the test's own
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def jobs_run(address: str) -> list[str]:
    query = "{ runsOrError { ... on Runs { results { jobName } } } }"
    answer = fetched(f"{address}/graphql", {"query": query})
    return [run["jobName"] for run in answer["data"]["runsOrError"]["results"]]


async def ready_again(address: str) -> None:
    # The webserver finds the new code server by looking for it, and tells nobody but who asks.
    async with asyncio.timeout(120):
        while not (await ask_health(address)).is_ready:
            pass


def assert_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=GONE_WITHIN_S)
    assert [process.cmdline() for process in alive] == []


@pytest.mark.long
def test_comes_up_serves_plain_dagster_commands_outlives_kills_and_stops_whole(home: Path) -> None:
    up = Up(home)
    address = Home(home).address()
    assert address is not None
    assert fetched(f"{address}/server_info")["dagster_version"]

    again = up.run(CYNTHIA, "up")
    assert again.returncode == 2
    assert f"already running in {home}" in again.stderr
    assert len(again.stderr.splitlines()) == 1

    doctor = up.run(CYNTHIA, "doctor")
    assert doctor.returncode == 0, doctor.stdout
    for well in ("Postgres", "Schema", "Dagster storage", "Webserver", "Daemon"):
        assert f"ok      {well}:" in doctor.stdout

    variables = dict(line.removeprefix("export ").split("=", 1) for line in up.run(CYNTHIA, "env").stdout.splitlines())
    assert set(variables) == {"CYNTHIA_HOME", "CYNTHIA_DATABASE_URL", "DAGSTER_POSTGRES_URL", "DAGSTER_HOME"}
    dagster = Path(CYNTHIA).with_name("dagster")
    launch = f"{dagster} job launch --workspace {WORKSPACE} --location cynthia --job audit_results_job"
    launched = up.run("sh", "-c", f'eval "$({CYNTHIA} env)" && {launch}')
    assert launched.returncode == 0, launched.stderr
    assert jobs_run(address) == ["audit_results_job"]
    if sys.platform == "linux":
        # What is forked has one thread only, or its children stand still at a lock that nobody will ever free.
        assert up.by_command("launcher.server").num_threads() == 1

    up.by_command("api grpc").kill()
    assert "signal 9" in up.wait_for("code ended")
    up.wait_for("code runs again")
    asyncio.run(ready_again(address))

    processes = up.started()
    up.process.kill()
    up.process.communicate()
    assert_gone(processes)
    # The database alone outlives it, and is taken over.
    assert EmbeddedPostgres(home / "postgres").is_running()

    up = Up(home)
    processes = up.started()
    (mark,) = {process.environ()[MARK] for process in processes if MARK in process.environ()}
    assert len(processes) >= 4
    up.process.send_signal(signal.SIGTERM)
    _, errors = up.process.communicate()
    assert up.process.returncode == 0, errors
    assert_gone(processes)
    assert members(MARK, mark) == []
    assert not EmbeddedPostgres(home / "postgres").is_running()
    assert Home(home).address() is None


def test_says_why_it_cannot_come_up_and_stops_what_it_had_started(home: Path) -> None:
    home.mkdir()
    broken = home / "cynthia_pipeline"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise RuntimeError('this code is broken')")
    # Only the code server is told to look there: by the folder it starts in.
    environment = {**os.environ, "CYNTHIA_HOME": str(home), "CYNTHIA_WEBSERVER_PORT": "0"}
    run = subprocess.run([CYNTHIA, "up"], env=environment, cwd=home, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "this code is broken" in run.stderr
    assert not EmbeddedPostgres(home / "postgres").is_running()
