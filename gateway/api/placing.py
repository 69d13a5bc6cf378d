"""Placing at the door, whichever way an order comes: numbered, begun, and who placed it is kept (R10)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from activities.access.acts import Act, note_act
from gateway.context import Door, in_database
from models.access import PLACES, Caller, CallerKind
from models.request.order_request import OrderRequest
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Term, Words
from runtime.delivery.placing import Opened

_OWN_NAME = Words(
    "以 {person} 本人的密钥下单，不能写成由 {named} 录入",
    "an order placed by {person}'s own key is not entered by {named}",
)


class PlacedStatus(Term):
    """What became of an order that was numbered."""

    PLACED = "placed", "已受理", "placed"
    KNOWN = "known", "以前已受理", "placed before"
    WAITING = "waiting", "已编号，服务器恢复后开始", "numbered; it begins when the server is back"


def entered_with_key(caller: Caller, sent: dict[str, Any]) -> dict[str, Any]:
    """The request as the caller's key enters it: author and role are the key's, whatever the body says.

    A service may say who entered it in its own system: the name is kept as `on_behalf_of` and is nobody's identity, the
    role is not taken. A person's own key enters in that person's name alone: Raises Refusal(wrong_role) for another
    person's name, and for a role that they have not.
    """
    named, asked = sent.get("entered_by"), sent.get("entered_role")
    theirs = {caller.name, caller.author}
    if caller.kind is CallerKind.STAFF and isinstance(named, str) and named not in theirs:
        words = _OWN_NAME.filled(person=caller.name, named=named[:100])
        raise Refusal(Code.WRONG_ROLE, words, where="entered_by")
    own = next((each for each in caller.roles if each in PLACES), next(iter(caller.roles), Role.SYSTEM))
    role = next((each for each in Role if each.value == asked), None)
    if role is not None and caller.kind is CallerKind.STAFF:
        caller.require_role(role)
    known = role if role in caller.roles else own
    entered = {
        "entered_by": caller.author,
        "entered_role": asked if asked is not None and role is None else known,
    }
    if caller.kind is CallerKind.SERVICE and named is not None and named not in theirs:
        entered["on_behalf_of"] = sent.get("on_behalf_of") or named
    return {**sent, **entered}


async def place_order(
    door: Door, caller: Caller, request: OrderRequest, address: str
) -> tuple[Opened, PlacedStatus]:
    """Give the request its number and start its workflow. Raises Refusal as `activities.orders.requests.open_request`."""
    opened = await door.number(request, caller)
    return await begin(door, caller, opened, address)


async def begin(door: Door, caller: Caller, opened: Opened, address: str) -> tuple[Opened, PlacedStatus]:
    """Begin a numbered order, with the number that it has then; one whose server or database is away begins later by itself.

    It has its number and is kept, so no such trouble takes back what the caller hears of it.
    """
    try:
        opened = await door.begin(opened)
        status = PlacedStatus.KNOWN if opened.known else PlacedStatus.PLACED
    except Refusal as refusal:
        if refusal.code not in OF_THE_WORLD:
            raise
        status = PlacedStatus.WAITING
    request = opened.start.request
    act = Act(
        at=datetime.now(UTC), person=caller.author, role=request.entered_role.value, address=address,
        act=f"place {request.request_id}", order_number=opened.start.number, outcome=status.value,
    )  # fmt: skip
    try:
        await in_database(note_act, door.engine, act)
    except Refusal as refusal:
        if refusal.code not in OF_THE_WORLD:
            raise
        door.unnoted.append(act)  # the order is placed, so the caller hears that
    return opened, status
