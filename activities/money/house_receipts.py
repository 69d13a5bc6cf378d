"""What finance does with money that came in: recorded once, allocated, moved, paid back, bounced, corrected (R160, R161).

Each act is one transaction in which nobody else decides about the receipt. What orders are to hear is kept with it in their
inboxes, so a kill between the halves loses nothing. An act has an id: sent again it is the same act.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, insert, select

from activities.cases.case_requests import next_case_number
from activities.money.receipt_parts import give_up_claims, let_fall
from activities.money.receipt_store import keep_receipt, locked_receipt, receiving_orders, tell_given
from activities.orders.recording.receipts import holder_in, is_had
from activities.store.database import writing
from models.money.house_receipt import HouseReceipt
from models.money.receipt_terms import (
    AllocationAsked,
    BalanceMoved,
    BalanceRefunded,
    PartAsked,
    ReasonSaid,
    ReceiptAct,
    ReceiptRecorded,
)
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of
from models.values.money import ZERO
from models.values.receipts import folded, receipt_key
from models.values.vocabulary import PaymentMethod, Words

KIND, LETTER = "receipt", "M"
NOT_HERE = (PaymentMethod.CASH, PaymentMethod.CARRIER)
_NO_CUSTOMER = Words("没有客户 {customer}", "there is no customer {customer}")
_ELSEWHERE = Words(
    "凭证 {reference} 已登记过，在 {holder}；一笔款只算一次",
    "reference {reference} is recorded already, at {holder}: money counts once",
)
_ON_THE_ORDER = Words(
    "现金由收款的业务员在订单上登记，物流代收款由财务在订单上登记",
    "cash is told to its order by who took it, and money that a carrier collected by finance",
)
_IN_FUTURE = Words("到账时间在将来", "it is said to have come in in the future")
_NO_RECEIPT = Words("没有收款 {number}", "there is no receipt {number}")
_OTHER_WORDS = Words(
    "编号 {act} 已用于另一项办理，请用新的编号", "the id {act} was used for another act; use a new one"
)


@dataclass(frozen=True, slots=True)
class Teller:
    """Who of finance says it, when, and the id under which it counts once."""

    by: str
    at: datetime
    act: str


def record_receipt(engine: Engine, said: ReceiptRecorded, teller: Teller) -> HouseReceipt:
    """R160: money came in for a customer; it counts once in the house by bank and reference.

    Raises Refusal (unknown_customer, receipt_known, not_offered, in_future, fact_conflict), and those of `writing`.
    """
    if said.method in NOT_HERE:
        raise Refusal(Code.NOT_OFFERED, _ON_THE_ORDER, where="method", rule="R160")
    paid_at = (said.paid_at or teller.at).astimezone(UTC)
    if paid_at > teller.at:
        raise Refusal(Code.IN_FUTURE, _IN_FUTURE, where="paid_at", rule="R160")
    with writing(engine) as connection:
        known = _done(connection, teller, ReceiptAct.RECORDED, "", said)
        if known is not None:
            return _receipt(connection, known)
        customers = table("customers")
        name = connection.scalar(select(customers.c.name).where(customers.c.customer == said.customer))
        if name is None:
            words = _NO_CUSTOMER.filled(customer=said.customer)
            raise Refusal(Code.UNKNOWN_CUSTOMER, words, where="customer", rule="R160")
        receipt = HouseReceipt(
            number=next_case_number(connection, KIND, LETTER, business_date(teller.at)),
            customer=said.customer,
            customer_name=name,
            amount=said.amount,
            method=said.method,
            reference=said.reference,
            bank=said.bank,
            payer=said.payer,
            paid_at=paid_at,
            by=teller.by,
            at=teller.at,
            cleared_at=None if said.method is PaymentMethod.CHEQUE else paid_at,
        )
        _claim(connection, receipt)
        keep_receipt(connection, receipt)
        _note(connection, receipt, ReceiptAct.RECORDED, said, teller, amount=said.amount, before=ZERO)
        return receipt


def _claim(connection: Connection, receipt: HouseReceipt) -> None:
    """Raises Refusal(receipt_known) where this money is told already, to an order or as a receipt; in the database alone
    is decided who was first. Two banks may use one reference: told apart where both are named."""
    plain = receipt_key(receipt.reference, receipt.method, receipt.by)
    bank = folded(receipt.bank)
    own = f"{plain} · {bank}"
    if bank and not is_had(connection, receipt.number, own, receipt.number):
        raise _known(receipt, holder_in(connection, own))
    if is_had(connection, receipt.number, plain, receipt.number):
        return
    holder = holder_in(connection, plain)
    receipts = table("house_receipts")
    other = connection.scalar(select(receipts.c.bank).where(receipts.c.number == holder))
    if not (bank and other and folded(other) != bank):
        raise _known(receipt, holder)


def _known(receipt: HouseReceipt, holder: str | None) -> Refusal:
    words = _ELSEWHERE.filled(reference=receipt.reference, holder=holder or "-")
    return Refusal(Code.RECEIPT_KNOWN, words, where="reference", rule="R160")


def clear_cheque(engine: Engine, number: str, teller: Teller) -> HouseReceipt:
    """R160: the bank paid the cheque; from now on it counts. Raises Refusal as `HouseReceipt.clear`, unknown_order."""
    return _act(
        engine, number, ReceiptAct.CLEARED, Content(), teller, lambda _, receipt: receipt.clear(teller.at)
    )


def allocate(engine: Engine, number: str, said: AllocationAsked, teller: Teller) -> HouseReceipt:
    """R160: the orders that are named get their parts; the rest is the customer's balance. Raises as `HouseReceipt.allocate`."""

    def give(connection: Connection, receipt: HouseReceipt) -> None:
        orders = receiving_orders(connection, [each.order for each in said.parts])
        parts = receipt.allocate(said.parts, orders, by=teller.by, at=teller.at, act=teller.act)
        tell_given(connection, receipt, parts)

    amount = sum((each.amount for each in said.parts), ZERO)
    return _act(engine, number, ReceiptAct.ALLOCATED, said, teller, give, amount=amount)


