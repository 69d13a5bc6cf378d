"""What is wanted of orders, as conditions of the order database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ColumnElement, String, UnaryExpression, cast, false, or_, select
from sqlalchemy.sql.operators import custom_op

from activities.listing.wanted import Wanted
from activities.reports.watch_list import in_danger
from models.dossier.open_steps import ALSO_BY
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE, business_date
from models.values.vocabulary import Ending, Headline, PhaseName, Role


def asked_of(roles: Sequence[Role]) -> ColumnElement[bool]:
    """Steps that these roles have to do."""
    steps = table("open_steps")
    # Role names hold no quote and none is within another in quotes, so the text of the list tells.
    asked = [cast(steps.c.roles, String).like(f'%"{role.value}"%') for role in roles]
    also = [kind.value for kind, known in ALSO_BY.items() if set(known) & set(roles)]
    return or_(false(), *asked, steps.c.kind.in_(also))


def names_person(person: str) -> ColumnElement[bool]:
    """Steps that name this person. The list stands there as JSON; an id in quotes is within no other id in quotes."""
    return cast(table("open_steps").c.people, String).contains(json.dumps(person), autoescape=True)


def in_phase(phase: str) -> ColumnElement[bool]:
    """Orders in this phase; what has not begun, or is in a phase of a newer program, stands where work begins."""
    orders = table("orders")
    first, *others = (each.value for each in PhaseName)
    if phase == first:
        return orders.c.phase.not_in(others) & orders.c.ending.is_(None)
    return orders.c.phase == phase


def has_status(status: str) -> ColumnElement[bool]:
    """Orders that are shown with this status: how they ended, and else where they stand."""
    orders = table("orders")
    stands = (orders.c.headline == status) & orders.c.ending.is_(None)
    ended = orders.c.ending == status
    if status in {each.value for each in Ending}:
        return ended  # such a headline follows from the ending
    return stands if status in {each.value for each in Headline} else or_(ended, stands)


def conditions(wanted: Wanted, *, walked: bool = False) -> Iterator[ColumnElement[bool]]:
    """Everything that is wanted but the text.

    `walked`: so many orders have the days and amounts that are asked for that looking them up and sorting them costs more
    than walking in the order that is sorted by. SQLite, which counts nothing beforehand, is told so.
    """
    orders = table("orders")
    for within, seen in (
        (orders.c.salesperson, wanted.only_of),
        (orders.c.customer, wanted.customers),
    ):
        if seen:
            yield within.in_(seen)
    yield from _where_it_stands(wanted)
    if wanted.danger:
        yield in_danger(business_date(_now(wanted)))
    if wanted.unpaid:
        yield orders.c.open_balance > Decimal(0)
    for column, value in ((orders.c.customer, wanted.customer), (orders.c.salesperson, wanted.salesperson)):
        if value:
            yield column == value
    of = _beside_its_index if walked else _as_it_is
    yield from _days(wanted, of)
    yield from _between(of(orders.c.total), wanted.amount_from, wanted.amount_to)
    yield from _of_other_rows(wanted)


def _where_it_stands(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    orders = table("orders")
    if wanted.status:
        yield has_status(wanted.status)
    if wanted.phase:
        yield in_phase(wanted.phase)
    if wanted.open_only:
        yield orders.c.ending.is_(None)
    if wanted.ended_only:
        yield orders.c.ending.is_not(None)


def has_ranges(wanted: Wanted) -> bool:
    """Whether days or amounts from and to are asked for."""
    return any(
        each is not None
        for each in (
            wanted.placed_from, wanted.placed_to, wanted.promised_from, wanted.promised_to, wanted.ended_from, wanted.ended_to,
            wanted.amount_from, wanted.amount_to,
        )
    )  # fmt: skip


def _as_it_is(column: Column[Any]) -> ColumnElement[Any]:
    return column


def _beside_its_index(column: Column[Any]) -> ColumnElement[Any]:
    """The same value, for which SQLite does not look into an index."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def _days(wanted: Wanted, of: Callable[[Column[Any]], ColumnElement[Any]]) -> Iterator[ColumnElement[bool]]:
    orders = table("orders")
    yield from _between(of(orders.c.promised), wanted.promised_from, wanted.promised_to)
    for column, first, last in (
        (of(orders.c.placed_at), wanted.placed_from, wanted.placed_to),
        (of(orders.c.ended_at), wanted.ended_from, wanted.ended_to),
    ):
        if first is not None:
            yield column >= _begin(first)
        if last is not None and last < date.max:
            yield column < _begin(last + timedelta(days=1))


def _begin(day: date) -> datetime:
    """When a business day begins, as far as moments go back."""
    if day <= date.min + timedelta(days=1):
        return datetime.min.replace(tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=BUSINESS_ZONE)


def _between(column: ColumnElement[Any], least: Any, most: Any) -> Iterator[ColumnElement[bool]]:
    if least is not None:
        yield column >= least
    if most is not None:
        yield column <= most


def _of_other_rows(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    orders, steps, lines = table("orders"), table("open_steps"), table("order_lines")
    if wanted.product:
        ordered = select(lines.c.order_number).where(
            lines.c.product == wanted.product, lines.c.dropped.is_not(True)
        )
        yield orders.c.number.in_(ordered)
    # one step must be all of it: overdue, and of this role
    asked: list[ColumnElement[bool]] = []
    if wanted.waits_role is not None:
        asked.append(asked_of([wanted.waits_role]))
    if wanted.waits_person:
        asked.append(names_person(wanted.waits_person))
    if wanted.overdue:
        asked.append(steps.c.due < _now(wanted))
    if asked:
        yield orders.c.number.in_(select(steps.c.order_number).where(steps.c.closed_at.is_(None), *asked))
        yield orders.c.ending.is_(None)


def _now(wanted: Wanted) -> datetime:
    if wanted.now is None:
        raise ValueError("what is overdue or in danger is asked with the moment")
    return wanted.now
