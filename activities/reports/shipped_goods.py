"""Which shipments a report speaks of, and what was billed for each (R73)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CompoundSelect, Connection, RowMapping, Select, and_, case, func, select, text

from activities.store.faults import named_faults
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, Subject
from models.order.money.delivery_fee import FEE_LINE
from models.reports.report import Window
from models.reports.shipped_amounts import Left, Priced, amounts_of
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.money import ZERO
from models.values.quantity import NOTHING

_NOTICE_OF = f"{Paper.SHIPMENT.value}:"
"""How the notice of a shipment is called in the outbox, before the shipment's own name."""
Shipment = tuple[str, str]
"""The number of the order and the shipment's name."""


def left_within(query: Select[Any], window: Window) -> Select[Any]:
    """Only shipments that left in this time, or left before and were told of in it.

    One that is told after the list of its day was made is in the next, in exactly one.
    """
    shipments, outbox = table("shipments"), table("outbox")
    notice = and_(
        outbox.c.order_number == shipments.c.order_number,
        outbox.c.identity == _NOTICE_OF + shipments.c.shipment,
    )
    told = outbox.c.created_at
    moment = case((told > shipments.c.shipped_at, told), else_=shipments.c.shipped_at)
    near = _left_or_told(window).subquery()
    return (
        query.join(
            near,
            and_(near.c.order_number == shipments.c.order_number, near.c.shipment == shipments.c.shipment),
        )
        .outerjoin(outbox, notice)
        .where(moment >= window.since, moment < window.until)
    )


def _left_or_told(window: Window) -> CompoundSelect[tuple[str, str]]:
    """Every shipment that left or was told of in this time, along the indexes of both moments: no other is looked at."""
    shipments, outbox = table("shipments"), table("outbox")
    left = select(shipments.c.order_number, shipments.c.shipment).where(
        shipments.c.shipped_at >= window.since, shipments.c.shipped_at < window.until
    )
    told = select(outbox.c.order_number, func.substr(outbox.c.identity, len(_NOTICE_OF) + 1)).where(
        text("paper = 'shipment_notice'"),  # as the index says it
        outbox.c.created_at >= window.since,
        outbox.c.created_at < window.until,
    )
    return left.union(told)


def billed_for(connection: Connection, orders: Collection[str]) -> dict[Shipment, Decimal]:
    """What was billed for each shipment of these orders; one that cannot be worked out is left out.

    Goods that came back are billed to nobody (R76).
    """
    return {
        (order, name): amount
        for order, shipped in shipped_of(connection, orders).items()
        for name, amount in shipped.kept.items()
    }


@dataclass(frozen=True, slots=True)
class ShipmentDays:
    """When a shipment left, and when it came back. UTC."""

    shipment: str
    shipped_at: datetime
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shipped:
    """The shipments of an order in the order in which they left: what each added to the bill, and what of it was kept."""

    shipments: tuple[ShipmentDays, ...] = ()
    lines: Mapping[int, Priced] = field(default_factory=dict)
    sent: Mapping[str, Decimal] = field(default_factory=dict)
    kept: Mapping[str, Decimal] = field(default_factory=dict)
    """The same without what came back (R76)."""


def shipped_of(connection: Connection, orders: Collection[str]) -> dict[str, Shipped]:
    """What was shipped of these orders, priced; an order that cannot be worked out is left out."""
    shipments = table("shipments")
    query = (
        select(
            shipments.c.order_number, shipments.c.shipment, shipments.c.quantities, shipments.c.returned_at,
            shipments.c.shipped_at,
        )
        .where(shipments.c.order_number.in_(orders))
        .order_by(shipments.c.order_number, shipments.c.shipped_at, shipments.c.shipment)
    )  # fmt: skip
    came_back, lines = _came_back(connection, orders), _lines(connection, orders)
    of_order: dict[str, list[RowMapping]] = {order: [] for order in lines}
    for row in connection.execute(query).mappings():
        of_order.setdefault(row["order_number"], []).append(row)
    found: dict[str, Shipped] = {}
    for order, known in of_order.items():
        try:
            with named_faults(f"what was billed of {order}"):
                found[order] = _shipped(order, known, lines.get(order, {}), came_back)
        except Refusal:
            continue  # the log says why; the others are counted
    return found


def _shipped(
    order: str,
    known: list[RowMapping],
    lines: Mapping[int, Priced],
    came_back: Mapping[Shipment, Mapping[int, Decimal]],
) -> Shipped:
    sent, kept = list[Left](), list[Left]()
    for place, row in enumerate(known):
        name, quantities = row["shipment"], row["quantities"]
        if FEE_LINE in lines and place == 0:
            quantities = {
                **quantities,
                str(FEE_LINE): "1",
            }  # R65: the delivery fee is billed with what leaves first
        back = came_back.get((order, name)) if row["returned_at"] is not None else {}
        sent.append(Left(name, _kept(quantities, {})))
        kept.append(Left(name, _kept(quantities, back)))
    days = tuple(ShipmentDays(row["shipment"], row["shipped_at"], row["returned_at"]) for row in known)
    return Shipped(days, lines, amounts_of(sent, lines), amounts_of(kept, lines))


def _kept(sent: Mapping[str, str], back: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    """What left, less what came back; nothing where everything did."""
    if back is None:
        return {}
    return {int(line): Decimal(quantity) - back.get(int(line), NOTHING) for line, quantity in sent.items()}


def _lines(connection: Connection, orders: Collection[str]) -> dict[str, dict[int, Priced]]:
    """The lines of each order with their prices, and the most that is billed of one whose surplus is returned."""
    lines, decisions = table("order_lines"), table("decisions")
    to_be_returned = select(decisions.c.order_number, decisions.c.line).where(
        decisions.c.order_number.in_(orders),
        decisions.c.subject == Subject.TOLERANCE.value,
        decisions.c.outcome == Outcome.RETURN_SURPLUS.value,
    )
    as_ordered = {(order, line) for order, line in connection.execute(to_be_returned)}
    query = select(lines.c.order_number, lines.c.line, lines.c.quantity, lines.c.unit_price)
    found: dict[str, dict[int, Priced]] = defaultdict(dict)
    for order, line, quantity, price in connection.execute(query.where(lines.c.order_number.in_(orders))):
        at_most = quantity if (order, line) in as_ordered else None
        found[order][line] = Priced(price if price is not None else ZERO, at_most)
    billed = table("billed_lines")
    fees = select(billed.c.order_number, billed.c.amount).where(
        billed.c.order_number.in_(orders), billed.c.line == FEE_LINE, billed.c.amount > ZERO
    )
    for order, fee in connection.execute(fees):
        found[order][FEE_LINE] = Priced(fee, None)
    return found


def _came_back(connection: Connection, orders: Collection[str]) -> dict[Shipment, dict[int, Decimal]]:
    """What came back of shipments, where it was told line by line; of any other that came back it is everything."""
    journal = table("journal")
    query = select(journal.c.order_number, journal.c.data).where(
        journal.c.order_number.in_(orders),
        journal.c.kind == EntryKind.FACT.value,
        journal.c.subject == "goods_returned",
    )
    found: dict[Shipment, dict[int, Decimal]] = {}
    for order, data in connection.execute(query):
        content = data.get("content", {})
        items = {int(item["line"]): Decimal(item["quantity"]) for item in content.get("items", [])}
        if items:
            found[order, str(content.get("shipment", "1"))] = items
    return found
