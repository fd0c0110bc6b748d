"""Brings the app's database to the schema this version of the project needs. Safe to run from many processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, func, select

from cynthia_pipeline.store.database import app_url

VERSION_TABLE = "cynthia_alembic_version"
"""Named so that it cannot meet a version table of the web app's own."""

_MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK_KEY = 0x43796E01


def upgrade(url: str) -> None:
    """Applies every migration that `url`'s database lacks; waits while another process does the same."""
    with _locked_connection(url) as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def pending_revisions(url: str) -> tuple[str, ...]:
    """The revisions that `url`'s database lacks, oldest first; empty if it is up to date."""
    engine = create_engine(app_url(url))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
            current = context.get_current_revision()
    finally:
        engine.dispose()
    script = ScriptDirectory.from_config(_configuration())
    missing = [step.revision for step in script.iterate_revisions("head", current or "base")]
    return tuple(reversed(missing))


@contextmanager
def _locked_connection(url: str) -> Iterator[Connection]:
    engine = create_engine(app_url(url))
    try:
        with engine.connect() as guard, engine.connect() as connection:
            # Held by a second connection, so that the migrations' own commits do not let it go.
            guard.execute(select(func.pg_advisory_lock(_LOCK_KEY)))
            yield connection
    finally:
        engine.dispose()


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    return configuration
