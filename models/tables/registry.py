"""The tables of the order database. With the modules named here all of `models` that knows SQL; no table class leaves `activities`.

Money is kept as whole fen, unit prices as fen with up to four decimals, quantities as whole thousandths, percentages as
exact text, instants in UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, Table, UniqueConstraint, text
from sqlmodel import Field

from models.tables import access, deciding, links, lists, papers, sandbox, shared, webhooks_out
from models.tables.accounts import credit, intents, invoices, money, settlement
from models.tables.base import Base, OfOrder
from models.tables.beside_orders import afterwards, cases, contracts, quotes
from models.tables.columns import Exact, Fen, FinerThanFen, Instant, Thousandths
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


# --- orders as they are now --------------------------------------------------------------------------------------


class Orders(Base, table=True):
    """One order as last recorded. `sequence`, `head`, `epoch` and the attempt belong to the recorder."""

    __table_args__ = (
        Index(
            "ix_orders_not_begun",
            "placed_at",
            sqlite_where=text("sequence = 0"),
            postgresql_where=text("sequence = 0"),
        ),
        Index("ix_orders_promised", "promised", "number"),
        Index(
            "ix_orders_promised_open",
            "promised",
            "number",
            sqlite_where=text("ending is null"),
            postgresql_where=text("ending is null"),
        ),
        Index(
            "ix_orders_production_due_open",
            "production_due",
            "number",
            sqlite_where=text("ending is null"),
            postgresql_where=text("ending is null"),
        ),
        Index(
            "ix_orders_ship_date_open",
            "ship_date",
            "number",
            sqlite_where=text("ending is null"),
            postgresql_where=text("ending is null"),
        ),
        # What the list of orders is sorted, filtered, counted and added up along.
        *(
            Index(
                name,
                *columns,
                "number",
                "total",
                "paid",
                "open_balance",
                sqlite_where=text(where),
                postgresql_where=text(where),
            )
            for name, columns, where in (
                ("ix_orders_open_sums", (), "ending is null"),
                ("ix_orders_ended_sums", ("ending",), "ending is not null"),
            )
        ),
        Index("ix_orders_customer", "customer", "number"),
        Index("ix_orders_salesperson", "salesperson", "ending", "number", "total", "paid", "open_balance"),
        Index("ix_orders_placed_at", "placed_at", "number", "total", "paid", "open_balance"),
        Index("ix_orders_ended_at", "ended_at", "number", "total", "paid", "open_balance"),
        Index("ix_orders_customer_name", "customer_name", "number"),
        Index("ix_orders_total", "total", "number", "paid", "open_balance"),
        Index("ix_orders_open_balance", "open_balance", "number"),
        Index(
            "ix_orders_open_phase",
            "phase",
            "promised",
            "number",
            sqlite_where=text("ending is null"),
            postgresql_where=text("ending is null"),
        ),
        Index(
            "ix_orders_owing",
            "customer",
            "salesperson",
            "open_balance",
            sqlite_where=text("ending is null"),
            postgresql_where=text("ending is null"),
        ),
    )
    number: str = Field(primary_key=True)
    sequence: int = 0
    head: str = ""
    epoch: int = 0
    request_id: str = ""
    request_version: int = 1
    placed_at: datetime | None = Field(default=None, sa_type=Instant)
    customer: str = ""
    customer_name: str = ""
    customer_class: str = ""
    salesperson: str = ""
    phase: str = ""
    headline: str = Field(default="", index=True)
    ending: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    completed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the customer had everything and that was confirmed, or time had passed (R81)."""
    terms: str | None = None
    total: Decimal | None = Field(default=None, sa_type=Fen)
    bill: Decimal | None = Field(default=None, sa_type=Fen)
    paid: Decimal | None = Field(default=None, sa_type=Fen)
    open_balance: Decimal | None = Field(default=None, sa_type=Fen)
    deposit_due: Decimal | None = Field(default=None, sa_type=Fen)
    first_promised: date | None = None
    promised: date | None = None
    production_due: date | None = None
    ship_date: date | None = None
    sheet_version: int | None = None
    policy_version: str = ""
    edition: int | None = None
    customer_order_number: str | None = Field(default=None, index=True)
    exposure: Decimal | None = Field(default=None, sa_type=Fen)
    """What the order binds of its customer's credit (R109)."""
    exposure_due: date | None = None
    """The day on which its oldest bill that is not paid is to be paid."""
    credit_heard: int | None = None
    """Up to which of its questions the order knows the credit book's answers."""
    credited: Decimal | None = Field(default=None, sa_type=Fen)
    """What was paid for it too much and stays the customer's (R53)."""
    attempt: str | None = None
    """The run whose work may still be lost, and be done anew, that recorded last; see `models.dossier.records.recording.Attempt`."""
    attempt_from: int | None = None
    """The entry after which it recorded."""


