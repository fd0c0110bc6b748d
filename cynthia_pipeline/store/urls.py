"""Which databases a deployment uses: the ones it was told of, or those of the embedded server."""

from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.errors import DuplicateDatabase, InsufficientPrivilege, UniqueViolation
from pydantic import SecretStr
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.settings import Settings
from cynthia_pipeline.store.database import CONNECT_TIMEOUT_S, KEEPALIVE
from cynthia_pipeline.store.embedded import SUPERUSER, EmbeddedPostgres

_APP_DATABASE = "cynthia"
_DAGSTER_DATABASE = "dagster"
_APP_VARIABLE = "CYNTHIA_DATABASE_URL"
_DAGSTER_VARIABLE = "DAGSTER_POSTGRES_URL"


@dataclass(frozen=True)
class DatabaseUrls:
    """The URLs of both databases. They hold passwords: out of logs, messages and run config with them.

    Attributes:
        app: the app's database; names no driver.
        dagster: Dagster's own; names psycopg 2, since with the driver SQLAlchemy takes by itself (psycopg 3)
            Dagster's notifications fail.
    """

    app: str
    dagster: str


def embedded_server(settings: Settings) -> EmbeddedPostgres | None:
    """The embedded server of this deployment, running or not; None where a URL names another."""
    return None if settings.database_url else EmbeddedPostgres(settings.home / "postgres")


def databases(settings: Settings) -> DatabaseUrls:
    """The databases of this deployment, there to be connected to.

    Starts the embedded server unless a URL names another, and creates the databases that are missing: on the
    embedded server both, on another only Dagster's, and only if no URL of its own is set.

    Raises:
        UsageError: a URL cannot be read, or its server cannot be reached or refuses; names the variable.
        EmbeddedPostgresError: the embedded server does not start.
    """
    server = embedded_server(settings)
    if server is not None:
        server.start()
        _create_if_missing(make_url(server.url(SUPERUSER)), _APP_DATABASE)
    return _urls(settings, server, create=True)


def known_databases(settings: Settings) -> DatabaseUrls:
    """The databases of this deployment as they are, with nothing started or created.

    Raises:
        UsageError: a URL cannot be read.
        EmbeddedPostgresError: the embedded server is wanted and does not run.
    """
    return _urls(settings, embedded_server(settings), create=False)


def _urls(settings: Settings, server: EmbeddedPostgres | None, *, create: bool) -> DatabaseUrls:
    app = make_url(server.url(_APP_DATABASE)) if server else _parsed(settings.database_url, _APP_VARIABLE)
    if settings.dagster_postgres_url is not None:
        dagster = _parsed(settings.dagster_postgres_url, _DAGSTER_VARIABLE)
    else:
        dagster = app.set(database=_DAGSTER_DATABASE)
        if create:
            _create_if_missing(app, _DAGSTER_DATABASE)
    return DatabaseUrls(
        app=_rendered(app, "postgresql"), dagster=_rendered(_kept_alive(dagster), "postgresql+psycopg2")
    )


def _kept_alive(url: URL) -> URL:
    """`url` with what finds out half-open connections, unless it says so itself; a socket has no need of it.

    Dagster opens its connections by the URL alone, and would wait for ever on one whose other end is gone.
    """
    if url.host is None:
        return url
    missing = {name: str(value) for name, value in KEEPALIVE.items() if name not in url.query}
    return url.update_query_dict(missing)


def _parsed(value: SecretStr | None, variable: str) -> URL:
    try:
        url = make_url(value.get_secret_value() if value else "")
    except ArgumentError:
        # The value stays out of the message: it may hold a password.
        raise UsageError(f"{variable} is not a URL: write it as postgresql://user:password@host:5432/name") from None
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise UsageError(f"{variable} names {url.get_backend_name()}; only postgresql:// will do")
    return url


def _rendered(url: URL, scheme: str) -> str:
    return url.set(drivername=scheme).render_as_string(hide_password=False)


def _create_if_missing(on: URL, name: str) -> None:
    """Creates the database `name` on the server of the database `on`, unless it is there."""
    try:
        with psycopg.connect(_rendered(on, "postgresql"), autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as server:
            if server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except (DuplicateDatabase, UniqueViolation):
        return  # another process was first
    except InsufficientPrivilege as error:
        raise UsageError(
            f"the user of {_APP_VARIABLE} may not create the database {name!r}: create it, or set {_DAGSTER_VARIABLE}"
        ) from error
    except psycopg.OperationalError as error:
        raise UsageError(f"{_APP_VARIABLE}: the server cannot be used: {error}") from error
