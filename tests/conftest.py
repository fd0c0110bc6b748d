"""Shared by all tests: a real Postgres server for the session, and a database of its own for each test.

A migrated template is made once and cloned, which takes some 30 ms, so that no test cleans up after another.
"""

import os
from collections.abc import Callable, Iterator
from itertools import count

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from cynthia_pipeline.store.database import open_engine
from cynthia_pipeline.store.embedded import EmbeddedPostgres
from cynthia_pipeline.store.migrate import upgrade

_TEMPLATE = "template_migrated"


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: many tests wait for something."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, so that nobody waits for it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


class TestServer:
    """The session's Postgres server."""

    __test__ = False

    def __init__(self, embedded: EmbeddedPostgres) -> None:
        self._embedded = embedded
        self._numbers = count(1)

    def url(self, database: str) -> str:
        return self._embedded.url(database)

    def create(self, *, template: str = "template0") -> str:
        """The URL of a new database, cloned from `template`."""
        name = f"test_{next(self._numbers)}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop(self, url: str) -> None:
        self._execute("DROP DATABASE {} WITH (FORCE)", psycopg.conninfo.conninfo_to_dict(url)["dbname"])

    def make_template(self) -> None:
        self._execute("CREATE DATABASE {}", _TEMPLATE)
        upgrade(self.url(_TEMPLATE))

    def _execute(self, statement: str, *names: object) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*(sql.Identifier(str(name)) for name in names)))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServer]:
    """A Postgres server that is gone after the session; it does not wait for the disk."""
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("pg") / "data", {"fsync": "off", "synchronous_commit": "off"})
    embedded.start()
    try:
        yield TestServer(embedded)
    finally:
        embedded.destroy()


@pytest.fixture(scope="session")
def _template(server: TestServer) -> str:
    server.make_template()
    return _TEMPLATE


@pytest.fixture
def database_url(server: TestServer, _template: str) -> Iterator[str]:
    """A migrated database of the test's own."""
    url = server.create(template=_template)
    yield url
    server.drop(url)


@pytest.fixture
def empty_database_url(server: TestServer) -> Iterator[str]:
    """A database without tables."""
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on the test's own database."""
    engine = open_engine(database_url, pool_size=10)
    yield engine
    engine.dispose()


@pytest.fixture
def make_database(server: TestServer, _template: str) -> Iterator[Callable[[], str]]:
    """Makes migrated databases, for property tests that need one for each example."""
    made: list[str] = []

    def make() -> str:
        made.append(server.create(template=_template))
        return made[-1]

    yield make
    for url in made:
        server.drop(url)
