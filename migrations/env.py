"""Alembic's entry: migrates the connection it is given by `activities.store.database.upgrade`."""

from __future__ import annotations

from alembic import context

from models.tables.registry import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="models.tables.columns.",
)
with context.begin_transaction():
    context.run_migrations()
