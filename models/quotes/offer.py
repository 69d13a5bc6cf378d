"""An offer or counter-offer: one version of a quote, which never changes once it was sent (R103)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from models.quotes.quote_request import QuoteLine
from models.values.calendar import at, business_date, end_of
from models.values.content import Content, PositivePrice
from models.values.fingerprint import digest_of
from models.values.money import ZERO, Amount, Price, as_text, line_amount
from models.values.percent import Percent
from models.values.quantity import Measured, PositiveQuantity
from models.values.vocabulary import PaymentTerms

_REMINDED_AT = 9
SHORT = 12
"""So many signs of an offer's hash stand on its paper, and are enough to name it."""


class PricedLine(Content):
    """What is asked, or bidden, for one quantity of one line, tax included."""

    line: int
    quantity: PositiveQuantity
    unit_price: PositivePrice


class OfferedPrice(BaseModel):
    """One price of an offer as it is kept, with what it was worked out from."""

    line: int
    quantity: Measured
    unit_price: Price
    cost: Amount | None = None
    """Without tax; a customer's own counter-offer has none."""

    @property
    def amount(self) -> Decimal:
        """What this quantity comes to, tax included."""
        return line_amount(self.quantity, self.unit_price)


class Offer(BaseModel):
    """One version. Times UTC."""

    version: int
    by_customer: bool = False
    """A counter-offer."""
    made_by: str
    made_at: datetime
    lines: tuple[QuoteLine, ...]
    """The goods as they were then."""
    prices: tuple[OfferedPrice, ...]
    payment_terms: PaymentTerms | None = None
    deposit_percent: Percent | None = None
    words: str = ""
    delivery_date: date | None = None
    """The day by which the goods are to be delivered, as offered or wished for (D18); None: nothing was said of it."""
    answers: int | None = None
    """The version that a counter-offer answers."""
    digest: str = ""
    """Of what the customer sees of it; made when it is sent."""
    sent_at: datetime | None = None
    valid_until: datetime | None = None
    """The first moment at which it is valid no more."""
    sent_back: bool = False
    superseded_at: datetime | None = None
    """When a newer version was sent or made by the customer."""
    reminded: bool = False
    expired: bool = False

    @property
    def total(self) -> Decimal | None:
        """What all lines come to; None where a line has several quantities, of which the customer chooses."""
        return None if self.has_choices else sum((price.amount for price in self.prices), ZERO)

    @property
    def most(self) -> Decimal:
        """What it comes to at most: of each line the dearest quantity."""
        dearest: dict[int, Decimal] = {}
        for price in self.prices:
            dearest[price.line] = max(price.amount, dearest.get(price.line, ZERO))
        return sum(dearest.values(), ZERO)

    @property
    def has_choices(self) -> bool:
        """Whether a line is offered in several quantities."""
        return len({price.line for price in self.prices}) < len(self.prices)

    @property
    def short_digest(self) -> str:
        """As much of the hash as stands on the paper."""
        return self.digest[:SHORT]

    def price_of(self, line: int, quantity: Decimal | None = None) -> OfferedPrice | None:
        """The price of this quantity of this line; without a quantity the only one that the line has."""
        found = [each for each in self.prices if each.line == line and quantity in (None, each.quantity)]
        return found[0] if len(found) == 1 else None

    def line_numbered(self, number: int) -> QuoteLine | None:
        """The goods of this line, as they were when it was made."""
        return next((line for line in self.lines if line.line == number), None)

    def was_valid_at(self, moment: datetime) -> bool:
        """R103: whether it could be accepted at that moment."""
        return (
            self.sent_at is not None
            and self.sent_at <= moment
            and (self.valid_until is None or moment < self.valid_until)
            and (self.superseded_at is None or moment < self.superseded_at)
        )


def digest_of_offer(quote: str, offer: Offer) -> str:
    """The hash of what the customer sees: number, version, goods, prices, terms, delivery date, until when; no costs."""
    goods = {line.line: line for line in offer.lines}
    shown: dict[str, Any] = {
        "quote": quote,
        "version": offer.version,
        "by_customer": offer.by_customer,
        "prices": [
            {
                "line": price.line,
                "product": goods[price.line].product,
                "specification": goods[price.line].specification,
                "unit": goods[price.line].unit.value,
                "quantity": as_text(price.quantity),
                "unit_price": as_text(price.unit_price),
            }
            for price in offer.prices
        ],
        "payment_terms": offer.payment_terms.value if offer.payment_terms else "",
        "deposit_percent": as_text(offer.deposit_percent) if offer.deposit_percent is not None else "",
        "valid_until": offer.valid_until.isoformat() if offer.valid_until else "",
        "words": offer.words,
    }
    if offer.delivery_date is not None:  # hashes of offers that say nothing of it stay as they are
        shown["delivery_date"] = offer.delivery_date.isoformat()
    return digest_of(shown)


def valid_until(sent_at: datetime, days: int) -> datetime:
    """R103: to 23:59:59 of the day so many calendar days after the one on which it was sent; the moment after that."""
    return end_of(business_date(sent_at) + timedelta(days=days))


def last_valid_second(until: datetime) -> datetime:
    """As people read it: 23:59:59 of the last day."""
    return until - timedelta(seconds=1)


def reminder_at(offer: Offer, days: int) -> datetime | None:
    """R103: in the morning so many days before the last one; None where it was sent later than that."""
    if offer.sent_at is None or offer.valid_until is None:
        return None
    moment = at(business_date(last_valid_second(offer.valid_until)) - timedelta(days=days), _REMINDED_AT)
    return moment if moment > offer.sent_at else None
