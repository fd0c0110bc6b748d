"""Engines for the app's database. Opened where they are used, pooled, and quick to notice a dead server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cynthia_pipeline.errors import CynthiaError
from cynthia_pipeline.store.storable import to_json

CONNECT_TIMEOUT_S = 5
"""Seconds to wait for a connection before the server counts as unreachable."""

_SERVER_IS_GONE_AFTER_MS = 10_000
"""Milliseconds without an acknowledgement until a half-open connection counts as dead (libpq's tcp_user_timeout)."""

IDLE_IN_TRANSACTION_S = 30
"""Seconds after which the server ends a transaction that nobody goes on with, and lets go of its locks: those of a peer
that is gone in the middle of one, over a half-open connection, would be held for hours. None of ours pauses so long."""

KEEPALIVE: Mapping[str, int] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": _SERVER_IS_GONE_AFTER_MS,
}
"""libpq's settings by which a half-open connection is found out; seconds, but for the last."""


class DatabaseUnreachableError(CynthiaError):
    """The database cannot be reached, or went away; holds the driver's words."""


def app_url(url: str) -> URL:
    """`url` with psycopg 3 named as its driver, whatever driver or alias of the scheme it came with."""
    return make_url(url).set(drivername="postgresql+psycopg")


def _connect_arguments() -> Mapping[str, Any]:
    return {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "application_name": "cynthia-pipeline",
        **KEEPALIVE,
        "options": f"-c timezone=UTC -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_S}s",
    }


def open_engine(url: str, *, pool_size: int = 2) -> Engine:
    """An engine for sensors and commands. No connection is made until the first use."""
    return create_engine(
        app_url(url),
        connect_args=dict(_connect_arguments()),
        json_serializer=to_json,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_recycle=300,
    )


def open_async_engine(url: str, *, pool_size: int = 4) -> AsyncEngine:
    """An engine for a drain. No connection is made until the first use."""
    return create_async_engine(
        app_url(url),
        connect_args=dict(_connect_arguments()),
        json_serializer=to_json,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=False,
        pool_recycle=300,
    )


class Database:
    """The app's database for sensors and commands: transactions on a small pool, opened on first use."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = open_engine(url)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction, committed at the end, rolled back by an error.

        Raises:
            DatabaseUnreachableError: the server cannot be reached, or went away.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise DatabaseUnreachableError(str(error.orig or error)) from error

    def close(self) -> None:
        """Closes the pool."""
        self._engine.dispose()
