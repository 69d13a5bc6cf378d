"""Very many rows at once: tables without their indices and triggers while they are filled, and rows from one database into another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Table, text

from models.tables.columns import Instant
from models.tables.registry import Base

_AT_ONCE = 5000


@contextmanager
def without_indices(engine: Engine) -> Iterator[sqlite3.Connection]:
    """A connection of SQLite's driver in one transaction, whose tables have neither indices nor triggers until it ends."""
    pool = engine.raw_connection()
    connection: Any = pool.driver_connection
    found = connection.execute(
        "select type, name, sql from sqlite_master where type in ('index', 'trigger') and sql is not null"
    ).fetchall()
    connection.execute("pragma synchronous=off")  # a database for a bench need not survive a power cut
    connection.execute("begin immediate")
    for kind, name, _ in found:
        connection.execute(f"drop {kind} {name}")
    yield connection
    for _, _, statement in found:
        connection.execute(statement)
    connection.execute("commit")
    connection.execute("pragma wal_checkpoint(truncate)")
    pool.invalidate()  # another connection keeps what it writes


def copy_into(source: Engine, target: Engine) -> None:
    """All rows of an order database on SQLite into a new one on PostgreSQL, by `COPY`.

    Rows that the migrations themselves put in come with the others.
    """
    with target.connect() as connection, connection.begin():
        connection.exec_driver_sql("set session_replication_role = replica")  # no triggers
        indices = connection.exec_driver_sql(
            "select indexname, indexdef from pg_indexes where schemaname = 'public' and indexname not in"
            " (select conname from pg_constraint)"
        ).all()
        for name, _ in indices:
            connection.exec_driver_sql(f"drop index {name}")
        driver: Any = connection.connection.driver_connection
        for each in reversed(Base.metadata.sorted_tables):
            connection.execute(each.delete())
        for each in Base.metadata.sorted_tables:
            _copy(source, driver, each)
        connection.exec_driver_sql("set maintenance_work_mem = '512MB'")
        for _, statement in indices:
            connection.exec_driver_sql(statement)
        for each in Base.metadata.sorted_tables:
            for column in each.primary_key.columns:
                of = connection.scalar(
                    text("select pg_get_serial_sequence(:name, :column)"),
                    {"name": each.name, "column": column.name},
                )
                if of is not None:
                    highest = f"coalesce((select max({column.name}) from {each.name}), 0) + 1"
                    connection.exec_driver_sql(f"select setval('{of}', {highest}, false)")


def _copy(source: Engine, driver: Any, each: Table) -> None:
    """As the driver of SQLite gives the values: only moments are written otherwise there, without their zone."""
    names = ", ".join(f'"{column.name}"' for column in each.columns)
    read = ", ".join(
        f"\"{column.name}\" || '+00'" if isinstance(column.type, Instant) else f'"{column.name}"'
        for column in each.columns
    )
    pool = source.raw_connection()
    reader: Any = pool.driver_connection
    rows = reader.execute(f"select {read} from {each.name}")
    with driver.cursor() as cursor, cursor.copy(f"copy {each.name} ({names}) from stdin") as written:
        while some := rows.fetchmany(_AT_ONCE):
            written.write("".join("\t".join(map(_written, row)) + "\n" for row in some))
    pool.close()


def _written(value: object) -> str:
    """A value as `COPY` reads it."""
    if value is None:
        return "\\N"
    if not isinstance(value, str):
        return str(value)
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
