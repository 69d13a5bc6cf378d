"""Rows into tables: `insert … on conflict do update`, the same for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Date, Table, and_, update
from sqlalchemy.dialects import postgresql, sqlite

from models.tables.columns import Exact, Fen, Instant, Thousandths

Insert = sqlite.Insert | postgresql.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """The insert of the connection's database, which knows what to do on a conflict."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def as_column(column: Column[Any], value: Any) -> Any:
    """A value as it travels (numbers and times as strings) as the value the column takes."""
    if not isinstance(value, str):
        return value
    if isinstance(column.type, (Fen, Thousandths, Exact)):
        return Decimal(value)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def upsert(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row, or give the row with this key the new values.

    A row that lacks a column that must be filled only changes what is there: it closes or marks a row.
    """
    given = {name: as_column(table.c[name], value) for name, value in {**key, **values}.items()}
    changes = {name: given[name] for name in values}
    if any(_must_be_filled(column) and column.name not in given for column in table.columns):
        condition = and_(*(table.c[name] == given[name] for name in key))
        connection.execute(update(table).where(condition).values(changes))
        return
    statement = insert_into(connection, table).values(given)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changes))


def _must_be_filled(column: Column[Any]) -> bool:
    return not column.nullable and column.default is None