class OrderLines(OfOrder, table=True):
    """A line as ordered."""

    __tablename__ = "order_lines"
    __table_args__ = (Index("ix_order_lines_product", "product", "order_number"),)
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    product: str
    specification: str = ""
    quantity: Decimal = Field(sa_type=Thousandths)
    unit: str
    unit_price: Decimal | None = Field(default=None, sa_type=FinerThanFen)
    amount: Decimal = Field(sa_type=Fen)
    tolerance_percent: Decimal | None = Field(default=None, sa_type=Exact)
    passed: Decimal = Field(sa_type=Thousandths)
    entered: Decimal = Field(sa_type=Thousandths)
    shipped: Decimal = Field(sa_type=Thousandths)
    dropped: bool | None = None


class Journal(OfOrder, table=True):
    """The journal; a higher epoch holds what was recorded after the stores had diverged."""

    __table_args__ = (
        UniqueConstraint("order_number", "sequence", "hash"),
        Index(
            "ix_journal_production",
            "happened_at",
            "order_number",
            sqlite_where=text("kind = 'phase' and subject = 'production'"),
            postgresql_where=text("kind = 'phase' and subject = 'production'"),
        ),
    )
    epoch: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str
    previous: str
    kind: str
    subject: str
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    by: str = ""
    role: str
    rule: str = ""
    data: dict[str, Any] = Field(sa_type=JSON)


