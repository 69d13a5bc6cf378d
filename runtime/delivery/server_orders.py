"""What the Temporal server has for an order's number: whose order it is, whether it runs, and how it was closed.

A number alone says nothing: a restored order database may hand it out again. So every workflow is started with a memo that
says which start it is of, and one of before that is known by its first input.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from models.messages.authors import is_key
from models.reports.server_state import ServerState
from models.request.order_request import OrderRequest
from models.request.order_start import OrderStart
from models.values.fingerprint import digest_of_model
from runtime.delivery.order_handles import WORKFLOW, order_handle, workflow_id
from runtime.refusals import named_answers
from workflows.engine.carried import Carried

if TYPE_CHECKING:
    from temporalio.api.history.v1 import HistoryEvent
    from temporalio.client import Client

START, CONTENT, SPACE = "start", "content", "space"
"""What the memo of an order's workflow says: digests of its start and of the request as it was sent, and whose id that has."""
_AUTHORS = ("entered_by", "entered_role", "on_behalf_of")
_LONGEST_SAID = 300


@dataclass(frozen=True, slots=True)
class OnServer:
    """A number on the server. Texts are empty where nothing is known; `space` is None where the memo does not say."""

    number: str
    state: ServerState
    run_id: str = ""
    first_run_id: str = ""
    workflow: str = ""
    task_queue: str = ""
    start: str = ""
    content: str = ""
    space: str | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    reason: str = ""
    events: int = 0
    """How long the history of the run is: the same run with as many events has lived through nothing since."""

    @property
    def is_lost(self) -> bool:
        """Whether nothing lives there and nothing ended there as orders end."""
        return self.state not in (ServerState.RUNNING, ServerState.COMPLETED)

    @property
    def has_history(self) -> bool:
        """Whether the server still knows what happened in it."""
        return self.state is not ServerState.ABSENT


async def look_up(client: Client, number: str) -> OnServer:
    """What the server has for this number; one question, and another one where it is closed.

    Raises Refusal(server_unavailable, not_set_up).
    """
    from temporalio.service import RPCError, RPCStatusCode

    with named_answers():
        try:
            described = await order_handle(client, number).describe()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND or "namespace" in str(error).lower():
                raise
            return OnServer(number, ServerState.ABSENT)
        memo = await described.memo()
        state = _STATES.get(
            described.status.name if described.status is not None else "", ServerState.RUNNING
        )
        info = described.raw_description.workflow_execution_info
        found = OnServer(
            number,
            state,
            run_id=described.run_id,
            first_run_id=info.first_run_id,
            workflow=described.workflow_type,
            task_queue=described.task_queue,
            start=str(memo.get(START, "")),
            content=str(memo.get(CONTENT, "")),
            space=str(memo[SPACE]) if SPACE in memo else None,
            closed_at=described.close_time,
            events=described.history_length,
        )
        return await _with_reason(client, found) if found.is_lost else found


_STATES = {
    "RUNNING": ServerState.RUNNING,
    "COMPLETED": ServerState.COMPLETED,
    "TERMINATED": ServerState.TERMINATED,
    "CANCELED": ServerState.CANCELLED,
    "FAILED": ServerState.FAILED,
    "TIMED_OUT": ServerState.TIMED_OUT,
}


async def _with_reason(client: Client, found: OnServer) -> OnServer:
    """Who closed it and why, as its last event says."""
    from dataclasses import replace

    from temporalio.client import WorkflowHistoryEventFilterType
    from temporalio.service import RPCError, RPCStatusCode

    handle = client.get_workflow_handle(workflow_id(found.number), run_id=found.run_id)
    closing = handle.fetch_history_events(event_filter_type=WorkflowHistoryEventFilterType.CLOSE_EVENT)
    try:
        async for event in closing:
            by, reason = _said_in(event)
            at = found.closed_at or event.event_time.ToDatetime(tzinfo=UTC)
            return replace(found, closed_by=by[:_LONGEST_SAID], reason=reason[:_LONGEST_SAID], closed_at=at)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return OnServer(found.number, ServerState.ABSENT)  # it was deleted at this very moment
    return found


