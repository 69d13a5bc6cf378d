"""Migrations of the order database (alembic)."""
