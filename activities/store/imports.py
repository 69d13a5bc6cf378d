"""Customers, prices, staff and calendar days into the order database: what is there is replaced by key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, field_validator, model_validator
from sqlalchemy import Engine, func, select

from activities.store.database import reading, writing
from activities.store.upsert import upsert
from models.messages.authors import person_name
from models.request.order_start import Contract
from models.signing_codes import signer_contact
from models.tables.registry import table
from models.values.content import Content, Line, Name, NonNegativePrice, Paragraph, Reference
from models.values.percent import StatedPercent, at_most_four_decimals
from models.values.vocabulary import CustomerClass, Role, Unit

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
    """The customer's own salesperson (staff id); empty: the first one counts."""
    email: Line = ""
    fax: Line = ""
    """Where notices go; the fax number of an order comes first."""
    signer_contacts: tuple[SignerContact, ...] = ()
    """Where designated signers get the code for a signature by a link, each `name=mail address or phone number`."""

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

    @model_validator(mode="after")
    def _lasts(self) -> PriceRow:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self


class StaffRow(Content):
    """One person with roles, superior and deputy (staff ids)."""

    person: Annotated[Reference, AfterValidator(person_name)]
    name: Name
    roles: tuple[Role, ...] = ()
    superior: Line = ""
    deputy: Line = ""
    """Kept only: who stands in for a person; nobody is asked in their stead yet (R13)."""
    email: Line = ""


class CalendarDayRow(Content):
    """A holiday, or a working day that makes up for one."""

    day: date
    working: bool
    name: Line = ""


def import_customers(engine: Engine, rows: Sequence[CustomerRow]) -> int:
    """Enter or replace customer files; how many. Raises the refusals of `database.writing`."""
    return _import(engine, "customers", ("customer",), rows)


def import_prices(engine: Engine, rows: Sequence[PriceRow]) -> int:
    """Enter or replace prices by product and first day; returns how many. Raises the refusals of `database.writing`."""
    return _import(engine, "prices", ("product", "valid_from"), rows)


def import_staff(engine: Engine, rows: Sequence[StaffRow]) -> int:
    """Enter or replace people of the staff by id; returns how many. Raises the refusals of `database.writing`."""
    return _import(engine, "staff", ("person",), rows)


def import_calendar_days(engine: Engine, rows: Sequence[CalendarDayRow]) -> int:
    """Enter or replace days that differ from the plain week; how many."""
    return _import(engine, "calendar_days", ("day",), rows)


def counts(engine: Engine) -> dict[str, int]:
    """How many customers, prices, staff and calendar days there are."""
    names = ("customers", "prices", "staff", "calendar_days")
    with reading(engine) as connection:
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def _import(engine: Engine, name: str, key: tuple[str, ...], rows: Sequence[BaseModel]) -> int:
    with writing(engine) as connection:
        for row in rows:
            values: dict[str, Any] = row.model_dump(mode="json")
            upsert(connection, table(name), {part: values.pop(part) for part in key}, values)
    return len(rows)
