"""What the history of a closed run still says: what was told to the order, and where the run can be taken up again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from temporalio.api.enums.v1 import EventType

from models.dossier.journal import EntryKind, JournalEntry
from models.messages.envelope import Envelope, read_envelope
from models.values.errors import Refusal
from runtime.delivery.order_handles import workflow_id
from runtime.delivery.server_orders import OnServer
from runtime.encryption.payload_codec import UnknownPayloadKey, key_of
from runtime.refusals import named_answers

if TYPE_CHECKING:
    from temporalio.api.common.v1 import Payloads
    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client
    from temporalio.converter import PayloadCodec

_TELL = "tell"
_TASKS_END = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    }
)
"""Where the server takes a run up again: the task there is done anew, and what came after it is told once more."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something said to the order, and at which event."""

    event: int
    envelope: Envelope
    message: dict[str, Any]
    """As it came, with its signature where it has one: nobody signs for somebody else."""


@dataclass(slots=True)
class ToldInHistory:
    """The last run of an order as its history tells it."""

    told: list[Told] = field(default_factory=list)
    last_task: int = 0
    """The event at which the last task ended, for a reset; 0 where no task was ever done."""
    done_before: int = 0
    """The event at which the task before the last one ended."""

    def unknown_to(self, journal: Sequence[JournalEntry]) -> list[Told]:
        """What was told and does not stand in this journal, neither taken nor refused."""
        said = {(e.subject, e.by, str(e.data.get("fact_id", ""))) for e in journal if e.kind in _SAID}
        refused = {(e.subject, e.by, e.happened_at) for e in journal if e.kind is EntryKind.REFUSED}
        return [
            each
            for each in self.told
            if (each.envelope.kind, each.envelope.by, each.envelope.fact_id) not in said
            and (each.envelope.kind, each.envelope.by, each.envelope.happened_at) not in refused
        ]

    def is_ahead_of(self, journal: Sequence[JournalEntry]) -> bool:
        """Whether the order took something, in a task before its last one, that this journal lacks."""
        return any(each.event < self.done_before for each in self.unknown_to(journal))


_SAID = frozenset({EntryKind.FACT, EntryKind.EARLY})


async def told_in_history(client: Client, found: OnServer) -> ToldInHistory:
    """Read the history of the last run. Raises Refusal(server_unavailable); nothing is in it where the server has none."""
    past = ToldInHistory()
    if not found.has_history:
        return past
    handle = client.get_workflow_handle(workflow_id(found.number), run_id=found.run_id)
    completed = 0
    with named_answers():
        async for event in handle.fetch_history_events():
            if event.event_type in _TASKS_END:
                past.last_task = event.event_id
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                past.done_before, completed = completed, event.event_id
            past.told += await _said_in(event, client.data_converter.payload_codec)
    return past


async def _said_in(event: HistoryEvent, codec: PayloadCodec | None) -> list[Told]:
    """What a signal or an update said, where it is an envelope; anything else was refused when it came.

    Raises Refusal(not_set_up) where it is encrypted with a key that is missing: an order that is taken up again without
    what was told to it would be another one.
    """
    kind, given = "", None
    if event.HasField("workflow_execution_signaled_event_attributes"):
        signalled = event.workflow_execution_signaled_event_attributes
        kind, given = signalled.signal_name, signalled.input
    elif event.HasField("workflow_execution_update_accepted_event_attributes"):
        accepted = event.workflow_execution_update_accepted_event_attributes.accepted_request
        kind, given = accepted.input.name, accepted.input.args
    elif event.HasField("workflow_execution_update_admitted_event_attributes"):
        admitted = event.workflow_execution_update_admitted_event_attributes.request
        kind, given = admitted.input.name, admitted.input.args
    raw = await _json_in(given, codec)
    if raw is None:
        return []
    message = raw if kind == _TELL else {"kind": kind, **raw}
    try:
        return [Told(event.event_id, read_envelope(message), message)]
    except Refusal:
        return []


async def _json_in(given: Payloads | None, codec: PayloadCodec | None) -> dict[str, Any] | None:
    if given is None or len(given.payloads) != 1:
        return None
    (payload,) = await codec.decode(given.payloads) if codec is not None else given.payloads
    missing = key_of(payload)
    if missing is not None:
        raise UnknownPayloadKey(missing)
    try:
        raw = json.loads(payload.data)
    except ValueError:
        return None
    return raw if isinstance(raw, dict) else None
