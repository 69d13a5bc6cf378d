"""The payment intent of a checkout: what each event of a payment provider does to it, as a table (R123). Pure.

An intent asks a provider for one sum over several orders. A provider tells its events late, twice, in any order, and of
money that nobody expected. So an event is first given its meaning beside what is known of the checkout (`meaning_of`);
then the table says to which state it brings the intent and what follows (`TABLE`). Amounts are CNY with two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from models.shop.checkout_money import (
    Checkout,
    Intent,
    IntentState,
    Payment,
    ProviderEvent,
    ProviderSays,
    Refund,
    RefundState,
    stands,
)
from models.shop.shares import Share, shares_of
from models.values.money import CURRENCY, ZERO
from models.values.vocabulary import Term


class Meaning(Term):
    """What an event means beside what is known of its checkout."""

    MADE = "made", "支付方已建立", "the provider has it"
    PAID_WHOLE = "paid_whole", "付清", "what was missing is paid"
    PAID_SHORT = "paid_short", "少付", "less than what is missing"
    PAID_OVER = "paid_over", "多付", "more than was asked for"
    PAID_PARTLY_AGAIN = "paid_partly_again", "部分重复付款", "a part of it was paid before"
    PAID_AGAIN = "paid_again", "重复付款", "all of it was paid before"
    PAID_KNOWN = "paid_known", "同一笔款再次通知", "this very payment, told again"
    PAID_OTHERWISE = "paid_otherwise", "同一笔款，金额不同", "this very payment, with another amount"
    PAID_FOREIGN = "paid_foreign", "币种不对", "in another currency"
    PAID_GONE = "paid_gone", "退款之后才报付款", "told after it went back"
    FAILED = "failed", "付款未成", "not paid: it failed"
    CLOSED = "closed", "关闭或过期", "closed or expired"
    PART_BACK = "part_back", "部分退款到账", "a part went back, as we asked"
    ALL_BACK = "all_back", "款项已全部退回", "all of it went back, as we asked"
    PART_BACK_UNASKED = (
        "part_back_unasked",
        "非我方要求的部分退款",
        "a part went back, and we did not ask for it",
    )
    ALL_BACK_UNASKED = (
        "all_back_unasked",
        "非我方要求的全部退款",
        "all of it went back, and we did not ask for it",
    )
    BACK_KNOWN = "back_known", "同一退款再次通知", "this very refund, told again"
    BACK_EARLY = "back_early", "付款未到先报退款", "a refund of a payment that is not known yet"
    BACK_FAILED = "back_failed", "退款未成", "our refund failed"


class Effect(Term):
    """What follows from an event beside the new state."""

    TELL_ORDERS = "tell_orders", "订单入账", "the orders get the money"
    PAY_BACK = "pay_back", "自动退款", "it is paid back by itself"
    ASK_FINANCE = "ask_finance", "请财务查看", "finance looks at it"
    ANSWERED = "answered", "财务待办自动办结", "what finance was asked is settled"


@dataclass(frozen=True, slots=True)
class Row:
    """A cell of the table: the state that follows, and what else does."""

    state: IntentState
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What one event does: the state that follows, what the orders are told, what goes back by itself."""

    meaning: Meaning
    state: IntentState
    effects: tuple[Effect, ...] = ()
    shares: tuple[Share, ...] = ()
    pay_back: Decimal = field(default=ZERO)


