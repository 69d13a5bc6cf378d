"""What can befall an order beside its usual way: instructed, inspected, in trouble, held, changed, cancelled."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel

from models.messages.decision_subjects import RestUse
from models.request.order_request import RequestChange
from models.request.order_start import PriceReference
from models.request.request_versions import merged, still_counts
from models.values.content import Text
from models.values.quantity import Measured
from models.values.vocabulary import Role


class Instruction(BaseModel):
    """The production instruction 生产指令单 that was issued for a version of the sheet (R40)."""

    version: int
    issued_at: datetime
    signed_at: datetime | None = None
    signed_by: str = ""
    clerk: str = ""
    answer_owed: bool = False
    """The clerk who is named was told, and has not answered for the hand-over yet (R40)."""
    answered_at: datetime | None = None


class Inspection(BaseModel):
    """One joint inspection (R43). `shipment` is set for goods that came back (R76)."""

    number: int
    line: int
    lot: str
    shipment: str = ""
    passed: Measured
    to_rework: Measured
    scrapped: Measured
    inspected_by: str
    checked_with: str
    at: datetime
    recorded_at: datetime
    reasons: Text = ""
    answer_owed: bool = False
    """The clerk who is named was told, and has not answered for it yet (R43)."""
    answered_at: datetime | None = None


class Question(BaseModel):
    """A question of the customer that was logged as one (R140). Times UTC."""

    words: Text
    owner: str
    asked_at: datetime
    answered_at: datetime | None = None


class OpenCase(BaseModel):
    """An after-sales case about this order, which has a life of its own (R143). Times UTC."""

    opened_at: datetime
    closed_at: datetime | None = None


class Amendment(BaseModel):
    """A change asked for and not yet decided, with those that joined it while it waited (R83)."""

    changes: RequestChange
    reason: str
    by: str
    role: Role
    at: datetime
    references: tuple[PriceReference, ...] = ()
    """What the lines that it adds are compared with, by their numbers (R20)."""
    further: list[Amendment] = []
    """Asked for later, in that order; of what is named twice the later counts."""

    @property
    def proposals(self) -> list[Amendment]:
        """Each that was asked for, the first one first."""
        return [self, *self.further]

    @property
    def proposers(self) -> set[str]:
        """Who asked for what would become another: not who was overtaken in everything by later ones."""
        changes, together = [each.changes for each in self.proposals], self.all_changes
        return {
            each.by
            for place, each in enumerate(self.proposals, start=1)
            if place == len(changes) or still_counts(each.changes, changes[place:], together)
        }

    @property
    def all_changes(self) -> RequestChange:
        """What would become another if it is agreed to."""
        return merged([each.changes for each in self.proposals]) if self.further else self.changes


class Rest(BaseModel):
    """What becomes of the rest of a line: of what lies here, or of what is not made (R84)."""

    use: RestUse
    quantity: Measured


class Cancellation(BaseModel):
    """A wish to cancel. `rest`: by line what becomes of what was not shipped (R84)."""

    reason: str
    by: str
    at: datetime
    granted: bool = False
    cost: str = "0.00"
    after_shipment: bool = False
    """Granted after a part had left: only the rest is cancelled (R84)."""
    rest: dict[int, Rest] = {}


class Danger(BaseModel):
    """A promise that does not hold as things stand (R41, R42): what was last told of it, under which exception."""

    trouble: str
    finish: date
    """When the goods are expected to be finished."""
    beyond: bool
    """Whether the customer's promise is missed, and not only production's own date."""
    reported: bool = False
    """Production reported the exception itself: then only its plan resolves it."""
