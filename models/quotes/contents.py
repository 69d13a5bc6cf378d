"""What the facts about a quote carry (R102 to R104)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from models.quotes.costing import CostSheet
from models.quotes.offer import SHORT
from models.quotes.quote_request import MOST_BREAKS, MOST_LINES, Lines, distinct
from models.values.content import Content, Line, Name, Paragraph, PositivePrice, Reference, Text
from models.values.percent import StatedPercent
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import Channel, DeliveryMethod, FreightTerms, PaymentTerms
from models.values.words import InvalidValue

_ASKS_NOTHING = (
    "还价须写明价格或交货日期",
    "a counter-offer names other prices (`prices`), another delivery date (`delivery_date`), or both",
)
MOST_PRICES = MOST_LINES * MOST_BREAKS
Version = Annotated[int, Field(ge=1)]
Digest = Annotated[Reference, StringConstraints(pattern=rf"^[0-9a-f]{{{SHORT},64}}$")]
"""The hash of a version: as it stands on the paper, or more of it."""


class EnquiryChanged(Content):
    """The customer asks for something else, or says more. Lines that are given take the place of all lines."""

    contact: Line | None = None
    phone: Line | None = None
    fax: Line | None = None
    address: Paragraph | None = None
    consignee: Line | None = None
    packing: Paragraph | None = None
    label: Paragraph | None = None
    special_requirements: Paragraph | None = None
    delivery_method: DeliveryMethod | None = None
    freight_terms: FreightTerms | None = None
    lines: Lines | None = None

    @model_validator(mode="after")
    def _lines_are_distinct(self) -> EnquiryChanged:
        distinct(self.lines or ())
        return self


class CostSheetMade(Content):
    """R102: cost sheets, one for each line and quantity; one that was there before is replaced."""

    sheets: Annotated[tuple[CostSheet, ...], Field(min_length=1, max_length=MOST_PRICES)]


class CompetitionNoted(Content):
    """What a competitor asks for goods of the enquiry, as the salesperson heard it; the customer never sees it (D6.2.1)."""

    competitor: Name
    line: int = Field(ge=1)
    unit_price: PositivePrice
    """CNY for one unit of the line, tax included."""
    quantity: PositiveQuantity | None = None
    """For how many; None: not known."""
    heard_from: Line = ""
    words: Text = ""


class AskedPrice(Content):
    """What we ask for one quantity of one line, tax included; without a price the proposed one (R105)."""

    line: int
    quantity: PositiveQuantity
    unit_price: PositivePrice | None = None


class OfferMade(Content):
    """A new version. Without prices: every quantity that was asked for, at its proposed price."""

    prices: Annotated[tuple[AskedPrice, ...], Field(max_length=MOST_PRICES)] = ()
    payment_terms: PaymentTerms | None = None
    deposit_percent: StatedPercent | None = None
    words: Text = ""
    """Conditions, as they stand on the paper."""
    delivery_date: date | None = None
    """The day by which we deliver, where the offer names one."""


class OfferSent(Content):
    """The version went to the customer; when stands in the envelope."""

    version: Version
    channel: Channel | None = None
    """Kept only: by which way it went (R103)."""


class BiddenPrice(Content):
    """What the customer would pay for one quantity of one line, tax included."""

    line: int
    quantity: PositiveQuantity
    unit_price: PositivePrice


class CounterOffered(Content):
    """The customer's own version, in answer to one of ours: what is not named stays as it was offered.

    Other prices, another delivery date, or both.
    """

    version: Version
    digest: Digest | None = None
    prices: Annotated[tuple[BiddenPrice, ...], Field(max_length=MOST_PRICES)] = ()
    words: Text = ""
    delivery_date: date | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> CounterOffered:
        if not self.prices and self.delivery_date is None:
            raise InvalidValue(*_ASKS_NOTHING)
        return self


class ChosenQuantity(Content):
    """Which of the offered quantities of a line the customer takes."""

    line: int
    quantity: PositiveQuantity


class OfferAccepted(Content):
    """R104: the customer takes a version, named by its number and hash.

    `quantities` where a line is offered in several. On paper: who signed it, and its reference.
    """

    version: Version
    digest: Digest
    quantities: Annotated[tuple[ChosenQuantity, ...], Field(max_length=MOST_LINES)] = ()
    signed_by: Line = ""
    document: Line = ""


class OfferRefused(Content):
    """The customer declines."""

    version: Version
    reason: Text = ""
    """Kept only: why, for who reads the journal (R103)."""


class Withdrawn(Content):
    """The quote goes no further."""

    reason: Text


class OrderMade(Content):
    """R104: the order that the accepted quote became."""

    order: Reference


class OrderNotMade(Content):
    """R104: no order could be made of it: the refusal."""

    code: Line
    zh: Text
    en: Text


class OrderWanted(Content):
    """R104: what kept the order back is mended; it is to be made."""

    reason: Text = ""
    """Kept only: what was mended, for who reads the journal (R104)."""
