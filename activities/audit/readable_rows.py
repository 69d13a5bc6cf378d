"""Rows read so that one with a value that is none of its column's kind hides no other row, and is named itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Table, select, type_coerce
from sqlalchemy.types import NullType

from activities.store.faults import named_faults
from models.values.errors import Code, Refusal

ReadRow = RowMapping | dict[str, Any]


def readable_rows(connection: Connection, rows: Table, where: ColumnElement[bool]) -> list[ReadRow]:
    """The rows in the order of their keys. A value that cannot be read stands as the database gives it.

    Only SQLite keeps such ones, where a hand wrote them: so nothing is read value by value but when reading has failed.
    """
    keys = rows.primary_key.columns
    try:
        with named_faults(rows.name):
            return list(connection.execute(select(rows).where(where).order_by(*keys)).mappings())
    except Refusal as refusal:
        if refusal.code is not Code.FAULT:
            raise
    as_given = select(*(type_coerce(column, NullType()).label(column.name) for column in rows.columns))
    found = connection.execute(as_given.where(where).order_by(*keys)).mappings()
    return [
        {column.name: _read(connection, column, row[column.name]) for column in rows.columns} for row in found
    ]


def _read(connection: Connection, column: Column[Any], value: Any) -> Any:
    dialect = connection.dialect
    reads = column.type.dialect_impl(dialect).result_processor(dialect, None)
    try:
        with named_faults(f"{column.table.name}.{column.name}"):
            return reads(value) if reads is not None else value
    except Refusal:
        return value
