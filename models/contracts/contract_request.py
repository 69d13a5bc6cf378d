"""What a contract is drafted with, and what its workflow begins with (R107)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from models.contracts.terms import ContractTerms
from models.policy import Policy
from models.request.order_start import CustomerFile
from models.staff import StaffAssignment
from models.values.calendar import Calendar
from models.values.content import Content, Instant, Name, Reference, Text
from models.values.editions import Edition
from models.values.vocabulary import Role

LETTER = "H"
"""A contract's number begins with it (合同): `H20270105-0001-2` is the second one of order 20270105-0001."""
ORDER_NUMBER = r"^\d{8}-\d{4,6}$"


class ContractRequest(Content):
    """The first draft. `request_id` is the sender's own reference: the same one twice is one contract of its customer."""

    request_id: Reference
    order: Annotated[Reference, StringConstraints(pattern=ORDER_NUMBER)]
    customer: Reference
    quote: Reference | None = None
    """Kept only: the quote that was agreed; the order has its prices (R104)."""
    terms: ContractTerms
    quality: Annotated[Text, Field(min_length=1)]
    """The quality standard 质量标准, as it stands in the contract."""
    words: Text = ""
    """Further clauses."""
    valid_until: date | None = None
    """The last day on which it counts; without one so many days after the delivery date as the policy says."""
    entered_by: Name
    entered_role: Role = Role.SALESPERSON


class ContractStart(Content):
    """The one argument of the contract workflow when a contract begins."""

    number: Reference
    placed_at: Instant
    request: ContractRequest
    customer: CustomerFile
    staff: StaffAssignment = StaffAssignment()
    policy: Policy = Policy()
    edition: int = int(Edition.CONTRACTS_AND_CREDIT_NOTES)
    calendar: Calendar = Calendar()
