"""How many shipments kept their promise, what made promises slip, and how long steps took (R34, R73, R13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, case, func, select, text

from activities.figures.database_days import business_day, days_between, seconds_between
from activities.reports.shipped_goods import left_within
from activities.reports.statistics import moved_within
from models.figures.periods import Days
from models.reports.report import Window
from models.tables.registry import table


@dataclass(frozen=True, slots=True)
class Kept:
    """Shipments of some days, and how many left up to the first promise, and up to the one in force."""

    days: Days
    shipments: int
    first: int
    current: int

    @property
    def first_share(self) -> Decimal | None:
        """Between 0 and 1; None where nothing was shipped."""
        return Decimal(self.first) / self.shipments if self.shipments else None

    @property
    def current_share(self) -> Decimal | None:
        """Between 0 and 1; None where nothing was shipped."""
        return Decimal(self.current) / self.shipments if self.shipments else None


def shipped_late(window: Window, promise: str, dialect: str, salesperson: str = "") -> Select[Any]:
    """Shipments of a time that did not leave up to a promise (`first_promised`, `promised`), or had none."""
    orders, shipments = table("orders"), table("shipments")
    query = select(orders.c.number).join(shipments, shipments.c.order_number == orders.c.number)
    promised = orders.c[promise]
    late = promised.is_(None) | (business_day(shipments.c.shipped_at, dialect) > promised)
    query = left_within(query, window).where(late)
    return query.where(orders.c.salesperson == salesperson) if salesperson else query


def kept_in(connection: Connection, weeks: Iterable[Days], salesperson: str = "") -> list[Kept]:
    """For each week, what kept which promise: the same count as in the weekly statistics."""
    orders, shipments = table("orders"), table("shipments")
    day = business_day(shipments.c.shipped_at, connection.dialect.name)

    def up_to(promise: str) -> Any:
        return func.coalesce(func.sum(case((day <= orders.c[promise], 1), else_=0)), 0)

    query = select(func.count(), up_to("first_promised"), up_to("promised")).select_from(
        orders.join(shipments, shipments.c.order_number == orders.c.number)
    )
    if salesperson:
        query = query.where(orders.c.salesperson == salesperson)
    return [Kept(days, *connection.execute(left_within(query, days.window)).one()) for days in weeks]


@dataclass(frozen=True, slots=True)
class Slip:
    """Moves of promises by one cause: how many, and by how many days in all."""

    cause: str
    moves: int
    days: int


def slips(window: Window, salesperson: str = "", cause: str = "") -> Select[Any]:
    """Moves of promises that were recorded in this time, as the responsibility report has them (R34)."""
    orders, promises = table("orders"), table("promises")
    query = select(promises.c.order_number.label("number")).where(moved_within(window))
    if salesperson:
        query = query.join(orders, orders.c.number == promises.c.order_number).where(
            orders.c.salesperson == salesperson
        )
    return query.where(promises.c.cause == cause) if cause else query


def slips_by_cause(connection: Connection, window: Window, salesperson: str = "") -> list[Slip]:
    """What made promises slip, the commonest first."""
    promises = table("promises")
    moved = days_between(promises.c.promised_from, promises.c.promised_to, connection.dialect.name)
    query = (
        slips(window, salesperson)
        .with_only_columns(promises.c.cause, func.count().label("moves"), func.sum(moved))
        .group_by(promises.c.cause)
        .order_by(func.count().desc(), promises.c.cause)
    )
    return [Slip(cause, moves, int(days)) for cause, moves, days in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Wait:
    """One kind of step: how many of it were done lately, how long the middle one of them took, how many are open now."""

    kind: str
    done: int
    median_hours: Decimal
    open: int


_DONE = text("open_steps.closed_at is not null")
_OPEN = text("open_steps.closed_at is null")


def waits_by_step(
    connection: Connection, since: datetime, until: datetime, salesperson: str = ""
) -> list[Wait]:
    """How long each kind of step took that was done in this time; of an even number the mean of both in the middle."""
    orders, steps = table("orders"), table("open_steps")
    took = seconds_between(steps.c.since, steps.c.closed_at, connection.dialect.name)
    done = select(
        steps.c.kind,
        took.label("took"),
        func.row_number().over(partition_by=steps.c.kind, order_by=took).label("place"),
        func.count().over(partition_by=steps.c.kind).label("all"),
    ).where(_DONE, steps.c.closed_at >= since, steps.c.closed_at < until)
    waiting = select(steps.c.kind, func.count()).where(_OPEN).group_by(steps.c.kind)
    if salesperson:
        of_them = orders.c.salesperson == salesperson
        done = done.join(orders, orders.c.number == steps.c.order_number).where(of_them)
        waiting = waiting.join(orders, orders.c.number == steps.c.order_number).where(of_them)
    rows = done.subquery()
    middle = rows.c.place * 2
    query = (
        select(rows.c.kind, func.max(rows.c["all"]), func.sum(rows.c.took), func.count())
        .where(middle >= rows.c["all"], middle <= rows.c["all"] + 2)
        .group_by(rows.c.kind)
    )
    now: dict[str, int] = {row[0]: row[1] for row in connection.execute(waiting)}
    found = [
        Wait(
            kind,
            count,
            (Decimal(int(seconds)) / middle_ones / 3600).quantize(Decimal("0.1")),
            now.get(kind, 0),
        )
        for kind, count, seconds, middle_ones in connection.execute(query)
    ]
    return sorted(found, key=lambda each: (-each.median_hours, each.kind))


def waiting_at(kind: str, salesperson: str = "") -> Select[Any]:
    """Orders that wait at a kind of step now."""
    orders, steps = table("orders"), table("open_steps")
    query = (
        select(steps.c.order_number.label("number"))
        .join(orders, orders.c.number == steps.c.order_number)
        .where(_OPEN, steps.c.kind == kind)
    )
    return query.where(orders.c.salesperson == salesperson) if salesperson else query