class OpenSteps(OfOrder, table=True):
    """What an order waits for; a step that is done keeps its row with `closed_at`."""

    __tablename__ = "open_steps"
    __table_args__ = (
        *(
            Index(
                name,
                *columns,
                sqlite_where=text("closed_at is null"),
                postgresql_where=text("closed_at is null"),
            )
            for name, columns in (
                ("ix_open_steps_inbox", ("due", "order_number", "key")),
                ("ix_open_steps_first_due", ("order_number", "due")),
                ("ix_open_steps_waiting", ("kind", "since", "order_number")),
            )
        ),
        Index(
            "ix_open_steps_done",
            "closed_at",
            "kind",
            "since",
            "order_number",
            sqlite_where=text("closed_at is not null"),
            postgresql_where=text("closed_at is not null"),
        ),
    )
    """Of steps that are open alone: most of the rows are steps that are done. The last one is for how long those took."""
    key: str = Field(primary_key=True)
    kind: str
    roles: list[str] = Field(sa_type=JSON)
    people: list[str] = Field(sa_type=JSON)
    rule: str
    since: datetime = Field(sa_type=Instant)
    due: datetime = Field(sa_type=Instant)
    blocking: bool
    overdue_at: datetime | None = Field(default=None, sa_type=Instant)
    escalated_at: datetime | None = Field(default=None, sa_type=Instant)
    zh: str
    en: str
    command: str
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    says: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """What moves it on, where the command alone would be read back as something else."""
    barred: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Who may not do it because of the other half of a duty; nobody of them stands in for who is away (R133)."""


class Decisions(OfOrder, table=True):
    """A decision asked for, by version of what it is about."""

    key: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    subject: str
    line: int | None = None
    asked_at: datetime = Field(sa_type=Instant)
    outcome: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)
    about: dict[str, Any] = Field(sa_type=JSON)
    answers: list[dict[str, Any]] = Field(sa_type=JSON)


class Promises(OfOrder, table=True):
    """One move of the promise with its cause."""

    __table_args__ = (
        Index(
            "ix_promises_moved",
            "recorded_at",
            "cause",
            "promised_from",
            "promised_to",
            sqlite_where=text("promised_from is not null"),
            postgresql_where=text("promised_from is not null"),
        ),
    )
    change: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    cause: str
    promised_from: date | None = None
    promised_to: date
    production_due_from: date | None = None
    production_due_to: date
    ship_date_to: date
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    by: str = ""
    reason: str = ""


class Payments(OfOrder, table=True):
    """One payment (R35, R53)."""

    __table_args__ = (
        Index("ix_payments_paid_at", "paid_at"),
        Index(
            "ix_payments_unconfirmed",
            "order_number",
            "reference",
            sqlite_where=text("not confirmed"),
            postgresql_where=text("not confirmed"),
        ),
    )
    reference: str = Field(primary_key=True)
    amount: Decimal = Field(sa_type=Fen)
    method: str
    purpose: str
    paid_at: datetime = Field(sa_type=Instant)
    taken_by: str
    confirmed: bool
    cleared: bool
    bounced: bool


class Lots(OfOrder, table=True):
    """A production lot of a line (R43)."""

    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    lot: str = Field(primary_key=True)
    made: Decimal = Field(sa_type=Thousandths)
    passed: Decimal = Field(sa_type=Thousandths)
    rework: Decimal = Field(sa_type=Thousandths)
    scrapped: Decimal = Field(sa_type=Thousandths)
    entered: Decimal = Field(sa_type=Thousandths)
    scrap_in_production: Decimal = Field(sa_type=Thousandths)
    place: str = ""
    produced_on: date | None = None
    produced_by: list[str] = Field(sa_type=JSON)
    inspected_by: list[str] = Field(sa_type=JSON)


class Inspections(OfOrder, table=True):
    """One joint inspection (R43, R76)."""

    inspection: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    line: int
    lot: str
    shipment: str = ""
    passed: Decimal = Field(sa_type=Thousandths)
    to_rework: Decimal = Field(sa_type=Thousandths)
    scrapped: Decimal = Field(sa_type=Thousandths)
    inspected_by: str
    checked_with: str
    at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    reasons: str = ""


class Releases(OfOrder, table=True):
    """Goods cleared for shipment (R50 to R62), the figures that this is an answer about, and whether it was taken back."""

    release: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    quantities: dict[str, str] = Field(sa_type=JSON)
    shipped: dict[str, str] = Field(sa_type=JSON)
    ground: str
    balance: Decimal = Field(sa_type=Fen)
    paid: Decimal = Field(sa_type=Fen)
    collection: str
    granted_at: datetime = Field(sa_type=Instant)
    granted_by: str
    notice_reference: str = ""
    notice_at: datetime | None = Field(default=None, sa_type=Instant)
    emergency_by: str = ""
    bill: Decimal | None = Field(default=None, sa_type=Fen)
    version: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawal: str | None = None


class Shipments(OfOrder, table=True):
    """One shipment with its own 15-day clock (R76)."""

    __table_args__ = (
        Index("ix_shipments_shipped_at", "shipped_at"),
        Index(
            "ix_shipments_dead_at",
            "dead_at",
            sqlite_where=text("dead_at is not null"),
            postgresql_where=text("dead_at is not null"),
        ),
    )
    shipment: str = Field(primary_key=True)
    release: int | None = None
    quantities: dict[str, str] = Field(sa_type=JSON)
    carrier: str
    tracking_number: str = Field(default="", index=True)
    shipped_at: datetime = Field(sa_type=Instant)
    shipped_by: str = ""
    expected_arrival: date | None = None
    collection: str
    to_collect: Decimal = Field(sa_type=Fen)
    remitted: Decimal = Field(sa_type=Fen)
    arrived_at: datetime | None = Field(default=None, sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    signed_by: str = ""
    dead_at: datetime | None = Field(default=None, sa_type=Instant)
    returned_at: datetime | None = Field(default=None, sa_type=Instant)
    freight_out: Decimal = Field(sa_type=Fen)
    freight_back: Decimal = Field(sa_type=Fen)


class LateFacts(Base, table=True):
    """A fact for an order that had ended; it changes nothing and is shown."""

    __tablename__ = "late_facts"
    order_number: str = Field(primary_key=True)
    fact_id: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    received_at: datetime = Field(sa_type=Instant)
    envelope: dict[str, Any] = Field(sa_type=JSON)
