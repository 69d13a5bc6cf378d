"""Receipts of the house in the order database: read and kept whole, in the caller's transaction (R160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, func, select, update

from activities.facts import pending_facts
from activities.store.upsert import upsert
from models.facts.fact_envelope import fact_envelope
from models.money.house_receipt import HouseReceipt, ReceiptPart, ReceivingOrder
from models.money.receipt_terms import PartState
from models.tables.registry import table
from models.values.money import ZERO
from models.values.vocabulary import Role
from models.writing.written_numbers import Manner


def receipt_of_row(row: RowMapping, parts: Iterable[RowMapping]) -> HouseReceipt:
    """A receipt as it is kept, with its parts in the order in which they were given."""
    said = {name: row[name] for name in HouseReceipt.model_fields if name in row}
    return HouseReceipt(
        **said,
        parts=[ReceiptPart.model_validate({**each, "order": each["order_number"]}) for each in parts],
    )


def receipts_where(connection: Connection, *conditions: object, locked: bool = False) -> list[HouseReceipt]:
    """The receipts of which all this is true, the first that came first; `locked`: nobody else decides about them
    until the transaction ends."""
    receipts, parts = table("house_receipts"), table("receipt_parts")
    query = select(receipts).where(*conditions).order_by(receipts.c.paid_at, receipts.c.number)  # type: ignore[arg-type]
    rows = connection.execute(query.with_for_update() if locked else query).mappings().all()
    given = select(parts).where(parts.c.receipt.in_([row["number"] for row in rows]))
    found: dict[str, list[RowMapping]] = {}
    for part in connection.execute(given.order_by(parts.c.receipt, parts.c.place)).mappings():
        found.setdefault(part["receipt"], []).append(part)
    return [receipt_of_row(row, found.get(row["number"], ())) for row in rows]


def locked_receipt(connection: Connection, number: str) -> HouseReceipt | None:
    """One receipt, about which nobody else decides until the transaction ends."""
    receipts = table("house_receipts")
    return next(iter(receipts_where(connection, receipts.c.number == number, locked=True)), None)


def keep_receipt(connection: Connection, receipt: HouseReceipt) -> None:
    """Write a receipt as it is now. It was read under its lock, or is new; a part is never taken off."""
    receipts, parts = table("house_receipts"), table("receipt_parts")
    values = receipt.model_dump(exclude={"number", "parts"})
    values |= {"method": receipt.method.value, "given": receipt.given}
    upsert(connection, receipts, {"number": receipt.number}, values)
    for place, part in enumerate(receipt.parts):
        row = part.model_dump(exclude={"part", "order"})
        row |= {
            "receipt": receipt.number,
            "place": place,
            "order_number": part.order,
            "state": part.state.value,
        }
        upsert(connection, parts, {"part": part.part}, row)


def receiving_orders(connection: Connection, numbers: Iterable[str]) -> dict[str, ReceivingOrder]:
    """What the order database knows of these orders; one that it does not know is left out."""
    orders = table("orders")
    query = select(orders.c.number, orders.c.customer, orders.c.ending).where(
        orders.c.number.in_(sorted(set(numbers)))
    )
    return {
        row.number: ReceivingOrder(row.number, row.customer, lives=row.ending is None)
        for row in connection.execute(query)
    }


def balance_of(connection: Connection, customer: str) -> Decimal:
    """The customer's balance 客户余额: what came in, counts, and is no order's; also what orders were paid too much."""
    receipts = table("house_receipts")
    rest = func.sum(receipts.c.amount - receipts.c.given - receipts.c.refunded, type_=receipts.c.amount.type)
    query = select(rest).where(
        receipts.c.customer == customer, receipts.c.bounced_at.is_(None), receipts.c.cleared_at.is_not(None)
    )
    found: Decimal | None = connection.scalar(query)
    return found or ZERO


# --- what orders are told ------------------------------------------------------------------------------------------


def tell_given(connection: Connection, receipt: HouseReceipt, parts: Sequence[ReceiptPart]) -> None:
    """Each order gets its part as a payment: kept in the inbox with what was decided, and told from there until it is heard."""
    for part in parts:
        content = receipt.given_content(part)
        _tell(connection, part, part.fact_id, "payment_received", content, by=part.by, at=part.at)


def tell_fallen(
    connection: Connection, receipt: HouseReceipt, parts: Sequence[ReceiptPart], *, by: str, at: datetime
) -> None:
    """Each order hears that its part is not there."""
    for part in parts:
        content = receipt.fallen_content(part)
        _tell(connection, part, f"{part.fact_id}/fell", "payment_bounced", content, by=by, at=at)


def _tell(
    connection: Connection,
    part: ReceiptPart,
    fact_id: str,
    kind: str,
    content: dict[str, str],
    *,
    by: str,
    at: datetime,
) -> None:
    envelope = fact_envelope(
        fact_id, kind, content, by=by, role=Role.FINANCE, happened_at=at, manner=Manner.KEPT
    )
    pending_facts.enter(connection, part.order, envelope, at, "")


def mend_parts(connection: Connection, *, mend: bool = True) -> list[ReceiptPart]:
    """Parts that were given and that no inbox has (a restored backup): told once more. Told twice they are the same fact.

    Without `mend` they are only looked for.
    """
    parts, inbox = table("receipt_parts"), table("inbox")
    told = select(inbox.c.number).where(
        inbox.c.order_number == parts.c.order_number, inbox.c.fact_id == "receipt/" + parts.c.part
    )
    counted = table("payment_receipts")
    heard = select(counted.c.order_number).where(
        counted.c.order_number == parts.c.order_number,
        counted.c.claim.startswith("part:" + parts.c.part + ":"),
    )
    query = select(parts.c.receipt, parts.c.part).where(
        parts.c.state == PartState.GIVEN.value, ~told.exists(), ~heard.exists()
    )
    lost = connection.execute(query).all()
    mended: list[ReceiptPart] = []
    for receipt in receipts_where(
        connection, table("house_receipts").c.number.in_(sorted({row.receipt for row in lost}))
    ):
        missing = [each for each in receipt.parts if each.part in {row.part for row in lost}]
        if mend:
            tell_given(connection, receipt, missing)
        mended += missing
    return mended


def credit_number(order: str) -> str:
    """The receipt under which an order's kept credit is balance: one for each order."""
    return f"V{order}"


def keep_credit(connection: Connection, order: str, at: datetime) -> None:
    """An order's money was kept as the customer's credit: it is balance that can go to another order (R53, R161)."""
    orders, receipts = table("orders"), table("house_receipts")
    row = connection.execute(select(orders).where(orders.c.number == order)).mappings().one()
    credited = row["credited"] or ZERO
    own = receipts.c.number == credit_number(order)  # every burst of such an order asks: by the primary key
    known = connection.scalar(select(receipts.c.amount).where(own))
    if known is None and credited > ZERO:
        values = {
            "customer": row["customer"], "customer_name": row["customer_name"], "amount": credited, "given": ZERO,
            "refunded": ZERO, "method": "other", "reference": order, "paid_at": at, "by": "system", "at": at,
            "source": order, "cleared_at": at, "allocated_at": at,
        }  # fmt: skip
        upsert(connection, receipts, {"number": credit_number(order)}, values)
    elif known is not None and credited > known:
        connection.execute(update(receipts).where(own).values(amount=credited))
