"""What a customer wants to know the price of, and what a quote begins with (R29, R104)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from models.policy import Policy
from models.request.order_request import LAST_NUMBER, OwnNumber
from models.request.order_start import CustomerFile, PriceReference
from models.staff import StaffAssignment
from models.values.calendar import Calendar
from models.values.content import Content, Instant, Line, Name, Paragraph, Reference, Text
from models.values.editions import Edition
from models.values.percent import Percent
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import (
    Channel,
    DeliveryMethod,
    FreightTerms,
    PaymentTerms,
    Role,
    Unit,
)
from models.values.words import InvalidValue

MOST_LINES, MOST_BREAKS = 40, 8
_NUMBER = r"^Q\d{8}-\d{4,}$"

QuoteNumber = Annotated[Reference, StringConstraints(pattern=_NUMBER)]
"""`Q20270105-0001`: of a business day, and no order's."""


class QuoteLine(Content):
    """Goods whose price is asked, in one quantity or in several (quantity breaks)."""

    line: int = Field(ge=1, le=LAST_NUMBER)
    product: Reference
    specification: Paragraph = ""
    unit: Unit
    quantities: Annotated[tuple[PositiveQuantity, ...], Field(min_length=1, max_length=MOST_BREAKS)]
    tolerance_percent: Percent | None = None

    @model_validator(mode="after")
    def _quantities_are_distinct(self) -> QuoteLine:
        if len(set(self.quantities)) != len(self.quantities):
            raise InvalidValue("有两个数量档相同", "two quantities of a line are the same")
        return self


Lines = Annotated[tuple[QuoteLine, ...], Field(min_length=1, max_length=MOST_LINES)]


def distinct(lines: tuple[QuoteLine, ...]) -> None:
    """Raises InvalidValue where two lines have one number."""
    numbers = [line.line for line in lines]
    if len(set(numbers)) != len(numbers):
        raise InvalidValue("有两行行号相同", "two lines have the same number")


class QuoteRequest(Content):
    """An enquiry 询价. `request_id` is the sender's own reference: the same one twice is one quote of its customer.

    What an order wants to know beside goods and prices may be said here, so that nothing is typed again.
    """

    request_id: Reference
    channel: Channel
    customer: Reference
    contact: Line = ""
    phone: Line = ""
    fax: Line = ""
    address: Paragraph = ""
    consignee: Line = ""
    lines: Lines
    payment_terms: PaymentTerms | None = None
    deposit_percent: Percent | None = None
    packing: Paragraph = ""
    label: Paragraph = ""
    special_requirements: Paragraph = ""
    wanted_date: date | None = None
    delivery_method: DeliveryMethod | None = None
    freight_terms: FreightTerms | None = None
    partial_delivery: bool = False
    words: Text = ""
    """What was asked, as it was said."""
    entered_by: Name
    entered_role: Role = Role.SALESPERSON
    customer_order_number: OwnNumber | None = None
    for_order: Reference | None = None
    """The order that waits for it in intake (R104); accepted, its prices are that order's, and no other one is made."""

    @model_validator(mode="after")
    def _lines_are_distinct(self) -> QuoteRequest:
        distinct(self.lines)
        return self

    def line_numbered(self, number: int) -> QuoteLine | None:
        """The line with this number."""
        return next((line for line in self.lines if line.line == number), None)

    def asks_for(self, number: int, quantity: Decimal) -> bool:
        """Whether the price of this quantity of this line is asked."""
        line = self.line_numbered(number)
        return line is not None and quantity in line.quantities


class QuoteStart(Content):
    """The one argument of the quote workflow when a quote begins."""

    number: Reference
    placed_at: Instant
    request: QuoteRequest
    customer: CustomerFile
    references: tuple[PriceReference, ...] = ()
    """The list prices: how much an offer is below them may need an approval (R106)."""
    staff: StaffAssignment = StaffAssignment()
    policy: Policy = Policy()
    edition: int = int(Edition.EVERY_WAY)
    calendar: Calendar = Calendar()
