"""A message with too few or too many arguments reaches its handler as one without any, instead of wedging the order.

Without it the SDK calls the handler with all arguments, the TypeError fails the workflow task, and that for ever.
"""

from __future__ import annotations

from temporalio import workflow
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)


class _OneArgument(WorkflowInboundInterceptor):
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


class ArgumentCount(Interceptor):
    """The worker interceptor that does it; every worker and replayer of orders has it."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        """The interceptor of one workflow run."""
        return _OneArgument
