"""What facts about the goods carry (生产、检验、发货、签收、退货): made, inspected, shipped, come back. Names are those on the wire."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from models.messages.staff_named import NamesStaff
from models.values.content import (
    Content,
    Line,
    Name,
    NonNegativeMoney,
    Reference,
    Text,
)
from models.values.quantity import LARGEST, NOTHING, PositiveQuantity, Quantity
from models.values.vocabulary import (
    DeliveryMethod,
    ExceptionCause,
    Term,
)
from models.values.words import InvalidValue

FIRST_LOT = "1"


class Condition(Term):
    """How goods are found on the way or on arrival."""

    GOOD = "good", "完好", "good"
    DELAYED = "delayed", "延误", "delayed"
    DAMAGED = "damaged", "破损", "damaged"
    LOST = "lost", "丢失", "lost"
    REFUSED = "refused", "拒收", "refused at the door"
    SHORT = "short", "短少", "pieces missing"


class GoodsOutcome(Term):
    """What becomes of goods that did not reach the customer as they left (R74, R76)."""

    RESHIP = "reship", "补发", "sent again"
    CREDIT = "credit", "减款", "taken off the bill"
    ACCEPT = "accept", "照收", "accepted as it is"
    END = "end", "终止", "the order ends with what the customer has"
    WRITE_OFF = "write_off", "核销", "written off as lost"


class Item(Content):
    """A quantity of one line."""

    line: int
    quantity: PositiveQuantity


def _added_up(items: tuple[Item, ...]) -> tuple[Item, ...]:
    totals: dict[int, Decimal] = {}
    for item in items:
        totals[item.line] = totals.get(item.line, NOTHING) + item.quantity
    if len(totals) == len(items):
        return items
    for line, total in totals.items():
        if total > LARGEST:
            raise InvalidValue(
                f"第 {line} 行数量合计超过 {LARGEST}",
                f"the quantities of line {line} add up to more than {LARGEST}",
            )
    return tuple(Item(line=line, quantity=total) for line, total in totals.items())


Items = Annotated[tuple[Item, ...], AfterValidator(_added_up)]
"""Quantities by line, each line once: one that is named twice, as on two pallets, adds up."""


DESTINATION = ("address", "consignee", "contact")
"""What a shipping notice names beside the goods (R70)."""


class ProductionSigned(NamesStaff):
    """The production supervisor signed for the instruction that the clerk signed (R40)."""

    version: int
    clerk: Name


class ProductionReported(Content):
    """A line of the daily production report (R41): what was made since the last one, by lot."""

    line: int = 1
    lot: Reference = FIRST_LOT
    made: Quantity = NOTHING
    scrap: Quantity = NOTHING
    expected_finish: date | None = None
    finished: bool = False


class ProductionException(Content):
    """A production or technical exception (R42)."""

    exception: Reference
    cause: ExceptionCause = ExceptionCause.PRODUCTION
    reason: Text
    line: int | None = None
    expected_finish: date | None = None


class CheckpointReported(Content):
    """The service assistant looked at a checkpoint that the sheet names (R46); 1 is the first."""

    checkpoint: int = Field(ge=1)
    fine: bool = True
    words: Text = ""


class InspectionReported(NamesStaff):
    """Joint inspection by quality with the clerk (R43), by quantity, of one lot or of goods that came back (R76)."""

    line: int = 1
    lot: Reference = FIRST_LOT
    shipment: Reference | None = None
    passed: Quantity = NOTHING
    to_rework: Quantity = NOTHING
    scrapped: Quantity = NOTHING
    labels_good: bool = True
    packing_good: bool = True
    checked_with: Name
    reasons: Text = ""

    @model_validator(mode="after")
    def _says_something(self) -> InspectionReported:
        if self.passed + self.to_rework + self.scrapped == 0:
            raise InvalidValue(
                "检验须写明数量：合格 passed、返工 to_rework 或报废 scrapped",
                "an inspection names a quantity: passed, to_rework or scrapped",
            )
        return self


class WarehouseEntered(Content):
    """Passed goods entered the warehouse (R43)."""

    line: int = 1
    lot: Reference = FIRST_LOT
    quantity: PositiveQuantity
    place: Line = ""


class InspectionConfirmed(Content):
    """The clerk who is named in a joint inspection says whether it was so (R43); none named: the first that is owed."""

    inspection: int | None = Field(default=None, ge=1)
    agrees: bool = True
    words: Text = ""


class HandOverConfirmed(Content):
    """The clerk who is named in the hand-over of an instruction says whether it was so (R40)."""

    version: int = Field(ge=1)
    agrees: bool = True
    words: Text = ""


class TransportArranged(Content):
    """Carrier, method and time for a release (R64)."""

    release: int | None = None
    carrier: Name
    method: DeliveryMethod
    planned_for: date | None = None


class ShippingReadBack(Content):
    """The shipper read the instructions back (R71)."""

    release: int | None = None


class Shipped(Content):
    """Goods left (R70–R72). Without `items` everything of the release went."""

    shipment: Reference = "1"
    release: int | None = None
    carrier: Name
    tracking_number: Line = ""
    items: Items = ()
    expected_arrival: date | None = None
    check_on: date | None = None
    carrier_counted: Items = ()
    """What the carrier counted when it took the goods, where it was written down (R63)."""


class ShipmentNoticeReceived(Content):
    """The customer has the shipment notice 发货告知书 (R72)."""

    shipment: Reference = "1"
    legible: bool = True


class TransitReported(Content):
    """How a shipment fares (R74)."""

    shipment: Reference = "1"
    place: Line = ""
    """Kept only: where the goods were seen, for who reads the journal (R74)."""
    condition: Condition = Condition.GOOD
    expected_arrival: date | None = None
    words: Text = ""


class Arrived(Content):
    """Goods are where the customer can collect them; for pick-up: ready and told (R65, R75)."""

    shipment: Reference = "1"
    place: Line = ""
    """Kept only: where the goods are, for who reads the journal (R75)."""
    condition: Condition = Condition.GOOD
    document: Line = ""
    """The carrier's paper that says so; the clerk names it (R74)."""


class DeliveryReceipt(Content):
    """The customer signed the delivery receipt 到货回单 (R78). Without `items` everything that was sent is there."""

    shipment: Reference = "1"
    signed_by: Name
    condition: Condition = Condition.GOOD
    items: tuple[Item, ...] = ()
    """What was received, by line; a line that is named twice adds up."""
    document: Line = ""
    """The signed paper; the clerk, who collects it, names it (R78)."""
    remarks: Text = ""
    """Kept only: the customer's note; the condition has a field of its own (R78)."""


class ReceiptConfirmed(Content):
    """The customer confirms once more that all is well (R81)."""

    shipment: Line = ""
    """Which shipment is confirmed; empty: all that were delivered."""
    words: Text = ""
    """Kept only: the customer's words, for who reads the journal (R81)."""


class AfterSalesTold(Content):
    """Which after-sales case of this order was opened, or has ended (R81, R143)."""

    case: Line


class RecallReported(Content):
    """How the recall of dead goods goes (R76)."""

    shipment: Reference = "1"
    words: Text = ""
    """Kept only: how the recall goes, for who reads the journal (R76)."""


class GoodsReturned(Content):
    """Recalled goods are back, with the freight both ways (R76). Without `items` it is everything that is still out."""

    shipment: Reference = "1"
    items: Items = ()
    freight_out: NonNegativeMoney
    freight_back: NonNegativeMoney
