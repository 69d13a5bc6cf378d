"""What any durable case takes into its next run, and the digest of all that it knows."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel

from models.dossier.dossier import Dossier
from models.dossier.journal import FIRST_LINK
from models.values.fingerprint import compact, digest_of

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

    @property
    def dossier(self) -> D:
        """The case that is carried."""
        raise NotImplementedError


def state_digest(dossier: Dossier) -> str:
    """One text for one state: sets are sorted, which their own order in memory is not."""
    return digest_of(compact(dossier.model_copy(update={name: [] for name in _ON_THE_WAY})))
