"""What the customer asked for: the fields of the confirmation sheet (R11) and how they are changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from models.request.shop_terms import ShopTerms
from models.values.content import Content, Line, Name, NonNegativePrice, Paragraph, Reference, Text
from models.values.money import ZERO, line_amount
from models.values.percent import Percent
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import (
    Channel,
    DeliveryMethod,
    FreightTerms,
    Fulfilment,
    PaymentTerms,
    Role,
    Unit,
)
from models.values.words import InvalidValue

OwnNumber = Annotated[Reference, StringConstraints(max_length=100)]
MOST_LINES, LAST_NUMBER = 200, 999

WANTED = (
    "contact",
    "phone",
    "consignee",
    "address",
    "payment_terms",
    "packing",
    "delivery_method",
    "freight_terms",
)
"""Fields of the confirmation sheet that an order may lack, or have unclear, and that are then asked for (R11, R12)."""


class RequestLine(Content):
    """One line of an order. An empty field is a question that stays open (R12)."""

    line: int = Field(ge=1, le=LAST_NUMBER)
    product: Reference
    specification: Paragraph = ""
    quantity: PositiveQuantity
    unit: Unit
    unit_price: NonNegativePrice | None = None
    tolerance_percent: Percent | None = None

    @property
    def amount(self) -> Decimal:
        """Quantity as ordered times unit price; zero while the price is open."""
        return line_amount(self.quantity, self.unit_price) if self.unit_price is not None else ZERO


class QuotedBy(Content):
    """The accepted version of a quote that the order comes from (R104)."""

    number: Reference
    version: int = Field(ge=1)
    digest: Reference
    """The hash of the version, whole."""


class AwaitedQuote(Content):
    """A quote that an order waits for before anything else is asked about it (R104)."""

    quote: Annotated[Reference, StringConstraints(pattern=r"^Q\d{8}-\d{4,}$")] | None = None
    """Its number; None while one is still to be made for the order."""


class ReplacementFor(Content):
    """The after-sales case whose goods the order replaces (R144)."""

    case: Reference
    order: Reference


class OrderRequest(Content):
    """An order as it came in. `request_id` is the sender's own reference: the same one twice is one order of its customer (R10).

    `words` is the customer memo 客户信息备忘录: what was asked, as it was said (R11).
    `unclear` names fields that are filled but not understood (R12).
    """

    request_id: Reference
    channel: Channel
    fulfilment: Fulfilment = Fulfilment.MAKE_TO_ORDER
    customer: Reference
    contact: Line = ""
    phone: Line = ""
    fax: Line = ""
    address: Paragraph = ""
    consignee: Line = ""
    lines: Annotated[tuple[RequestLine, ...], Field(min_length=1, max_length=MOST_LINES)]
    payment_terms: PaymentTerms | None = None
    deposit_percent: Percent | None = None
    packing: Paragraph = ""
    label: Paragraph = ""
    special_requirements: Paragraph = ""
    wanted_date: date | None = None
    delivery_method: DeliveryMethod | None = None
    freight_terms: FreightTerms | None = None
    checkpoints: tuple[Name, ...] = ()
    partial_delivery: bool = False
    words: Text = ""
    """Kept only: the customer memo: what was asked, as it was said (R11)."""
    unclear: tuple[Name, ...] = ()
    read_back: bool = False
    in_writing: bool = True
    entered_by: Name
    entered_role: Role = Role.SERVICE_CLERK
    on_behalf_of: Text = ""
    """Kept only: who entered it in the system that sent it, as that says; nobody's identity (R10)."""
    customer_order_number: OwnNumber | None = None
    """The number under which the customer keeps the order (R10); it stands on what the customer gets."""
    quote: QuotedBy | None = None
    """The quote that it comes from: its prices are settled (R104)."""
    awaits_quote: AwaitedQuote | None = None
    """It was placed without settled prices and waits in intake for a quote (R104); with `{}` one is to be made for it."""
    sample: Reference | None = None
    """The approved sample that it is made by: its recipe, and its fee is credited (R130)."""
    replaces: ReplacementFor | None = None
    """The exchange that it comes from: its price is the old one (R144)."""
    shop: ShopTerms | None = None
    """The checkout of the shop that it comes from, and its terms (R122)."""

    @model_validator(mode="after")
    def _lines_are_distinct(self) -> OrderRequest:
        numbers = [line.line for line in self.lines]
        if len(set(numbers)) != len(numbers):
            raise InvalidValue("有两行行号相同", "two lines have the same number")
        return self

    @model_validator(mode="after")
    def _may_await_a_quote(self) -> OrderRequest:
        settled = self.quote or self.replaces or self.shop
        kinds = (Fulfilment.SHOP, Fulfilment.SAMPLE)
        if self.awaits_quote is not None and (settled or self.fulfilment in kinds):
            raise InvalidValue(
                "价格已定的订单、网店订单和打样订单不等报价（awaits_quote）",
                "an order with settled prices, of the shop or for a sample waits for no quote (awaits_quote)",
            )
        return self

    @property
    def total(self) -> Decimal:
        """The sum of the lines as ordered, tax included."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def without_checkout(self) -> OrderRequest:
        """The same as the desk would enter it: what the shop sold from stock is an order from stock (R122)."""
        if self.fulfilment is not Fulfilment.SHOP:
            return self
        return self.model_copy(update={"fulfilment": Fulfilment.FROM_STOCK, "shop": None})

    @property
    def comes_to(self) -> Decimal:
        """What the order comes to as it was placed: its lines, and in the shop the delivery fee (R65)."""
        terms = self.shop if self.fulfilment is Fulfilment.SHOP else None
        return self.total + (terms.delivery_fee if terms is not None else ZERO)

    def line_numbered(self, number: int) -> RequestLine | None:
        """The line with this number."""
        return next((line for line in self.lines if line.line == number), None)


class LineChange(Content):
    """New values for one line; what is not named stays."""

    line: int
    product: Reference | None = None
    specification: Paragraph | None = None
    quantity: PositiveQuantity | None = None
    unit: Unit | None = None
    unit_price: NonNegativePrice | None = None
    tolerance_percent: Percent | None = None


class NewLine(Content):
    """A line that an amendment adds. Without a number it gets the next one that no line of the order ever had."""

    line: int | None = Field(default=None, ge=1, le=LAST_NUMBER)
    product: Reference
    specification: Paragraph = ""
    quantity: PositiveQuantity
    unit: Unit
    unit_price: NonNegativePrice | None = None
    tolerance_percent: Percent | None = None

    def numbered(self, number: int) -> RequestLine:
        """The line of the order that it becomes."""
        return RequestLine.model_validate({**dict(self), "line": number})


class RequestChange(Content):
    """New values for an order; what is not named stays. Lines are named by number.

    Lines are changed, added and dropped; a number that a line ever had is no other line's (R83).
    """

    contact: Line | None = None
    phone: Line | None = None
    fax: Line | None = None
    address: Paragraph | None = None
    consignee: Line | None = None
    payment_terms: PaymentTerms | None = None
    deposit_percent: Percent | None = None
    packing: Paragraph | None = None
    label: Paragraph | None = None
    special_requirements: Paragraph | None = None
    wanted_date: date | None = None
    delivery_method: DeliveryMethod | None = None
    freight_terms: FreightTerms | None = None
    partial_delivery: bool | None = None
    lines: tuple[LineChange, ...] = ()
    customer_order_number: OwnNumber | None = None
    added_lines: tuple[NewLine, ...] = ()
    dropped_lines: tuple[int, ...] = ()

    def given(self) -> dict[str, object]:
        """The order's own fields that are named, with their new values."""
        return {
            name: getattr(self, name)
            for name in type(self).model_fields
            if name not in BY_LINE and getattr(self, name) is not None
        }


