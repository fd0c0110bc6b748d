"""`cynthia migrate`: the schema that this version needs, in the app's database."""

import typer

from cynthia_pipeline.cli.console import err, settings_of


def migrate(context: typer.Context) -> None:
    """Bring the app's database to the schema this version needs; create Dagster's if it is missing."""
    from cynthia_pipeline.store.migrate import upgrade
    from cynthia_pipeline.store.urls import databases

    upgrade(databases(settings_of(context)).app)
    err().print("The database is up to date.")
