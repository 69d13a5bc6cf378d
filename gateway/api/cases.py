"""Quotes, after-sales cases and contracts over HTTP: ask for one, tell it, read it, list them (R104, R107, R143)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from activities.access.acts import Act, note_act
from activities.orders.views.order_views import show_order
from gateway.api.bodies import json_object
from gateway.api.case_rooms import CASES, CONTRACTS, QUOTES, Row, ServiceRoom, View
from gateway.api.orders import FactBody, Key, Who, once
from gateway.api.placing import PlacedStatus, entered_with_key
from gateway.api.schemas import answers, takes
from gateway.api.telling import Said, Wait, say
from gateway.context import Door, address_of, door_of, in_database
from models.access import ALL, Caller, no_order
from models.cases.case_request import CaseRequest
from models.facts.fact_envelope import fact_envelope
from models.messages.decision_subjects import Subject
from models.messages.envelope import read_entered
from models.quotes.quote_request import QuoteRequest
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner
from runtime.cases.beginning import begin_case
from runtime.cases.opening import AFTER_SALES, ENQUIRIES
from runtime.cases.rooms import AnyStart

router = APIRouter(prefix="/v1", tags=["quotes, cases, contracts"])
Number = Annotated[
    str,
    Path(
        pattern=r"^[A-Z]\d{8}-\d{4,6}(-\d{1,6})?$",
        description="number of the quote, the case or the contract",
        examples=["Q20270105-0001", "C20270105-0042-1", "H20270105-0042-1"],
    ),
]
_NOT_FOR_THEM = Words("不得为此客户询价", "this customer's enquiries are not yours to make")
_NO_FACT = Words("没有事实 {kind}。有：{allowed}", "there is no fact {kind}; there are: {allowed}")
MOST_LISTED = 500


@router.post("/quotes", openapi_extra=takes(QuoteRequest), responses=answers(201, 200, 202, 409, 422, 503))
async def ask(request: Request, caller: Who, key: Key = None) -> Response:
    """Ask for a quote. The same `request_id` of a customer is one quote; `202`: numbered, it begins when the server is back."""
    door, sent = door_of(request), await json_object(request)
    caller.require_placing()

    async def work() -> Said:
        wanted = ENQUIRIES.read(_entered(caller, sent), Manner.SENT)
        if not caller.sees("", wanted.customer, caller.name):
            raise Refusal(Code.WRONG_ROLE, _NOT_FOR_THEM, where="customer")
        door.quotas.take_order(caller.author)
        opened = await ENQUIRIES.number(door.settings, wanted, space=caller.request_space)
        return await _begun(request, caller, QUOTES, opened.start, known=opened.known)

    return await once(door, caller, key, sent, work)


@router.post("/cases", openapi_extra=takes(CaseRequest), responses=answers(201, 200, 202, 404, 409, 422, 503))
async def open_one(request: Request, caller: Who, key: Key = None) -> Response:
    """Open an after-sales case of an order. The same `request_id` is one case; its goods are held for it until it is settled."""
    door, sent = door_of(request), await json_object(request)
    caller.require_placing()

    async def work() -> Said:
        wanted = AFTER_SALES.read(_entered(caller, sent), Manner.SENT)
        theirs = (await in_database(show_order, door.engine, wanted.order)).order
        caller.require_sight(wanted.order, theirs.customer, theirs.salesperson)
        door.quotas.take_order(caller.author)
        opened = await AFTER_SALES.number(door.settings, wanted, space=caller.request_space)
        return await _begun(request, caller, CASES, opened.start, known=opened.known)

    return await once(door, caller, key, sent, work)


def _entered(caller: Caller, sent: dict[str, Any]) -> dict[str, Any]:
    """Author and role are the key's; for whom a service entered it is kept by orders alone."""
    entered = entered_with_key(caller, sent)
    if "on_behalf_of" not in sent:
        entered.pop("on_behalf_of", None)
    return entered


