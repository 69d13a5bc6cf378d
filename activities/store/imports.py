"""Customers, prices, staff, calendar days and machine lines into the order database: what is there is replaced by key.

What differs from before goes into the change history, with who told it and by which way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator, model_validator
from sqlalchemy import Connection, Engine, RowMapping, func, select

from activities.credit.history import add_to_history
from activities.store.company_changes import (
    TABLES,
    Changed,
    Teller,
    enter_changes,
    records_before,
    subject_of,
)
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from activities.store.upsert import upsert
from models.company.record_changes import RecordKind
from models.credit.assessment import CreditAssessment, CreditStanding, require_no_seller
from models.messages.authors import person_name
from models.request.order_start import Contract
from models.scheduling.crews import NeedTexts
from models.scheduling.kept_lines import ShiftTexts, kept_line
from models.scheduling.machine_lines import require_able
from models.signing_codes import signer_contact
from models.tables.registry import table
from models.values.content import (
    Content,
    Line,
    Name,
    NonNegativeMoney,
    NonNegativePrice,
    Paragraph,
    Reference,
)
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.percent import StatedPercent, at_most_four_decimals
from models.values.quantity import NOTHING, Quantity
from models.values.vocabulary import CustomerClass, Role, Unit
from models.values.words import InvalidValue

SignerContact = Annotated[Line, AfterValidator(signer_contact)]


class CustomerRow(Content):
    """One customer's file."""

    customer: Reference
    name: Name
    customer_class: CustomerClass = CustomerClass.C
    designated_signers: tuple[Name, ...] = ()
    verified_by: Line = ""
    contract: Contract | None = None
    salesperson: Line = ""
    """The customer's own salesperson (staff id); empty: assigned with each order (R131)."""
    service_clerk: Line = ""
    merchandiser: Line = ""
    """The customer's own clerk and merchandiser (staff ids); empty: likewise."""
    region: Line = ""
    """Where the customer is, by the names that the staff list has for regions (R131)."""
    email: Line = ""
    fax: Line = ""
    """Where notices go; the fax number of an order comes first."""
    signer_contacts: tuple[SignerContact, ...] = ()
    """Where designated signers get the code for a signature by a link, each `name=mail address or phone number`."""
    contact: Line | None = None
    phone: Line | None = None
    address: Paragraph | None = None
    """Who is asked for, and where; what is not given stays as it is."""
    credit: CreditStanding | None = None
    """`unassessed`: finance assesses the customer before an order is confirmed; what is not given stays as it is (R108)."""
    credit_limit: NonNegativeMoney | None = Field(default=None, validate_default=True)
    """The most that the customer may owe, in CNY, as finance assessed it (R109)."""

    @model_validator(mode="before")
    @classmethod
    def _a_limit_is_an_assessment(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("credit_limit") and not given.get("credit"):
            return {**given, "credit": CreditStanding.LIMITED}
        return given

    @field_validator("credit_limit")
    @classmethod
    def _for_who_is_limited(cls, limit: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if "credit" in info.data and (info.data["credit"] is CreditStanding.LIMITED) is (limit is None):
            raise InvalidValue(
                "有信用额度（limited）的客户须写明额度，别的客户不写额度",
                "a customer who is limited has a credit_limit, and no other has one",
            )
        return limit

    @property
    def assessment(self) -> CreditAssessment | None:
        """What the row says that finance found; None where it says nothing of it."""
        if self.credit in (None, CreditStanding.UNASSESSED):
            return None
        prepaid_only = self.credit is CreditStanding.PREPAID_ONLY
        return CreditAssessment(limit=self.credit_limit, prepaid_only=prepaid_only)

    @field_validator("contract")
    @classmethod
    def _with_a_share_that_is_taken(cls, contract: Contract | None) -> Contract | None:
        if contract is not None and contract.deposit_percent is not None:
            at_most_four_decimals(contract.deposit_percent)
        return contract


class PriceRow(Content):
    """One product's price from a day on, tax included; `valid_until` is the last day, open when empty."""

    product: Reference
    name: Line = ""
    specification: Paragraph = ""
    unit: Unit
    unit_price: NonNegativePrice
    tolerance_percent: StatedPercent | None = None
    valid_from: date
    valid_until: date | None = None
    product_type: Line = ""
    """What kind of product it is, by the names that the staff list has for them (R131)."""

    @model_validator(mode="after")
    def _lasts(self) -> PriceRow:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise InvalidValue(
                f"最后一天 {self.valid_until} 早于生效日 {self.valid_from}",
                f"its last day {self.valid_until} lies before {self.valid_from}, from when on it counts",
            )
        return self


class StaffRow(Content):
    """One person with roles, superior and deputy (staff ids)."""

    person: Annotated[Reference, AfterValidator(person_name)]
    name: Name
    roles: tuple[Role, ...] = ()
    superior: Line = ""
    deputy: Line = ""
    """Who stands in for this person while they are away (R13)."""
    email: Line = ""
    product_types: tuple[Name, ...] = ()
    regions: tuple[Name, ...] = ()
    """Of which product types and regions they get orders; empty: of all (R131)."""
    trades: tuple[Name, ...] = ()
    """In which trades they stand at machine lines, by the names that these have for them (R150)."""


class CalendarDayRow(Content):
    """A holiday, or a working day that makes up for one."""

    day: date
    working: bool
    name: Line = ""


class MachineLineRow(Content):
    """A machine line 机台 (R150): products by number, how much an hour, hours of set-up before each order, its week."""

    line: Reference
    name: Name
    products: Annotated[tuple[Reference, ...], Field(max_length=500)]
    rate: Quantity
    unit: Unit
    set_up_hours: Quantity = NOTHING
    monday: ShiftTexts = ""
    tuesday: ShiftTexts = ""
    wednesday: ShiftTexts = ""
    thursday: ShiftTexts = ""
    friday: ShiftTexts = ""
    saturday: ShiftTexts = ""
    sunday: ShiftTexts = ""
    crew: NeedTexts = ""
    """How many people of which trade it needs while it runs, `机长 1、操作工 2`; empty: nobody is asked for."""

    @model_validator(mode="after")
    def _makes_something(self) -> MachineLineRow:
        require_able(kept_line(dict(self)))  # a refusal passes through with its own code
        return self


NOBODY = Teller()
"""Who imports where nobody says who it is: whoever has the command line."""
_STAYS = frozenset({"contact", "phone", "address", "credit"})
"""Fields of which a file may say nothing: what is kept of them stays."""
Refused = list[tuple[int, Refusal]]
"""Rows that the database did not take, by their place in the list, and why."""

Also = Callable[[Connection, BaseModel, RowMapping | None, Teller], None]
"""What else a row brings about, given the record as it was."""


def _nothing_else(connection: Connection, row: BaseModel, before: RowMapping | None, teller: Teller) -> None:
    pass


CUSTOMER_KEY = ("customer",)
PRICE_KEY = ("product", "valid_from")
STAFF_KEY = ("person",)
CALENDAR_KEY = ("day",)
LINE_KEY = ("line",)


def import_customers(
    engine: Engine, rows: Sequence[CustomerRow], refused: Refused | None = None, teller: Teller = NOBODY
) -> int:
    """Enter or replace customer files; how many. A row that is not taken goes to `refused` and hides no other.

    Raises the refusals of `database.writing`, and without `refused` that of the first row that is not taken.
    """
    return import_rows(engine, RecordKind.CUSTOMER, CUSTOMER_KEY, rows, refused, teller, _assessed_anew)


def _assessed_anew(connection: Connection, row: Any, before: RowMapping | None, teller: Teller) -> None:
    """R108: an assessment in the file that is another than the customer has is one more of the history.

    Raises Refusal(same_person) where who hands the file in is the customer's salesperson, of before or by the row.
    """
    assessment = row.assessment if isinstance(row, CustomerRow) else None
    if assessment is None:
        return
    known = (before["credit"], before["credit_limit"]) if before is not None else None
    if known != (assessment.standing.value, assessment.limit):
        was = before["salesperson"] if before is not None else ""
        for salesperson in (row.salesperson, was or ""):
            require_no_seller(teller.person, salesperson)
        add_to_history(connection, row.customer, assessment, teller)


def import_prices(
    engine: Engine, rows: Sequence[PriceRow], refused: Refused | None = None, teller: Teller = NOBODY
) -> int:
    """Enter or replace prices by product and first day; how many. Otherwise as `import_customers`."""
    return import_rows(engine, RecordKind.PRICE, PRICE_KEY, rows, refused, teller)


def import_staff(
    engine: Engine, rows: Sequence[StaffRow], refused: Refused | None = None, teller: Teller = NOBODY
) -> int:
    """Enter or replace people of the staff by id; how many. Otherwise as `import_customers`."""
    return import_rows(engine, RecordKind.PERSON, STAFF_KEY, rows, refused, teller)


def import_calendar_days(
    engine: Engine, rows: Sequence[CalendarDayRow], refused: Refused | None = None, teller: Teller = NOBODY
) -> int:
    """Enter or replace days that differ from the plain week; how many. Otherwise as `import_customers`."""
    return import_rows(engine, RecordKind.CALENDAR_DAY, CALENDAR_KEY, rows, refused, teller)


def import_machine_lines(
    engine: Engine, rows: Sequence[MachineLineRow], refused: Refused | None = None, teller: Teller = NOBODY
) -> int:
    """Enter or replace machine lines by id; how many. Otherwise as `import_customers`."""
    return import_rows(engine, RecordKind.MACHINE_LINE, LINE_KEY, rows, refused, teller)


def counts(engine: Engine) -> dict[str, int]:
    """How many customers, prices, staff and calendar days there are."""
    names = ("customers", "prices", "staff", "calendar_days")
    with reading(engine) as connection:
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def import_rows(
    engine: Engine,
    kind: RecordKind,
    key: tuple[str, ...],
    rows: Sequence[BaseModel],
    refused: Refused | None,
    teller: Teller,
    also: Also = _nothing_else,
) -> int:
    """All rows in one transaction; each stands or falls by itself."""
    name, count = TABLES[kind][0], 0
    taken = dict[str, Changed]()
    with writing(engine) as connection:
        given = [written(row, key) for row in rows]
        before = records_before(connection, kind, [each for each, _ in given])
        for place, (own, values) in enumerate(given):
            subject = subject_of(own)
            try:
                with named_faults(f"import {name} {place}"), connection.begin_nested():
                    upsert(connection, table(name), own, values)
                    also(connection, rows[place], before.get(subject), teller)
            except Refusal as refusal:
                if refused is None or refusal.code in OF_THE_WORLD:
                    raise
                refused.append((place, refusal))
            else:
                count += 1
                taken[subject] = Changed(kind, own, before.get(subject), values)
        enter_changes(connection, taken.values(), teller)
    return count


def written(row: BaseModel, key: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row as it is written: its key, and the values that it gives; what it does not speak of is left as it is."""
    values: dict[str, Any] = row.model_dump(mode="json")
    own = {part: values.pop(part) for part in key}
    if values.get("credit") is None:
        values.pop("credit_limit", None)
    return own, {name: value for name, value in values.items() if name not in _STAYS or value is not None}
