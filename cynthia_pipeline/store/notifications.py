"""Postgres' own word that work arrived, so that nobody has to sleep through it."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import Connection, func, select

from cynthia_pipeline.queue.model import DrainId, WorkKind
from cynthia_pipeline.queue.ports import Notice
from cynthia_pipeline.store.database import CONNECT_TIMEOUT_S, app_url

CHANNEL = "cynthia_work"
"""Raised by the trigger on build_sessions and by operators; the payload is the kind of work, and what became of it."""

_LISTEN = sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL))


class Ear:
    """An open LISTEN of a process that waits synchronously, as a sensor tick does."""

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]", kind: WorkKind) -> None:
        self._connection = connection
        self._kind = kind

    def wait(self, timeout_s: float) -> bool:
        """Waits for work of this kind, at most `timeout_s` seconds.

        Returns:
            Whether there was word of some, from the moment the ear was opened.
        """
        notices = self._connection.notifies(timeout=timeout_s)
        heard = any(notice.payload == self._kind for notice in notices)
        notices.close()
        return heard


@contextmanager
def listening(url: str, kind: WorkKind) -> Iterator[Ear]:
    """Opens a LISTEN. What is committed after it opened is not missed."""
    with psycopg.connect(_libpq(url), autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        connection.execute(_LISTEN)
        yield Ear(connection, kind)


@asynccontextmanager
async def notices(url: str, kind: WorkKind, listener: DrainId) -> AsyncIterator[AsyncIterator[Notice]]:
    """Opens a LISTEN; the iterator gives one item for each word about work of this kind, until the connection ends.

    Args:
        url: of the app's database.
        kind: of work.
        listener: the drain that listens; what it tells others, it knows.

    Raises:
        psycopg.OperationalError: the server cannot be reached, or went away.
    """
    connection = await psycopg.AsyncConnection.connect(_libpq(url), autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
    async with connection:
        await connection.execute(_LISTEN)

        async def heard() -> AsyncGenerator[Notice]:
            async for notice in connection.notifies():
                if notice.payload == kind:
                    yield Notice.WORK
                elif notice.payload == _cancelled(kind):
                    yield Notice.CANCELLED
                elif notice.payload.startswith(_accepted(kind)) and notice.payload != _accepted(kind, listener):
                    yield Notice.WORK

        # Closed before the connection is: suspended within a wait it holds the connection's lock for ever.
        async with aclosing(heard()) as words:
            yield words


def tell_of_work(connection: Connection, kind: WorkKind) -> None:
    """Wakes sensor and drains, once the caller commits."""
    connection.execute(select(func.pg_notify(CHANNEL, kind.value)))


def tell_of_cancelling(connection: Connection, kind: WorkKind) -> None:
    """Lets the drains look at once whether they still hold their leases, once the caller commits."""
    connection.execute(select(func.pg_notify(CHANNEL, _cancelled(kind))))


def tell_of_accepted(connection: Connection, kind: WorkKind, by: DrainId | None) -> None:
    """Wakes the drains but the one that accepted, once the caller commits.

    Sensor and drains hear of an insert at the same moment, and only one of them can accept it: the others looked
    before that was committed, and saw nothing.
    """
    connection.execute(select(func.pg_notify(CHANNEL, _accepted(kind, by))))


def _accepted(kind: WorkKind, by: DrainId | None = None) -> str:
    return f"accepted:{kind}:{by or ''}"


def _cancelled(kind: WorkKind) -> str:
    return f"cancelled:{kind}"


def _libpq(url: str) -> str:
    return app_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
