"""What is known of an order and its customer when a card is made: plain data, read elsewhere. Money CNY, days business days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from models.scheduling.outlook import Outlook
from models.values.money import ZERO
from models.values.vocabulary import Words


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line as it is now. `name` is the product's own name; empty where the price list has none."""

    line: int
    product: str
    specification: str
    quantity: Decimal
    unit: Words
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    tolerance_percent: Decimal | None = None
    passed: Decimal = ZERO
    entered: Decimal = ZERO
    shipped: Decimal = ZERO
    name: str = ""


@dataclass(frozen=True, slots=True)
class Trade:
    """What the customer bought of a product before, and at which price."""

    number: str
    product: str
    day: date
    unit_price: Decimal
    quantity: Decimal
    unit: Words


@dataclass(frozen=True, slots=True)
class PastOrder:
    """Another order of the same customer."""

    number: str
    day: date
    total: Decimal | None
    open_balance: Decimal | None
    state: Words


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """What is promised for one week, this order left out: how many orders, and how much by unit."""

    monday: date
    orders: int = 0
    quantities: tuple[tuple[Words, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class LotSeen:
    """A lot of a line."""

    line: int
    lot: str
    made: Decimal
    passed: Decimal
    rework: Decimal
    scrapped: Decimal
    entered: Decimal


@dataclass(frozen=True, slots=True)
class InspectionSeen:
    """A joint inspection as quality reported it."""

    inspection: int
    line: int
    lot: str
    passed: Decimal
    to_rework: Decimal
    scrapped: Decimal
    inspected_by: str
    checked_with: str
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseSeen:
    """Goods that were released, by line, and what was open then."""

    release: int
    quantities: Mapping[int, Decimal]
    balance: Decimal
    collection: Words
    notice_reference: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentSeen:
    """Goods on their way, by line."""

    shipment: str
    quantities: Mapping[int, Decimal]
    carrier: str
    tracking_number: str
    shipped_at: datetime
    expected_arrival: date | None = None
    arrived_at: datetime | None = None
    to_collect: Decimal = ZERO
    remitted: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """A payment as it was told."""

    reference: str
    amount: Decimal
    method: Words
    paid_at: datetime
    taken_by: str
    counts: bool


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as a card may tell of it. What is not known is left as it is here, and its fact is left out.

    `request` are fields of the order by name, `sheet` the same as they stand on the sheet that the customer has, both as
    people read them. `asked` is what each decision is about, by its key. `days_late` counts the whole days by which the
    customer's oldest payment is overdue, `late_orders` with how many orders.
    """

    number: str
    today: date
    customer_name: str = ""
    customer_class: str = ""
    salesperson: str = ""
    terms: Words | None = None
    total: Decimal | None = None
    bill: Decimal | None = None
    paid: Decimal | None = None
    open_balance: Decimal | None = None
    deposit_due: Decimal | None = None
    first_promised: date | None = None
    promised: date | None = None
    production_due: date | None = None
    ship_date: date | None = None
    wanted_date: date | None = None
    lines: tuple[LineSeen, ...] = ()
    list_prices: Mapping[int, Decimal] = field(default_factory=dict)
    trades: tuple[Trade, ...] = ()
    past_orders: tuple[PastOrder, ...] = ()
    days_late: int = 0
    late_orders: int = 0
    load: WeekLoad | None = None
    lots: tuple[LotSeen, ...] = ()
    inspections: tuple[InspectionSeen, ...] = ()
    releases: tuple[ReleaseSeen, ...] = ()
    shipments: tuple[ShipmentSeen, ...] = ()
    payments: tuple[PaymentSeen, ...] = ()
    asked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    request: Mapping[str, Words] = field(default_factory=dict)
    sheet: Mapping[str, Words] = field(default_factory=dict)
    signers: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    outlooks: Mapping[int, Outlook] = field(default_factory=dict)
    """By line what production is proposed (R150); empty where there are no machine lines."""

    def line_numbered(self, number: int | None) -> LineSeen | None:
        """A line; the only one where the step names none."""
        if number is None:
            return self.lines[0] if len(self.lines) == 1 else None
        return next((each for each in self.lines if each.line == number), None)

    @property
    def unpaid(self) -> Decimal:
        """What is still open; nothing where it is not known or paid too much."""
        return max(self.open_balance or ZERO, ZERO)

    def name_of(self, person: str) -> str:
        """What somebody is called; the id where no name is known."""
        return self.names.get(person, person)
