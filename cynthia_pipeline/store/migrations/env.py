"""Alembic's entry: runs the migrations on the connection that store/migrate.py hands in."""

from alembic import context
from sqlalchemy import Connection

from cynthia_pipeline.store.migrate import VERSION_TABLE
from cynthia_pipeline.store.tables import metadata

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
