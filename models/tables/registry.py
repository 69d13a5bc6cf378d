"""The tables of the order database. With the modules named here all of `models` that knows SQL; no table class leaves `activities`.

Money is kept as whole fen, unit prices as fen with up to four decimals, quantities as whole thousandths, percentages as
exact text, instants in UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Table
from sqlmodel import Field

from models.tables import access, deciding, links, lists, orders, papers, sandbox, shared, webhooks_out
from models.tables.accounts import credit, intents, invoices, money, settlement
from models.tables.base import Base
from models.tables.beside_orders import afterwards, cases, contracts, quotes
from models.tables.columns import Exact, Fen, FinerThanFen, Instant
from models.tables.house import audits, company, erasures, people, phones, scheduling, stock
from models.tables.shop import accounts, carts, catalogue

__all__ = [
    "Base",
    "access",
    "accounts",
    "afterwards",
    "audits",
    "carts",
    "cases",
    "catalogue",
    "company",
    "contracts",
    "credit",
    "deciding",
    "erasures",
    "intents",
    "invoices",
    "links",
    "lists",
    "money",
    "orders",
    "papers",
    "people",
    "phones",
    "quotes",
    "sandbox",
    "scheduling",
    "settlement",
    "shared",
    "stock",
    "table",
    "webhooks_out",
]


def table(name: str) -> Table:
    """The table with this name; KeyError where there is none."""
    return Base.metadata.tables[name]


# --- what orders are placed with ---------------------------------------------------------------------------------


class Customers(Base, table=True):
    """Customer files (R15, R17)."""

    customer: str = Field(primary_key=True)
    name: str
    customer_class: str = "C"
    designated_signers: list[str] = Field(default_factory=list, sa_type=JSON)
    verified_by: str = ""
    contract: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    salesperson: str = ""
    email: str = Field(default="", sa_column_kwargs={"server_default": ""})
    fax: str = Field(default="", sa_column_kwargs={"server_default": ""})
    signer_contacts: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Where designated signers are reached, each `name=mail address or phone number`."""
    contact: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    address: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who is asked for, and where; an order has its own."""
    region: str = Field(default="", sa_column_kwargs={"server_default": ""})
    service_clerk: str = Field(default="", sa_column_kwargs={"server_default": ""})
    merchandiser: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """By what its orders are assigned, and to whom of its own (R131)."""
    credit: str | None = None
    """What finance says of the customer's credit; None: the company knows them, and nothing is asked (R108)."""
    credit_limit: Decimal | None = Field(default=None, sa_type=Fen)
    """The limit of the newest assessment; `credit_limits` has all of them."""


class Prices(Base, table=True):
    """The price list; a row is in force from `valid_from` to `valid_until`, both included (R20)."""

    product: str = Field(primary_key=True)
    valid_from: date = Field(primary_key=True)
    valid_until: date | None = None
    name: str = ""
    specification: str = ""
    unit: str
    unit_price: Decimal = Field(sa_type=FinerThanFen)
    tolerance_percent: Decimal | None = Field(default=None, sa_type=Exact)
    product_type: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """By what orders of it are assigned (R131)."""


class Staff(Base, table=True):
    """Staff with their roles, superior and deputy (R13)."""

    person: str = Field(primary_key=True)
    name: str
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    superior: str = ""
    deputy: str = ""
    email: str = Field(default="", sa_column_kwargs={"server_default": ""})
    product_types: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    regions: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """What orders they get; none: of all product types, of all regions (R131)."""
    trades: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Trades in which they stand at machine lines (R150)."""


class CalendarDays(Base, table=True):
    """Days that differ from the plain week."""

    __tablename__ = "calendar_days"
    day: date = Field(primary_key=True)
    working: bool
    name: str = ""


class DayNumbers(Base, table=True):
    """The last order number given on a business date; gaps are allowed."""

    __tablename__ = "day_numbers"
    day: date = Field(primary_key=True)
    last: int


class Requests(Base, table=True):
    """A request, its number and the whole start of the order: the same request is one order (R10).

    `space` is whose id it is: empty the customer's own, `key:shop` of the service that numbers for several customers,
    `*` anybody's from before ids had a space.
    """

    request_id: str = Field(primary_key=True)
    customer: str = Field(primary_key=True, index=True)
    space: str = Field(default="", primary_key=True, sa_column_kwargs={"server_default": ""})
    content_hash: str
    number: str = Field(unique=True)
    placed_at: datetime = Field(sa_type=Instant)
    start: dict[str, Any] = Field(sa_type=JSON)
