"""What the order database has of one order: its row, its request, its journal and its rows, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, literal, select, union

from activities.orders.recording.shelf import PROJECTED
from activities.store.database import reading
from activities.store.faults import named_faults
from models.dossier.journal import FIRST_LINK, JournalEntry
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Refusal

Key = tuple[Any, ...]
PAGE = 100


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A journal entry as it is kept; `entry` is None where it cannot be read."""

    epoch: int
    sequence: int
    hash: str
    previous: str
    row: RowMapping
    entry: JournalEntry | None

    @property
    def is_as_written(self) -> bool:
        """Whether its hash is that of what it says.

        It covers the moments with the offsets with which they were told; what is kept is UTC, so those that there are are
        tried, the usual ones first.
        """
        it = self.entry
        if it is None:
            return False
        return any(
            it.hash == _hash_of(it, it.happened_at.astimezone(told), it.recorded_at.astimezone(written))
            for told in _OFFSETS
            for written in _OF_THE_HOUSE
        )


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """One order; `row` is None where there is none. `rows` are those of each table, by key without the number."""

    number: str
    row: RowMapping | None
    has_request: bool
    placed_at: datetime | None
    journal: Sequence[StoredEntry]
    rows: Mapping[str, Mapping[Key, RowMapping]]

    @property
    def sequence(self) -> int:
        """Up to which entry it is recorded."""
        return int(self.row["sequence"]) if self.row is not None else 0

    @property
    def head(self) -> str:
        """The hash of that entry."""
        return str(self.row["head"]) if self.row is not None else FIRST_LINK

    @property
    def stands_at(self) -> tuple[int, str]:
        """Both: the place in the history at which it stands."""
        return self.sequence, self.head

    @property
    def has_ended(self) -> bool:
        """Whether it says of itself that it has ended."""
        return self.row is not None and self.row["ending"] is not None


_OF_THE_HOUSE = (UTC, BUSINESS_ZONE)
_OFFSETS = (
    *_OF_THE_HOUSE,
    *(timezone(timedelta(minutes=minutes)) for minutes in range(-12 * 60, 14 * 60 + 1, 15)),
)


def _hash_of(entry: JournalEntry, happened_at: datetime, recorded_at: datetime) -> str:
    return JournalEntry.linked(
        entry.sequence,
        entry.previous,
        entry.kind,
        entry.subject,
        happened_at,
        recorded_at,
        entry.by,
        entry.role,
        entry.rule,
        entry.data,
    ).hash


def key_columns(name: str) -> list[str]:
    """The columns that tell the rows of one order apart in this table."""
    return [column.name for column in table(name).primary_key.columns if column.name != "order_number"]


def stored_order(engine: Engine, number: str) -> StoredOrder:
    """Everything of one order. Raises the refusals of `database.reading`."""
    orders, requests = table("orders"), table("requests")
    with reading(engine) as connection:
        row = connection.execute(select(orders).where(orders.c.number == number)).mappings().first()
        placed = connection.scalar(select(requests.c.placed_at).where(requests.c.number == number))
        return StoredOrder(
            number=number,
            row=row,
            has_request=placed is not None,
            placed_at=placed,
            journal=_journal(connection, number),
            rows={name: _rows(connection, name, number) for name in PROJECTED},
        )


def _journal(connection: Connection, number: str) -> list[StoredEntry]:
    journal = table("journal")
    query = select(journal).where(journal.c.order_number == number)
    found = connection.execute(query.order_by(journal.c.epoch, journal.c.sequence)).mappings().all()
    return [
        StoredEntry(row["epoch"], row["sequence"], row["hash"], row["previous"], row, _readable(row))
        for row in found
    ]


def _readable(row: RowMapping) -> JournalEntry | None:
    try:
        with named_faults(f"journal entry {row['order_number']}/{row['sequence']}"):
            return JournalEntry.model_validate(dict(row))
    except Refusal:
        return None


def _rows(connection: Connection, name: str, number: str) -> dict[Key, RowMapping]:
    rows = table(name)
    keys = key_columns(name)
    found = connection.execute(select(rows).where(rows.c.order_number == number)).mappings()
    return {tuple(row[key] for key in keys): row for row in found}


def numbers_after(engine: Engine, after: str, most: int = PAGE) -> list[str]:
    """The next numbers that any table of orders names, in their order."""
    named = [
        select(column.label("number")).where(column > literal(after))
        for column in (table("orders").c.number, table("requests").c.number, table("journal").c.order_number)
    ]
    together = union(*named).subquery()
    with reading(engine) as connection:
        return list(connection.scalars(select(together.c.number).order_by(together.c.number).limit(most)))
