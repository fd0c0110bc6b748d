"""A whole deployment of real processes for the tests to break, and an Audit API beside it that can be held up."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg
import pytest

from cynthia_pipeline.store.embedded import EmbeddedPostgres

LEASE_S = 3.0
_LOOK_S = 0.05


class Role(StrEnum):
    """The processes of a deployment that can die."""

    WORKER = "run worker"
    CODE = "code server"
    LAUNCHER = "launcher"
    DAEMON = "daemon"
    WEBSERVER = "webserver"


_REPORT = json.dumps(
    {
        "product": "stub",
        "version": "1",
        "overall_score": 70,
        "udec_scores": dict.fromkeys(
            ("CTX", "DYN", "LFT", "TYP", "CLR", "GRD", "SPC", "IMG", "MOT", "ACC", "RSP", "TRD", "EMO"), 70
        ),
        "issues_found_total": 0,
        "teaser_issues": [],
        "full_issues": [],
        "fix_packs": [],
    }
).encode()

_PICTURE_AFTER_S = 3.0
_SLOW_PAGE = b"""<!doctype html><html lang="en"><title>A slow page of ours</title><main><h1>A slow page</h1>
<p>Its picture takes some time to arrive.</p><img src="/slow.png" alt="" width="10" height="10"></main></html>"""


class LoopbackServer:
    """An HTTP server on a free port of this machine, in a thread of its own.

    Attributes:
        address: once it is started.
        asked: how often it was asked for what takes time.
    """

    def __init__(self) -> None:
        self.address = ""
        self.asked = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def answer(self, path: bytes) -> tuple[bytes, bytes, bytes]:
        """The status, the media type and the body for `path`."""
        raise NotImplementedError

    def _serve(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                lengths = [line.split(b":")[1] for line in head.splitlines() if line.startswith(b"content-length")]
                await reader.readexactly(int(lengths[0]) if lengths else 0)
                status, media_type, body = await self.answer(head.split()[1])
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, media_type, len(body))
                )
                writer.write(body)
                await writer.drain()
        writer.close()


class AuditApi(LoopbackServer):
    """Answers every audit after `latency_s`."""

    latency_s = 0.3

    async def answer(self, _: bytes) -> tuple[bytes, bytes, bytes]:
        self.asked += 1
        await asyncio.sleep(self.latency_s)
        return b"200 OK", b"application/json", _REPORT


class SlowSite(LoopbackServer):
    """Serves one page under every path, whose picture takes long enough for a fault to strike before it is loaded."""

    async def answer(self, path: bytes) -> tuple[bytes, bytes, bytes]:
        if path != b"/slow.png":
            return b"200 OK", b"text/html", _SLOW_PAGE
        self.asked += 1
        await asyncio.sleep(_PICTURE_AFTER_S)
        return b"404 Not Found", b"text/plain", b""


class House:
    """One deployment (`cynthia up`) on an embedded Postgres of its own, found by its processes."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.home = folder / "home"
        self.postgres = EmbeddedPostgres(self.home / "postgres")
        self._environment = {**os.environ, **environment, "CYNTHIA_HOME": str(self.home)}
        self._log = folder / "up.log"
        self._process: subprocess.Popen[bytes] | None = None

    # Life

    def start(self) -> None:
        with self._log.open("ab") as log:
            command = [str(Path(sys.executable).with_name("cynthia")), "up"]
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        self.until(lambda: "Up." in self._log.read_text(errors="replace"), within_s=180, what="the deployment is up")

    def stop(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)

    def output(self) -> str:
        return self._log.read_text(errors="replace")

    # Work

    @property
    def database_url(self) -> str:
        return self.postgres.url("cynthia")

    def query(self, statement: str, *parameters: object) -> list[Any]:
        with psycopg.connect(self.database_url, connect_timeout=5) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def insert(self, count: int = 1, url: str = "https://host{n}.test/") -> list[str]:
        return [
            str(
                self.query(
                    "INSERT INTO build_sessions (input_type, input_value) VALUES ('url', %s) RETURNING id",
                    url.format(n=n),
                )[0][0]
            )
            for n in range(count)
        ]

    def statuses(self, sessions: list[str]) -> list[str]:
        rows = self.query("SELECT audit_status::text FROM build_sessions WHERE id = ANY(%s::uuid[])", sessions)
        return sorted(row[0] for row in rows)

    def until_status(self, sessions: list[str], status: str, *, within_s: float = 60) -> float:
        """Waits until all sessions are there; returns the seconds it took."""
        began = time.monotonic()
        self.until(
            lambda: self.statuses(sessions) == [status] * len(sessions),
            within_s=within_s,
            what=lambda: f"all {status}, are {self.statuses(sessions)}\n{self.attempts(sessions)}",
        )
        return time.monotonic() - began

    def attempts(self, sessions: list[str]) -> str:
        """What was tried for the sessions, a line each."""
        rows = self.query(
            "SELECT s.id, s.audit_id, attempt, a.run_id, started_at, ended_at, outcome, error_code"
            " FROM build_sessions s LEFT JOIN cynthia_audit_attempts a USING (audit_id)"
            " WHERE s.id = ANY(%s::uuid[]) ORDER BY s.id, attempt",
            sessions,
        )
        return "\n".join(" ".join(map(str, row)) for row in rows)

    def completed_attempts(self, sessions: list[str]) -> list[int]:
        """How often each session's audit was completed to effect."""
        rows = self.query(
            "SELECT count(*) FILTER (WHERE outcome = 'completed') FROM build_sessions s"
            " LEFT JOIN cynthia_audit_attempts a USING (audit_id) WHERE s.id = ANY(%s::uuid[]) GROUP BY s.id",
            sessions,
        )
        return [row[0] for row in rows]

    # Processes

    def find(self, role: Role) -> list[psutil.Process]:
        return [process for process in self._members() if _role(process) is role]

    def browsers(self) -> list[psutil.Process]:
        """Every process of every browser that a run worker has started, the browsers themselves first."""
        found: dict[int, psutil.Process] = {}
        for worker in self.find(Role.WORKER):
            with suppress(psutil.NoSuchProcess):
                for process in worker.children(recursive=True):
                    if "--remote-debugging" in " ".join(process.cmdline()) or process.name().startswith("chrom"):
                        found[process.pid] = process
        return sorted(found.values(), key=lambda process: process.create_time())

    def kill(self, *roles: Role, by: signal.Signals = signal.SIGKILL) -> None:
        for process in [process for role in roles for process in self.find(role)]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(by)

    def kill_postgres(self) -> None:
        """Kills the server with all its backends, as a power cut would."""
        pid = int((self.postgres_data / "postmaster.pid").read_text().splitlines()[0])
        postmaster = psutil.Process(pid)
        for process in (postmaster, *postmaster.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.until(lambda: not psutil.pid_exists(pid) or _is_zombie(pid), within_s=20, what="the server is dead")

    @property
    def postgres_data(self) -> Path:
        return (self.home / "postgres").resolve()

    def drains(self) -> list[str]:
        return [row[0] for row in self.query("SELECT run_id FROM cynthia_drains WHERE ending_at IS NULL")]

    def warm(self) -> None:
        """Waits until a drain is alive, by giving it something to do."""
        self.until_status(self.insert(), "completed", within_s=120)

    def until(self, holds: Callable[[], bool], *, within_s: float, what: str | Callable[[], str]) -> None:
        deadline = time.monotonic() + within_s
        while True:
            with suppress(psycopg.OperationalError):
                if holds():
                    return
            if time.monotonic() > deadline:
                said = what if isinstance(what, str) else what()
                raise AssertionError(f"not within {within_s} s: {said}\n{self.output()[-3000:]}")
            time.sleep(_LOOK_S)

    def _members(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if process.environ().get("CYNTHIA_HOME") == str(self.home):
                    yield process

    def leftovers(self) -> list[str]:
        """What of the deployment is alive although it was stopped."""
        names = []
        for process in self._members():
            with suppress(psutil.NoSuchProcess):
                names.append(" ".join(process.cmdline())[:200])
        return names


def _role(process: psutil.Process) -> Role | None:
    with suppress(psutil.NoSuchProcess):
        line = " ".join(process.cmdline())
        if "multiprocessing.spawn" in line or "execute_run" in line:
            return Role.WORKER
        if "launcher.server" in line:
            # A run's process is a fork of the launcher, and looks like it, but is no child of `cynthia up`.
            parent = process.parent()
            kept = parent is not None and parent.cmdline()[-1:] == ["up"]
            return Role.LAUNCHER if kept else Role.WORKER
        if " api grpc " in line:
            return Role.CODE
        if "dagster-daemon" in line:
            return Role.DAEMON
        if "dagster-webserver" in line:
            return Role.WEBSERVER
    return None


def _is_zombie(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    return True


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chaos-minutes", default="10", help="how long faults are made")
    parser.addoption("--chaos-seed", default="1", help="which faults, in which order")


@pytest.fixture(scope="module")
def audit_api() -> Iterator[AuditApi]:
    with AuditApi() as api:
        yield api


@pytest.fixture(scope="module")
def slow_site() -> Iterator[SlowSite]:
    with SlowSite() as site:
        yield site


_SETTINGS = {
    "CYNTHIA_WEBSERVER_PORT": "0",
    "CYNTHIA_LEASE_S": str(LEASE_S),
    "CYNTHIA_BACKOFF_BASE_S": "0.2",
    "CYNTHIA_POLL_S": "1",
    "CYNTHIA_DRAIN_GRACE_S": "5",
    "CYNTHIA_LINGER_S": "20",
}


@contextmanager
def _house(environment: dict[str, str]) -> Iterator[House]:
    """A deployment that is up, and of which nothing is left in the end."""
    folder = Path(tempfile.mkdtemp(prefix="cyn-house-"))
    house = House(folder, {**_SETTINGS, **environment})
    house.start()
    yield house
    house.stop()
    left = house.leftovers()
    house.postgres.destroy()
    shutil.rmtree(folder, ignore_errors=True)
    assert left == []


@pytest.fixture(scope="module")
def shared_house(audit_api: AuditApi) -> Iterator[House]:
    with _house({"CYNTHIA_AUDIT_ENGINE": "remote", "CYNTHIA_AUDIT_API_URL": f"{audit_api.address}/audit"}) as house:
        yield house


@pytest.fixture(scope="module")
def browsing_house() -> Iterator[House]:
    """A deployment that audits in a browser of its own, pages of this machine too."""
    with _house({"CYNTHIA_ALLOW_HOSTS": "127.0.0.1", "CYNTHIA_AUDITS_PER_HOST": "5"}) as house:
        yield house


@pytest.fixture
def house(shared_house: House, audit_api: AuditApi) -> House:
    """The deployment with a drain alive and nothing waiting."""
    audit_api.latency_s = 0.3
    shared_house.warm()
    return shared_house


@pytest.fixture
def role_of() -> Callable[[str], Role]:
    """The role by its name."""
    return lambda name: Role[name]
