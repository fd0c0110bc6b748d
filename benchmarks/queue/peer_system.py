"""The peer: a Node worker on BullMQ and Redis (peer/), started as its users start it."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from benchmarks.queue.postgres import BenchmarkPostgres
from benchmarks.queue.processes import Child, running
from benchmarks.queue.system import System

_PEER = Path(__file__).with_name("peer")


def install() -> None:
    """Installs the peer's packages from its lock file; says what is missing on this machine.

    Raises:
        SystemExit: a program is not there.
    """
    missing = [program for program in ("node", "npm", "redis-server") if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"the peer needs {', '.join(missing)} (Debian: apt-get install nodejs npm redis-server)")
    subprocess.run(["npm", "install", "--no-save", "--silent", "--no-audit", "--no-fund"], cwd=_PEER, check=True)


def versions() -> str:
    """What the peer consists of, with versions."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    redis = subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
    packages = json.loads((_PEER / "package-lock.json").read_text())["packages"]
    bullmq = packages["node_modules/bullmq"]["version"]
    return f"BullMQ {bullmq}, Node {node.removeprefix('v')}, Redis {redis.removeprefix('v=')}"


class PeerSystem:
    """The running peer."""

    def __init__(self, url: str, parts: Mapping[str, psutil.Process], producer: Child) -> None:
        self.url = url
        self.parts = parts
        self._producer = producer

    @property
    def worker(self) -> psutil.Process | None:
        """The worker's process."""
        return self.parts["worker"]

    def submit(self, targets: Sequence[str]) -> None:
        """Inserts the sessions and adds their jobs, in the producer's process: the web app's, not counted."""
        self._producer.tell(json.dumps({"targets": list(targets)}))
        self._producer.line()


@contextmanager
def open_peer(
    postgres: BenchmarkPostgres, folder: Path, *, concurrency: int, audit_api_url: str, cold: bool
) -> Iterator[System]:
    """Starts Redis, the worker and the producer on an empty database.

    Raises:
        ValueError: `cold` was asked for: a BullMQ worker is always there.
    """
    if cold:
        raise ValueError("the peer cannot be cold")
    url = postgres.create_database("peer")
    with psycopg.connect(url) as connection:
        connection.execute((_PEER / "schema.sql").read_bytes())
    port = _free_port()
    environment = {
        "PGHOST": postgres.socket_folder,
        "PGUSER": postgres.user,
        "PGDATABASE": "peer",
        "REDIS_PORT": str(port),
        "AUDIT_API_URL": audit_api_url,
        "CONCURRENCY": str(concurrency),
    }
    with (
        _redis(port, folder) as redis,
        running(["node", "worker.mjs"], environment=environment, folder=_PEER) as worker,
        running(["node", "producer.mjs"], environment=environment, folder=_PEER) as producer,
    ):
        for child in (worker, producer):
            child.line()
        parts = {"worker": worker.tree, "redis": redis.tree, "postgres": postgres.process}
        yield PeerSystem(url, parts, producer)


@contextmanager
def _redis(port: int, folder: Path) -> Iterator[Child]:
    # As BullMQ's documentation asks of a production server: nothing evicted, every job in the append-only file.
    data = folder / "redis"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(data),
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
    }
    command = ["redis-server", *(word for name, value in settings.items() for word in (f"--{name}", value))]
    with running(command) as redis:
        while "Ready to accept connections" not in redis.line():
            pass
        yield redis


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