_OPEN, _PAID, _CLOSED, _REFUNDED = (
    IntentState.OPEN,
    IntentState.PAID,
    IntentState.CLOSED,
    IntentState.REFUNDED,
)
_TELL, _BACK, _ASK, _SETTLED = (Effect.TELL_ORDERS, Effect.PAY_BACK, Effect.ASK_FINANCE, Effect.ANSWERED)
_COLUMNS = (_OPEN, _PAID, _CLOSED, _REFUNDED)
_FOLLOWS: Mapping[Meaning, tuple[tuple[IntentState, ...], tuple[Effect, ...]]] = {
    # what it means:            from open,  paid,    closed,    refunded           what else follows
    Meaning.MADE:              ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), ()),
    Meaning.PAID_WHOLE:        ((_PAID,     _PAID,     _PAID,     _PAID),     (_TELL, _SETTLED)),
    Meaning.PAID_SHORT:        ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), (_TELL, _ASK)),
    Meaning.PAID_OVER:         ((_PAID,     _PAID,     _PAID,     _PAID),     (_TELL, _ASK)),
    Meaning.PAID_PARTLY_AGAIN: ((_PAID,     _PAID,     _PAID,     _PAID),     (_TELL, _BACK, _SETTLED)),
    Meaning.PAID_AGAIN:        ((_CLOSED,   _PAID,     _CLOSED,   _REFUNDED), (_BACK,)),
    Meaning.PAID_KNOWN:        ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), ()),
    Meaning.PAID_OTHERWISE:    ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), (_ASK,)),
    Meaning.PAID_FOREIGN:      ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), (_ASK,)),
    Meaning.PAID_GONE:         ((_REFUNDED, _PAID,     _REFUNDED, _REFUNDED), ()),
    Meaning.FAILED:            ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), ()),
    Meaning.CLOSED:            ((_CLOSED,   _PAID,     _CLOSED,   _REFUNDED), ()),
    Meaning.PART_BACK:         ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), ()),
    Meaning.ALL_BACK:          ((_REFUNDED, _REFUNDED, _REFUNDED, _REFUNDED), ()),
    Meaning.PART_BACK_UNASKED: ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), (_ASK,)),
    Meaning.ALL_BACK_UNASKED:  ((_REFUNDED, _REFUNDED, _REFUNDED, _REFUNDED), (_ASK,)),
    Meaning.BACK_KNOWN:        ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), ()),
    Meaning.BACK_EARLY:        ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), (_ASK,)),
    Meaning.BACK_FAILED:       ((_OPEN,     _PAID,     _CLOSED,   _REFUNDED), (_ASK,)),
}  # fmt: skip
TABLE: Mapping[tuple[IntentState, Meaning], Row] = {
    (before, meaning): Row(after, effects)
    for meaning, (states, effects) in _FOLLOWS.items()
    for before, after in zip(_COLUMNS, states, strict=True)
}
"""State × meaning → state and effects, for every pair."""


def change_of(checkout: Checkout, event: ProviderEvent) -> Change:
    """What this event does to its intent. KeyError where the checkout has no such intent."""
    intent = checkout.intent(event.intent)
    meaning = meaning_of(checkout, event)
    row = TABLE[intent.state, meaning]
    if not {Effect.TELL_ORDERS, Effect.PAY_BACK} & set(row.effects):
        return Change(meaning, row.state, row.effects)
    pay_back = _paid_before(checkout, intent, event.amount) if Effect.PAY_BACK in row.effects else ZERO
    told = event.amount - pay_back
    shares = _shares(checkout, intent, told) if Effect.TELL_ORDERS in row.effects else ()
    return Change(meaning, row.state, row.effects, shares, pay_back)


def meaning_of(checkout: Checkout, event: ProviderEvent) -> Meaning:
    """What an event means beside what is known. KeyError where the checkout has no such intent."""
    intent = checkout.intent(event.intent)
    if event.says is ProviderSays.PAID:
        return _meaning_of_payment(checkout, intent, event)
    if event.says in (ProviderSays.REFUNDED, ProviderSays.REFUND_FAILED):
        return _meaning_of_refund(checkout, event)
    return Meaning(event.says.value)


def _meaning_of_payment(checkout: Checkout, intent: Intent, event: ProviderEvent) -> Meaning:
    known = checkout.payment(event.payment, event.provider)
    if known is not None:
        same = (known.amount, known.currency) == (event.amount, event.currency)
        return Meaning.PAID_KNOWN if same else Meaning.PAID_OTHERWISE
    if event.currency != CURRENCY:
        return Meaning.PAID_FOREIGN
    if checkout.back(event.payment, event.provider) >= event.amount:
        return Meaning.PAID_GONE
    missing = _missing(checkout, intent)
    if missing == ZERO:
        return Meaning.PAID_AGAIN
    if event.amount < missing:
        return Meaning.PAID_SHORT
    if _paid_before(checkout, intent, event.amount) > ZERO:
        return Meaning.PAID_PARTLY_AGAIN
    return Meaning.PAID_WHOLE if event.amount == missing else Meaning.PAID_OVER