def _said_in(event: HistoryEvent) -> tuple[str, str]:
    if event.HasField("workflow_execution_terminated_event_attributes"):
        terminated = event.workflow_execution_terminated_event_attributes
        return terminated.identity, terminated.reason
    if event.HasField("workflow_execution_failed_event_attributes"):
        return "", event.workflow_execution_failed_event_attributes.failure.message
    return "", ""


# --- whose order it is ---------------------------------------------------------------------------------------------


def start_digest(start: OrderStart) -> str:
    """One text for one start, the number with it."""
    return digest_of_model(start)


def memo_of(start: OrderStart, content: str = "", space: str | None = None) -> dict[str, str]:
    """What a workflow says of itself: of which start it is, and, where that is known, of which request, whose id that has."""
    said = {START: start_digest(start)}
    return said | ({CONTENT: content, SPACE: space} if space is not None else {})


async def is_order_of(client: Client, found: OnServer, start: OrderStart, space: str | None = None) -> bool:
    """Whether what the server has is the order of this start: the same request, whoever of those who share its ids sent it.

    `space` is whose id the request has, where that is known. What is not there is nobody's. Raises Refusal(server_unavailable).
    """
    if found.state is ServerState.ABSENT or found.workflow != WORKFLOW:
        return False
    if found.start == start_digest(start):
        return True
    if space is not None and found.space is not None and space != found.space:
        return False
    theirs = await start_on_server(client, found)
    return theirs is not None and (same_request(theirs.request, start.request) or _same_moment(theirs, start))


def _same_moment(one: OrderStart, other: OrderStart) -> bool:
    """An order that was amended since carries another request: it is known by its id and when it was placed."""
    return _told_apart(one) == _told_apart(other)


def _told_apart(start: OrderStart) -> tuple[object, ...]:
    return start.request.request_id, start.customer.customer, start.request.entered_by, start.placed_at


def same_request(one: OrderRequest, other: OrderRequest) -> bool:
    """Whether both ask for the same under the same id; the ids of two keys are two, whoever else sends it sends the same."""
    if one.entered_by != other.entered_by and (is_key(one.entered_by) or is_key(other.entered_by)):
        return False
    author = {name: getattr(one, name) for name in _AUTHORS}
    return digest_of_model(one) == digest_of_model(other.model_copy(update=author))


async def start_on_server(client: Client, found: OnServer) -> OrderStart | None:
    """What the order was started with: the input of its first run, or what its last one carried where that one is forgotten.

    None where there is no such workflow, or it is none of ours. Raises Refusal(server_unavailable).
    """
    from temporalio.service import RPCError, RPCStatusCode

    if found.state is ServerState.ABSENT or found.workflow != WORKFLOW:
        return None
    for run in dict.fromkeys((found.first_run_id, found.run_id)):
        with named_answers():
            try:
                given = await input_of(client, found.number, run)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                continue
        start = _start_in(given)
        if start is not None:
            return start
    return None


async def input_of(client: Client, number: str, run: str) -> Any:
    """What this run was given, as plain data; None for nothing. Raises RPCError where the server has no such run."""
    handle = client.get_workflow_handle(workflow_id(number), run_id=run)
    async for event in handle.fetch_history_events(page_size=1):
        given = event.workflow_execution_started_event_attributes.input.payloads
        return (await client.data_converter.decode(given))[0] if given else None
    return None


def _start_in(given: Any) -> OrderStart | None:
    if not isinstance(given, dict):
        return None
    try:
        if "request" in given:
            return OrderStart.model_validate(given)
        order = Carried.model_validate(given).order
    except ValidationError:
        return None
    return OrderStart(
        number=order.number,
        placed_at=order.placed_at,
        request=order.request,
        customer=order.customer,
        references=order.references,
        staff=order.staff,
        policy=order.policy,
        edition=order.edition,
        calendar=order.calendar,
    )


async def numbers_on_server(client: Client, task_queue: str, prefix: str = "") -> list[str]:
    """The numbers that begin so and have a workflow of this installation, open or closed, as the server's lists know them.

    The lists may be a moment behind. Raises Refusal(server_unavailable).
    """
    query = (
        f'WorkflowType = "{WORKFLOW}" AND TaskQueue = "{task_queue}" '
        f'AND WorkflowId STARTS_WITH "{workflow_id(prefix)}"'
    )
    before = len(workflow_id(""))
    with named_answers():
        return sorted({found.id[before:] async for found in client.list_workflows(query)})
