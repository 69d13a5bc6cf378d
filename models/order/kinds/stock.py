"""How an order from stock stands with the stock book: what it was given, what it lacks, what it has told (R110 to R112)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from models.messages.decision_subjects import Outcome
from models.stock.stock_words import BatchPayment, StockState
from models.values.quantity import NOTHING, Measured


class OrderStock(BaseModel):
    """The order's own knowledge of its reservation. Quantities by line in the line's unit; times UTC."""

    state: StockState = StockState.NONE
    asked: int = 0
    """How many questions were put to the book: each has a number of its own in its key."""
    asked_for: str = ""
    """The digest of what was last asked to be reserved; empty: it is to be asked anew."""
    is_firm: bool = False
    """Its goods are its own; it was confirmed (R111)."""
    confirmed: bool = False
    """Nothing but the stock is missing to its confirmation."""
    held_until: datetime | None = None
    given: dict[int, Measured] = {}
    """What it was given in all, also what left already."""
    turns: dict[int, int] = {}
    """The last word of the book about each line: an older one that comes later changes nothing."""
    there: dict[int, Measured] = {}
    """How much of each line it could have, where it is short."""
    choice: Outcome | None = None
    """What the customer chose when it was short, as far as that still holds (R112)."""
    until: date | None = None
    """When the missing goods come: as purchasing says, or as was agreed with the customer."""
    shipments: list[str] = []
    """Shipments that the book knows of."""
    returned: dict[str, dict[int, Measured]] = {}
    """What came back of each shipment, as the book knows it."""
    inspections: int = 0
    """How many inspections of returned goods the book knows of."""

    ready: dict[int, Measured] = {}
    """Of a pre-sale: what of each line is there, passed and set apart, also what left already (R114)."""
    batches: dict[int, str] = {}
    """Of a pre-sale: the batch of each line."""
    days: dict[int, date] = {}
    """Of a pre-sale: when the batch of each line comes, as it stands."""
    payment: BatchPayment | None = None
    """Of a pre-sale: what is paid before the goods are there."""
    agreed: date | None = None
    """Of a pre-sale: the day that was agreed with this customer, from which lateness counts."""

    def of(self, line: int) -> Decimal:
        """What it was given of a line in all."""
        return self.given.get(line, NOTHING)
