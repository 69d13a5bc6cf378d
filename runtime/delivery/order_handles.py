"""Where an order lives on the Temporal server, and how it is started there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy

from models.request.order_start import OrderStart
from workflows.engine.plain_markdown import as_text
from workflows.engine.step_list import shortened

WORKFLOW = "OrderWorkflow"


def workflow_id(number: str) -> str:
    """The workflow id of an order: one order, one workflow."""
    return f"order-{number}"


def order_handle(client: Client, number: str) -> WorkflowHandle[Any, Any]:
    """The order wherever it is: without a run, so that it is followed across continue-as-new."""
    return client.get_workflow_handle(workflow_id(number))


async def start_order(
    client: Client, start: OrderStart, task_queue: str, delay: timedelta | None = None
) -> WorkflowHandle[Any, Any]:
    """Start the order's workflow, `delay` from now.

    Raises WorkflowAlreadyStartedError where this order was started before, also when it has ended since.
    """
    await client.start_workflow(
        WORKFLOW,
        start,
        id=workflow_id(start.number),
        task_queue=task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        start_delay=delay,
        static_summary=shortened(f"{start.number} {as_text(start.customer.name)}"),
    )
    return order_handle(client, start.number)
