"""One text for everything that the order database has of an order or another case: it is another when any row of it is.

The rows are read as the database gives them and hashed; nothing is parsed, which is why an audit can read all of them every night.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Engine, literal_column, select

from activities.audit.audited_kinds import Kind, kind_of
from activities.audit.one_state import reading_one_state
from models.tables.registry import table

IN_ONE_QUESTION = 50
"""So many numbers are asked about at once: their rows are in memory together."""


def digests(engine: Engine, numbers: Sequence[str]) -> dict[str, str]:
    """The digest of each number's rows, some numbers in one transaction. Raises the refusals of `database.reading`."""
    found: dict[str, str] = {}
    for start in range(0, len(numbers), IN_ONE_QUESTION):
        with reading_one_state(engine) as connection:
            found |= digests_in(connection, numbers[start : start + IN_ONE_QUESTION])
    return found


def digests_in(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """`digests` in the caller's transaction, of as many numbers as one question takes."""
    hashed = {number: hashlib.sha256() for number in numbers}
    for kind in dict.fromkeys(kind_of(number) for number in numbers):
        of_kind = [number for number in numbers if kind_of(number) == kind]
        for column in _columns(kind):
            for number, row in _rows(connection, column, of_kind):
                hashed[number].update(f"{column.table.name} {row!r}\n".encode())
    return {number: each.hexdigest() for number, each in hashed.items()}


def _columns(kind: Kind) -> Iterator[Column[Any]]:
    """The column of the number in every table that is compared."""
    shelf = kind.shelf
    yield table(shelf.heads).c.number
    yield table(kind.requests).c.number
    for name in (shelf.journal, *shelf.projected, *kind.beside):
        yield shelf.of(name)


def _rows(
    connection: Connection, column: Column[Any], numbers: Sequence[str]
) -> Iterable[tuple[str, tuple[Any, ...]]]:
    rows = column.table
    # A star has no types of ours, so nothing is read into anything.
    query = select(column.label("of_number"), literal_column("*")).select_from(rows)
    ordered = query.where(column.in_(numbers)).order_by(*rows.primary_key.columns)
    return ((row[0], tuple(row)[1:]) for row in connection.execute(ordered))