BY_LINE = ("lines", "added_lines", "dropped_lines")
"""What of a change is said of lines, and not of the order as a whole."""


def changed(request: OrderRequest, change: RequestChange) -> tuple[OrderRequest, frozenset[str]]:
    """The request with the change in it, and the names of the fields that really are another now.

    A line's field is named `lines.<field>`. A line that does not exist raises KeyError with its number. Lines that are
    added have their numbers.
    """
    fields: set[str] = {name for name, value in change.given().items() if getattr(request, name) != value}
    lines = {line.line: line for line in request.lines}
    for line_change in change.lines:
        before = lines[line_change.line]
        new_values = {
            name: value
            for name in LineChange.model_fields
            if name != "line" and (value := getattr(line_change, name)) is not None
        }
        fields |= {f"lines.{name}" for name, value in new_values.items() if getattr(before, name) != value}
        lines[line_change.line] = before.model_copy(update=new_values)
    for number in change.dropped_lines:
        fields.add("dropped_lines")
        lines.pop(number, None)
    for new in change.added_lines:
        fields.add("added_lines")
        number = new.line or max(lines) + 1
        lines[number] = new.numbered(number)
    supplied = {*change.given(), *(f"lines.{number}" for number in (c.line for c in change.lines))}
    after = request.model_copy(
        update={
            **change.given(),
            "lines": tuple(lines.values()),
            "unclear": tuple(name for name in request.unclear if name not in supplied),
        }
    )
    return after, frozenset(fields)
