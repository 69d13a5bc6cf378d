"""What a workflow is started with: the request and everything about it that was looked up when it was numbered.

An order keeps the customer's file, the price list in force, the past trade, the staff, the policy and the edition
that it started with; later changes reach it only as recorded facts.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import SerializerFunctionWrapHandler, model_serializer, model_validator

from models.credit.assessment import CreditStanding
from models.policy import Policy
from models.request.order_request import OrderRequest, RequestLine
from models.staff import StaffAssignment
from models.values.calendar import Calendar
from models.values.content import (
    IN_DAYS,
    Content,
    Instant,
    Line,
    Name,
    NonNegativeMoney,
    Paragraph,
    Reference,
)
from models.values.editions import Edition
from models.values.fingerprint import without_later_defaults
from models.values.money import ZERO, Price
from models.values.percent import Percent
from models.values.quantity import Measured
from models.values.vocabulary import CustomerClass, DeliveryMethod, PaymentTerms, Unit
from models.values.words import InvalidValue


class Contract(Content):
    """The sales contract that payment and delivery terms are checked against (R15)."""

    reference: Reference
    """Kept only: names the contract to people; its terms are compared by the fields below (R15)."""
    payment_terms: PaymentTerms
    deposit_percent: Percent | None = None
    account_days: Annotated[int, IN_DAYS] | None = None
    delivery_methods: tuple[DeliveryMethod, ...] = ()
    valid_until: date | None = None
    """The last business day on which it counts; None: it was given none (R15)."""
    valid_from: date | None = None
    """The first business day on which it counts; None: it always did (R15)."""

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Contract:
        first, last = self.valid_from, self.valid_until
        if first is not None and last is not None and first > last:
            raise InvalidValue(
                f"合同生效日 {first} 晚于到期日 {last}",
                f"the contract begins on {first}, after its last day {last}",
            )
        return self

    def counts_on(self, day: date) -> bool:
        """R15, R50: from its first to its last valid day, both included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class CustomerFile(Content):
    """What is known of the customer. One without a class is C."""

    customer: Reference
    name: Name
    customer_class: CustomerClass = CustomerClass.C
    designated_signers: tuple[Name, ...] = ()
    verified_by: Line = ""
    """Who verified the customer's data as real (R17); empty: nobody yet."""
    contract: Contract | None = None
    credit: CreditStanding | None = None
    """What finance says of the customer's credit; None: nothing, and nothing is asked (R108)."""
    credit_limit: NonNegativeMoney | None = None
    """Kept only: the limit when the order was numbered; the credit book has the one that counts (R109)."""

    def contract_on(self, day: date) -> Contract | None:
        """The contract, if it counts on this business day (R15)."""
        return self.contract if self.contract is not None and self.contract.counts_on(day) else None


class QuotedLine(Content):
    """A line as an accepted quote has it (R104)."""

    product: Reference
    specification: Paragraph = ""
    unit: Unit
    quantity: Measured
    unit_price: Price

    def settles(self, line: RequestLine) -> bool:
        """Whether the line is what was quoted, or more of it: then its price is no question (R20)."""
        return (line.product, line.specification, line.unit, line.unit_price) == (
            self.product,
            self.specification,
            self.unit,
            self.unit_price,
        ) and line.quantity >= self.quantity


class PriceReference(Content):
    """What a line's number, specification and price are compared with (R20)."""

    line: int
    product: Reference
    product_name: Line = ""
    """Kept only: names the product to people; numbers and specifications are compared (R20)."""
    specification: Paragraph = ""
    unit: Unit
    list_price: Price | None = None
    list_valid_from: date | None = None
    past_price: Price | None = None
    past_traded_on: date | None = None
    tolerance_percent: Percent | None = None
    """Kept only: it stands in the line itself when the order is placed (R45)."""
    quoted: QuotedLine | None = None
    """What an accepted quote says of it: settled for as long as the line is as it was quoted (R104)."""


class OrderStart(Content):
    """The one argument of the order workflow when an order begins."""

    number: Reference
    placed_at: Instant
    request: OrderRequest
    customer: CustomerFile
    references: tuple[PriceReference, ...] = ()
    staff: StaffAssignment = StaffAssignment()
    policy: Policy = Policy()
    sample_credit: NonNegativeMoney = ZERO
    """The fee of the sample that the order names, which is credited to it and to no other (R130)."""
    edition: int = int(Edition.FIRST)
    """The edition of the rules that the order follows. A start that names none follows the first: its replay must not
    follow another one when a newer program comes."""
    calendar: Calendar = Calendar()

    @model_serializer(mode="wrap")
    def _readable_by_older_programs(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        start: dict[str, Any] = without_later_defaults(self, dump(self))
        return start
