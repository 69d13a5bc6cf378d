"""What a customer opens a case with, and what the case begins with (R142, R143)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from models.cases.terms import CaseType, Cause
from models.policy import Policy
from models.request.order_request import LAST_NUMBER
from models.request.order_start import CustomerFile
from models.staff import StaffAssignment
from models.values.calendar import Calendar
from models.values.content import Content, Instant, Name, Paragraph, Reference, Text
from models.values.editions import Edition
from models.values.money import Price
from models.values.quantity import NOTHING, Measured, PositiveQuantity
from models.values.vocabulary import Role, Unit

MOST_FILES = 20
ORDER_NUMBER = r"^\d{8}-\d{4,6}$"
LETTER = "C"
"""A case's number begins with it: `C20270105-0001-2` is the second one of order 20270105-0001."""

Document = Annotated[
    Reference, StringConstraints(pattern=r"^file/[0-9a-f]{8,64}(/\d{1,3})?$|^[0-9A-Za-z][^/\\]*$")
]
"""Evidence by reference: a file that was handed in, or how a paper is called."""
Documents = Annotated[tuple[Document, ...], Field(max_length=MOST_FILES)]


class CaseRequest(Content):
    """What is asked for. `request_id` is the sender's own reference: the same one twice is one case of its customer.

    `line` and `quantity` are asked for where goods come back; a complaint may name them.
    """

    request_id: Reference
    order: Annotated[Reference, StringConstraints(pattern=ORDER_NUMBER)]
    customer: str = Field(default="", max_length=200)
    """Whose order it is; empty: as the order says."""
    type: CaseType
    cause: Cause
    line: int | None = Field(default=None, ge=1, le=LAST_NUMBER)
    quantity: PositiveQuantity | None = None
    words: Text
    """What happened, as the customer says it."""
    evidence: Documents = ()
    entered_by: Name
    entered_role: Role = Role.SERVICE_CLERK


class CaseGoods(Content):
    """The goods that a case is about, as the order had them when it was opened."""

    line: int
    product: Reference
    specification: Paragraph = ""
    unit: Unit
    unit_price: Price = Decimal("0.00")
    """With tax, as the order has it: a refund and a replacement go by it (R142, R144)."""
    received: Measured = NOTHING
    """What the customer had received in all, when the case was opened."""
    received_at: Instant | None = None
    """The last receipt; None where nothing was received."""
    from_shop: bool = False
    """Stock goods ordered in the shop: they may come back without a reason (R142)."""


class CaseStart(Content):
    """The one argument of the case workflow when a case begins."""

    number: Reference
    placed_at: Instant
    request: CaseRequest
    customer: CustomerFile
    goods: CaseGoods | None = None
    salesperson: str = ""
    staff: StaffAssignment = StaffAssignment()
    policy: Policy = Policy()
    edition: int = int(Edition.DAILY_DUTIES)
    calendar: Calendar = Calendar()
