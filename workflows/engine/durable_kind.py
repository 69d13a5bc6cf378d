"""What makes one kind of durable case different from another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from models.dossier.dossier import Dossier
from models.dossier.errands import Errand
from models.dossier.records.changed_rows import RowTracker
from models.dossier.records.recording import Claim
from workflows.case import CaseKind
from workflows.engine import limits
from workflows.engine.burst_recorder import Attributes

D = TypeVar("D", bound=Dossier)


def _nothing_to_prove(case: object, said: object) -> Claim | None:
    return None


def _nothing_to_claim(case: object, said: object, now: datetime) -> Claim | None:
    return None


def _nothing_claimed(case: object, claim: Claim, elsewhere: bool) -> None:
    pass


def _no_errand(case: object) -> Errand | None:
    return None


@dataclass(frozen=True, slots=True)
class DurableKind(Generic[D]):
    """What makes one kind of durable case different from another."""

    case: CaseKind[D]
    rows: Callable[[D], RowTracker]
    """A tracker of its rows in the database, begun anew in each run."""
    details: Callable[[D, datetime | None], str]
    """The operator's page, with the next deadline."""
    timer_summary: Callable[[D, datetime], str]
    attributes: Attributes[D]
    """What must be upserted so that it is found as it is now."""
    weight: Callable[[D], int]
    """How much one fact costs, in lines of an order; at least 1."""
    proof: Callable[[D, object], Claim | None] = _nothing_to_prove
    """What must be shown to be signed before it is taken; the order database, which knows the keys, answers."""
    claim: Callable[[D, object, datetime], Claim | None] = _nothing_to_claim
    """What must be this case's alone before something said is taken; the order database answers."""
    claimed: Callable[[D, Claim, bool], None] = _nothing_claimed
    """The answer: whether another case has it."""
    record: str = limits.RECORD_ACTIVITY
    """The activity that takes its bursts."""
    errand: Callable[[D], Errand | None] = _no_errand
    """What it has done for it outside now, once for each key; what came of it is told to it as a fact."""
