"""A named signal for each kind of fact, and how what a message holds is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from models.messages.fact_kind import FactKind
from workflows.engine.message_bytes import ENCRYPTED, KEY_ID, ClosedMessage, Json, named, read_bytes

_NOTHING_READABLE = "no argument, or more than one"
W = TypeVar("W", bound=type)


def read_message(message: RawValue | Json | None) -> Json:
    """What is in a message, or a text that says why it cannot be read.

    Raises ClosedMessage, and fails the task with it, where a worker without keys meets what is encrypted.
    """
    if message is None:
        return _NOTHING_READABLE
    if not isinstance(message, RawValue):
        # Asked with fewer arguments than there are, the SDK forgets their types and reads them by itself.
        return read_bytes(json.dumps(message).encode(), "json/plain")
    payload = message.payload
    if payload.metadata.get("encoding") == ENCRYPTED and KEY_ID in payload.metadata:
        raise ClosedMessage("DINGDAN_PAYLOAD_KEYS")
    return read_bytes(payload.data, payload.metadata.get("encoding", b"").decode(errors="replace"))


class _Hears(Protocol):
    def hear(self, raw: object, under: str) -> None: ...


def _handler(kind: str, fact: FactKind) -> Callable[..., None]:
    class Receiver(_Hears):
        # In a class, because the SDK finds the type of the argument only behind a `self` without one.
        @workflow.signal(name=kind, description=f"{fact.words.zh} · {fact.words.en}")
        def receive(self, message: RawValue = None) -> None:  # type: ignore[assignment]
            self.hear(named(read_message(message), kind), kind)

    return Receiver.receive


def with_a_signal_for_each(facts: Mapping[str, FactKind]) -> Callable[[W], W]:
    """Gives a workflow class a named signal for each kind of fact, so that the UI and the CLI list them.

    On the class, not in `__init__`: a signal that came with the start is given out before `__init__` runs.
    """

    def put(workflow_class: W) -> W:
        for kind, fact in facts.items():
            setattr(workflow_class, f"receive_{kind}", _handler(kind, fact))
        return workflow_class

    return put
