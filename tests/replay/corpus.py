"""Recorded lives of orders: where they are kept, what is kept with them, and how one is lived again.

A replay compares commands only: a changed rule or timer goes unseen. So each recording keeps the journal and the
state that the order came to, and living it again compares those as well.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from models.dossier.journal import JournalEntry
from models.dossier.recording import Burst
from models.order.order import Order
from runtime.delivery.order_handles import workflow_id
from runtime.worker.workers import workflow_runner
from workflows.engine.argument_count import ArgumentCount
from workflows.engine.carried import state_digest
from workflows.order import OrderWorkflow

HISTORIES = Path(__file__).resolve().parent / "histories"
MANIFEST = Path(__file__).resolve().parent / "manifest.json"


class Recorded(BaseModel):
    """What stands in the manifest of one recording, to be read and compared by people."""

    story: str
    number: str
    sdk: str
    edition: int
    runs: int
    events: int
    actions: int
    ending: str | None
    sequence: int
    head: str
    digest: str


class Recording(BaseModel):
    """One order's histories, run by run, and the journal that came of them."""

    runs: list[dict[str, Any]]
    journal: list[JournalEntry]


def manifest() -> dict[str, Recorded]:
    """All recordings by name."""
    if not MANIFEST.exists():
        return {}
    return {name: Recorded.model_validate(each) for name, each in json.loads(MANIFEST.read_text()).items()}


def _file(name: str) -> Path:
    return HISTORIES / f"{name}.json.gz"


def load(name: str) -> Recording:
    """One recording."""
    return Recording.model_validate_json(gzip.decompress(_file(name).read_bytes()))


def keep(name: str, recorded: Recorded, recording: Recording) -> None:
    """Write one recording and its line of the manifest."""
    HISTORIES.mkdir(exist_ok=True)
    _file(name).write_bytes(gzip.compress(recording.model_dump_json().encode(), mtime=0))
    known = manifest() | {name: recorded}
    lines = {each: known[each].model_dump() for each in sorted(known)}
    MANIFEST.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n")


@dataclass
class Lived:
    """What a replay came to: the order as it ended and everything it sent to be recorded."""

    orders: list[Order] = field(default_factory=list)
    entries: dict[int, JournalEntry] = field(default_factory=dict)

    def heard(self, sent: Any) -> None:
        """A burst on its way to the order database."""
        if isinstance(sent, Burst):
            self.entries.update((entry.sequence, entry) for entry in sent.entries)

    @property
    def journal(self) -> list[JournalEntry]:
        """All entries in order."""
        return [self.entries[sequence] for sequence in sorted(self.entries)]


class _Watch(Interceptor):
    """Keeps what passes through a replayed workflow."""

    def __init__(self, lived: Lived) -> None:
        self._lived = lived

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        lived = self._lived

        class Outbound(WorkflowOutboundInterceptor):
            def start_local_activity(self, input: StartLocalActivityInput) -> Any:  # noqa: A002
                lived.heard(input.args[0])
                return super().start_local_activity(input)

            def start_activity(self, input: StartActivityInput) -> Any:  # noqa: A002
                lived.heard(input.args[0])
                return super().start_activity(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002
                lived.orders.append(workflow.instance()._case)
                return await super().execute_workflow(input)

        return Inbound


async def live_again(recorded: Recorded, recording: Recording) -> Lived:
    """Replay every run with the worker's own sandbox and interceptor. Raises what the replayer finds."""
    lived = Lived()
    replayer = Replayer(
        workflows=[OrderWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
        interceptors=[ArgumentCount(), _Watch(lived)],
    )
    for run in recording.runs:
        history = WorkflowHistory.from_json(workflow_id(recorded.number), run)
        await replayer.replay_workflow(history)
    return lived


def differences(recorded: Recorded, recording: Recording, lived: Lived) -> Iterator[str]:
    """Where the life lived again is another: the first journal entry that differs, and the state it came to."""
    for then, now in zip(recording.journal, lived.journal, strict=False):
        if then.hash != now.hash:
            yield f"journal entry {then.sequence}: was {_shown(then)}, is {_shown(now)}"
            break
    if len(recording.journal) != len(lived.journal):
        yield f"the journal had {len(recording.journal)} entries and has {len(lived.journal)}"
    order = lived.orders[-1]
    now_ending = order.ending.value if order.ending else None
    for what, then_, now_ in (
        ("ending", recorded.ending, now_ending),
        ("last entry", recorded.sequence, order.sequence),
        ("head of the journal", recorded.head, order.head),
        ("state", recorded.digest, state_digest(order)),
    ):
        if then_ != now_:
            yield f"{what}: was {then_}, is {now_}"


def _shown(entry: JournalEntry) -> str:
    return f"{entry.kind.value} {entry.subject} {entry.recorded_at.isoformat()} {entry.data}"
