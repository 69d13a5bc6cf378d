"""An account's orders: where they come from, what one had, to order it again, and when it is expected (R120, R122)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from activities.store.database import reading
from activities.store.holidays import calendar_around
from models.shop.confirmation import Ordered
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Fulfilment, Words

_NO_ORDER = Words("没有订单 {order}", "there is no order {order}")


class Again(NamedTuple):
    """A line as it was ordered once."""

    product: str
    quantity: Decimal
    sample: bool


class Origin(NamedTuple):
    """Of which kind an order is, and from which checkout it comes; empty where it was placed elsewhere."""

    kind: Fulfilment
    checkout: str


def origins(engine: Engine, numbers: Sequence[str]) -> dict[str, Origin]:
    """Where these orders come from."""
    requests, kinds = table("requests"), {each.value: each for each in Fulfilment}
    query = select(requests.c.number, requests.c.start).where(requests.c.number.in_(list(numbers)))
    found = {}
    with reading(engine) as connection:
        for number, start in connection.execute(query):
            request = start["request"]
            kind = kinds.get(request.get("fulfilment", ""), Fulfilment.MAKE_TO_ORDER)
            found[number] = Origin(kind, (request.get("shop") or {}).get("checkout", ""))
    return found


def lines_again(engine: Engine, customer: str, order: str) -> Sequence[Again]:
    """What an own order had. Raises Refusal(unknown_order) for another customer's as for one that nobody knows."""
    requests, lines = table("requests"), table("order_lines")
    with reading(engine) as connection:
        start = connection.scalar(
            select(requests.c.start).where(requests.c.number == order, requests.c.customer == customer)
        )
        if start is None:
            raise Refusal(Code.UNKNOWN_ORDER, _NO_ORDER.filled(order=order[:40]), where="order")
        sample = start["request"].get("fulfilment") == Fulfilment.SAMPLE.value
        query = select(lines.c.product, lines.c.quantity).where(
            lines.c.order_number == order, lines.c.dropped.is_not(True)
        )
        recorded = [
            Again(row.product, row.quantity, sample)
            for row in connection.execute(query.order_by(lines.c.line))
        ]
    return recorded or [
        Again(each["product"], Decimal(each["quantity"]), sample) for each in start["request"]["lines"]
    ]


def expected_of(engine: Engine, order: str, since: datetime) -> date | None:
    """When the goods of an order of the shop are expected, as its confirmation named the day; None where nobody said.

    `since`: from when on somebody works for it. What was paid a day after it was ordered comes so many working days later.
    """
    with reading(engine) as connection:
        return _expected_in(connection, order, business_date(since))


def _expected_in(connection: Connection, order: str, begins: date) -> date | None:
    requests, checkouts = table("requests"), table("checkouts")
    start = connection.scalar(select(requests.c.start).where(requests.c.number == order))
    checkout = ((start or {}).get("request", {}).get("shop") or {}).get("checkout", "")
    row = connection.execute(
        select(checkouts.c.content, checkouts.c.at).where(checkouts.c.checkout == checkout)
    ).one_or_none()
    if row is None:
        return None
    parts = Ordered.model_validate(row.content).parts
    named = next((each.expected for each in parts if each.order == order), None)
    ordered_on = business_date(row.at)
    if named is None or begins <= ordered_on:
        return named
    calendar, day, working_days = calendar_around(connection, begins), ordered_on, 0
    while day < begins:
        day += timedelta(days=1)
        working_days += calendar.is_working_day(day)
    return calendar.working_days_after(named, working_days)
