"""What stands between the engine and every case: the number of arguments is put right, and the operator's page is made.

A message with too few or too many arguments reaches its handler as one without any: the SDK would call the handler with
all of them, the TypeError would fail the workflow task, and that for ever. The page is made when somebody opens it and
not after each fact: nobody reads most of them, and a fault in it fails no task.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from temporalio import workflow
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.worker import (
    HandleQueryInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)


@runtime_checkable
class HasOperatorPage(Protocol):
    """A workflow that has a page for operators in the Temporal UI."""

    def operator_page(self) -> str:
        """The page as Markdown, as things stand now; making it changes nothing."""
        ...


class _CaseInbound(WorkflowInboundInterceptor):
    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 - the SDK's name
        # The dynamic handler gets the name and the list of all arguments; only named ones take exactly one.
        if workflow.get_signal_handler(input.signal) is not None and len(input.args) != 1:
            input.args = []
        await super().handle_signal(input)

    def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002 - the SDK's name
        if len(input.args) != 1:
            input.args = []
        super().handle_update_validator(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> object:  # noqa: A002 - the SDK's name
        if len(input.args) != 1:
            input.args = []
        return await super().handle_update_handler(input)

    async def handle_query(self, input: HandleQueryInput) -> Any:  # noqa: A002 - the SDK's name
        answer = await super().handle_query(input)
        if isinstance(answer, WorkflowMetadata):
            case = workflow.instance()
            if isinstance(case, HasOperatorPage):
                answer.current_details = case.operator_page()
        return answer


class CaseInterceptor(Interceptor):
    """The interceptor of every worker and replayer that has cases."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor of one workflow run."""
        return _CaseInbound
