"""What an order workflow takes into its next run and what it ends with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.dossier.journal import FIRST_LINK
from models.messages.envelope import canonical, digest_of
from models.order.order import Order
from models.values.vocabulary import Ending

_ON_THE_WAY = ("unsaved", "unsent")
"""What waits to be recorded belongs to the recorder, not to what the order is."""


class Carried(BaseModel):
    """The argument of every run after the first. Deadlines are absolute in the order, so no run moves them."""

    order: Order
    epoch: int = 0
    """How often the stores had diverged and been repaired."""
    saved_sequence: int = 0
    """The last journal entry that the order database confirmed."""
    saved_hash: str = FIRST_LINK
    known_rows: dict[str, str] = {}
    """The digest of each row as the order database last got it: only changed rows are sent."""
    continue_after_events: int = 0
    """For tests: continue as new after that many history events. Zero leaves it to the server's suggestion."""


class Outcome(BaseModel):
    """How an order ended; the digest covers everything it knew in the end."""

    model_config = ConfigDict(frozen=True)

    number: str
    ending: Ending | None
    sequence: int
    head: str
    digest: str


def state_digest(order: Order) -> str:
    """One text for one state: sets are sorted, which their own order in memory is not."""
    return digest_of(_plain(order.model_copy(update={name: [] for name in _ON_THE_WAY})))


def outcome_of(order: Order) -> Outcome:
    """The result of an order that has ended."""
    return Outcome(
        number=order.number,
        ending=order.ending,
        sequence=order.sequence,
        head=order.head,
        digest=state_digest(order),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(part) for key, part in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(part) for part in value), key=canonical)
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
