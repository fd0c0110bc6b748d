"""The Postgres server of the benchmark: one for both systems, in a temporary folder, never running both at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
from psycopg import sql

from cynthia_pipeline.store.embedded import EmbeddedPostgres


class BenchmarkPostgres:
    """The running server."""

    def __init__(self, server: EmbeddedPostgres, data: Path) -> None:
        self._server = server
        address = urlsplit(server.url())
        self.socket_folder = parse_qs(address.query)["host"][0]
        self.user = address.username or ""
        self.process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))

    def create_database(self, name: str) -> str:
        """An empty database of this name, in place of one that is there; returns its URL."""
        with psycopg.connect(self._server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            connection.execute("CHECKPOINT")
        return self._server.url(name)

    def version(self) -> str:
        """The server's version."""
        with psycopg.connect(self._server.url()) as connection:
            row = connection.execute("SHOW server_version").fetchone()
            return str(row[0]) if row else "unknown"


@contextmanager
def open_postgres(folder: Path) -> Iterator[BenchmarkPostgres]:
    """Starts a server with its data under `folder` and stops it at the end."""
    data = folder / "postgres"
    server = EmbeddedPostgres(data)
    server.start()
    try:
        yield BenchmarkPostgres(server, data)
    finally:
        server.destroy()
