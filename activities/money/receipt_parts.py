"""What orders say of their parts of receipts of the house: decided with their bursts, in the same transaction (R53, R160)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, select

from activities.facts.desk_steps import open_step
from activities.money.receipt_store import (
    keep_receipt,
    locked_receipt,
    receiving_orders,
    tell_fallen,
    tell_given,
)
from models.money.house_receipt import HouseReceipt
from models.money.receipt_terms import PartAsked, PartState
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import as_text
from models.values.receipts import PART, part_in, part_key
from models.values.vocabulary import Role


def is_a_part(key: str) -> bool:
    """Whether a claim is for an order's part of a receipt of the house."""
    return key.startswith(PART)


def is_own_part(connection: Connection, order: str, key: str) -> bool:
    """Whether finance gave this order that part, and so much: nobody gives an order money by naming a part."""
    parts = table("receipt_parts")
    query = select(parts.c.amount).where(
        parts.c.part == part_in(key),
        parts.c.order_number == order,
        parts.c.state == PartState.GIVEN.value,
    )
    amount: Decimal | None = connection.scalar(query)
    return amount is not None and part_key(part_in(key), amount) == key


def settle_parts(connection: Connection, order: str, keys: Iterable[str], now: datetime) -> None:
    """What the order's payments say of their parts: corrected there it is balance again; bounced, the whole receipt fell.
    A part of kept credit is balance again either way: no bank can take that back."""
    told = table("payment_receipts")
    for key in keys:
        query = select(told).where(told.c.order_number == order, told.c.claim == key)
        row = connection.execute(query).mappings().first()
        receipt = locked_receipt(connection, part_in(key).rpartition("/")[0])
        if row is None or receipt is None or row["elsewhere"] or not row["bounced"]:
            continue
        part = next((each for each in receipt.parts if each.part == part_in(key)), None)
        if part is None or part.state is not PartState.GIVEN:
            continue
        if row["corrected"] or receipt.source:
            receipt.take_back(part.part, counts=False)
            keep_receipt(connection, receipt)
        else:
            let_fall(connection, receipt, by=part.by, at=now, reason=row["reason"] or "", heard=order)


def let_fall(
    connection: Connection, receipt: HouseReceipt, *, by: str, at: datetime, reason: str, heard: str = ""
) -> None:
    """The receipt is not there: every order with a part of it is told, but the one that says so itself."""
    fallen = receipt.fall(at, reason)
    keep_receipt(connection, receipt)
    give_up_claims(connection, receipt.number)
    tell_fallen(connection, receipt, [each for each in fallen if each.order != heard], by=by, at=at)


def give_up_claims(connection: Connection, number: str) -> None:
    """The bank's reference may be recorded again."""
    claims = table("bank_receipts")
    connection.execute(claims.delete().where(claims.c.order_number == number))


def give_as_asked(connection: Connection, number: str, order: str, asked: RowMapping) -> bool:
    """An order was told of money that the house has as a receipt, and finance said that so much is that order's (R53).

    False where this number is no receipt. What cannot be given so, because less is left, or the order is another
    customer's or has ended, is a step of finance, and nothing is given (R160, R161).
    """
    receipt = locked_receipt(connection, number)
    if receipt is None:
        return False
    act = asked["asked_transfer"]
    if any(each.act == act for each in receipt.parts):
        return True
    wanted = PartAsked(order=order, amount=asked["asked"])
    orders = receiving_orders(connection, [order])
    try:
        part = receipt.give_as_told(wanted, orders, by=asked["asked_by"], at=asked["asked_at"], act=act)
    except Refusal as refusal:
        open_step(connection, _not_given(receipt, wanted, act, refusal))
        return True
    keep_receipt(connection, receipt)
    tell_given(connection, receipt, [part])
    return True


def _not_given(receipt: HouseReceipt, wanted: PartAsked, act: str, refusal: Refusal) -> DeskStep:
    kind = (
        DeskStepKind.RECEIPT_SHORT if refusal.code is Code.ABOVE_RECEIPT else DeskStepKind.RECEIPT_NOT_GIVEN
    )
    return desk_step(
        kind,
        f"{receipt.number}/{act}",
        datetime.now(UTC),
        rule=refusal.rule,
        roles=(Role.FINANCE,),
        given=wanted.order,
        receipt=receipt.number,
        reference=receipt.reference,
        amount=as_text(wanted.amount),
        rest=as_text(receipt.rest),
        reason_zh=refusal.words.zh,
        reason_en=refusal.words.en,
    )
