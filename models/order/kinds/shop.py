"""How an order of the shop stands with review, payment, the merchant and the payment provider (R39, R65, R122 to R125)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel

from models.messages.decision_subjects import Outcome
from models.order.money.bill import stays_paid
from models.order.money.delivery_fee import delivery_fee_of
from models.values.calendar import hours_of
from models.values.editions import Edition
from models.values.money import ZERO, Amount, line_amount
from models.values.vocabulary import PaymentMethod

if TYPE_CHECKING:
    from models.order.order import Order


class IntentRefund(BaseModel):
    """Money that goes back the way it came, in CNY (R123). Times UTC."""

    key: str
    amount: Amount
    reason: str
    asked_at: datetime
    paid: bool | None = None
    """What the provider said; None while it has not."""
    reference: str = ""
    """The provider's own, or finance's where it was paid by hand."""
    trouble: str = ""
    """Why the provider did not pay it."""
    settled: bool = False
    """Whether nothing is to be done about it any more: it was paid, or is asked for anew under another key."""

    @property
    def is_asked_anew(self) -> bool:
        """Whether another one took its place: the provider did not pay it, and nobody did in its stead."""
        return self.settled and not self.paid and not self.reference


class OrderShop(BaseModel):
    """The order's own knowledge of its life in the shop. Times UTC."""

    reviewed_at: datetime | None = None
    """When the review was over: from then on it may be paid (R39)."""
    paid_at: datetime | None = None
    """When the money reached what is due, by the payer's clock."""
    accepted_at: datetime | None = None
    """When the merchant accepted it (R124)."""
    closes: int = 0
    """How often the provider was asked whether it was paid by now; each question has a number of its own."""
    closing: bool = False
    """Whether that was asked and is not answered."""
    closed_at: datetime | None = None
    """When the provider said that nothing can be paid any more."""
    announced_at: datetime | None = None
    """When the provider said that it was paid, while the money itself is not told yet."""
    lapsed_at: datetime | None = None
    """When it was cancelled because nobody had paid it (R39)."""
    late_until: datetime | None = None
    """Until when a cancelled order that was not paid takes late money."""
    reopening: bool = False
    """Late money is there, and the stock book is asked once more."""
    gave_up: bool = False
    """Late money came, and the goods were not to be had any more."""
    refunds: list[IntentRefund] = []
    delays: list[str] = []
    """Of which limits the customer was told that they will not hold, each with its day (R125)."""

    @property
    def going_back(self) -> Decimal:
        """What was asked to go back and has not, in CNY: it is the order's no more."""
        return sum((each.amount for each in self.refunds if not each.settled), ZERO)


def shop_total(order: Order) -> Decimal:
    """What an order of the shop comes to, in CNY: its goods, without what the customer does without (R112), and the fee."""
    does_without = order.stock.choice is Outcome.CANCEL
    goods = sum(
        (
            line_amount(
                min(line.quantity, order.stock.of(line.line)) if does_without else line.quantity,
                line.unit_price or ZERO,
            )
            for line in order.request.lines
        ),
        ZERO,
    )
    return goods + delivery_fee_of(order)


# --- money -------------------------------------------------------------------------------------------------------


def is_covered(order: Order) -> bool:
    """R123: whether what is due is there, what goes back not counted."""
    return stays_paid(order) - order.shop.going_back >= order.deposit_due


def is_told_as_paid(order: Order) -> bool:
    """Whether so much was reported as is due, also what finance has still to confirm."""
    waiting = sum((payment.amount for payment in order.ledger.unconfirmed), ZERO)
    return stays_paid(order) + waiting - order.shop.going_back >= order.deposit_due


def is_in_time(order: Order) -> bool:
    """R39: whether what is due was paid by the limit, to the second, however late it was told."""
    limit, due = pay_until(order), order.deposit_due
    if limit is None:
        return True
    told, reached = order.shop.going_back, ZERO
    for payment in sorted(order.ledger.payments, key=lambda each: (each.paid_at, each.reference)):
        if not payment.bounced and not payment.elsewhere and payment.paid_at <= limit:
            reached += payment.here
    return reached - order.ledger.refunded - order.ledger.credited - told >= due


def surplus_of(order: Order) -> Decimal:
    """R123: what was paid too much and goes back by itself, in CNY; never less than nothing.

    While goods are still to be sent that is what is above the whole order; in the end what is above its bill.
    """
    if order.rest_is_cancelled or order.phase is order.kind.last:
        surplus = -order.open_balance
    else:
        surplus = stays_paid(order) - max(order.total, order.bill)
    return max(surplus - order.shop.going_back, ZERO)


def pays_back_online(order: Order) -> bool:
    """R123: whether the payment provider pays back what it brought: of the shop's orders, and since edition 10 of any that was
    placed in the shop, such as samples that were paid together with them."""
    placed_there = order.request.shop is not None and order.follows(Edition.BACK_THE_WAY_IT_CAME)
    return order.kind.sold_online or placed_there


def online_left(order: Order) -> Decimal:
    """What the payment provider brought and has neither paid back nor been asked to, in CNY; never less than nothing."""
    online = (each for each in order.ledger.payments if each.counts and each.method is PaymentMethod.ONLINE)
    gone = sum((each.amount for each in order.shop.refunds if not each.is_asked_anew), ZERO)
    return max(sum((each.here for each in online), ZERO) - gone, ZERO)


def online_missing(order: Order) -> Decimal:
    """What a checkout asked for a sample at once and the provider has not brought, in CNY: it can be paid still, until the
    provider is asked to close it (R123). Never less than nothing; of other kinds nothing."""
    if order.request.shop is None or not order.kind.tries_samples:
        return ZERO
    online = (each for each in order.ledger.payments if each.counts and each.method is PaymentMethod.ONLINE)
    return max(order.request.shop.seen_total - sum((each.here for each in online), ZERO), ZERO)


# --- limits ------------------------------------------------------------------------------------------------------


def pay_until(order: Order) -> datetime | None:
    """R39: until when it may be paid, this second included; None before the review is over.

    Time on hold is added where the hold stops the customer's clocks.
    """
    reviewed = order.shop.reviewed_at
    if reviewed is None:
        return None
    return reviewed + hours_of(order.policy.shop.pay_hours) + _held_since(order, reviewed)


def _held_since(order: Order, since: datetime) -> timedelta:
    stopped = timedelta()
    for hold in order.holds:
        if hold.customer_clocks_stop:
            ended = hold.released_at or order.clock
            stopped += max(ended - max(hold.placed_at, since), timedelta())
    return stopped


def ship_limit(order: Order) -> datetime | None:
    """R125: until when its goods are to leave; None before the merchant accepted it."""
    accepted = order.shop.accepted_at
    return None if accepted is None else accepted + hours_of(order.policy.shop.ship_hours)
