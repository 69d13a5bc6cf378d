"""The orders behind a figure of the board page, from the same statement that counts it (R85)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from activities.figures import punctuality, standing, taken_in
from activities.orders.views.order_views import OrderSummary
from activities.store.database import reading
from models.figures.ageing import age_of, aged
from models.figures.figure_names import Counted, KeyFigure
from models.figures.periods import Days, Span, days_of
from models.reports.report import Window
from models.tables.registry import table
from models.values.calendar import business_date

MOST_LISTED = 200
_OF_A_TIME: dict[KeyFigure, Callable[[Window, str], Select[Any]]] = {
    KeyFigure.NEW: taken_in.new_orders,
    KeyFigure.CONFIRMED: taken_in.confirmed_orders,
    KeyFigure.SHIPPED: taken_in.shipments_in,
    KeyFigure.COLLECTED: taken_in.money_in,
    KeyFigure.DEAD: standing.dead_in,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figure's orders. Only what the figure needs is looked at; what is empty narrows nothing."""

    figure: KeyFigure
    span: Span = Span.MONTH
    day: date | None = None
    up_to: date | None = None
    role: str = ""
    person: str = ""
    cause: str = ""
    step: str = ""
    promise: str = "promised"
    age: str = ""
    customer: str = ""
    week: date | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """The orders behind a figure: the first of them, how many there are, and how many lines the figure counts."""

    orders: list[OrderSummary]
    total: int
    counted: Counted


def orders_behind(engine: Engine, wanted: Wanted, now: datetime, salesperson: str = "") -> Behind:
    """The orders that a figure counts, by number, the newest first."""
    today = business_date(now)
    with reading(engine) as connection:
        if wanted.figure is KeyFigure.BALANCES:
            return _owing(connection, wanted, today, salesperson)
        query = _query(connection, wanted, today, salesperson)
        numbers = query.with_only_columns(query.selected_columns["number"]).distinct().subquery()
        total = connection.scalar(select(func.count()).select_from(numbers)) or 0
        lines = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        return Behind(_summaries(connection, numbers.select()), total, Counted(lines))


def _query(connection: Connection, wanted: Wanted, today: date, salesperson: str) -> Select[Any]:
    days = Days(wanted.week, wanted.week + timedelta(days=6)) if wanted.week else days_of(wanted.span, today)
    if wanted.figure in _OF_A_TIME:
        return _OF_A_TIME[wanted.figure](days.window, salesperson)
    if wanted.figure is KeyFigure.LATE:
        dialect = connection.dialect.name
        return punctuality.shipped_late(days.window, wanted.promise, dialect, salesperson)
    if wanted.figure is KeyFigure.SLIPS:
        return punctuality.slips(days.window, salesperson, wanted.cause)
    return _query_of_now(wanted, today, salesperson)


def _query_of_now(wanted: Wanted, today: date, salesperson: str) -> Select[Any]:
    if wanted.figure is KeyFigure.DANGER:
        return standing.promises_in_danger(today, salesperson, wanted.day, wanted.up_to)
    if wanted.figure is KeyFigure.WAITS:
        return punctuality.waiting_at(wanted.step, salesperson)
    if wanted.role:
        return standing.overdue_of(today, wanted.role, wanted.person, salesperson)
    return standing.overdue_steps(today, salesperson)


def _owing(connection: Connection, wanted: Wanted, today: date, salesperson: str) -> Behind:
    owed = [
        each
        for each in standing.owed_now(connection, salesperson, wanted.customer)
        if not wanted.age or age_of(each.since, today).value == wanted.age
    ]
    amounts = aged(owed, today)[0].total
    first = sorted((each.order for each in owed), reverse=True)[:MOST_LISTED]
    orders = table("orders")
    shown = _summaries(connection, select(orders.c.number).where(orders.c.number.in_(first)))
    return Behind(shown, len(owed), Counted(len(owed), amounts))


def _summaries(connection: Connection, numbers: Select[Any]) -> list[OrderSummary]:
    orders = table("orders")
    query = (
        select(orders).where(orders.c.number.in_(numbers)).order_by(orders.c.number.desc()).limit(MOST_LISTED)
    )
    return [OrderSummary.model_validate(dict(row)) for row in connection.execute(query).mappings()]
