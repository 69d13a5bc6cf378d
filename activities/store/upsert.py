"""Rows into tables: `insert … on conflict do update`, the same for SQLite and PostgreSQL.

A statement is made once for each shape of row (table, key, columns) and then sent for all rows of that shape together:
building it anew for each row was the largest part of what recording cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Date, Table, Update, and_, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from activities.store.kept_statements import send, send_all
from models.tables.columns import Exact, Fen, FinerThanFen, Instant, Thousandths

Insert = sqlite.Insert | postgresql.Insert
Readers = Mapping[str, Callable[[Any], Any] | None]


class TableRow(NamedTuple):
    """One row for a table: the columns that say which row it is, and those that it is given."""

    table: Table
    key: Mapping[str, Any]
    values: Mapping[str, Any]


class _Shape(NamedTuple):
    """What rows must have in common to go with one statement."""

    table: Table
    key: tuple[str, ...]
    values: tuple[str, ...]


def insert_into(connection: Connection, table: Table) -> Insert:
    """The insert of the connection's database, which knows what to do on a conflict."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> Insert:
    """The insert of a kind of database (`sqlite` or `postgresql`), for statements that are kept."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def as_column(column: Column[Any], value: Any) -> Any:
    """A value as it travels (numbers and times as strings) as the value the column takes."""
    read = _reader(column)
    return read(value) if read is not None and isinstance(value, str) else value


def as_columns(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """`as_column` for several columns of one table."""
    readers = _readers(table)
    return {name: _read(readers, name, value) for name, value in values.items()}


def upsert(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row, or give the row with this key the new values.

    A row that lacks a column that must be filled only changes what is there: it closes or marks a row.
    """
    upsert_all(connection, (TableRow(table, key, values),))


def upsert_all(connection: Connection, rows: Iterable[TableRow]) -> None:
    """`upsert` for many rows, in their order; neighbours of one shape go together."""
    dialect = connection.dialect.name
    for shape, neighbours in groupby(rows, _shape_of):
        readers, alike = _readers(shape.table), list(neighbours)
        if _changes_only(shape):
            named = {name: _of_key(name) for name in shape.key}
            given = [
                {named[name]: _read(readers, name, value) for name, value in row.key.items()}
                | {name: _read(readers, name, value) for name, value in row.values.items()}
                for row in alike
            ]
            send_all(connection, _update(shape), given)
            continue
        given = [
            {name: _read(readers, name, value) for name, value in (*row.key.items(), *row.values.items())}
            for row in alike
        ]
        if len({tuple(row.key.values()) for row in alike}) == len(alike):
            send_all(connection, _insert(dialect, shape), given)
        else:  # a row that is given twice has what it was given last
            for each in given:
                send(connection, _insert(dialect, shape), each)


def _shape_of(row: TableRow) -> _Shape:
    return _Shape(row.table, tuple(row.key), tuple(row.values))


def _read(readers: Readers, name: str, value: Any) -> Any:
    read = readers[name]
    return read(value) if read is not None and isinstance(value, str) else value


@lru_cache(maxsize=256)
def _changes_only(shape: _Shape) -> bool:
    given = {*shape.key, *shape.values}
    return any(_must_be_filled(column) and column.name not in given for column in shape.table.columns)


@lru_cache(maxsize=256)
def _insert(dialect: str, shape: _Shape) -> Insert:
    statement = insert_in(dialect, shape.table)
    return statement.on_conflict_do_update(
        index_elements=list(shape.key), set_={name: statement.excluded[name] for name in shape.values}
    )


@lru_cache(maxsize=256)
def _update(shape: _Shape) -> Update:
    columns = shape.table.c
    is_it = and_(*(columns[name] == bindparam(_of_key(name), type_=columns[name].type) for name in shape.key))
    return update(shape.table).where(is_it)


def _of_key(name: str) -> str:
    # an update keeps the plain names of columns for what it sets
    return f"key_{name}"


@lru_cache(maxsize=256)
def _readers(table: Table) -> Readers:
    return {column.name: _reader(column) for column in table.columns}


def _reader(column: Column[Any]) -> Callable[[str], Any] | None:
    if isinstance(column.type, (Fen, FinerThanFen, Thousandths, Exact)):
        return Decimal
    if isinstance(column.type, Instant):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(column.type, Date) else None


def _must_be_filled(column: Column[Any]) -> bool:
    return not column.nullable and column.default is None
