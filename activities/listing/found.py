"""Orders found: pages that follow on each other, true counts and sums, and the columns of the board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    RowMapping,
    Select,
    case,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from activities.listing.conditions import conditions, has_ranges, in_phase
from activities.listing.order_words import gather_words
from activities.listing.text_hits import BOUND, has_texts, look_for
from activities.listing.wanted import SORTS, Wanted
from activities.orders.views.cursors import bad_cursor, cursor_of, place_value, read_cursor
from activities.orders.views.order_views import OrderSummary, StepView
from activities.store.database import reading
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import PhaseName, Words

_BAD_SORT = Words("不能按 {sort} 排序；可按：{may}", "orders are not sorted by {sort}; by: {may}")
_TOO_MANY = Words(
    "结果超过 {most} 单，一次导不出来；请缩小范围后再导出，不会少导一单",
    "there are more than {most} orders; narrow them down and export again: none is ever left out in silence",
)
_NAMED_AT_ONCE = 5000
_WALKED_ABOVE = 3000
"""Of more orders than these that have the days or amounts asked for, a page is found by walking."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `next` is the cursor of the one after; empty at the end."""

    orders: list[OrderSummary]
    next: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How many orders there are, and what they come to in CNY; `open` is what is still to be paid.

    `more`: a text was looked for that so many orders have that they were not all counted; then there are more than `count`,
    and no sums.
    """

    count: int
    total: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    open: Decimal = Decimal(0)
    more: bool = False


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """The open orders of a phase: the first of them by promise, and how many there are."""

    phase: PhaseName
    orders: list[OrderSummary]
    count: int


def find_orders(engine: Engine, wanted: Wanted) -> Page:
    """One page of orders. Raises Refusal(malformed) for a sort or cursor that is none."""
    return found_and_counted(engine, wanted, counted=False)[0]


def found_and_counted(engine: Engine, wanted: Wanted, *, counted: bool = True) -> tuple[Page, Totals]:
    """One page of orders, and how many there are in all, of one state of the database. Raises as `find_orders`."""
    name = wanted.sort.lstrip("-")
    if name not in SORTS:
        words = _BAD_SORT.filled(sort=wanted.sort, may=", ".join(SORTS))
        raise Refusal(Code.MALFORMED, words, where="sort")
    if wanted.text:
        gather_words(engine)
    with reading(engine) as connection:
        which = _which(connection, wanted)
        totals = _totals(connection, which) if counted else Totals(0)
        return _page(connection, _to_be_paged(connection, which, wanted), wanted, name), totals


def count_orders(engine: Engine, wanted: Wanted) -> Totals:
    """How many orders there are, and what they come to."""
    if wanted.text:
        gather_words(engine)
    with reading(engine) as connection:
        which = _which(connection, wanted)
        return _totals(connection, which)


def every_order(engine: Engine, wanted: Wanted, most: int) -> list[tuple[RowMapping, list[RowMapping]]]:
    """Every order that is wanted as its row, in order, with its open steps. Raises Refusal(too_large) for more than so many."""
    orders, steps = table("orders"), table("open_steps")
    name, down = wanted.sort.lstrip("-"), wanted.sort.startswith("-")
    if wanted.text:
        gather_words(engine)
    with reading(engine) as connection:
        query = select(orders).where(*_which(connection, wanted).all)
        rows: list[RowMapping] = []
        for part in _parts(query, "", orders.c[name], connection.dialect, down=down):
            if len(rows) <= most:
                rows += connection.execute(part.limit(most + 1 - len(rows))).mappings().all()
        if len(rows) > most:
            raise Refusal(Code.TOO_LARGE, _TOO_MANY.filled(most=f"{most:,}"), where="orders")
        of_order: dict[str, list[RowMapping]] = {}
        living = [row["number"] for row in rows if row["ending"] is None]
        for at in range(0, len(living), _NAMED_AT_ONCE):
            waits = select(steps.c.order_number, steps.c.roles, steps.c.due).where(
                steps.c.order_number.in_(living[at : at + _NAMED_AT_ONCE]), steps.c.closed_at.is_(None)
            )
            for step in connection.execute(waits.order_by(steps.c.order_number, steps.c.due)).mappings():
                of_order.setdefault(step["order_number"], []).append(step)
    return [(row, of_order.get(row["number"], [])) for row in rows]


class _Which(NamedTuple):
    """The conditions that an order must meet. `walked`: one of them can only be met by looking at each order, since very
    many have the text; `text_alone`: nothing else is asked, so that it is known that there are very many."""

    all: list[ColumnElement[bool]]
    texts: Sequence[ColumnElement[bool]] = ()
    walked: bool = False
    text_alone: bool = False


def _which(connection: Connection, wanted: Wanted) -> _Which:
    hits = look_for(connection, wanted.text) if wanted.text else []
    others = list(conditions(wanted))
    walked = any(each.broad for each in hits)
    texts = has_texts(connection, hits)
    return _Which([*others, *texts], texts, walked, walked and len(hits) == 1 and not others)


def _to_be_paged(connection: Connection, which: _Which, wanted: Wanted) -> _Which:
    """The same conditions, as they are best met for a page in the order that is sorted by."""
    if connection.dialect.name != "sqlite" or not has_ranges(wanted):
        return which
    orders = table("orders")
    first = select(orders.c.number).where(*which.all).limit(_WALKED_ABOVE + 1).subquery()
    if (connection.scalar(select(func.count()).select_from(first)) or 0) <= _WALKED_ABOVE:
        return which
    return which._replace(all=[*conditions(wanted, walked=True), *which.texts])


def _page(connection: Connection, which: _Which, wanted: Wanted, name: str) -> Page:
    orders = table("orders")
    rows: list[RowMapping] = []
    down = wanted.sort.startswith("-")
    query = select(orders).where(*which.all)
    for part in _parts(query, wanted.cursor, orders.c[name], connection.dialect, down=down):
        if len(rows) <= wanted.most:
            rows += connection.execute(part.limit(wanted.most + 1 - len(rows))).mappings().all()
    shown = rows[: wanted.most]
    more = len(rows) > wanted.most
    return Page(
        _summaries(connection, shown), cursor_of([shown[-1][name], shown[-1]["number"]]) if more else ""
    )


def _summaries(connection: Connection, rows: Sequence[RowMapping]) -> list[OrderSummary]:
    steps = table("open_steps")
    of_order: dict[str, list[StepView]] = {}
    waits = select(steps).where(
        steps.c.order_number.in_([row["number"] for row in rows]), steps.c.closed_at.is_(None)
    )
    for step in connection.execute(waits.order_by(steps.c.order_number, steps.c.due)).mappings():
        of_order.setdefault(step["order_number"], []).append(StepView.model_validate(dict(step)))
    return [
        OrderSummary.model_validate(
            {**row, "steps": of_order.get(row["number"], []) if row["ending"] is None else []}
        )
        for row in rows
    ]


def _totals(connection: Connection, which: _Which) -> Totals:
    orders = table("orders")
    if which.text_alone:
        return Totals(BOUND, more=True)
    if which.walked:
        counted = _sums(connection, which.all, BOUND + 1)
        return counted if counted.count <= BOUND else Totals(BOUND, more=True)
    # nothing is asked: each half is added up along an index of its own
    halves: list[ColumnElement[bool]] = [orders.c.ending.is_(None), orders.c.ending.is_not(None)]
    parts = (
        [_sums(connection, [half]) for half in halves] if not which.all else [_sums(connection, which.all)]
    )
    nought = Decimal(0)
    return Totals(
        sum(each.count for each in parts),
        sum((each.total for each in parts), nought),
        sum((each.paid for each in parts), nought),
        sum((each.open for each in parts), nought),
    )


def _sums(connection: Connection, which: Sequence[ColumnElement[bool]], most: int | None = None) -> Totals:
    """Counted and added up, at most so many of them."""
    orders = table("orders")
    query = select(*_figures(orders.c)).where(*which)
    if most is not None:
        some = select(orders.c.total, orders.c.paid, orders.c.open_balance).where(*which)
        query = select(*_figures(some.limit(most).subquery().c))
    row = connection.execute(query).one()
    total, paid, due = (each if each is not None else Decimal(0) for each in row[1:])
    return Totals(row[0], total, paid, due)


def _figures(columns: ReadOnlyColumnCollection[str, Any]) -> tuple[ColumnElement[Any], ...]:
    nothing = literal(Decimal(0), columns.open_balance.type)
    due = case((columns.open_balance > Decimal(0), columns.open_balance), else_=nothing)
    return func.count(), func.sum(columns.total), func.sum(columns.paid), func.sum(due)


def board_of(engine: Engine, wanted: Wanted, most: int) -> list[BoardColumn]:
    """The board of what is wanted: each phase with its first open orders, the nearest promise first, and their number."""
    orders = table("orders")
    if wanted.text:
        gather_words(engine)
    wanted = replace(wanted, open_only=True, phase="", sort="promised", cursor="", most=most)
    with reading(engine) as connection:
        which = _which(connection, wanted)
        counted = connection.execute(
            select(orders.c.phase, func.count()).where(*which.all).group_by(orders.c.phase)
        )
        first, *others = PhaseName
        counts = dict.fromkeys(PhaseName, 0)
        for phase, count in counted:
            counts[next((each for each in others if each.value == phase), first)] += count
        columns = []
        for phase, count in counts.items():
            of_phase = _Which([*which.all, in_phase(phase.value)])
            page = _page(connection, of_phase, wanted, "promised") if count else Page([], "")
            columns.append(BoardColumn(phase, page.orders, count))
        return columns


def _parts(
    query: Select[tuple[object, ...]], cursor: str, column: Column[Any], dialect: Dialect, *, down: bool
) -> Iterator[Select[tuple[object, ...]]]:
    """Orders that have the value sorted by it, then those that lack it: they come last, whichever way is sorted.

    Two questions, because one that sorts by "lacks it" first cannot be read along an index.
    """
    place = _place(cursor, column, dialect) if cursor else None
    number = table("orders").c.number
    if place is None or place.value is not None:
        key = (number,) if column is number else (column, number)
        have = query.order_by(*(each.desc() if down else each.asc() for each in key))
        if column.nullable:
            have = have.where(column.is_not(None))
        if place is not None:
            values = (place.value, place.number)[-len(key) :]
            shown = tuple_(*(literal(value, each.type) for value, each in zip(values, key, strict=True)))
            have = have.where(tuple_(*key) < shown if down else tuple_(*key) > shown)
        yield have
    if column.nullable:
        lack = query.where(column.is_(None)).order_by(number.desc() if down else number.asc())
        if place is not None and place.value is None:
            lack = lack.where(number < place.number if down else number > place.number)
        yield lack


class _Place(NamedTuple):
    """The last order of the page before: the value it is sorted by, and its number."""

    value: Any
    number: str


def _place(cursor: str, column: Column[Any], dialect: Dialect) -> _Place:
    value, number = read_cursor(cursor, 2)
    if number is None or (value is None and not column.nullable):
        raise bad_cursor()
    return _Place(place_value(column, value, dialect), number)
