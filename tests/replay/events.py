"""What stands in a recorded history: its events as the server wrote them, and the messages among them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.replay.corpus import Recording

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal as it arrived, argument by argument: encoding and bytes."""

    name: str
    arguments: tuple[tuple[str, bytes], ...]
    event: int

    @property
    def content(self) -> Any:
        """The one argument as JSON. Raises ValueError where there is not one or it is none."""
        ((_, data),) = self.arguments
        return json.loads(data)


def kind_of(event: Event) -> str:
    """The event's type without its prefix: `TIMER_FIRED`."""
    return str(event["eventType"]).removeprefix("EVENT_TYPE_")


def attributes(event: Event) -> dict[str, Any]:
    """What the event says."""
    return next((value for name, value in event.items() if name.endswith("EventAttributes")), {})


def of_kind(run: dict[str, Any], *kinds: str) -> Iterator[Event]:
    """The run's events of these types, in order."""
    return (event for event in run["events"] if kind_of(event) in kinds)


def payloads(part: dict[str, Any] | None) -> tuple[tuple[str, bytes], ...]:
    """Encoding and bytes of each payload."""
    return tuple(
        (_bytes(each.get("metadata", {}).get("encoding", "")).decode(), _bytes(each.get("data", "")))
        for each in (part or {}).get("payloads", ())
    )


def signals(recording: Recording) -> Iterator[Signal]:
    """All signals of all runs in order."""
    for run in recording.runs:
        for event in of_kind(run, "WORKFLOW_EXECUTION_SIGNALED"):
            said = attributes(event)
            yield Signal(said["signalName"], payloads(said.get("input")), int(event["eventId"]))


def updates(recording: Recording) -> Iterator[Any]:
    """What was told by each accepted update of all runs, in order, as JSON."""
    for run in recording.runs:
        for event in of_kind(run, "WORKFLOW_EXECUTION_UPDATE_ACCEPTED"):
            request = attributes(event).get("acceptedRequest", {})
            yield from (json.loads(data) for _, data in payloads(request.get("input", {}).get("args")))


def answers(recording: Recording) -> list[tuple[str, str, int]]:
    """What each accepted update was answered, in order: status, code, number of the journal entry."""
    return [
        (said["status"], said.get("code", ""), said.get("sequence", 0))
        for run in recording.runs
        for event in of_kind(run, "WORKFLOW_EXECUTION_UPDATE_COMPLETED")
        for _, data in payloads(attributes(event).get("outcome", {}).get("success"))
        for said in (json.loads(data),)
    ]


def asked_of_activities(recording: Recording) -> list[tuple[str, list[Any]]]:
    """What was asked of each remote activity, in order: its name and its arguments as JSON."""
    return [
        (said["activityType"]["name"], [json.loads(data) for _, data in payloads(said.get("input"))])
        for run in recording.runs
        for event in of_kind(run, "ACTIVITY_TASK_SCHEDULED")
        for said in (attributes(event),)
    ]


def carried_over(recording: Recording) -> list[bytes]:
    """What each run gave to the next one, as JSON."""
    return [
        payloads(attributes(event).get("input"))[0][1]
        for run in recording.runs
        for event in of_kind(run, "WORKFLOW_EXECUTION_CONTINUED_AS_NEW")
    ]


def result_of(recording: Recording) -> Any:
    """What the last run came to; None where it has not completed."""
    for event in of_kind(recording.runs[-1], "WORKFLOW_EXECUTION_COMPLETED"):
        return json.loads(payloads(attributes(event).get("result"))[0][1])
    return None


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
