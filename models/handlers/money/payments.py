"""Money: received, confirmed as real, bounced, corrected, cleared, collected by the carrier (R33, R35, R53, R62)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from models.dossier.dating import require_dated
from models.dossier.exceptions import open_exception
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.goods.shipments import known_shipment
from models.messages import money_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.money.amount_limits import require_payment
from models.order.money.ledger import Payment
from models.order.order import Order
from models.values.errors import Code, Refusal, TooEarly
from models.values.money import CURRENCY, ZERO
from models.values.receipts import folded
from models.values.vocabulary import (
    Collection,
    PaymentMethod,
    PaymentPurpose,
    Role,
    Words,
)

FACTS = FactTable()
_BOUNCED = "款项退回 · it bounced"
_GIVEN_UP = "另一订单已不再计入 · the other order counts it no more"
_A_CHEQUE = Words(
    "支票由财务在“收款”里登记，兑付后再分配到订单",
    "finance records a cheque among the receipts; it is given to orders once the bank has paid it",
)
_MOVED_ON = Words(
    "退回的凭证 {reference} 中 ¥{amount} 已转给别的订单，请在那些订单上也报退回",
    "CNY {amount} of {reference}, which bounced, were moved to other orders: report it there as well",
)


def contradicts(zh: str, en: str, where: str) -> Refusal:
    """The refusal of what contradicts the money that this order knows."""
    return Refusal(Code.CONTRADICTION, Words(zh, en), where=where, rule="R53")


@FACTS.row(
    money_contents.PaymentReceived,
    (Role.FINANCE, Role.SYSTEM, Role.SALESPERSON),
    Words("收到款项", "payment received"),
)
def payment_received(order: Order, envelope: Envelope, content: money_contents.PaymentReceived) -> None:
    """R53: parts add up; what the bank reports is confirmed as real by finance; cash by the salesperson (R35)."""
    payment = told_before(order, envelope, content)
    require_receivable(order, envelope, content)
    due = max(order.open_balance, ZERO)
    if payment is None or payment.bounced:
        payment = add_payment(
            order,
            Payment(
                reference=content.reference,
                amount=content.amount,
                method=content.method,
                purpose=content.purpose,
                paid_at=_counts_from(order, envelope, content),
                taken_by=envelope.by,
                confirmed=envelope.role is not Role.SYSTEM or is_confirmed_by_provider(order, content),
                cleared=envelope.role is not Role.SALESPERSON,
                fact_id=envelope.fact_id,
                receipt_part=content.receipt_part,
            ),
        )
        _answers_what_was_asked(order, payment, envelope)
        _tell_other_amount(order, payment, due)
    elif payment.elsewhere:
        _counts_after_all(order, payment, envelope)
    elif envelope.role is Role.FINANCE:
        payment.confirmed = True
        _is_there(order)
    if envelope.role is not Role.SYSTEM and not payment.elsewhere:
        order.intend(Paper.PAYMENT, payment.voucher, (Role.SALESPERSON,), "R53", amount=content.amount)


def is_confirmed_by_provider(order: Order, content: money_contents.PaymentReceived) -> bool:
    """R123: what the payment provider of the shop reports is real, where the policy has it so."""
    online = content.method is PaymentMethod.ONLINE and order.request.shop is not None
    return online and order.policy.shop.provider_confirms


def _counts_from(order: Order, envelope: Envelope, content: money_contents.PaymentReceived) -> datetime:
    """R160: a receipt of the house may be older than the order that it was given to: none was paid before it was placed."""
    paid_at = min(content.paid_at or envelope.happened_at, order.clock)
    return max(paid_at, order.placed_at) if content.receipt_part else paid_at


def _answers_what_was_asked(order: Order, payment: Payment, envelope: Envelope) -> None:
    """R53, R160: this money was told here before and counted elsewhere; finance has given it now, and that telling is done."""
    if not payment.receipt_part:
        return
    for told in order.ledger.told_twice:
        if (
            told is not payment
            and told.asked_transfer
            and folded(told.reference) == folded(payment.reference)
        ):
            told.bounced = told.corrected = True
            told.bounced_at, told.reason = envelope.happened_at, f"→ {payment.receipt_part}"


def _tell_other_amount(order: Order, payment: Payment, due: Decimal) -> None:
    """R123: another amount than was due is booked as it is, and finance is told."""
    if payment.method is PaymentMethod.ONLINE and payment.amount != due:
        order.intend(
            Paper.OTHER_AMOUNT,
            payment.voucher,
            (Role.FINANCE,),
            "R123",
            reference=payment.voucher,
            amount=payment.amount,
            due=due,
        )


def told_before(order: Order, envelope: Envelope, content: money_contents.PaymentReceived) -> Payment | None:
    """What this order knows of this very money; None where it was never told."""
    if content.receipt_part:
        return order.ledger.part(content.receipt_part)
    return order.ledger.same_money(
        content.reference, content.method, envelope.by, of_finance=envelope.role is not Role.SALESPERSON
    )


def require_receivable(
    order: Order, envelope: Envelope, content: money_contents.PaymentReceived, now: datetime | None = None
) -> None:
    """Raises Refusal for money that this order cannot take as it is told (`now`: as `require_dated`); changes nothing."""
    known = told_before(order, envelope, content)
    there = known is not None and not known.bounced
    if known is not None and there and (known.amount, CURRENCY) != (content.amount, content.currency):
        other = content.currency != CURRENCY
        raise contradicts(
            f"凭证 {known.reference} 已登记为 ¥{known.amount}，现报 {content.currency} {content.amount}；"
            "登记有误请先更正（payment_corrected）",
            f"{known.reference} is already known with CNY {known.amount}, not {content.currency} {content.amount}; "
            "where that was wrong, correct it first (payment_corrected)",
            "content.currency" if other else "content.amount",
        )
    if content.currency != CURRENCY:
        raise Refusal(
            Code.WRONG_CURRENCY,
            Words(
                f"只收人民币，不是 {content.currency}", f"payments are in {CURRENCY}, not {content.currency}"
            ),
            where="content.currency",
            rule="R53",
        )
    if envelope.role is Role.SALESPERSON and content.method is not PaymentMethod.CASH:
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                "业务员只能收取现金，转账由财务确认",
                "a salesperson takes cash only; finance confirms transfers",
            ),
            where="content.method",
            rule="R35",
        )
    if content.method is PaymentMethod.CHEQUE and not content.receipt_part:
        raise Refusal(Code.NOT_CLEARED, _A_CHEQUE, where="content.method", rule="R160")
    if content.paid_at is not None and not content.receipt_part:
        require_dated(order, content.paid_at, envelope.by, "content.paid_at", now)
    if known is not None and not there and not known.corrected:
        _require_paid_again(known, content.paid_at or envelope.happened_at)
    if not there:
        require_payment(order, content.amount)


def _require_paid_again(known: Payment, paid_at: datetime) -> None:
    """R53: a reference that bounced may be paid again; what was paid before it bounced is the money that is gone."""
    if known.bounced_at is not None and paid_at < known.bounced_at:
        raise contradicts(
            f"凭证 {known.reference} 已退回，付款时间早于退回；若已重新付款，请写明新的付款时间",
            f"{known.reference} bounced, and this was paid before it did; where it was paid again, say when",
            "content.paid_at",
        )


def add_payment(order: Order, payment: Payment) -> Payment:
    """Put a payment into the ledger, as another attempt where its reference was told before.

    Where another order has the receipt it does not count here: finance is asked what it is (R53).
    """
    payment.attempt = order.ledger.attempts(payment.reference) + 1
    if payment.claim(order.number) in order.ledger.claimed_elsewhere:
        payment.elsewhere, payment.confirmed = True, False
    order.ledger.payments.append(payment)
    _is_there(order)
    return payment


def _counts_after_all(order: Order, payment: Payment, envelope: Envelope) -> None:
    """Told once more: the other order may have given the receipt up meanwhile, because it bounced there or was corrected."""
    if payment.claim(order.number) not in order.ledger.claimed_elsewhere:
        payment.elsewhere, payment.confirmed = False, envelope.role is not Role.SYSTEM
        payment.reason = _GIVEN_UP
        _is_there(order)


def _is_there(order: Order) -> None:
    if not waits_for_deposit(order):
        order.ledger.deposit_fell = False


@FACTS.row(money_contents.PaymentBounced, (Role.FINANCE, Role.SYSTEM), Words("款项退回", "payment bounced"))
def payment_bounced(order: Order, envelope: Envelope, content: money_contents.PaymentBounced) -> None:
    """R53: money that is not there does not count."""
    known = order.ledger.part(content.receipt_part) or order.ledger.find(content.reference)
    if known is None:
        raise TooEarly
    if known.bounced or _is_of_before(order, known, envelope.happened_at):
        return
    if content.amount is not None and content.amount != known.amount:
        raise contradicts(
            f"凭证 {known.reference} 已登记为 ¥{known.amount}，退回的是 ¥{content.amount}；"
            "只退回一部分的，请用 payment_corrected 更正，再按实收金额重报",
            f"{known.reference} is known with CNY {known.amount}, and CNY {content.amount} came back; where a part came back, "
            "correct it (payment_corrected) and tell anew what is there",
            "content.amount",
        )
    fall(order, known, envelope.happened_at, content.reason or _BOUNCED)


def _is_of_before(order: Order, known: Payment, at: datetime) -> bool:
    """Whether a return is of an earlier attempt of the reference, which fell, told once more after it was paid again (R53)."""
    fell_before = any(
        each is not known
        and each.bounced
        and not each.corrected
        and folded(each.reference) == folded(known.reference)
        for each in order.ledger.payments
    )
    return fell_before and at < known.paid_at


@FACTS.row(money_contents.PaymentCorrected, (Role.FINANCE,), Words("款项更正", "payment corrected"))
def payment_corrected(order: Order, envelope: Envelope, content: money_contents.PaymentCorrected) -> None:
    """R53: what was told wrong is reversed under the same voucher with its reason, and told anew; nothing is deleted."""
    known = order.ledger.find(content.reference)
    if known is None:
        raise TooEarly
    if known.moved > ZERO:
        raise contradicts(
            f"凭证 {known.reference} 已转给别的订单 ¥{known.moved}，请先转回",
            f"CNY {known.moved} of {known.reference} were moved to other orders; move them back first",
            "content.reference",
        )
    if known.bounced:
        return
    known.corrected, known.reason = True, content.reason
    fall(order, known, envelope.happened_at, content.reason)


def fall(order: Order, payment: Payment, at: datetime, reason: str) -> None:
    """R33, R53: money that counted is there no more; who built on it is told, and the deposit is asked for again.

    Before production began the order goes back to where it waits for the deposit; after that production goes on, and
    nothing is released before the deposit is there again.
    """
    counted = payment.counts
    payment.bounced, payment.bounced_at = True, at
    if counted and payment.method is PaymentMethod.CARRIER:
        _not_remitted(order, payment.amount)
    if payment.moved > ZERO:
        words = _MOVED_ON.filled(reference=payment.reference, amount=payment.moved)
        key = f"moved-and-fell-{payment.voucher}"
        owner = order.staff.person(Role.FINANCE)
        open_exception(order, key, f"{words.zh} · {words.en}", owner, "R53", order.clock)
    if counted:
        lost(order, payment.voucher, payment.reference, payment.here, reason)


def _not_remitted(order: Order, amount: Decimal) -> None:
    """R62: what the carrier handed over last is owed again."""
    for shipment in reversed(order.shipments):
        back = min(shipment.remitted, amount)
        shipment.remitted -= back
        amount -= back


def lost(order: Order, identity: str, reference: str, amount: Decimal, reason: str) -> None:
    """So much money counts here no more: tell who built on it, and ask for the deposit again where it is missing now."""
    told = [Role.SALESPERSON, Role.SERVICE_CLERK, Role.FINANCE]
    before_production = order.kind.is_before(order.phase)
    if not before_production:
        told.append(order.kind.done_by)
    order.intend(
        Paper.PAYMENT_FELL, identity, tuple(told), "R53", reference=reference, amount=amount, reason=reason
    )
    if before_production or order.pending_ending or order.is_class_a or not waits_for_deposit(order):
        return
    if order.production_began:
        order.ledger.deposit_fell = True
    elif order.phase in order.kind.side_by_side:
        order.phase, order.instruction = order.kind.sequence[-1], None
        order.service.began_at = None
        order.note(EntryKind.PHASE, order.phase.value, rule="R33")


@FACTS.row(money_contents.CashCleared, (Role.FINANCE,), Words("现金清帐", "cash cleared"))
def cash_cleared(order: Order, envelope: Envelope, content: money_contents.CashCleared) -> None:
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


@FACTS.row(
    money_contents.CollectionRemitted, (Role.FINANCE,), Words("代收款到账", "collected money remitted")
)
def collection_remitted(order: Order, envelope: Envelope, content: money_contents.CollectionRemitted) -> None:
    """R62: finance follows collected money until it is handed over; then it is a payment."""
    require_remittable(order, content)
    known = order.ledger.same_money(content.reference, PaymentMethod.CARRIER, envelope.by, of_finance=True)
    if known is not None and not known.bounced:
        if known.elsewhere:
            _counts_after_all(order, known, envelope)
        return
    shipment = known_shipment(order, content.shipment, "R62")
    payment = add_payment(
        order,
        Payment(
            reference=content.reference,
            amount=content.amount,
            method=PaymentMethod.CARRIER,
            purpose=PaymentPurpose.BALANCE,
            paid_at=envelope.happened_at,
            taken_by=envelope.by,
            confirmed=True,
            fact_id=envelope.fact_id,
        ),
    )
    if payment.counts:
        shipment.remitted += payment.amount


def require_remittable(order: Order, content: money_contents.CollectionRemitted) -> None:
    """Raises Refusal for a shipment that nobody knows, or that nothing was to be collected for."""
    shipment = known_shipment(order, content.shipment, "R62")
    if shipment.collection is not Collection.CARRIER:
        raise Refusal(
            Code.CONTRADICTION,
            Words("此批货物没有代收货款", "nothing is to be collected for this shipment"),
            where="content.shipment",
            rule="R62",
        )
    known = order.ledger.same_money(content.reference, PaymentMethod.CARRIER, "", of_finance=True)
    if known is None or known.bounced:
        require_payment(order, content.amount)
    elif known.amount != content.amount:
        raise contradicts(
            f"凭证 {known.reference} 已登记为 ¥{known.amount}",
            f"{known.reference} is already known with CNY {known.amount}",
            "content.amount",
        )


def waits_for_deposit(order: Order) -> bool:
    """The deposit (or the whole, when prepaid) has not arrived (R33)."""
    return order.deposit_due > order.ledger.paid


def owes_deposit_again(order: Order) -> bool:
    """R33, R53: the deposit was there when production began and is not any more: it is asked for, and blocks shipment."""
    return order.ledger.deposit_fell and waits_for_deposit(order) and order.open_balance > ZERO
