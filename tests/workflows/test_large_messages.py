"""What is far too large is refused to who sent it, and the order goes on: no workflow task fails for it."""

from __future__ import annotations

import json

import pytest
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.update.v1 import Input, Meta, Request, WaitPolicy
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionRequest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from models.messages.reply import Status
from tests.workflows.conftest import Desk, Handle, contact, order_start


async def failed_tasks(handle: Handle) -> int:
    failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    return len([event async for event in handle.fetch_history_events() if event.event_type == failed])


async def test_an_update_beyond_what_the_server_takes_is_refused_by_the_server(desk: Desk) -> None:
    handle = await desk.place(order_start())
    assert (await desk.tell(handle, contact("before"))).status is Status.ACCEPTED
    large = {**contact("large"), "content": {"channel": "phone", "words": "x" * 2_500_000}}
    request = UpdateWorkflowExecutionRequest(
        namespace=desk.client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=handle.id),
        wait_policy=WaitPolicy(),
        request=Request(
            meta=Meta(update_id="large"),
            input=Input(
                name="tell",
                args=Payloads(
                    payloads=[Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(large).encode())]
                ),
            ),
        ),
    )
    with pytest.raises(RPCError) as refused:
        await desk.client.workflow_service.update_workflow_execution(request, retry=False)
    assert refused.value.status is RPCStatusCode.RESOURCE_EXHAUSTED
    assert "payload size" in str(refused.value)
    assert (await desk.tell(handle, contact("after"))).status is Status.ACCEPTED
    assert await failed_tasks(handle) == 0


async def test_an_update_beyond_any_envelope_is_refused_by_the_order(desk: Desk) -> None:
    handle = await desk.place(order_start())
    large = {**contact("large"), "content": {"channel": "phone", "words": "x" * 1_900_000}}
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await desk.tell(handle, large)
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "malformed"
    assert (await desk.tell(handle, contact("after"))).status is Status.ACCEPTED


async def test_a_signal_beyond_what_the_server_takes_is_refused_by_the_server(desk: Desk) -> None:
    handle = await desk.place(order_start())
    with pytest.raises(RPCError) as refused:
        await handle.signal("contact_logged", {**contact("large"), "content": {"words": "x" * 2_500_000}})
    assert refused.value.status is RPCStatusCode.INVALID_ARGUMENT
    assert (await desk.tell(handle, contact("after"))).status is Status.ACCEPTED
    assert await failed_tasks(handle) == 0
