"""Alembic's entry: migrates the connection it is given by `activities.database.upgrade`."""

from __future__ import annotations

from alembic import context

from models.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="models.tables.",
)
with context.begin_transaction():
    context.run_migrations()
