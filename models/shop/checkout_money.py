"""The money of a checkout as it is known: intents, payments, what went back; and what a provider tells of them (R123). Pure.

Amounts are CNY with two decimals, moments are aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from models.shop.shares import Share
from models.values.content import Content, Instant, Line, NonNegativeMoney, Reference
from models.values.money import CURRENCY, ZERO
from models.values.vocabulary import Term
from models.values.words import InvalidValue

LONGEST_ID = 100
"""Signs of an id that a provider gives, or is given; an order is told of it with a few more."""


class IntentState(Term):
    """How a payment intent stands with us."""

    OPEN = "open", "待付款", "to be paid"
    PAID = "paid", "已付清", "paid"
    CLOSED = "closed", "已关闭", "closed"
    REFUNDED = "refunded", "已全部退回", "all paid back"


class ProviderSays(Term):
    """What a payment provider tells of an intent."""

    MADE = "made", "已建立", "made"
    PAID = "paid", "已付款", "paid"
    FAILED = "failed", "付款未成", "not paid: it failed"
    CLOSED = "closed", "已关闭或过期", "closed or expired"
    REFUNDED = "refunded", "已退款", "paid back"
    REFUND_FAILED = "refund_failed", "退款未成", "not paid back: it failed"


class RefundState(Term):
    """How a refund stands at the provider."""

    WANTED = "wanted", "待退款", "to be asked for"
    ASKED = "asked", "退款中", "asked for"
    DONE = "done", "已退款", "paid back"
    FAILED = "failed", "退款失败", "failed"


class ProviderEvent(Content):
    """One thing that a provider told. Its `event` is told once; `amount` is of the payment or refund. Times aware."""

    provider: Reference
    event: Reference
    says: ProviderSays
    intent: Annotated[Reference, Field(max_length=LONGEST_ID)]
    payment: Annotated[Line, Field(max_length=LONGEST_ID)] = ""
    refund: Annotated[Line, Field(max_length=LONGEST_ID)] = ""
    amount: NonNegativeMoney = ZERO
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = CURRENCY
    at: Instant

    @model_validator(mode="after")
    def _names_its_money(self) -> ProviderEvent:
        if self.says in (ProviderSays.PAID, ProviderSays.REFUNDED) and not (self.payment and self.amount):
            raise InvalidValue("须写明哪笔款、多少钱", "it names the payment and its amount")
        if self.says in (ProviderSays.REFUNDED, ProviderSays.REFUND_FAILED) and not self.refund:
            raise InvalidValue("须写明哪笔退款", "it names the refund")
        return self


@dataclass(frozen=True, slots=True)
class Allocation:
    """What an intent asks for one order. `withdrawn`: the order is not to be paid any more."""

    order: str
    amount: Decimal
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """One request for money at a provider; `provider` is empty before it was made there."""

    number: str
    checkout: str
    allocations: tuple[Allocation, ...]
    state: IntentState = IntentState.OPEN
    provider: str = ""

    @property
    def total(self) -> Decimal:
        """What is asked for, over all orders."""
        return sum((each.amount for each in self.allocations), ZERO)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that a provider has for us, and what of it each order was told; what no order was told goes back."""

    payment: str
    intent: str
    amount: Decimal
    at: datetime
    shares: tuple[Share, ...] = ()
    currency: str = CURRENCY
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that goes back, or went; `order` is empty where no order had it."""

    key: str
    payment: str
    amount: Decimal
    order: str = ""
    state: RefundState = RefundState.WANTED
    asked_here: bool = True
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Checkout:
    """All that is known of the money of one checkout: its intents, its payments, what went back."""

    intents: tuple[Intent, ...]
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()

    def intent(self, number: str) -> Intent:
        """One of its intents. KeyError where it has none of this number."""
        return {each.number: each for each in self.intents}[number]

    def payment(self, name: str, provider: str) -> Payment | None:
        """A payment by the provider's own id."""
        return next(
            (each for each in self.payments if (each.payment, each.provider) == (name, provider)), None
        )

    def told(self, order: str) -> Decimal:
        """What an order was told of, whatever went back since."""
        return sum(
            (each.amount for paid in self.payments for each in paid.shares if each.order == order), ZERO
        )

    def asked(self, order: str) -> Decimal:
        """What is asked for an order: the same in whichever of its intents it stands."""
        found = (each.amount for intent in self.intents for each in intent.allocations if each.order == order)
        return max(found, default=ZERO)

    def missing(self, order: str) -> Decimal:
        """What of an order was never paid."""
        return max(self.asked(order) - self.told(order), ZERO)

    def is_covered(self, order: str) -> bool:
        """Whether all that is asked for an order is there: it was paid, and not paid back."""
        back = sum((each.amount for each in self.refunds if each.order == order and stands(each)), ZERO)
        return self.asked(order) > ZERO and self.told(order) - back >= self.asked(order)

    def back(self, payment: str, provider: str, *, done: bool = False) -> Decimal:
        """What of a payment goes back; `done`: went back."""
        own = (payment, provider)
        of_it = (each for each in self.refunds if (each.payment, each.provider) == own and stands(each))
        return sum((each.amount for each in of_it if not done or each.state is RefundState.DONE), ZERO)


def stands(refund: Refund) -> bool:
    """Whether it went back, or will: it has not failed."""
    return refund.state is not RefundState.FAILED
