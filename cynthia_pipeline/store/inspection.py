"""A look at a database from outside, for whoever wants to know what is wrong with it."""

from dataclasses import dataclass

import psycopg
from psycopg import errors, sql
from sqlalchemy.engine import make_url

from cynthia_pipeline.store.database import CONNECT_TIMEOUT_S


@dataclass(frozen=True)
class DatabaseState:
    """What a database says of itself.

    Attributes:
        version: of the server, such as "18.4"; None if it cannot be reached.
        problem: why it cannot be reached, in the server's words.
        tables: how many tables it holds.
    """

    version: str | None = None
    problem: str = ""
    tables: int = 0


def inspect(url: str) -> DatabaseState:
    """The state of the database at `url`; changes nothing."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            query = sql.SQL("SELECT current_setting('server_version'), count(*) FROM pg_tables WHERE schemaname = {}")
            row = connection.execute(query.format(sql.Literal("public"))).fetchone()
    except (psycopg.OperationalError, errors.InsufficientPrivilege) as error:
        return DatabaseState(problem=" ".join(str(error).split()))
    return DatabaseState(version=str(row[0]), tables=int(row[1])) if row else DatabaseState(problem="it says nothing")
