"""What a customer received of an order, and which cases have how much of it (R142). Read in the transaction that decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, func, select

from activities.store.upsert import insert_into
from models.access import no_order
from models.cases.case_request import CaseGoods
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.quantity import NOTHING
from models.values.vocabulary import Channel, Fulfilment, Words

_NO_LINE = Words(
    "订单 {order} 没有第 {line} 行；有：{known}", "order {order} has no line {line}; there are: {known}"
)
_SHOP = (Channel.WEBSITE.value, Channel.APP.value)


class Received(NamedTuple):
    """How much of a line was received in all, and when the last of it was."""

    quantity: Decimal
    at: datetime | None


def next_case_of(connection: Connection, order: str) -> int:
    """The next number of a case of this order. Until the transaction ends no other case of the order goes on (R142)."""
    numbers = table("order_case_numbers")
    statement = insert_into(connection, numbers).values(order_number=order, last=1)
    last: int = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["order_number"], set_={"last": numbers.c.last + 1}
        ).returning(numbers.c.last)
    ).scalar_one()
    return last


def hold_cases_of(connection: Connection, order: str) -> None:
    """Until the transaction ends no other case of this order is opened or counted."""
    numbers = table("order_case_numbers")
    statement = insert_into(connection, numbers).values(order_number=order, last=0)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["order_number"], set_={"last": numbers.c.last})
    )


def order_row(connection: Connection, number: str, customer: str = "") -> RowMapping:
    """The order as recorded, with what it began with. Raises Refusal(unknown_order), for another customer's too."""
    orders, requests = table("orders"), table("requests")
    query = (
        select(orders.c.customer, orders.c.salesperson, orders.c.paid, orders.c.ended_at, requests.c.start)
        .join(requests, requests.c.number == orders.c.number)
        .where(orders.c.number == number)
    )
    row = connection.execute(query).mappings().first()
    if row is None or (customer and row["customer"] != customer):
        raise no_order(number)
    return row


def received_of(connection: Connection, order: str, line: int) -> Received:
    """What the customer signed for and did not go back as a whole (R78)."""
    shipments = table("shipments")
    query = select(shipments.c.quantities, shipments.c.delivered_at).where(
        shipments.c.order_number == order,
        shipments.c.delivered_at.is_not(None),
        shipments.c.returned_at.is_(None),
    )
    whole, last = NOTHING, None
    for row in connection.execute(query):
        quantity = row.quantities.get(str(line))
        if quantity is not None:
            whole += Decimal(quantity)
            last = row.delivered_at if last is None else max(last, row.delivered_at)
    return Received(whole, last)


def goods_of(connection: Connection, order: str, line: int, begun: RowMapping) -> CaseGoods:
    """The goods of a line as a case begins with them. Raises Refusal(unknown_line)."""
    lines = table("order_lines")
    rows = connection.execute(select(lines).where(lines.c.order_number == order)).mappings().all()
    row = next((each for each in rows if each["line"] == line), None)
    if row is None:
        known = ", ".join(str(each["line"]) for each in rows)
        words = _NO_LINE.filled(order=order, line=line, known=known)
        raise Refusal(Code.UNKNOWN_LINE, words, where="line", rule="R142")
    received = received_of(connection, order, line)
    return CaseGoods(
        line=line,
        product=row["product"],
        specification=row["specification"],
        unit=row["unit"],
        unit_price=row["unit_price"] if row["unit_price"] is not None else ZERO,
        received=received.quantity,
        received_at=received.at,
        from_shop=is_from_shop(begun["start"].get("request", {})),
    )


def is_from_shop(request: dict[str, str]) -> bool:
    """R142: goods that were not made for this customer, ordered in the shop."""
    made = request.get("fulfilment", Fulfilment.MAKE_TO_ORDER.value)
    return made in ("from_stock", "pre_sale", "shop") and request.get("channel") in _SHOP


def fee_of(request: Mapping[str, Any]) -> Decimal:
    """R65: what delivery cost the customer of a shop order, in CNY; nothing of any other."""
    terms = request.get("shop") or {}
    sold = request.get("fulfilment") == Fulfilment.SHOP.value
    return Decimal(terms.get("delivery_fee", "0.00")) if sold else ZERO


def held_of(connection: Connection, order: str, line: int) -> Decimal:
    """How much of a line the cases of the order have."""
    cases = table("order_cases")
    query = select(func.sum(cases.c.held)).where(cases.c.order_number == order, cases.c.line == line)
    found: Decimal | None = connection.scalar(query)
    return found or NOTHING
