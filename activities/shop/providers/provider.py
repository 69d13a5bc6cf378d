"""What the house asks of a payment provider, whichever it is (R123)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from models.shop.checkout_money import ProviderEvent, RefundState
from models.values.errors import Code, Refusal
from models.values.money import CURRENCY
from models.values.vocabulary import Term, Words

PATIENCE_SECONDS = 10.0
"""How long a provider may take to answer; then it counts as away and is asked again, under the same key."""
_AWAY = Words(
    "支付方 {provider} 现在不能用：{reason}", "payment provider {provider} cannot be used now: {reason}"
)
_REFUSES = Words("支付方 {provider} 不接受：{reason}", "payment provider {provider} refuses: {reason}")
_NOT_SIGNED = Words("签名无效", "the signature is not valid")
_UNREAD = Words("看不懂支付方的通知：{reason}", "what the payment provider tells is not understood: {reason}")
_LONGEST = 200


class Closing(Term):
    """What came of closing an intent at a provider."""

    CLOSED = "closed", "已关闭", "closed"
    PAID = "paid", "已付款，不能关闭", "it was paid and cannot be closed"


@dataclass(frozen=True, slots=True)
class IntentWanted:
    """An intent as it is made at a provider; its number is the idempotency key."""

    intent: str
    amount: Decimal
    subject: str
    told_at: str
    """Where the provider tells what becomes of it."""
    back_at: str
    """Where whoever paid comes back to."""


@dataclass(frozen=True, slots=True)
class IntentThere:
    """How an intent stands at a provider: what it would have told, with ids that are the same each time."""

    known: bool
    events: tuple[ProviderEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """A refund as a provider is asked for it; `refund` is the idempotency key, `paid` what the payment came to."""

    refund: str
    intent: str
    payment: str
    amount: Decimal
    paid: Decimal
    reason: str
    told_at: str


@dataclass(frozen=True, slots=True)
class RefundThere:
    """How a refund stands at a provider: ASKED (it will tell later), DONE or FAILED."""

    state: RefundState
    reference: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line of a provider's statement of a day; `refund` is empty for a payment."""

    payment: str
    intent: str
    amount: Decimal
    at: datetime
    refund: str = ""
    currency: str = CURRENCY


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What a provider is answered to what it told."""

    status: int
    body: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Callback:
    """What came to our address for a provider: headers by lower-case name, and the raw body."""

    headers: Mapping[str, str]
    raw: bytes
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


class PaymentProvider(Protocol):
    """One payment provider. Every call may be made again with the same key, and is then done once.

    Raises Refusal: provider_unavailable (ask again), provider_refuses (it says no for good).
    """

    name: str

    def create(self, wanted: IntentWanted) -> str:
        """Make the intent there; the address at which it is paid."""
        ...

    def query(self, intent: str) -> IntentThere:
        """How an intent stands there."""
        ...

    def close(self, intent: str) -> Closing:
        """See to it that it cannot be paid any more; one that is not known there is closed."""
        ...

    def refund(self, asked: RefundAsked) -> RefundThere:
        """Pay back, or how that stands."""
        ...

    def statement(self, day: date) -> list[StatementRow]:
        """All payments and refunds of a business day."""
        ...

    def read_callback(self, callback: Callback) -> ProviderEvent:
        """What was told, when the signature over the raw body is right.

        Raises Refusal: not_signed_in (false signature), malformed (right signature, and not understood).
        """
        ...

    def answer(self, refusal: Refusal | None) -> CallbackAnswer:
        """What it expects to hear: that it was taken, or that it was not."""
        ...


def is_away(provider: str, reason: str) -> Refusal:
    """The refusal of a provider that does not answer, or not sensibly."""
    words = _AWAY.filled(provider=provider, reason=reason[:_LONGEST])
    return Refusal(Code.PROVIDER_UNAVAILABLE, words, where=provider, rule="R123")


def says_no(provider: str, reason: str) -> Refusal:
    """The refusal of a provider that says no for good."""
    words = _REFUSES.filled(provider=provider, reason=reason[:_LONGEST])
    return Refusal(Code.PROVIDER_REFUSES, words, where=provider, rule="R123")


def not_signed() -> Refusal:
    """The refusal of what was not signed by the provider."""
    return Refusal(Code.NOT_SIGNED_IN, _NOT_SIGNED, where="signature", rule="R123")


def not_understood(reason: str) -> Refusal:
    """The refusal of what the provider signed and we cannot read."""
    return Refusal(Code.MALFORMED, _UNREAD.filled(reason=reason[:_LONGEST]), where="body", rule="R123")


def not_there(provider: str) -> Refusal:
    """The refusal of a provider that this installation is not set up for any more."""
    words = Words("没有设置支付方 {provider}", "payment provider {provider} is not set up here")
    return Refusal(Code.NOT_SET_UP, words.filled(provider=provider or "-"), where=provider, rule="R123")
