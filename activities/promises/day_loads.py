"""How much is promised, due and planned on each day, along the indexes of open orders (R23 to R25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from activities.store.database import reading
from models.forms.day_of_order import DayKind
from models.tables.registry import table
from models.values.calendar import ONE_DAY

COLUMNS = {DayKind.PROMISED: "promised", DayKind.DUE: "production_due", DayKind.PLANNED: "ship_date"}
"""Where an order has the day of each kind."""


@dataclass(frozen=True, slots=True)
class DayLoad:
    """One day: how many open orders by kind of day, and what the factory is to have finished, by unit."""

    day: date
    orders: dict[DayKind, int] = field(default_factory=dict)
    quantities: dict[str, Decimal] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """How many orders are due from the factory."""
        return self.orders.get(DayKind.DUE, 0)


@dataclass(frozen=True, slots=True)
class DayEntry:
    """An order on a day of the calendar."""

    number: str
    customer: str
    customer_name: str
    salesperson: str
    headline: str
    promised: date | None
    production_due: date | None
    ship_date: date | None


def loads_between(engine: Engine, first: date, last: date, salesperson: str | None = None) -> list[DayLoad]:
    """Every day from the first to the last; of this salesperson's orders, or of all."""
    with reading(engine) as connection:
        counts = {kind: _counts(connection, kind, first, last, salesperson) for kind in DayKind}
        quantities = _quantities(connection, first, last, salesperson)
    days = [first + place * ONE_DAY for place in range((last - first).days + 1)]
    return [
        DayLoad(
            day,
            {kind: counts[kind][day] for kind in DayKind if day in counts[kind]},
            {unit: total for (of, unit), total in quantities.items() if of == day},
        )
        for day in days
    ]


def _open(query: Select[Any], kind: DayKind, first: date, last: date, salesperson: str | None) -> Select[Any]:
    orders = table("orders")
    day = orders.c[COLUMNS[kind]]
    query = query.where(orders.c.ending.is_(None), day >= first, day <= last)
    return query if salesperson is None else query.where(orders.c.salesperson == salesperson)


def _counts(
    connection: Connection, kind: DayKind, first: date, last: date, salesperson: str | None
) -> dict[date, int]:
    day = table("orders").c[COLUMNS[kind]]
    query = _open(select(day, func.count()), kind, first, last, salesperson).group_by(day)
    return {row[0]: row[1] for row in connection.execute(query)}


def _quantities(
    connection: Connection, first: date, last: date, salesperson: str | None
) -> dict[tuple[date, str], Decimal]:
    """What is still to be finished by that day; what is in the warehouse is no load any more."""
    orders, lines = table("orders"), table("order_lines")
    query = _open(
        select(orders.c.production_due, lines.c.unit, lines.c.quantity, lines.c.entered).join(
            lines, lines.c.order_number == orders.c.number
        ),
        DayKind.DUE,
        first,
        last,
        salesperson,
    ).where(lines.c.dropped.is_not(True))
    found: dict[tuple[date, str], Decimal] = {}
    for day, unit, quantity, entered in connection.execute(query):
        left = max(quantity - entered, Decimal(0))
        if left:
            found[day, unit] = found.get((day, unit), Decimal(0)) + left
    return found


def entries_on(
    engine: Engine, kind: DayKind, days: Sequence[date], most: int, salesperson: str | None = None
) -> dict[date, list[DayEntry]]:
    """The first orders of each day, by number; of this salesperson's orders, or of all."""
    orders = table("orders")
    names = (
        "number",
        "customer",
        "customer_name",
        "salesperson",
        "headline",
        "promised",
        "production_due",
        "ship_date",
    )
    columns = [orders.c[name] for name in names]
    found: dict[date, list[DayEntry]] = {}
    with reading(engine) as connection:
        for day in days:
            query = _open(select(*columns), kind, day, day, salesperson).order_by(orders.c.number).limit(most)
            rows = [DayEntry(*row) for row in connection.execute(query)]
            if rows:
                found[day] = rows
    return found


def waiting_in(engine: Engine, phases: Sequence[str], most: int, salesperson: str | None = None) -> list[str]:
    """Open orders in these phases that have a promise and may slip (class A never does), the nearest promise first (R34)."""
    orders = table("orders")
    query = (
        select(orders.c.number)
        .where(
            orders.c.ending.is_(None),
            orders.c.phase.in_(phases),
            orders.c.promised.is_not(None),
            orders.c.customer_class != "A",
        )
        .order_by(orders.c.phase, orders.c.promised)
        .limit(most)
    )
    if salesperson is not None:
        query = query.where(orders.c.salesperson == salesperson)
    with reading(engine) as connection:
        return list(connection.scalars(query))
