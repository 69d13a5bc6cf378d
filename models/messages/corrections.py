"""What an operator may put right in an order where no fact of the business can: a closed list, and what telling it carries."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from models.messages.goods_contents import FIRST_LOT
from models.messages.staff_named import NamesStaff
from models.values.content import Line, Name, Reference, Text
from models.values.quantity import Quantity
from models.values.vocabulary import Term
from models.values.words import InvalidValue


class Correction(Term):
    """What is put right; `models.handlers.corrections` says within which bounds. Its value is stored and never changes."""

    LOT_MADE = "lot_made", "批次产量报多", "more of a lot was reported made than was"
    LOT_ENTERED = "lot_entered", "批次入库数量报多", "more of a lot was reported entered than was"
    LOT_PLACE = "lot_place", "批次库位有误", "the warehouse place of a lot is wrong"
    TRACKING_NUMBER = "tracking_number", "运单号有误", "the tracking number of a shipment is wrong"
    EARLY_FACT = (
        "early_fact",
        "提前到达而不该有的事实",
        "a fact that is kept until it can be used, and should not be",
    )


IN_QUANTITIES = frozenset({Correction.LOT_MADE, Correction.LOT_ENTERED})
IN_LOTS = IN_QUANTITIES | {Correction.LOT_PLACE}


class Corrected(NamesStaff):
    """An operator puts one thing right: what stands there now, what it is to be, who of the business agreed, and why.

    What stands there is said as well: so nothing is put right that has become another meanwhile, and the journal has
    both. Quantities in the line's unit.
    """

    what: Correction
    line: int | None = None
    """Of which line, where it is about a lot."""
    lot: Reference = FIRST_LOT
    shipment: Line = ""
    """Which shipment, where it is about one."""
    fact: Line = ""
    """The id of the fact that is dropped, as its author gave it."""
    fact_kind: Line = ""
    """Its kind, such as `production_signed`."""
    told_by: Line = ""
    """Who told that fact."""
    quantity_was: Quantity | None = None
    quantity_now: Quantity | None = None
    was: Line = ""
    """The text that stands there: a place, a tracking number."""
    now: Line = ""
    """The text that is to stand there; nothing for a fact that is dropped."""
    agreed_by: Name
    """Who of those whose figure it is said so: an operator decides nothing of the business."""
    reason: Annotated[Text, Field(min_length=1)]
    """Kept only: why it was put right, for who reads the journal."""

    @model_validator(mode="after")
    def _says_what_it_is_about(self) -> Self:
        wanted: set[str] = set()
        if self.what in IN_LOTS:
            wanted.add("line")
        if self.what in IN_QUANTITIES:
            wanted |= {"quantity_was", "quantity_now"}
        elif self.what is Correction.EARLY_FACT:
            wanted |= {"fact", "fact_kind", "told_by"}
        elif self.what is Correction.TRACKING_NUMBER:
            wanted |= {"shipment", "now"}
        else:
            wanted.add("now")
        possible = ("line", "shipment", "fact", "fact_kind", "told_by", "quantity_was", "quantity_now", "now")
        missing = [name for name in possible if name in wanted and getattr(self, name) in (None, "")]
        beside = [name for name in possible if name not in wanted and getattr(self, name) not in (None, "")]
        if missing or beside:
            zh = "；".join([*(f"缺 {name}" for name in missing), *(f"不应有 {name}" for name in beside)])
            en = "; ".join(
                [
                    *(f"{name} is missing" for name in missing),
                    *(f"{name} does not belong here" for name in beside),
                ]
            )
            raise InvalidValue(f"{self.what.zh}：{zh}", f"{self.what.value}: {en}")
        return self
