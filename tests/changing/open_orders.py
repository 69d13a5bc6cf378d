"""Orders that are still open: recorded lives cut off while the order stood in a phase, with what was said to it afterwards.

Yesterday's worker made these histories. `taken_over` replays one with the code as it is now (with whatever a test put
into it), looks whether that is the life that was recorded, and lives on to its end.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from temporalio.workflow import NondeterminismError

from models.dossier.journal import EntryKind
from models.order.order import Order
from models.values.vocabulary import Ending, PhaseName
from rehearsal.pure import live_until
from runtime.delivery.order_handles import WORKFLOW
from tests.replay.corpus import Recorded, Recording, load, manifest
from tests.replay.living import live_again
from workflows.procedure import receive

STOOD_IN = (
    ("phone-order-incomplete", PhaseName.INTAKE),
    ("price-difference", PhaseName.VERIFICATION),
    ("class-b-same-day", PhaseName.VERIFICATION),
    ("amended-after-confirmation", PhaseName.CONFIRMATION),
    ("class-b-same-day", PhaseName.CONFIRMATION),
    ("held-five-days", PhaseName.PRODUCTION),
    ("two-lots-two-shipments", PhaseName.PRODUCTION),
    ("class-b-same-day", PhaseName.INSPECTION),
    ("contract-terms", PhaseName.CLEARANCE),
    ("carrier-collects", PhaseName.SHIPPING),
    ("small-guaranteed-dies", PhaseName.DELIVERY),
    ("class-a", PhaseName.SETTLEMENT),
)
"""Which recorded life, and the phase in which it is cut off for the last time."""


@dataclass(frozen=True)
class Said:
    """Something that was said after the cut."""

    at: datetime
    envelope: Any


@dataclass(frozen=True)
class OpenOrder:
    """One order that is still open."""

    name: str
    phase: PhaseName
    recorded: Recorded
    recording: Recording
    """The history so far, and the whole journal that the order had in the end."""
    afterwards: tuple[Said, ...]
    until: datetime
    """When its life ended then."""

    def __str__(self) -> str:
        return f"{self.phase.value}: {self.name}"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What the code as it is now made of an open order."""

    phase: PhaseName | None
    """Where it stands; None where its history cannot be replayed."""
    differs_at: int | None
    """The first journal entry that is another: the order database would hold another history (a new epoch)."""
    failed: str = ""
    """Why its workflow tasks fail, for ever."""
    order: Order | None = None

    def is_as_before(self, order: OpenOrder) -> bool:
        """No failed task, no new epoch, and where it stood."""
        return not self.failed and self.differs_at is None and self.phase is order.phase


async def taken_over(order: OpenOrder) -> TakenOver:
    """Replay the open order with the code as it is now."""
    try:
        lived = await live_again(order.recorded, order.recording)
    except NondeterminismError as error:
        return TakenOver(None, None, str(error))
    now, known = lived.cases[-1], order.recording.journal
    differs = [
        entry.sequence for entry, was in zip(lived.journal, known, strict=False) if entry.hash != was.hash
    ]
    return TakenOver(now.phase, differs[0] if differs else None, "", now)


def live_on(order: OpenOrder, taken: TakenOver) -> Ending | None:
    """Say to the order what was said to it then; how it ends."""
    assert taken.order is not None
    for said in order.afterwards:
        live_until(taken.order, said.at)
        receive(taken.order, said.envelope, said.at)
    live_until(taken.order, order.until)
    return taken.order.ending


@cache
def cut_off_orders() -> tuple[OpenOrder, ...]:
    """Those whose lives are cut off here: what was said to them afterwards is known."""
    known = manifest()
    return tuple(_cut_off(name, known[name], phase) for name, phase in STOOD_IN)


@cache
def open_orders() -> tuple[OpenOrder, ...]:
    """All of them: those, and those that were recorded while they were open."""
    return (*cut_off_orders(), *_recorded_open(manifest()))


def _recorded_open(known: dict[str, Recorded]) -> Iterator[OpenOrder]:
    for name, recorded in known.items():
        if recorded.open_in and recorded.workflow == WORKFLOW:
            recording = load(name)
            phase = PhaseName(recording.carried["order"]["phase"])
            yield OpenOrder(name, phase, recorded, recording, (), recording.journal[-1].recorded_at)


def _cut_off(name: str, recorded: Recorded, phase: PhaseName) -> OpenOrder:
    recording = load(name)
    events = recording.runs[-1]["events"]
    place = _end_of(phase, recording, events)
    return OpenOrder(
        name,
        phase,
        recorded,
        Recording(runs=[*recording.runs[:-1], {"events": events[:place]}], journal=recording.journal),
        tuple(_said(events[place:])),
        recording.journal[-1].recorded_at,
    )


def _end_of(phase: PhaseName, recording: Recording, events: list[dict[str, Any]]) -> int:
    """Where in the history the task is scheduled that takes the order out of the phase."""
    moved = [entry for entry in recording.journal if entry.kind in (EntryKind.PHASE, EntryKind.ENDED)]
    first = (
        0
        if phase is PhaseName.INTAKE
        else max(n for n, entry in enumerate(moved) if entry.subject == phase) + 1
    )
    left_at = moved[first].recorded_at - _ROUNDED
    scheduled: list[int] = []
    for place, event in enumerate(events):
        if event["eventType"] == "EVENT_TYPE_WORKFLOW_TASK_SCHEDULED":
            scheduled.append(place)
        if event["eventType"] == "EVENT_TYPE_WORKFLOW_TASK_STARTED" and _time_of(event) >= left_at:
            # Money that was asked about came with the task before: the answer alone takes the order on (R53).
            answered = events[scheduled[-1] - 1]["eventType"] == "EVENT_TYPE_ACTIVITY_TASK_COMPLETED"
            return scheduled[-2 if answered else -1]
    raise AssertionError(f"the order never left {phase}")


_ROUNDED = timedelta(microseconds=2)
"""The engine's clock counts nanoseconds; a workflow reads it rounded."""


def _time_of(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(f"{event['eventTime'].rstrip('Z')[:26]}+00:00")


def _said(events: list[dict[str, Any]]) -> Iterator[Said]:
    for event in events:
        accepted = event.get("workflowExecutionUpdateAcceptedEventAttributes")
        if accepted is not None:
            payload = accepted["acceptedRequest"]["input"]["args"]["payloads"][0]
            yield Said(_time_of(event), json.loads(base64.b64decode(payload["data"])))
