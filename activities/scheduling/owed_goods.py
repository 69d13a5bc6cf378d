"""What is still to be made: lines of living orders that production has dated, less what was made of them (R150)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, or_, select

from activities.store.faults import each_read
from models.dossier.step_kinds import StepKind
from models.order.kinds.kind import KINDS, STILL_MADE
from models.scheduling.plan import Owed
from models.scheduling.proposals import Job
from models.tables.registry import table
from models.values.quantity import NOTHING
from models.values.vocabulary import PhaseName, Unit

Goods = tuple[str, int]
"""An order and one of its lines."""
MADE = [phase.value for phase in PhaseName if phase not in STILL_MADE]
"""Phases in which nothing of an order is to be made any more."""
NOT_MADE = [way.value for way, kind in KINDS.items() if not kind.making]
"""Ways of ordering for which no line runs: the goods are there, come from purchasing, or there are none."""


def owed_goods(connection: Connection, now: datetime) -> list[Owed]:
    """Every line that is still to be made, read along the index of dated orders. Its material counts as there from now on.

    A line that production reported finished is not owed, whatever it is short of. One that cannot be read hides no other.
    What comes from stock or is bought is owed by nobody here, though such orders go through some of the same phases.
    """
    orders, lines, requests = table("orders"), table("order_lines"), table("requests")
    way = requests.c.start[("request", "fulfilment")].as_string()
    query = (
        select(
            orders.c.number, lines.c.line, orders.c.customer_name, lines.c.product, lines.c.quantity, lines.c.unit,
            orders.c.production_due, orders.c.placed_at, orders.c.promised,
        )
        .join(lines, lines.c.order_number == orders.c.number)
        .outerjoin(requests, requests.c.number == orders.c.number)
        .where(_dated(), lines.c.dropped.is_not(True), or_(way.is_(None), way.not_in(NOT_MADE)))
        .order_by(orders.c.production_due, orders.c.number, lines.c.line)
    )  # fmt: skip
    made, asked = _made(connection), _asked_for(connection)
    read = each_read(
        connection.execute(query).mappings(), lambda row: _owed(row, made, asked, now), "goods that are owed"
    )
    return [each for each in read if each is not None]


def _dated() -> ColumnElement[bool]:
    orders = table("orders")
    return and_(
        orders.c.ending.is_(None),
        orders.c.production_due.is_not(None),
        orders.c.phase.not_in(MADE),
    )


def _owed(
    row: RowMapping, made: Mapping[Goods, Decimal], asked: Mapping[str, set[int]], now: datetime
) -> Owed | None:
    number, line = row["number"], row["line"]
    left = row["quantity"] - made.get((number, line), NOTHING)
    finished = number in asked and line not in asked[number]
    if left <= 0 or finished:
        return None
    job = Job(row["product"], left, Unit(row["unit"]), now)
    return Owed(
        number, line, row["customer_name"], job, row["production_due"], row["placed_at"] or now, row["promised"]
    )  # fmt: skip


def _made(connection: Connection) -> dict[Goods, Decimal]:
    """What was made of each line and not scrapped."""
    orders, lots = table("orders"), table("lots")
    query = (
        select(
            lots.c.order_number, lots.c.line, func.sum(lots.c.made, type_=lots.c.made.type),
            func.sum(lots.c.scrapped, type_=lots.c.scrapped.type),
        )
        .join(orders, orders.c.number == lots.c.order_number)
        .where(_dated())
        .group_by(lots.c.order_number, lots.c.line)
    )  # fmt: skip
    return {(number, line): made - scrapped for number, line, made, scrapped in connection.execute(query)}


def _asked_for(connection: Connection) -> dict[str, set[int]]:
    """Of orders of which production is asked for lines: which ones; the others of them are finished."""
    steps = table("open_steps")
    query = select(steps.c.order_number, steps.c.key).where(
        steps.c.kind == StepKind.PRODUCE.value, steps.c.closed_at.is_(None)
    )
    found: dict[str, set[int]] = {}
    for number, key in connection.execute(query):
        line = key.partition(":")[2]
        if line.isdecimal():
            found.setdefault(number, set()).add(int(line))
    return found
