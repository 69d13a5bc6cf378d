"""What a history costs: its events and the billable actions among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

_BILLED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
    EventType.EVENT_TYPE_MARKER_RECORDED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
}
_OF_SKIPPED_TIME = ("TIME_SKIPPING", "OPTIONS_UPDATED")


def counted(events: Iterable[HistoryEvent]) -> list[HistoryEvent]:
    """All events but those that skipping time leaves."""
    return [
        event
        for event in events
        if not any(trace in EventType.Name(event.event_type) for trace in _OF_SKIPPED_TIME)
    ]


def billed(events: Iterable[HistoryEvent]) -> int:
    """How many billable actions these events stand for."""
    return sum(event.event_type in _BILLED for event in events)


def names(events: Iterable[HistoryEvent]) -> Counter[str]:
    """How many events of each type."""
    return Counter(EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in events)
