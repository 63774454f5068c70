"""Alembic's way in: the database comes from Parley's settings, the tables from service.models."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from service.models import Base


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection handed in by service.adapters.database."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
