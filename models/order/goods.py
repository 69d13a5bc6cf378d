"""Goods: lots as they are made and inspected, releases as they are cleared, shipments as they travel."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from models.messages.fact_contents import FIRST_LOT, Condition
from models.values.money import ZERO, Amount
from models.values.quantity import NOTHING, Measured
from models.values.vocabulary import Collection


class Lot(BaseModel):
    """A production lot of one line. `rework` is what went back and has not been inspected again (R43)."""

    line: int
    lot: str = FIRST_LOT
    made: Measured = NOTHING
    scrap_in_production: Measured = NOTHING
    passed: Measured = NOTHING
    rework: Measured = NOTHING
    scrapped: Measured = NOTHING
    entered: Measured = NOTHING
    place: str = ""
    produced_on: date | None = None
    produced_by: list[str] = []
    inspected_by: list[str] = []
    rounds: int = 0

    @property
    def uninspected(self) -> Decimal:
        """Made and not yet decided by quality; what is in rework is to be inspected again."""
        return self.made - self.passed - self.scrapped

    @property
    def not_entered(self) -> Decimal:
        """Passed and not yet in the warehouse."""
        return self.passed - self.entered


class Release(BaseModel):
    """Goods cleared for shipment: on what ground and what becomes of an open balance (R50 to R62)."""

    number: int
    quantities: dict[int, Measured]
    ground: str
    balance: Amount = ZERO
    paid: Amount = ZERO
    collection: Collection = Collection.NONE
    granted_at: datetime
    granted_by: str = ""
    notice_reference: str = ""
    notice_at: datetime | None = None
    emergency_by: str = ""
    carrier: str = ""
    method: str = ""
    planned_for: date | None = None
    read_back_by: str = ""
    shipped: dict[int, Measured] = {}

    @property
    def may_leave(self) -> bool:
        """Whether its goods may leave: the shipping notice was issued, or an emergency shipment was approved without it (R70)."""
        return self.notice_at is not None or bool(self.emergency_by)

    @property
    def outstanding(self) -> dict[int, Decimal]:
        """Quantities that were released and have not been shipped, by line number."""
        rest = {line: amount - self.shipped.get(line, NOTHING) for line, amount in self.quantities.items()}
        return {line: amount for line, amount in rest.items() if amount > 0}


class Shipment(BaseModel):
    """One shipment with its own 15-day clock (R76). Times are the real ones, UTC; dates are business dates."""

    shipment: str
    release: int | None
    quantities: dict[int, Measured]
    carrier: str
    tracking_number: str = ""
    shipped_at: datetime
    shipped_by: str = ""
    expected_arrival: date | None = None
    check_on: date | None = None
    collection: Collection = Collection.NONE
    to_collect: Amount = ZERO
    remitted: Amount = ZERO
    notice_received: bool = False
    followed: bool = False
    condition: Condition = Condition.GOOD
    arrived_at: datetime | None = None
    arrival_recorded_at: datetime | None = None
    delivered_at: datetime | None = None
    signed_by: str = ""
    dead_at: datetime | None = None
    returned_at: datetime | None = None
    returned: dict[int, Measured] = {}
    returned_inspected: dict[int, Measured] = {}
    returned_passed: dict[int, Measured] = {}
    freight_out: Amount = ZERO
    freight_back: Amount = ZERO
    reminded: list[int] = []

    @property
    def under_way(self) -> bool:
        """Whether the shipment is still on its way or waits to be collected: not delivered, and not back at the factory."""
        return self.delivered_at is None and self.returned_at is None

    @property
    def return_inspected(self) -> bool:
        """Everything that came back has been looked at (R76)."""
        return self.returned_at is not None and all(
            self.returned_inspected.get(line, NOTHING) >= amount for line, amount in self.returned.items()
        )
