"""Placing at the door, whichever way an order comes: numbered, begun, and who placed it is kept (R10)."""

from __future__ import annotations

from datetime import UTC, datetime

from activities.access.acts import Act, note_act
from gateway.context import Door, in_database
from models.access import Caller
from models.request.order_request import OrderRequest
from models.values.errors import Code, Refusal
from models.values.vocabulary import Term
from runtime.delivery.placing import Opened


class PlacedStatus(Term):
    """What became of an order that was numbered."""

    PLACED = "placed", "已受理", "placed"
    KNOWN = "known", "以前已受理", "placed before"
    WAITING = "waiting", "已编号,服务器恢复后开始", "numbered; it begins when the server is back"


async def place_order(
    door: Door, caller: Caller, request: OrderRequest, address: str
) -> tuple[Opened, PlacedStatus]:
    """Give the request its number and start its workflow. Raises Refusal as `activities.orders.requests.open_request`."""
    opened = await door.number(request)
    return opened, await begin(door, caller, opened, address)


async def begin(door: Door, caller: Caller, opened: Opened, address: str) -> PlacedStatus:
    """Begin a numbered order; one whose server is away begins later by itself."""
    status = PlacedStatus.KNOWN if opened.known else PlacedStatus.PLACED
    try:
        await door.begin(opened)
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        status = PlacedStatus.WAITING
    request = opened.start.request
    act = Act(
        at=datetime.now(UTC), person=caller.name, role=request.entered_role.value, address=address,
        act=f"place {request.request_id}", order_number=opened.start.number, outcome=status.value,
    )  # fmt: skip
    await in_database(note_act, door.engine, act)
    return status