def move_balance(engine: Engine, number: str, said: BalanceMoved, teller: Teller) -> HouseReceipt:
    """R161: balance goes to another order of the customer, from the decision on. Raises as `HouseReceipt.move`."""

    def give(connection: Connection, receipt: HouseReceipt) -> None:
        asked = PartAsked(order=said.order, amount=said.amount)
        orders = receiving_orders(connection, [said.order])
        part = receipt.move(asked, orders, by=teller.by, at=teller.at, act=teller.act)
        tell_given(connection, receipt, [part])

    return _act(engine, number, ReceiptAct.MOVED, said, teller, give, amount=said.amount, reason=said.reason)


def refund_balance(engine: Engine, number: str, said: BalanceRefunded, teller: Teller) -> HouseReceipt:
    """Balance was paid back to the customer. Raises as `HouseReceipt.refund`."""
    return _act(
        engine, number, ReceiptAct.REFUNDED, said, teller,
        lambda _, receipt: receipt.refund(said.amount), amount=said.amount, reason=said.reason,
    )  # fmt: skip


def take_part_back(engine: Engine, number: str, said: ReasonSaid, teller: Teller) -> HouseReceipt:
    """R160: a part that its order never took (it ended before, or refused it) is balance again. Raises as
    `HouseReceipt.take_back`."""

    def take(connection: Connection, receipt: HouseReceipt) -> None:
        counts = _may_count(connection, receipt, said.part)
        receipt.take_back(said.part, counts=counts)

    return _act(engine, number, ReceiptAct.TAKEN_BACK, said, teller, take, reason=said.reason)


