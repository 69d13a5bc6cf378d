"""Where an order lives on the Temporal server, and how it is started there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy

from models.request.order_start import OrderStart
from workflows.engine.carried import Carried
from workflows.engine.plain_markdown import as_text
from workflows.engine.step_list import shortened

WORKFLOW = "OrderWorkflow"
_ORDER = "order"
CASES = {"Q": "quote-Q", "C": "case-", "H": "contract-"}
"""What a number that begins with this letter is of, as its workflow id begins; an order's begins with a figure."""


def is_case(number: str) -> bool:
    """Whether the number is of a case that is no order."""
    return number[:1] in CASES


def workflow_id(number: str) -> str:
    """The workflow id of an order, or of what else has a number: one case, one workflow."""
    own = CASES.get(number[:1])
    return f"{_ORDER}-{number}" if own is None else f"{own}{number[1:]}"


def number_of(identity: str) -> str:
    """The number of the order or case whose workflow has this id; empty for any other workflow."""
    for letter, begins in {"": f"{_ORDER}-", **CASES}.items():
        if identity.startswith(begins):
            return f"{letter}{identity.removeprefix(begins)}"
    return ""


def order_handle(client: Client, number: str) -> WorkflowHandle[Any, Any]:
    """The order, or whatever has this number, wherever it is: without a run, so that it is followed across continue-as-new."""
    return client.get_workflow_handle(workflow_id(number))


async def start_order(
    client: Client,
    start: OrderStart | Carried,
    task_queue: str,
    delay: timedelta | None = None,
    *,
    memo: Mapping[str, str] | None = None,
    over_a_lost_one: bool = False,
) -> WorkflowHandle[Any, Any]:
    """Start the order's workflow, `delay` from now; `memo` says whose it is (`runtime.delivery.server_orders.memo_of`).

    Raises WorkflowAlreadyStartedError where this order was started before, also when it has ended since. `over_a_lost_one`:
    but not where it was terminated or has failed.
    """
    number, name = (
        (start.order.number, start.order.customer.name)
        if isinstance(start, Carried)
        else (start.number, start.customer.name)
    )
    reuse = WorkflowIDReusePolicy
    await client.start_workflow(
        WORKFLOW,
        start,
        id=workflow_id(number),
        task_queue=task_queue,
        id_reuse_policy=reuse.ALLOW_DUPLICATE_FAILED_ONLY if over_a_lost_one else reuse.REJECT_DUPLICATE,
        start_delay=delay,
        static_summary=shortened(f"{number} {as_text(name)}"),
        memo=memo,
    )
    return order_handle(client, number)
