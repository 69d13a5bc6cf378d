"""Money: received, confirmed as real, bounced, cleared, collected by the carrier (R33, R35, R53, R62)."""

from __future__ import annotations

from models.dossier.papers_due import Paper
from models.handlers.shipments import known_shipment
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.amount_limits import require_payment
from models.order.ledger import Payment
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.money import CURRENCY
from models.values.vocabulary import (
    Collection,
    PaymentMethod,
    PaymentPurpose,
    Role,
    Words,
)

FACTS = FactTable()


@FACTS.row(
    fact_contents.PaymentReceived,
    (Role.FINANCE, Role.SYSTEM, Role.SALESPERSON),
    Words("收到款项", "payment received"),
)
def payment_received(order: Order, envelope: Envelope, content: fact_contents.PaymentReceived) -> None:
    """R53: parts add up; what the bank reports is confirmed as real by finance; cash by the salesperson (R35)."""
    if content.currency != CURRENCY:
        raise Refusal(
            Code.WRONG_CURRENCY,
            Words(
                f"只收人民币,不是 {content.currency}", f"payments are in {CURRENCY}, not {content.currency}"
            ),
            where="content.currency",
            rule="R53",
        )
    if envelope.role is Role.SALESPERSON and content.method is not PaymentMethod.CASH:
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                "业务员只能收取现金,转账由财务确认",
                "a salesperson takes cash only; finance confirms transfers",
            ),
            where="content.method",
            rule="R35",
        )
    paid_at = min(content.paid_at or envelope.happened_at, order.clock)
    known = order.ledger.find(content.reference)
    if known is None:
        require_payment(order, content.amount)
        order.ledger.payments.append(
            Payment(
                reference=content.reference,
                amount=content.amount,
                method=content.method,
                purpose=content.purpose,
                paid_at=paid_at,
                taken_by=envelope.by,
                confirmed=envelope.role is not Role.SYSTEM,
                cleared=envelope.role is not Role.SALESPERSON,
                fact_id=envelope.fact_id,
            )
        )
    elif known.amount != content.amount:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                f"凭证 {content.reference} 已登记为 ¥{known.amount}",
                f"{content.reference} is already known with CNY {known.amount}",
            ),
            where="content.amount",
            rule="R53",
        )
    elif envelope.role is Role.FINANCE:
        known.confirmed = True
    if envelope.role is not Role.SYSTEM:
        order.intend(Paper.PAYMENT, content.reference, (Role.SALESPERSON,), "R53", amount=content.amount)


@FACTS.row(fact_contents.PaymentBounced, (Role.FINANCE, Role.SYSTEM), Words("款项退回", "payment bounced"))
def payment_bounced(order: Order, envelope: Envelope, content: fact_contents.PaymentBounced) -> None:
    """R53: money that is not there does not count."""
    known = order.ledger.find(content.reference)
    if known is None:
        raise TooEarly
    known.bounced = True


@FACTS.row(fact_contents.CashCleared, (Role.FINANCE,), Words("现金清帐", "cash cleared"))
def cash_cleared(order: Order, envelope: Envelope, content: fact_contents.CashCleared) -> None:
    """R35: finance has the salesperson's cash; another person than the one who took it."""
    known = order.ledger.find(content.reference)
    if known is None:
        raise TooEarly
    if known.taken_by == envelope.by:
        raise Refusal(
            Code.SAME_PERSON,
            Words("收现金的人不能为自己清帐", "who took the cash does not clear it"),
            where="by",
            rule="R35",
        )
    known.cleared = True


@FACTS.row(fact_contents.CollectionRemitted, (Role.FINANCE,), Words("代收款到账", "collected money remitted"))
def collection_remitted(order: Order, envelope: Envelope, content: fact_contents.CollectionRemitted) -> None:
    """R62: finance follows collected money until it is handed over; then it is a payment."""
    shipment = known_shipment(order, content.shipment, "R62")
    if shipment.collection is not Collection.CARRIER:
        raise Refusal(
            Code.CONTRADICTION,
            Words("此批货物没有代收货款", "nothing is to be collected for this shipment"),
            where="content.shipment",
            rule="R62",
        )
    if order.ledger.find(content.reference) is not None:
        return
    require_payment(order, content.amount)
    shipment.remitted += content.amount
    order.ledger.payments.append(
        Payment(
            reference=content.reference,
            amount=content.amount,
            method=PaymentMethod.CARRIER,
            purpose=PaymentPurpose.BALANCE,
            paid_at=envelope.happened_at,
            taken_by=envelope.by,
            confirmed=True,
            fact_id=envelope.fact_id,
        )
    )


def waits_for_deposit(order: Order) -> bool:
    """The deposit (or the whole, when prepaid) has not arrived (R33)."""
    return order.deposit_due > order.ledger.paid
