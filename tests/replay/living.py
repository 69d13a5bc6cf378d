"""Living a recorded life again: every run with the worker's own sandbox and interceptor, and where it is another life."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from pydantic import BaseModel
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    ContinueAsNewInput,
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    Replayer,
    StartActivityInput,
    StartLocalActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from models.dossier.journal import JournalEntry
from models.dossier.records.recording import Burst
from runtime.delivery.order_handles import WORKFLOW, workflow_id
from runtime.worker.workers import workflow_runner
from tests.replay.corpus import Recorded, Recording
from tests.replay.durable_types import CARRIED
from tests.replay.events import answers, asked_of_activities, carried_over, result_of
from workflows.aftersales_case import CaseWorkflow
from workflows.contract import ContractWorkflow
from workflows.engine.carried_case import CarriedCase, state_digest
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.limits import CALENDAR_ACTIVITY, RECORD_CASE_ACTIVITY
from workflows.jobs.balance_reminders import BalanceReminders
from workflows.jobs.daily_report import DailyReport
from workflows.order import OrderWorkflow
from workflows.quote import QuoteWorkflow

_OF_EVERY_CASE = (RECORD_CASE_ACTIVITY, CALENDAR_ACTIVITY)


@dataclass
class Lived:
    """What a replay came to: the case as it ended and everything that it said to the world."""

    cases: list[Any] = field(default_factory=list)
    """The order, quote, after-sales case or contract, run by run."""
    entries: dict[int, JournalEntry] = field(default_factory=dict)
    bursts: list[tuple[int, int, int]] = field(default_factory=list)
    """Each burst: epoch, the number it came after, how many entries."""
    carried: list[CarriedCase[Any]] = field(default_factory=list)
    """What each run gave to the next one."""
    asked: list[tuple[str, list[Any]]] = field(default_factory=list)
    """What was asked of each remote activity."""
    results: list[Any] = field(default_factory=list)
    signals: Counter[str] = field(default_factory=Counter)
    """Signals that a handler of their own heard, by name."""
    unknown_signals: Counter[str] = field(default_factory=Counter)
    """Signals that no handler of their own heard, by name."""
    answers: list[tuple[str, str, int]] = field(default_factory=list)
    """What each update was answered: status, code, number of the journal entry."""
    workflows: list[Any] = field(default_factory=list)

    def heard(self, sent: Any) -> None:
        """A burst on its way to the order database."""
        if isinstance(sent, Burst):
            self.bursts.append((sent.epoch, sent.after_sequence, len(sent.entries)))
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
                lived.asked.append((input.activity, [_plain(each) for each in input.args]))
                return super().start_activity(input)

            def continue_as_new(self, input: ContinueAsNewInput) -> NoReturn:  # noqa: A002
                carried = CARRIED[workflow.info().workflow_type]
                lived.carried.append(carried.model_validate_json(input.args[0].model_dump_json()))
                super().continue_as_new(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

            async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002
                known = workflow.get_signal_handler(input.signal) is not None
                (lived.signals if known else lived.unknown_signals)[input.signal] += 1
                await super().handle_signal(input)

            async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # noqa: A002
                reply = await super().handle_update_handler(input)
                lived.answers.append((reply.status.value, reply.code, reply.sequence))
                return reply

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002
                lived.workflows.append(workflow.instance())
                if workflow.info().workflow_type in CARRIED:
                    lived.cases.append(workflow.instance()._case)
                result = await super().execute_workflow(input)
                lived.results.append(result)
                return result

        return Inbound


async def live_again(
    recorded: Recorded,
    recording: Recording,
    *,
    sandboxed: bool = True,
    interceptors: Sequence[Interceptor] = (CaseInterceptor(),),
) -> Lived:
    """Replay every run as the worker runs it. Raises what the replayer finds.

    `sandboxed=False` is for canaries that break the workflow class itself: the sandbox would load it anew.
    """
    lived = Lived()
    replayer = Replayer(
        workflows=[
            OrderWorkflow,
            QuoteWorkflow,
            CaseWorkflow,
            ContractWorkflow,
            BalanceReminders,
            DailyReport,
        ],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner() if sandboxed else UnsandboxedWorkflowRunner(),
        interceptors=[*interceptors, _Watch(lived)],
    )
    for run in recording.runs:
        await replayer.replay_workflow(WorkflowHistory.from_json(_id_of(recorded), run))
    return lived


def differences(recorded: Recorded, recording: Recording, lived: Lived) -> Iterator[str]:
    """Where the life lived again is another than the recorded one, what differs first in time first."""
    if recorded.workflow in CARRIED:
        yield from _of_the_journal(recording, lived)
        yield from _of_the_messages(recorded, recording, lived)
        yield from _of_the_errands(recorded, recording, lived)
        yield from _of_the_runs(recorded, recording, lived)
        yield from _of_the_state(recorded, lived)
    else:
        yield from _of_a_job(recording, lived)


def _id_of(recorded: Recorded) -> str:
    return workflow_id(recorded.number) if recorded.workflow in CARRIED else recorded.number


def _of_the_journal(recording: Recording, lived: Lived) -> Iterator[str]:
    for then, now in zip(recording.journal, lived.journal, strict=False):
        if then.hash != now.hash:
            yield f"journal entry {then.sequence}: was {_shown(then)}, is {_shown(now)}"
            break
    if len(recording.journal) != len(lived.journal):
        yield f"the journal had {len(recording.journal)} entries and has {len(lived.journal)}"


def _of_the_messages(recorded: Recorded, recording: Recording, lived: Lived) -> Iterator[str]:
    for what, then, now in (
        ("signals with a handler of their own", recorded.signals, dict(lived.signals)),
        ("signals of unknown names", recorded.unknown_signals, dict(lived.unknown_signals)),
    ):
        if then != now:
            yield f"{what}: were {then}, are {now}"
    for number, (before, after) in enumerate(zip(answers(recording), lived.answers, strict=False), start=1):
        if before != after:
            yield f"answer to update {number}: was {before}, is {after}"
            break
    if len(answers(recording)) != len(lived.answers):
        yield f"answers: were {len(answers(recording))}, are {len(lived.answers)}"
    if recording.bursts and recording.bursts != lived.bursts:
        yield f"bursts: were {recording.bursts}, are {lived.bursts}"


def _of_the_errands(recorded: Recorded, recording: Recording, lived: Lived) -> Iterator[str]:
    """What cases beside orders have done for them outside; of orders nothing but records and holidays is asked."""
    if recorded.workflow == WORKFLOW:
        return
    then_asked, now_asked = (
        [each for each in asked if each[0] not in _OF_EVERY_CASE]
        for asked in (asked_of_activities(recording), lived.asked)
    )
    if len(then_asked) != len(now_asked):
        yield f"errands: were {len(then_asked)}, are {len(now_asked)}"
    for then, now in zip(then_asked, now_asked, strict=False):
        if then[0] != now[0] or not _holds(now[1], then[1]):
            yield f"errand: was {then}, is {now}"


def _of_the_runs(recorded: Recorded, recording: Recording, lived: Lived) -> Iterator[str]:
    """The replayer does not look at what a run gives to the next one, and starts that from what it was given then."""
    read = CARRIED[recorded.workflow].model_validate_json
    before = [read(each) for each in carried_over(recording)]
    if len(before) != len(lived.carried):
        yield f"runs: {len(before)} were continued as new, {len(lived.carried)} are"
    for run, (then, now) in enumerate(zip(before, lived.carried, strict=False), start=1):
        for what, then_, now_ in (
            ("state", state_digest(then.dossier), state_digest(now.dossier)),
            ("epoch", then.epoch, now.epoch),
            (
                "last saved entry",
                (then.saved_sequence, then.saved_hash),
                (now.saved_sequence, now.saved_hash),
            ),
        ):
            if then_ != now_:
                yield f"{what} carried out of run {run}: was {then_}, is {now_}"


def _of_the_state(recorded: Recorded, lived: Lived) -> Iterator[str]:
    case = lived.cases[-1]
    now_ending = case.ending.value if case.ending else None
    for what, then_, now_ in (
        ("ending", recorded.ending, now_ending),
        ("last entry", recorded.sequence, case.sequence),
        ("head of the journal", recorded.head, case.head),
        ("state", recorded.digest, state_digest(case)),
    ):
        if then_ != now_:
            yield f"{what}: was {then_}, is {now_}"


def _of_a_job(recording: Recording, lived: Lived) -> Iterator[str]:
    """A field that a later version adds to what is asked or answered is no other life."""
    then_asked = asked_of_activities(recording)
    if len(then_asked) != len(lived.asked):
        yield f"activities: were {len(then_asked)}, are {len(lived.asked)}"
    for then, now in zip(then_asked, lived.asked, strict=False):
        if then[0] != now[0] or not _holds(now[1], then[1]):
            yield f"asked of an activity: was {then}, is {now}"
    then_result, now_result = result_of(recording), _plain(lived.results[-1]) if lived.results else None
    if not _holds(now_result, then_result):
        yield f"result: was {then_result}, is {now_result}"


def _holds(now: Any, then: Any) -> bool:
    if isinstance(then, dict) and isinstance(now, dict):
        return all(name in now and _holds(now[name], value) for name, value in then.items())
    if isinstance(then, list) and isinstance(now, list):
        return len(then) == len(now) and all(map(_holds, now, then))
    return bool(now == then)


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _shown(entry: JournalEntry) -> str:
    return f"{entry.kind.value} {entry.subject} {entry.recorded_at.isoformat()} {entry.data}"
