"""What the catalogue is searched and listed by, kept in memory for as long as it stays the same (R120).

A request looks at all products and shows a page of them: what is looked at is kept here, once for all who ask; what is
shown, with stock and prices of this very moment, is read anew (`activities.shop.offers.offers_in`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

from sqlalchemy import Connection, Engine, func, select

from activities.shop.offers import offers_in
from activities.store.database import reading
from models.company.record_changes import RecordKind
from models.shop.catalogue import Category, Found, Sought, category_tree, is_within, search_among, sought
from models.tables.registry import table

_LASTS = timedelta(minutes=10)
"""It is read anew after that in any case: somebody may have written to the database by hand."""
_LOOKED_AT = 1000
"""Changes are compared from so many before the newest one on: one that is committed later may have a smaller number."""
_MOST_ANSWERS = 200
"""So many searches are remembered: people type the same."""


@dataclass(frozen=True, slots=True)
class _State:
    """By what one catalogue is told from another: its day, and which changes of products and prices there are."""

    today: date
    since: int
    changes: int
    newest: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """A catalogue as it was read, with what it was asked for since."""

    state: _State
    read_at: datetime
    products: tuple[Sought, ...]
    tree: tuple[Category, ...]
    answers: dict[tuple[str, str], tuple[str, ...]]


@dataclass(slots=True)
class Shelf:
    """The products of one database, as everybody may find them. Safe for several threads."""

    _kept: _Kept | None = None
    _lock: Lock = field(default_factory=Lock)
    """Of several who find it out of date, one reads it anew."""

    def find(self, engine: Engine, today: date, now: datetime, text: str = "", category: str = "") -> Found:
        """The numbers of the products that fit, the best first, and the tree of all categories."""
        kept = self._kept
        with reading(engine) as connection:
            if kept is None or not _is_fresh(connection, kept, today, now):
                with self._lock:
                    kept = self._kept
                    if kept is None or not _is_fresh(connection, kept, today, now):
                        kept = self._kept = _read(connection, today, now)
        numbers = kept.answers.get((text, category))
        if numbers is None:
            within = [each for each in kept.products if not category or is_within(each.offer, category)]
            numbers = tuple(each.product for each in search_among(within, text))
            if len(kept.answers) < _MOST_ANSWERS:
                kept.answers[text, category] = numbers
        return Found(numbers, kept.tree)


def _is_fresh(connection: Connection, kept: _Kept, today: date, now: datetime) -> bool:
    is_young = kept.read_at <= now < kept.read_at + _LASTS
    return is_young and _state(connection, today, kept.state.since) == kept.state


def _read(connection: Connection, today: date, now: datetime) -> _Kept:
    newest = connection.scalar(select(func.max(table("company_changes").c.number))) or 0
    # the state first: what is changed while the products are read makes it another one
    state = _state(connection, today, max(newest - _LOOKED_AT, 0))
    offers = offers_in(connection, today).values()
    return _Kept(state, now, tuple(sought(each) for each in offers), category_tree(offers), {})


def _state(connection: Connection, today: date, since: int) -> _State:
    changes = table("company_changes")
    kinds: Sequence[str] = (RecordKind.PRODUCT.value, RecordKind.PRICE.value)
    query = select(func.count(), func.coalesce(func.max(changes.c.number), 0)).where(
        changes.c.number > since, changes.c.kind.in_(kinds)
    )
    count, newest = connection.execute(query).one()
    return _State(today, since, count, newest)
