"""What a durable workflow takes into its next run and what it ends with."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from models.dossier.dossier import Dossier
from models.dossier.journal import FIRST_LINK
from models.order.order import Order
from models.values.fingerprint import compact, digest_of, without_later_defaults
from models.values.vocabulary import Ending

D = TypeVar("D", bound=Dossier)

_ON_THE_WAY = ("unsaved", "unsent")
"""What waits to be recorded belongs to the recorder, not to what the case is."""


class CarriedCase(BaseModel, Generic[D]):
    """The argument of every run after the first. Deadlines are absolute in the case, so no run moves them."""

    epoch: int = 0
    """How often the stores had diverged and been repaired."""
    saved_sequence: int = 0
    """The last journal entry that the order database confirmed."""
    saved_hash: str = FIRST_LINK
    known_rows: dict[str, str] = {}
    """The digest of each row as the order database last got it: only changed rows are sent."""
    continue_after_events: int = 0
    """For tests: continue as new after that many history events. Zero leaves it to the server's suggestion."""

    @model_serializer(mode="wrap")
    def _readable_by_older_programs(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        carried: dict[str, Any] = without_later_defaults(self, dump(self))
        return carried

    @property
    def dossier(self) -> D:
        """The case that is carried."""
        raise NotImplementedError


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


def state_digest(dossier: Dossier) -> str:
    """One text for one state: sets are sorted, which their own order in memory is not."""
    return digest_of(compact(dossier.model_copy(update={name: [] for name in _ON_THE_WAY})))


def outcome_of(order: Order) -> Outcome:
    """The result of an order that has ended."""
    return Outcome(
        number=order.number,
        ending=order.ending,
        sequence=order.sequence,
        head=order.head,
        digest=state_digest(order),
    )
