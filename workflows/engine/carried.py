"""What an order takes into its next run and what it ends with."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from models.order.order import Order
from models.values.vocabulary import Ending
from workflows.engine.carried_case import CarriedCase, state_digest

__all__ = ["Carried", "Outcome", "outcome_of", "state_digest"]


class Carried(CarriedCase[Order]):
    """What an order carries."""

    order: Order

    @property
    def dossier(self) -> Order:
        """The order."""
        return self.order


class Outcome(BaseModel):
    """How an order ended; the digest covers everything it knew in the end."""

    model_config = ConfigDict(frozen=True)

    number: str
    ending: Ending | None
    sequence: int
    head: str
    digest: str


def outcome_of(order: Order) -> Outcome:
    """The result of an order that has ended."""
    return Outcome(
        number=order.number,
        ending=order.ending,
        sequence=order.sequence,
        head=order.head,
        digest=state_digest(order),
    )
