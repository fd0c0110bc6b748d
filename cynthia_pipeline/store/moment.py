"""The queue's time. It comes from Postgres, the one clock that drains on all machines share."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, func, select

DatabaseClock: TypeAlias = Callable[[Connection], datetime]
"""Gives the present moment; tests pass one of their own."""


def database_now(connection: Connection) -> datetime:
    """The database server's present moment (not the transaction's start), aware, in UTC."""
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now
