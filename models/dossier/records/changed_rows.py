"""Which rows of a case changed since the database last got them.

A row is first compared with what it was made of the last time, which costs next to nothing; only where that is another
is it written out and its digest taken. The digests travel from run to run, what rows were made of does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import attrgetter, methodcaller
from typing import Any

from pydantic import BaseModel

from models.dossier.records.recording import Row
from models.values.fingerprint import digest_of, lasting

STEPS = "open_steps"
"""The table of open steps: a step that is no longer there is closed, and its row stays."""
_SHORT = 12
_AS_IT_IS = frozenset({str, int, bool, type(None)})


@dataclass(frozen=True, slots=True)
class Watched:
    """One row as it could be sent: where it stands, what it is made of, and how it is written out."""

    table: str
    key: tuple[tuple[str, str | int], ...]
    """Without the number of the case."""
    made_of: tuple[object, ...]
    """Values that are another whenever the row is another; nothing in it is changed in place."""
    values: Callable[[], dict[str, Any]]

    @property
    def identity(self) -> str:
        """`lots|1|A`: the table and the key."""
        return f"{self.table}|{'|'.join(str(part) for _, part in self.key)}"


@dataclass(frozen=True, slots=True)
class Changed:
    """A row to be sent; `digest` is empty for a step that was closed."""

    identity: str
    digest: str
    row: Row


class RowTracker:
    """Remembers what each row was made of, for as long as a case is in memory."""

    def __init__(
        self,
        number: str,
        watched: Callable[[], Iterable[Watched]],
        *,
        column: str = "order_number",
        steps: str = STEPS,
        beside: Collection[str] = (),
    ) -> None:
        """`column`: of the case's number in tables of its rows; `steps`: the table of its open steps; `beside`: tables
        that have one row for each case, beside the row of the case itself."""
        self._number, self._column, self._steps, self._beside = number, column, steps, frozenset(beside)
        self._watched = watched
        self._made_of: dict[str, tuple[object, ...]] = {}
        self._of_the_case: dict[str, Any] = {}
        """What was sent last of the row of the case itself; nothing where that is not known here."""

    def forget(self) -> None:
        """Forget what was sent, so that the next look finds every row changed."""
        self._made_of = {}
        self._of_the_case = {}

    def changed(self, known: dict[str, str], clock: datetime) -> list[Changed]:
        """The rows that are not as in `known` (identity -> short digest), and those of steps that are closed now."""
        found: list[Changed] = []
        here: set[str] = set()
        for each in self._watched():
            identity = each.identity
            here.add(identity)
            if self._made_of.get(identity) == each.made_of and identity in known:
                continue
            values: dict[str, Any] = plain(each.values())
            digest = digest_of(values)[:_SHORT]
            self._made_of[identity] = each.made_of
            if known.get(identity) != digest:
                is_of_the_case = not each.key and each.table not in self._beside
                moved = self._moved(values, is_known=identity in known) if is_of_the_case else values
                found.append(Changed(identity, digest, self._row(each.table, dict(each.key), moved)))
        found += self._closed(known, here, clock)
        return found

    def sent(self, changed: Iterable[Changed], known: dict[str, str]) -> None:
        """Note in `known` that the database has these rows now."""
        for each in changed:
            if each.digest:
                known[each.identity] = each.digest
            else:
                known.pop(each.identity, None)
                self._made_of.pop(each.identity, None)

    def _moved(self, values: dict[str, Any], *, is_known: bool) -> dict[str, Any]:
        """What of the row of the case is another than was sent last: an index on what stays is left alone."""
        before, self._of_the_case = (self._of_the_case if is_known else {}), values
        if not before:
            return values
        return {name: value for name, value in values.items() if name not in before or before[name] != value}

    def _closed(self, known: dict[str, str], here: set[str], clock: datetime) -> Iterator[Changed]:
        for identity in known:
            table, _, key = identity.partition("|")
            if table == self._steps and identity not in here:
                yield Changed(identity, "", self._row(self._steps, {"key": key}, {"closed_at": plain(clock)}))

    def _row(self, table: str, key: dict[str, str | int], values: dict[str, Any]) -> Row:
        # The row of the case itself has no key but its number.
        column = self._column if key or table in self._beside else "number"
        return Row(table=table, key={column: self._number, **key}, values=values)


def plain(value: Any) -> Any:
    """A value as it travels in a row: numbers as strings, instants ISO 8601 in UTC."""
    kind: Any = type(value)
    return value if kind in _AS_IT_IS else _way_to_write(kind)(value)


@cache
def _way_to_write(kind: type) -> Callable[[Any], Any]:
    """How values of a type are written; asked once, because within a workflow `isinstance` is the sandbox's and dear."""
    if issubclass(kind, BaseModel):
        return lasting
    if issubclass(kind, StrEnum):
        return attrgetter("value")
    if issubclass(kind, Decimal):
        return "{:f}".format
    if issubclass(kind, (date, datetime)):
        return methodcaller("isoformat")
    if issubclass(kind, dict):
        return _plain_parts
    if issubclass(kind, (list, tuple)):
        return _plain_list
    return _as_it_is


def _plain_parts(value: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): plain(part) for key, part in value.items()}


def _plain_list(value: Sequence[Any]) -> list[Any]:
    return [plain(part) for part in value]


def _as_it_is(value: Any) -> Any:
    return value
