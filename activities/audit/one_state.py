"""A transaction that sees one state of everything, however many questions it asks and whoever writes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from activities.store.database import reading


@contextmanager
def reading_one_state(engine: Engine) -> Iterator[Connection]:
    """As `database.reading`; PostgreSQL lets each statement see a newer state unless it is asked not to."""
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set transaction isolation level repeatable read, read only")
        yield connection