def _may_count(connection: Connection, receipt: HouseReceipt, part: str) -> bool:
    """Whether the part's order counts it, or may still hear of it."""
    given = next((each for each in receipt.parts if each.part == part), None)
    if given is None:
        return False
    told, orders, inbox = table("payment_receipts"), table("orders"), table("inbox")
    counted = select(told.c.reference).where(
        told.c.order_number == given.order,
        told.c.claim.startswith(f"part:{part}:"),
        told.c.bounced.is_(False),
        told.c.elsewhere.is_(False),
    )
    if connection.scalar(counted) is not None:
        return True
    if connection.scalar(select(orders.c.ended_at).where(orders.c.number == given.order)) is not None:
        return False
    query = select(inbox.c.state, inbox.c.answer).where(
        inbox.c.order_number == given.order, inbox.c.fact_id == given.fact_id
    )
    row = connection.execute(query).first()
    refused = row is not None and bool((row.answer or {}).get("code"))
    return not refused


def bounce_receipt(engine: Engine, number: str, said: ReasonSaid, teller: Teller) -> HouseReceipt:
    """R53, R160: the money is not there: each order with a part of it hears so, and the balance of it is gone."""

    def fall(connection: Connection, receipt: HouseReceipt) -> None:
        let_fall(connection, receipt, by=teller.by, at=teller.at, reason=said.reason)

    return _act(engine, number, ReceiptAct.BOUNCED, said, teller, fall, reason=said.reason)


def correct_receipt(engine: Engine, number: str, said: ReasonSaid, teller: Teller) -> HouseReceipt:
    """R160: it was recorded wrong: it stays, struck, and its reference may be recorded anew. Raises as
    `HouseReceipt.correct`."""

    def strike(connection: Connection, receipt: HouseReceipt) -> None:
        receipt.correct(teller.at, said.reason)
        give_up_claims(connection, receipt.number)

    return _act(engine, number, ReceiptAct.CORRECTED, said, teller, strike, reason=said.reason)


# --- what all acts share ---------------------------------------------------------------------------------------------


def _act(
    engine: Engine,
    number: str,
    kind: ReceiptAct,
    said: Content,
    teller: Teller,
    does: Callable[[Connection, HouseReceipt], None],
    *,
    amount: Decimal = ZERO,
    reason: str = "",
) -> HouseReceipt:
    with writing(engine) as connection:
        receipt = _receipt(connection, number)
        if _done(connection, teller, kind, number, said) is not None:
            return receipt
        before = receipt.rest
        does(connection, receipt)
        keep_receipt(connection, receipt)
        _note(connection, receipt, kind, said, teller, amount=amount, before=before, reason=reason)
        return receipt


def _receipt(connection: Connection, number: str) -> HouseReceipt:
    receipt = locked_receipt(connection, number)
    if receipt is None:
        words = _NO_RECEIPT.filled(number=number[:40])
        raise Refusal(Code.UNKNOWN_ORDER, words, where="receipt", rule="R160")
    return receipt


def _digest(kind: ReceiptAct, number: str, said: Content) -> str:
    return digest_of([kind.value, number, said.model_dump(mode="json")])


def _done(connection: Connection, teller: Teller, kind: ReceiptAct, number: str, said: Content) -> str | None:
    """The receipt of an act that was done under this id. Raises Refusal(fact_conflict) where it was another one."""
    acts = table("receipt_acts")
    row = connection.execute(select(acts).where(acts.c.act == teller.act)).mappings().first()
    if row is None:
        return None
    if row["digest"] != _digest(kind, number, said):
        words = _OTHER_WORDS.filled(act=teller.act)
        raise Refusal(Code.FACT_CONFLICT, words, where="id", rule="R160")
    return str(row["receipt"])


def _note(
    connection: Connection,
    receipt: HouseReceipt,
    kind: ReceiptAct,
    said: Content,
    teller: Teller,
    *,
    amount: Decimal,
    before: Decimal,
    reason: str = "",
) -> None:
    number = "" if kind is ReceiptAct.RECORDED else receipt.number
    row = {
        "act": teller.act, "receipt": receipt.number, "kind": kind.value, "digest": _digest(kind, number, said),
        "amount": amount, "rest_before": before, "rest_after": receipt.rest, "reason": reason, "by": teller.by,
        "at": teller.at,
    }  # fmt: skip
    connection.execute(insert(table("receipt_acts")).values(row))
