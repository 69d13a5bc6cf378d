"""What the order database has of one order, or another case: its row, its request, its journal and its rows, in one state.

"Order" stands for any of them here: quotes, after-sales cases and contracts are compared as orders are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Engine, literal, select, union

from activities.audit.audited_kinds import KINDS, Kind, kind_of
from activities.audit.one_state import reading_one_state
from activities.audit.readable_rows import ReadRow, readable_rows
from activities.audit.row_digests import digests_in
from activities.orders.recording.shelf import Shelf
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
    row: ReadRow
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
    row: ReadRow | None
    has_request: bool
    placed_at: datetime | None
    journal: Sequence[StoredEntry]
    rows: Mapping[str, Mapping[Key, ReadRow]]
    beside: Mapping[str, Mapping[Key, ReadRow]]
    """Rows that are not its own and say what it was told."""
    digest: str
    """Of all of this, as `row_digests` has it."""

    @property
    def kind(self) -> Kind:
        """Of what kind it is."""
        return kind_of(self.number)

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


_NUMBERS = frozenset({"order_number", "case_number"})
"""How the column of the number is called."""
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
    return [column.name for column in table(name).primary_key.columns if column.name not in _NUMBERS]


def stored_order(engine: Engine, number: str) -> StoredOrder:
    """Everything of one order, or another case. Raises the refusals of `database.reading`."""
    kind = kind_of(number)
    heads, requests = table(kind.shelf.heads), table(kind.requests)
    with reading_one_state(engine) as connection:
        began = readable_rows(connection, requests, requests.c.number == number)
        return StoredOrder(
            number=number,
            row=next(iter(readable_rows(connection, heads, heads.c.number == number)), None),
            has_request=bool(began),
            placed_at=_moment(began[0]["placed_at"]) if began else None,
            journal=_journal(connection, kind.shelf, number),
            rows={name: _rows(connection, kind.shelf, name, number) for name in kind.shelf.projected},
            beside={name: _rows(connection, kind.shelf, name, number) for name in kind.beside},
            digest=digests_in(connection, [number])[number],
        )


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _journal(connection: Connection, shelf: Shelf, number: str) -> list[StoredEntry]:
    journal = table(shelf.journal)
    found = readable_rows(connection, journal, shelf.of(shelf.journal) == number)
    return [
        StoredEntry(row["epoch"], row["sequence"], row["hash"], row["previous"], row, _readable(number, row))
        for row in found
    ]


def _readable(number: str, row: ReadRow) -> JournalEntry | None:
    try:
        with named_faults(f"journal entry {number}/{row['sequence']}"):
            return JournalEntry.model_validate(dict(row))
    except Refusal:
        return None


def _rows(connection: Connection, shelf: Shelf, name: str, number: str) -> dict[Key, ReadRow]:
    keys = key_columns(name)
    found = readable_rows(connection, table(name), shelf.of(name) == number)
    return {tuple(row[key] for key in keys): row for row in found}


def numbers_after(engine: Engine, after: str, most: int = PAGE) -> list[str]:
    """The next numbers that any table of orders or of other cases names, in their order."""
    columns = [
        column
        for kind in KINDS
        for column in (
            table(kind.shelf.heads).c.number,
            table(kind.requests).c.number,
            kind.shelf.of(kind.shelf.journal),
        )
    ]
    named = [
        select(column.label("number")).where(column > literal(after)).distinct().order_by(column).limit(most)
        for column in dict.fromkeys(columns)
    ]
    together = union(*(select(each.subquery().c.number) for each in named)).subquery()
    with reading(engine) as connection:
        return list(connection.scalars(select(together.c.number).order_by(together.c.number).limit(most)))
