"""Money that belongs to another order: told twice, moved out, moved in; and what counts once in the company (R53)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.dossier.dating import require_dated
from models.dossier.papers_due import Paper
from models.handlers.money.payments import (
    add_payment,
    contradicts,
    lost,
    require_receivable,
    require_remittable,
)
from models.messages import money_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.money.amount_limits import require_payment
from models.order.money.ledger import Payment, Transfer
from models.order.order import Order
from models.values.content import Content
from models.values.errors import Code, Refusal, TooEarly
from models.values.fingerprint import digest_of
from models.values.money import ZERO
from models.values.receipts import folded, order_key, part_key
from models.values.vocabulary import PaymentMethod, PaymentPurpose, Role, SecondTelling, Way, Words

FACTS = FactTable()
_ASKED_FOR = "财务：重复报来的款属另一订单 · finance: a payment told twice belongs to another order"


@FACTS.row(
    money_contents.SecondTellingSettled,
    (Role.FINANCE,),
    Words("重复凭证处理", "payment told twice settled"),
)
def second_telling_settled(
    order: Order, envelope: Envelope, content: money_contents.SecondTellingSettled
) -> None:
    """R53: finance says what a payment is whose reference counts for another order: split, moved, another one, or void.

    Money to be moved here is asked of the order that has it; it counts when it comes (`money_transferred_in`).
    """
    payment = _told_twice(order, content.reference)
    if payment is None:
        raise Refusal(
            Code.NOT_ASKED,
            Words(
                f"凭证 {content.reference} 没有待处理的重复报款",
                f"no second telling of {content.reference} waits to be settled",
            ),
            where="content.reference",
            rule="R53",
        )
    if content.outcome is SecondTelling.VOID:
        _strike(order, payment, envelope, content.note)
    elif content.outcome is SecondTelling.OTHER_TRANSFER:
        _is_another(order, payment, envelope, content)
    else:
        _ask_for(order, payment, envelope, content)


def _told_twice(order: Order, reference: str) -> Payment | None:
    named = [each for each in order.ledger.told_twice if folded(each.reference) == folded(reference)]
    return next((each for each in named if each.voucher == reference), named[-1] if named else None)


def _strike(order: Order, payment: Payment, envelope: Envelope, reason: str) -> None:
    payment.bounced = payment.corrected = True
    payment.bounced_at, payment.reason = envelope.happened_at, reason


def _is_another(
    order: Order, payment: Payment, envelope: Envelope, content: money_contents.SecondTellingSettled
) -> None:
    right = content.right_reference
    if right is None or folded(right) == folded(payment.reference):
        payment.elsewhere, payment.own, payment.confirmed = False, True, True
        payment.reason = content.note
        _told_of(order, payment)
        return
    known = order.ledger.find(right)
    if known is not None and not known.bounced:
        raise contradicts(
            f"凭证 {right} 已登记为 ¥{known.amount}",
            f"{right} is already known with CNY {known.amount}",
            "content.right_reference",
        )
    _strike(order, payment, envelope, content.note or f"→ {right}")
    told = payment.model_copy(
        update={
            "reference": right,
            "bounced": False,
            "corrected": False,
            "bounced_at": None,
            "reason": content.note,
        }
        | {"elsewhere": False, "confirmed": True, "fact_id": envelope.fact_id}
    )
    _told_of(order, add_payment(order, told))


def _told_of(order: Order, payment: Payment) -> None:
    if payment.counts:
        order.intend(Paper.PAYMENT, payment.voucher, (Role.SALESPERSON,), "R53", amount=payment.amount)


def _ask_for(
    order: Order, payment: Payment, envelope: Envelope, content: money_contents.SecondTellingSettled
) -> None:
    amount = content.amount or payment.amount
    if amount > payment.amount:
        raise contradicts(
            f"本单报的是 ¥{payment.amount}，不能转入更多",
            f"CNY {payment.amount} were told here; no more can be moved",
            "content.amount",
        )
    payment.asked, payment.asked_by, payment.asked_at = amount, envelope.by, envelope.happened_at
    payment.asked_transfer = transfer_id(order, envelope)


def transfer_id(order: Order, envelope: Envelope) -> str:
    """An id for both halves that tells nobody which order it began at."""
    return f"T-{digest_of([order.number, envelope.fact_id])[:16]}"


@FACTS.row(
    money_contents.MoneyTransferredOut, (Role.FINANCE,), Words("款项转出", "money moved to another order")
)
def money_transferred_out(
    order: Order, envelope: Envelope, content: money_contents.MoneyTransferredOut
) -> None:
    """R53: finance moves money to another order. What this order needs itself is bound, but for what was told to the
    wrong order: that never was its own, and keeps the time at which it was paid."""
    transfer = content.transfer or transfer_id(order, envelope)
    if order.ledger.transfer(transfer) is not None:
        return
    if not content.to and not content.transfer:
        words = Words("请写明转给哪张订单（to）", "say to which order it goes (to)")
        raise Refusal(Code.MISSING_FIELD, words, where="content.to", rule="R53")
    if content.to == order.number:
        words = Words("不能转给同一张订单", "an order gives nothing to itself")
        raise Refusal(Code.CONTRADICTION, words, where="content.to", rule="R53")
    payment = order.ledger.find(content.reference)
    if payment is None or not payment.counts or payment.here <= ZERO:
        raise contradicts(
            f"凭证 {content.reference} 在本单没有可转的款",
            f"nothing of {content.reference} counts here",
            "content.reference",
        )
    amount = content.amount or payment.here
    _require_free(order, payment, amount, wrong_order=content.wrong_order)
    payment.moved += amount
    order.ledger.transfers.append(
        Transfer(
            transfer=transfer,
            way=Way.OUT,
            reference=payment.reference,
            amount=amount,
            method=payment.method,
            paid_at=payment.paid_at if content.wrong_order else min(envelope.happened_at, order.clock),
            to=content.to,
            wrong_order=content.wrong_order,
            reason=content.reason,
            by=envelope.by,
            at=envelope.happened_at,
        )
    )
    if content.wrong_order:
        lost(order, transfer, payment.reference, amount, content.reason)


def _require_free(order: Order, payment: Payment, amount: Decimal, *, wrong_order: bool) -> None:
    """Raises Refusal (`contradiction`, `money_bound`) where so much is not there, or is needed here (R53)."""
    if amount > payment.here:
        raise contradicts(
            f"凭证 {payment.reference} 在本单只有 ¥{payment.here}",
            f"only CNY {payment.here} of {payment.reference} are here",
            "content.amount",
        )
    surplus = max(-order.open_balance, ZERO)
    if not wrong_order and amount > surplus:
        raise Refusal(
            Code.MONEY_BOUND,
            Words(
                f"本单自己需要这笔钱，只多付了 ¥{surplus}；若当初记错了订单，请注明“原来记错了订单”（wrong_order）",
                f"this order needs the money itself: only CNY {surplus} is too much; "
                "where it was told to the wrong order, say so (wrong_order)",
            ),
            where="content.amount",
            rule="R53",
        )


@FACTS.row(
    money_contents.MoneyTransferredIn, (Role.SYSTEM,), Words("款项转入", "money moved from another order")
)
def money_transferred_in(
    order: Order, envelope: Envelope, content: money_contents.MoneyTransferredIn
) -> None:
    """R53: what the other order gave counts here, once; a second telling that asked for it is answered by it."""
    if order.ledger.transfer(content.transfer) is not None:
        return
    told = next((each for each in order.ledger.told_twice if each.asked_transfer == content.transfer), None)
    if told is None:
        told = _told_twice(order, content.reference)
    if told is None:
        require_payment(order, content.amount)
    else:
        _strike(order, told, envelope, f"→ {content.transfer}")
    payment = add_payment(
        order,
        Payment(
            reference=content.reference,
            amount=content.amount,
            method=content.method,
            purpose=told.purpose if told is not None else PaymentPurpose.BALANCE,
            paid_at=min(content.paid_at, order.clock),
            taken_by=envelope.by,
            confirmed=True,
            fact_id=envelope.fact_id,
            transfer=content.transfer,
        ),
    )
    order.ledger.transfers.append(
        Transfer(
            transfer=content.transfer,
            way=Way.IN,
            reference=content.reference,
            amount=content.amount,
            method=content.method,
            paid_at=payment.paid_at,
            wrong_order=content.wrong_order,
            reason=content.reason,
            by=envelope.by,
            at=envelope.happened_at,
        )
    )
    _told_of(order, payment)


# --- what counts once in the company -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Receipt:
    reference: str
    method: PaymentMethod
    by: str


def receipt_to_claim(order: Order, envelope: Envelope, content: Content, now: datetime) -> str | None:
    """The receipt that must be this order's before the fact is taken now (R53); None where there is nothing to ask.

    A fact that is known, that the order refuses, or that is about money which it has already, asks for nothing: nobody
    holds a receipt that they do not count.
    """
    receipt = _receipt_of(order, envelope, content)
    if receipt is None or not order.lives or envelope.fact_id in order.seen:
        return None
    try:
        require_dated(order, envelope.happened_at, envelope.by, "happened_at", now)
        if isinstance(content, money_contents.PaymentReceived):
            require_receivable(order, envelope, content, now)
        elif isinstance(content, money_contents.CollectionRemitted):
            require_remittable(order, content)
    except TooEarly:
        pass  # it is kept, and taken later without another question
    except Refusal:
        return None
    part = content.receipt_part if isinstance(content, money_contents.PaymentReceived) else ""
    known = (
        order.ledger.part(part)
        if part
        else order.ledger.same_money(
            receipt.reference, receipt.method, receipt.by, of_finance=envelope.role is not Role.SALESPERSON
        )
    )
    if known is not None and not known.bounced and not known.elsewhere:
        return None
    if isinstance(content, money_contents.PaymentReceived) and part:
        return part_key(part, content.amount)
    return order_key(receipt.reference, receipt.method, receipt.by, order.number)


def _receipt_of(order: Order, envelope: Envelope, content: Content) -> _Receipt | None:
    if isinstance(content, money_contents.PaymentReceived):
        known = order.ledger.same_money(
            content.reference, content.method, envelope.by, of_finance=envelope.role is not Role.SALESPERSON
        )
        by = known.taken_by if known is not None and not known.bounced else envelope.by
        return _Receipt(content.reference, content.method, by)
    if isinstance(content, money_contents.CollectionRemitted):
        return _Receipt(content.reference, PaymentMethod.CARRIER, envelope.by)
    if isinstance(content, money_contents.SecondTellingSettled) and content.right_reference:
        told = _told_twice(order, content.reference)
        return _Receipt(content.right_reference, told.method, told.taken_by) if told is not None else None
    return None
