"""The app's database as a command uses it: found by the settings, never started, closed at the end."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from cynthia_pipeline.cli.console import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cynthia_pipeline.store.database import Database


@contextmanager
def known_database(context: typer.Context) -> "Iterator[Database]":
    """The database that the deployment works on."""
    from cynthia_pipeline.store.database import Database
    from cynthia_pipeline.store.urls import known_databases

    database = Database(known_databases(settings_of(context)).app)
    try:
        yield database
    finally:
        database.close()
