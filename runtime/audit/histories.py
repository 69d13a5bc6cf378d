"""What an order, or another case, sent to the order database in its whole life, from the histories that the server still has.

A history is lived through once more, as a worker does it; every burst passes on its way to the recorder and is kept. So an
entry that was deleted from the journal comes back as it was, hash for hash.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import (
    Interceptor,
    Replayer,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from activities.audit.audited_kinds import kind_of
from activities.audit.journal_chain import Sent
from models.dossier.records.recording import Burst
from runtime.delivery.order_handles import workflow_id
from runtime.refusals import named_answers
from runtime.worker.workers import workflow_runner
from workflows.aftersales_case import CaseWorkflow
from workflows.contract import ContractWorkflow
from workflows.engine.interceptor import CaseInterceptor
from workflows.order import OrderWorkflow
from workflows.quote import QuoteWorkflow

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHistory

_log = logging.getLogger("dingdan.audit")


class _Bursts(Interceptor):
    """Keeps the bursts that pass through a replayed order."""

    def __init__(self, sent: dict[str, Sent]) -> None:
        self._sent = sent

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        sent = self._sent

        def keep(arguments: Any) -> None:
            for burst in arguments:
                if isinstance(burst, Burst):
                    sent.update({entry.hash: Sent(burst.epoch, entry) for entry in burst.entries})

        class Outbound(WorkflowOutboundInterceptor):
            def start_local_activity(self, input: StartLocalActivityInput) -> Any:  # noqa: A002
                keep(input.args)
                return super().start_local_activity(input)

            def start_activity(self, input: StartActivityInput) -> Any:  # noqa: A002
                keep(input.args)
                return super().start_activity(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

        return Inbound


async def sent_by(client: Client, number: str) -> dict[str, Sent]:
    """Every journal entry that the order sent, by its hash; nothing where the server knows no history of it.

    Raises Refusal(server_unavailable).
    """
    sent: dict[str, Sent] = {}
    with named_answers():
        histories = [history async for history in _histories(client, number)]
    for history in histories:
        replayer = Replayer(
            workflows=[OrderWorkflow, QuoteWorkflow, CaseWorkflow, ContractWorkflow],
            data_converter=client.data_converter,
            workflow_runner=workflow_runner(client.data_converter),
            interceptors=[CaseInterceptor(), _Bursts(sent)],
        )
        result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        if result.replay_failure is not None:
            _log.warning("%s: a history is another life now: %s", number, result.replay_failure)
    return sent


async def _histories(client: Client, number: str) -> Any:
    query = f'WorkflowId = "{workflow_id(number)}" AND WorkflowType = "{kind_of(number).workflow}"'
    runs = [(found.start_time, found.run_id) async for found in client.list_workflows(query)]
    for _, run in sorted(runs):
        handle = client.get_workflow_handle(workflow_id(number), run_id=run)
        try:
            history: WorkflowHistory = await handle.fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            continue
        yield history