def _meaning_of_refund(checkout: Checkout, event: ProviderEvent) -> Meaning:
    known = next(
        (each for each in checkout.refunds if (each.key, each.provider) == (event.refund, event.provider)),
        None,
    )
    if event.says is ProviderSays.REFUND_FAILED:
        waits = known is not None and known.state in (RefundState.WANTED, RefundState.ASKED)
        return Meaning.BACK_FAILED if waits else Meaning.BACK_KNOWN
    if known is not None and known.state is RefundState.DONE:
        return Meaning.BACK_KNOWN
    paid = checkout.payment(event.payment or (known.payment if known else ""), event.provider)
    if paid is None:
        return Meaning.BACK_EARLY
    # of ours we know the amount; some providers tell what went back of a payment in all
    amount = known.amount if known is not None else event.amount
    back = checkout.back(paid.payment, paid.provider, done=True) + amount
    is_all = back >= paid.amount and _is_only(checkout, paid)
    if known is None or not known.asked_here:
        return Meaning.ALL_BACK_UNASKED if is_all else Meaning.PART_BACK_UNASKED
    return Meaning.ALL_BACK if is_all else Meaning.PART_BACK


def _is_only(checkout: Checkout, payment: Payment) -> bool:
    """Whether of all other money of its intent nothing is left."""
    others = (each for each in checkout.payments if each.intent == payment.intent and each is not payment)
    return all(checkout.back(each.payment, each.provider, done=True) >= each.amount for each in others)


def _missing(checkout: Checkout, intent: Intent) -> Decimal:
    return sum((checkout.missing(each.order) for each in intent.allocations), ZERO)


def _paid_before(checkout: Checkout, intent: Intent, amount: Decimal) -> Decimal:
    """What of an amount that comes for this intent was paid for its orders before: that goes back by itself.

    What is more than the intent asked for is not that: another amount is booked as it is.
    """
    missing = _missing(checkout, intent)
    if missing == ZERO:
        return amount
    return min(max(amount - missing, ZERO), max(intent.total - missing, ZERO))


def _shares(checkout: Checkout, intent: Intent, amount: Decimal) -> tuple[Share, ...]:
    """Over what its orders miss; what is more than that goes to the first of them."""
    missing = {each.order: checkout.missing(each.order) for each in intent.allocations}
    most = sum(missing.values(), ZERO)
    shares = shares_of(min(amount, most), missing)
    over = amount - most
    if over > ZERO:
        first = next(order for order, wanted in missing.items() if wanted > ZERO)
        shares = {order: share + (over if order == first else ZERO) for order, share in shares.items()}
    return tuple(Share(order, share) for order, share in shares.items() if share > ZERO)


def refunds_of(checkout: Checkout, order: str, amount: Decimal, key: str) -> tuple[Refund, ...]:
    """Which payments an order's money goes back from, the oldest first, at most what each of them has left.

    The refunds come to less than the amount where less is there.
    """
    found: list[Refund] = []
    for paid in sorted(checkout.payments, key=lambda each: (each.at, each.payment)):
        had = sum((each.amount for each in paid.shares if each.order == order), ZERO)
        gone = _gone(checkout.refunds, paid, order)
        take = min(amount, had - gone)
        if take > ZERO:
            name = key if not found else f"{key}-{len(found) + 1}"
            found.append(Refund(name, paid.payment, take, order, provider=paid.provider))
            amount -= take
    return tuple(found)


def _gone(refunds: Iterable[Refund], paid: Payment, order: str) -> Decimal:
    of_it = (
        each
        for each in refunds
        if (each.payment, each.provider, each.order) == (paid.payment, paid.provider, order)
    )
    return sum((each.amount for each in of_it if stands(each)), ZERO)