async def _begun(
    request: Request, caller: Caller, room: ServiceRoom, start: AnyStart, *, known: bool
) -> Said:
    """Begin a numbered case; one whose server is away has its number and begins later by itself."""
    door, status = door_of(request), PlacedStatus.KNOWN if known else PlacedStatus.PLACED
    try:
        begun = await door.on_server(lambda client: begin_case(client, door.settings, start))
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        door.forward_now()
        begun, status = start, PlacedStatus.WAITING
    act = Act(
        at=door.now(), person=caller.author, role=start.request.entered_role.value, address=address_of(request),
        act=f"place {start.request.request_id}", order_number=begun.number, outcome=status.value,
    )  # fmt: skip
    await in_database(note_act, door.engine, act)
    body = {room.one: begun.number, "request_id": start.request.request_id, "known": known}
    if status is PlacedStatus.WAITING:
        return Said(202, {**body, "status": "stored"})
    return Said(200 if known else 201, {**body, "status": "placed"})


async def _seen(door: Door, caller: Caller, room: ServiceRoom, number: str) -> View:
    """Raises Refusal(unknown_order) for one that is not theirs as for one that nobody knows; wrong_role to staff."""
    if not number.startswith(room.letter):
        raise no_order(number)
    try:
        view = await in_database(room.show, door.engine, number)
    except Refusal as refusal:
        if refusal.code is Code.UNKNOWN_ORDER:
            raise no_order(number) from None
        raise
    caller.require_sight(number, view.customer, view.salesperson)
    return view


async def _told(
    request: Request, caller: Caller, room: ServiceRoom, number: str, key: str | None, wait: Wait
) -> Response:
    door, body = door_of(request), read_entered(FactBody, await json_object(request), Manner.SENT)
    await _seen(door, caller, room, number)
    if body.kind not in room.facts:
        words = _NO_FACT.filled(kind=body.kind, allowed=", ".join(room.facts))
        raise Refusal(Code.UNKNOWN_FACT, words, where="kind")
    subject = next((each for each in Subject if each.value == body.content.get("subject")), None)
    envelope = fact_envelope(
        caller.fact_id(body.fact_id),
        body.kind,
        body.content,
        by=caller.author,
        role=caller.role_for(body.kind, body.role, subject),
        happened_at=body.happened_at,
        seen=body.seen,
        kinds=room.facts,
    )

    async def work() -> Said:
        said = await say(door, caller, number, envelope, address_of(request), wait)
        return Said(said.status, {**said.body, "fact_id": body.fact_id})

    asked = envelope.model_copy(update={"fact_id": body.fact_id, "by": caller.name})
    return await once(door, caller, key, [number, lasting(asked)], work)


def _routes(room: ServiceRoom) -> None:
    """The routes that each kind has alike."""

    @router.get(f"/{room.name}", responses=answers(200), name=f"list of {room.name}")
    async def listed(
        request: Request,
        caller: Who,
        customer: Annotated[str, Query(max_length=200)] = "",
        open_only: bool = False,
    ) -> list[dict[str, Any]]:
        """The newest 500 that the caller may know, the newest first."""
        own = caller.only_salesperson
        asked = [customer or None] if ALL in caller.customers else [*caller.customers]
        if customer:
            asked = [each for each in asked if each == customer]
        found: list[Row] = []
        for each in asked:
            found += await in_database(room.find, door_of(request).engine, each, own, open_only)
        found.sort(key=lambda row: (row.placed_at, row.number), reverse=True)
        return [row.model_dump(mode="json") for row in found[:MOST_LISTED]]

    @router.get(f"/{room.name}/{{number}}", responses=answers(200, 403, 404), name=f"one of {room.name}")
    async def shown(request: Request, number: Number, caller: Who) -> dict[str, Any]:
        """One of them; what it costs us and how the house works on it is for who works on it."""
        return room.seen_as(await _seen(door_of(request), caller, room, number), caller.roles)

    @router.post(
        f"/{room.name}/{{number}}/facts",
        openapi_extra=takes(FactBody),
        responses=answers(200, 202, 403, 404, 409, 422, 503),
        name=f"fact of {room.name}",
    )
    async def fact(
        request: Request, number: Number, caller: Who, key: Key = None, wait: Wait = Wait.ANSWER
    ) -> Response:
        """Report a fact. `202`: stored, it is told when it can be; nothing that is answered with success is ever lost."""
        return await _told(request, caller, room, number, key, wait)


for _room in (QUOTES, CASES, CONTRACTS):
    _routes(_room)
