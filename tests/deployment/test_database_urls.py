"""Which databases a deployment uses, and what it says when they cannot be used."""

import psycopg
import pytest

from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.settings import Settings, load_settings
from cynthia_pipeline.store.embedded import EmbeddedPostgres, EmbeddedPostgresError
from cynthia_pipeline.store.inspection import inspect
from cynthia_pipeline.store.urls import databases, embedded_server, known_databases


def settings_in(server: EmbeddedPostgres, **others: str) -> Settings:
    return load_settings({"CYNTHIA_HOME": str(server.data.parent), **others})


def test_without_any_url_the_embedded_server_starts_and_holds_both(server: EmbeddedPostgres) -> None:
    settings = settings_in(server)
    with pytest.raises(EmbeddedPostgresError):
        known_databases(settings)
    urls = databases(settings)
    assert urls == databases(settings) == known_databases(settings)
    assert urls.dagster.startswith("postgresql+psycopg2://")
    assert inspect(urls.app).version is not None
    assert inspect(urls.dagster).version is not None


def test_a_named_server_gets_dagsters_database_beside_the_apps(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE shop")
    settings = settings_in(server, CYNTHIA_DATABASE_URL=server.url("shop"))
    assert embedded_server(settings) is None
    urls = databases(settings)
    with psycopg.connect(urls.app) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("shop",)
    with psycopg.connect(urls.dagster.replace("+psycopg2", "")) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("dagster",)


def test_dagsters_own_url_gets_its_driver_and_what_finds_out_dead_connections(server: EmbeddedPostgres) -> None:
    settings = settings_in(
        server,
        CYNTHIA_DATABASE_URL="postgresql://app@db.example/app",
        DAGSTER_POSTGRES_URL="postgres://ops:p%40ss@db.example:6543/runs?sslmode=require&tcp_user_timeout=777",
    )
    urls = databases(settings)
    assert urls.app == "postgresql://app@db.example/app"
    address, _, query = urls.dagster.partition("?")
    assert address == "postgresql+psycopg2://ops:p%40ss@db.example:6543/runs"
    assert set(query.split("&")) == {
        *("sslmode=require", "tcp_user_timeout=777"),
        *("keepalives_idle=5", "keepalives_interval=2", "keepalives_count=3"),
    }


def test_a_user_who_may_not_create_databases_is_told_what_to_do(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE humble LOGIN")
    humble = server.url().replace("postgres@", "humble@")
    with pytest.raises(UsageError, match=r"may not create the database 'dagster'.*set DAGSTER_POSTGRES_URL"):
        databases(settings_in(server, CYNTHIA_DATABASE_URL=humble))


@pytest.mark.parametrize("variable", ["CYNTHIA_DATABASE_URL", "DAGSTER_POSTGRES_URL"])
@pytest.mark.parametrize("value", ["s3cret", "mysql://root:s3cret@localhost/x", "://s3cret"])
def test_a_url_that_cannot_be_read_is_named_and_not_shown(server: EmbeddedPostgres, variable: str, value: str) -> None:
    others = {"CYNTHIA_DATABASE_URL": "postgresql://app@db.example/app", variable: value}
    with pytest.raises(UsageError, match=variable) as refusal:
        databases(settings_in(server, **others))
    assert "s3cret" not in str(refusal.value)


def test_a_server_that_is_not_there_is_told_in_one_sentence(server: EmbeddedPostgres) -> None:
    nowhere = f"postgresql://app:s3cret@/app?host={server.data.parent}"
    with pytest.raises(UsageError, match="CYNTHIA_DATABASE_URL: the server cannot be used") as refusal:
        databases(settings_in(server, CYNTHIA_DATABASE_URL=nowhere))
    assert "s3cret" not in str(refusal.value)
    assert "s3cret" not in inspect(nowhere).problem
