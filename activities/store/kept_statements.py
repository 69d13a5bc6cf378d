"""Statements that every burst sends: their text and the conversions of their values are made once, not at each sending.

SQLAlchemy keeps a statement's text as well, but looks for it and prepares it for each sending; of a burst of seven
small statements that was the larger part of the cost. What is sent, and what its failures are called, is the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, CursorResult, Dialect, Insert, Update, text
from sqlalchemy.engine.interfaces import Compiled
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

Statement = Insert | Update
_Convert = Callable[[Any], Any] | None
_ROWS = "rows"


class _Kept(NamedTuple):
    """A statement of one database for rows of certain columns."""

    text: str
    values: tuple[tuple[str, _Convert], ...]
    """Under which name each value is given, and how it is converted."""
    constants: Mapping[str, Any]
    """What nobody gives, as the driver takes it."""
    by_place: bool
    """Whether the driver takes the values by their place; else by their names."""

    def taken(self, row: Mapping[str, Any]) -> Any:
        """The row's values as the driver takes them. KeyError for a row that lacks one."""
        if self.constants:
            row = {**row, **self.constants}
        if self.by_place:
            return tuple(
                [row[name] if convert is None else convert(row[name]) for name, convert in self.values]
            )
        return {name: row[name] if convert is None else convert(row[name]) for name, convert in self.values}


def send(connection: Connection, statement: Statement, row: Mapping[str, Any]) -> CursorResult[Any]:
    """What `connection.execute` does with a statement and one row; the statement must be one that is made once."""
    kept = _kept(connection.dialect, statement, tuple(row))
    return connection.exec_driver_sql(kept.text, kept.taken(row))


def send_all(connection: Connection, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
    """What `connection.execute` does with a statement and rows of the same columns.

    PostgreSQL gets several rows of an insert as one text, in one statement: its driver sends each of many by itself. So
    no two of them may be the same row where the statement changes what is there.
    """
    if len(rows) == 1:
        send(connection, statement, rows[0])
    elif isinstance(statement, Insert) and connection.dialect.name == "postgresql":
        _send_together(connection, statement, rows)
    elif rows:
        kept = _kept(connection.dialect, statement, tuple(rows[0]))
        connection.exec_driver_sql(kept.text, [kept.taken(row) for row in rows])


def _send_together(connection: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    together = _kept_together(connection.dialect, statement, tuple(rows[0]))
    if any(row[name] is None for name in together.telling_nothing for row in rows):
        # Such a column tells no document from a document that says nothing; in a text of rows the two are one.
        for row in rows:
            send(connection, statement, row)
        return
    text = json.dumps([together.as_document(row) for row in rows], default=str)
    connection.exec_driver_sql(together.text, {_ROWS: text})


@lru_cache(maxsize=1024)
def _kept(dialect: Dialect, statement: Statement, columns: tuple[str, ...]) -> _Kept:
    given = _defaults(statement, columns)
    compiled = statement.compile(dialect=dialect, column_keys=[*columns, *given])
    return _as_kept(compiled, dialect, given)


class _Together(NamedTuple):
    """An insert of PostgreSQL that takes all its rows as one text."""

    text: str
    conversions: Mapping[str, _Convert]
    telling_nothing: tuple[str, ...]
    """Columns of documents in which nothing is a document as well."""
    constants: Mapping[str, Any]

    def as_document(self, row: Mapping[str, Any]) -> dict[str, Any]:
        converted = {
            name: row[name] if convert is None or row[name] is None else convert(row[name])
            for name, convert in self.conversions.items()
        }
        return {**self.constants, **converted}


@lru_cache(maxsize=1024)
def _kept_together(dialect: Dialect, statement: Insert, columns: tuple[str, ...]) -> _Together:
    of_table, constants = statement.table.columns, _defaults(statement, columns)
    names = [*columns, *constants]
    prepared = dialect.identifier_preparer
    quoted = ", ".join(prepared.quote(name) for name in names)
    of_row = f"null::{prepared.format_table(statement.table)}"
    rows = text(f"select {quoted} from json_populate_recordset({of_row}, :{_ROWS})")  # noqa: S608  names of our tables
    filled = statement.from_select(
        names, rows.columns(*(of_table[name] for name in names)), include_defaults=False
    )
    kinds = {name: of_table[name].type for name in columns}
    conversions = {
        name: None if isinstance(kind, JSON) else _conversion(kind, dialect) for name, kind in kinds.items()
    }
    telling_nothing = tuple(
        name for name, kind in kinds.items() if isinstance(kind, JSON) and not kind.none_as_null
    )
    return _Together(str(filled.compile(dialect=dialect)), conversions, telling_nothing, constants)


def _defaults(statement: Statement, columns: tuple[str, ...]) -> dict[str, Any]:
    """What an insert gives to columns that a row leaves out."""
    if not isinstance(statement, Insert):
        return {}
    left_out = [column for column in statement.table.columns if column.name not in columns]
    return {
        column.name: column.default.arg
        for column in left_out
        if isinstance(column.default, ScalarElementColumnDefault)
    }


def _as_kept(compiled: Compiled, dialect: Dialect, known: Mapping[str, Any]) -> _Kept:
    if not isinstance(compiled, SQLCompiler):  # every insert and update is
        raise TypeError(f"{compiled} is no statement")
    values, constants = dict[str, _Convert](), dict[str, Any]()
    for name, bind in compiled.binds.items():
        convert = values[name] = _conversion(bind.type, dialect)
        constant = known.get(name, None if bind.required else bind.value)
        if constant is not None:
            constants[name] = constant if convert is None else convert(constant)
            values[name] = None
    places = compiled.positiontup
    in_order = list(values) if places is None else places
    return _Kept(
        str(compiled), tuple((name, values[name]) for name in in_order), constants, places is not None
    )


def _conversion(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).bind_processor(dialect)
