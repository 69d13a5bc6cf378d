"""Orders over HTTP: place, tell, decide, read, list."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from activities.access.acts import KnownAnswer, free_answer, keep_answer, reserve_answer
from activities.documents.document_store import PDF, DocumentStore
from activities.documents.printed_papers import documents_of
from activities.listing.found import find_orders
from activities.listing.wanted import FIRST_SORT, MOST, SORTS, Wanted, wanted_of
from activities.notices.deliveries import deliveries_of
from activities.orders.in_charge import start_now
from activities.orders.views.order_lists import InboxPage, inbox_page
from activities.orders.views.order_views import OrderView, show_order
from gateway.api.bodies import json_object
from gateway.api.placing import PlacedStatus, entered_with_key, place_order
from gateway.api.schemas import answers, takes
from gateway.api.telling import Said, Wait, say
from gateway.context import Door, address_of, door_of, in_database, service
from models.access import ALL, Caller, CallerKind
from models.facts.fact_envelope import fact_envelope
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import DecisionContent
from models.messages.envelope import DECISION, read_entered
from models.messages.seen import Seen
from models.request.order_request import OrderRequest
from models.values.content import Content, Instant, Name, Reference, Text
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of, lasting
from models.values.vocabulary import Role, Words
from models.writing.phone_numbers import doubts_json
from models.writing.written_numbers import Manner
from runtime.delivery.placing import read_request

_REFUSED = 400
"""From this status on an answer says that nothing was done."""
_SORT_WORDS = f"{', '.join(SORTS)}; with - in front the other way"

router = APIRouter(prefix="/v1", tags=["orders"])

ORDER_NUMBER = re.compile(r"\d{8}-\d{4,6}")
Number = Annotated[
    str,
    Path(pattern=rf"^{ORDER_NUMBER.pattern}$", description="order number 订单号", examples=["20270105-0042"]),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="the same key with the same content has the same answer; with other content it is refused",
    ),
]
Who = Annotated[Caller, Depends(service)]


class FactBody(Content):
    """A fact: what happened, when, in which role it is said. `fact_id` is the sender's own reference."""

    fact_id: Reference
    kind: Name = Field(json_schema_extra={"enum": list(FACT_KINDS)})
    role: Role | None = None
    happened_at: Instant
    content: dict[str, Any] = Field(default_factory=dict)
    seen: Seen | None = None


class DecisionBody(DecisionContent):
    """A decision in writing."""

    fact_id: Reference
    role: Role | None = None
    happened_at: Instant
    seen: Seen | None = None


class ReasonBody(Content):
    """Why; for a hold, a release from it, or a cancellation."""

    fact_id: Reference
    role: Role | None = None
    happened_at: Instant
    reason: Text
    seen: Seen | None = None


class AmendmentBody(ReasonBody):
    """A change of the order: the fields that change."""

    changes: dict[str, Any]


class OrderPage(BaseModel):
    """One page of orders."""

    orders: list[dict[str, Any]]
    next: str = ""


def seen_by(caller: Caller) -> Wanted:
    """All orders that a caller may see, as the question that finds them (R85)."""
    customers = () if ALL in caller.customers else caller.customers
    own = () if caller.only_salesperson is None else (caller.only_salesperson, *caller.represents)
    return Wanted(customers=customers, only_of=own)


async def visible(door: Door, caller: Caller, number: str) -> None:
    """Raises Refusal where there is no such order (unknown_order), or it is not theirs: `unknown_order` to a service, which
    is not told whether another customer has it, and `wrong_role` to one of the staff."""
    if caller.kind is CallerKind.SERVICE and ALL in caller.customers:
        return
    start = await in_database(start_now, door.engine, number)
    caller.require_sight(number, start.customer.customer, start.staff.person(Role.SALESPERSON))


async def once(
    door: Door, caller: Caller, key: str | None, content: object, work: Callable[[], Awaitable[Said]]
) -> JSONResponse:
    """Do the work, or give the answer that this idempotency key got before: only what was done is kept under it.

    Raises Refusal(request_conflict) for other content under it.
    """
    if key is None:
        said = await work()
        return JSONResponse(said.body, said.status)
    now = datetime.now(UTC)
    known = await in_database(reserve_answer, door.engine, caller.author, key, digest_of(content), now)
    if known is not None:
        return JSONResponse(known.body, known.status, {"Idempotent-Replay": "true"})
    done = False
    try:
        said = await work()
        done = said.status < _REFUSED
    finally:
        if not done:  # refused, or failed, whatever the reason: the key is for what is done
            await in_database(free_answer, door.engine, caller.author, key)
    if done:
        await in_database(keep_answer, door.engine, caller.author, key, KnownAnswer(said.status, said.body))
    return JSONResponse(said.body, said.status)


@router.post("/orders", openapi_extra=takes(OrderRequest), responses=answers(201, 200, 202, 409, 422, 503))
async def place(request: Request, caller: Who, key: Key = None) -> Response:
    """Place an order. The same `request_id` of a customer is one order; `202`: numbered, it begins when the server is back.

    Whose key it is enters it: another name in `entered_by` is kept as `on_behalf_of`, which is nobody's identity.
    """
    door, sent = door_of(request), await json_object(request)
    caller.require_placing()

    async def work() -> Said:
        wanted = read_request(entered_with_key(caller, sent), Manner.SENT)
        if not caller.sees("", wanted.customer, caller.name):
            words = Words("不得为此客户下单", "this customer's orders are not yours to place")
            raise Refusal(Code.WRONG_ROLE, words, where="customer")
        door.quotas.take_order(caller.author)
        opened, status = await place_order(door, caller, wanted, address_of(request))
        body = {
            "order": opened.start.number,
            "request_id": wanted.request_id,
            "known": opened.known,
            **doubts_json(wanted),
        }
        if status is PlacedStatus.WAITING:
            return Said(202, {**body, "status": "stored"})
        return Said(200 if opened.known else 201, {**body, "status": "placed"})

    return await once(door, caller, key, sent, work)


async def _tell_as_service(
    request: Request, caller: Caller, number: str, kind: str, body: Content, content: dict[str, Any], key: str | None,
    wait: Wait,
) -> Response:  # fmt: skip
    door = door_of(request)
    await visible(door, caller, number)
    own_id = str(getattr(body, "fact_id", ""))
    envelope = fact_envelope(
        caller.fact_id(own_id),
        kind,
        content,
        by=caller.author,
        role=caller.role_for(kind, getattr(body, "role", None), getattr(body, "subject", None)),
        happened_at=getattr(body, "happened_at", datetime.now(UTC)),
        seen=getattr(body, "seen", None),
    )

    async def work() -> Said:
        said = await say(
            door, caller, number, envelope, address_of(request), wait, behind=request.state.behind
        )
        return Said(said.status, {**said.body, "fact_id": own_id})

    # as it is asked, and was before ids and authors had their name spaces: the same question has the same answer
    asked = envelope.model_copy(update={"fact_id": own_id, "by": caller.name})
    return await once(door, caller, key, [number, lasting(asked)], work)


@router.post(
    "/orders/{number}/facts",
    openapi_extra=takes(FactBody),
    responses=answers(200, 202, 403, 404, 409, 422, 503),
)
async def fact(
    request: Request, number: Number, caller: Who, key: Key = None, wait: Wait = Wait.ANSWER
) -> Response:
    """Report a fact. `202`: stored, it is told when it can be; nothing that is answered with success is ever lost."""
    body = read_entered(FactBody, await json_object(request), Manner.SENT)
    if body.kind not in FACT_KINDS:
        allowed = ", ".join(FACT_KINDS)
        words = Words(
            f"没有事实 {body.kind}。有：{allowed}", f"there is no fact {body.kind}; there are: {allowed}"
        )
        raise Refusal(Code.UNKNOWN_FACT, words, where="kind")
    return await _tell_as_service(request, caller, number, body.kind, body, body.content, key, wait)


@router.post(
    "/orders/{number}/decisions",
    openapi_extra=takes(DecisionBody),
    responses=answers(200, 202, 403, 404, 409, 422, 503),
)
async def decision(
    request: Request, number: Number, caller: Who, key: Key = None, wait: Wait = Wait.ANSWER
) -> Response:
    """Give a decision, in writing."""
    body = read_entered(DecisionBody, await json_object(request), Manner.SENT)
    content = body.model_dump(
        mode="json", exclude={"fact_id", "role", "happened_at", "seen"}, exclude_none=True
    )
    return await _tell_as_service(request, caller, number, DECISION, body, content, key, wait)


def _short(path: str, kind: str, words: str) -> None:
    @router.post(
        f"/orders/{{number}}/{path}",
        openapi_extra=takes(ReasonBody),
        responses=answers(200, 202, 403, 404, 409, 422, 503),
        name=path,
        summary=words,
    )
    async def short(
        request: Request, number: Number, caller: Who, key: Key = None, wait: Wait = Wait.ANSWER
    ) -> Response:
        body = read_entered(ReasonBody, await json_object(request), Manner.SENT)
        return await _tell_as_service(request, caller, number, kind, body, {"reason": body.reason}, key, wait)


_short("hold", "hold_placed", "Put the order on hold")
_short("resume", "hold_released", "Let the order go on")
_short("cancel", "cancellation_requested", "Ask for a cancellation (R84)")


@router.post(
    "/orders/{number}/amend",
    openapi_extra=takes(AmendmentBody),
    responses=answers(200, 202, 403, 404, 409, 422, 503),
)
async def amend(
    request: Request, number: Number, caller: Who, key: Key = None, wait: Wait = Wait.ANSWER
) -> Response:
    """Ask for a change (R83): checked, priced and confirmed again."""
    body = read_entered(AmendmentBody, await json_object(request), Manner.SENT)
    content = {"reason": body.reason, "changes": body.changes}
    return await _tell_as_service(request, caller, number, "amendment_requested", body, content, key, wait)


# --- reading -----------------------------------------------------------------------------------------------------


async def _view(request: Request, caller: Caller, number: str) -> OrderView:
    door = door_of(request)
    view: OrderView = await in_database(show_order, door.engine, number)
    caller.require_sight(number, view.order.customer, view.order.salesperson)
    return view


_DAY = "business day, such as 2027-03-01"
Asked = Annotated[str, Query(max_length=200)]
Day = Annotated[str, Query(max_length=40, description=_DAY)]
Yes = Annotated[str, Query(pattern="^(yes)?$")]


@router.get("/orders", responses=answers(200, 400, 422))
async def find(
    request: Request,
    caller: Who,
    q: Annotated[str, Query(max_length=100, description="part of what an order is found by; every word must be found")] = "",
    status: Annotated[str, Query(max_length=50)] = "",
    customer: Asked = "",
    salesperson: Asked = "",
    open_only: bool = False,
    sort: Annotated[str, Query(max_length=30, description=_SORT_WORDS)] = FIRST_SORT,
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    phase: Asked = "",
    waits_role: Asked = "",
    waits_person: Asked = "",
    overdue: Yes = "",
    danger: Yes = "",
    product: Asked = "",
    placed_from: Day = "",
    placed_to: Day = "",
    promised_from: Day = "",
    promised_to: Day = "",
    ended_from: Day = "",
    ended_to: Day = "",
    amount_from: Asked = "",
    amount_to: Asked = "",
    unpaid: Yes = "",
) -> OrderPage:  # fmt: skip
    """A page of orders; `next` is the cursor of the one after. Pages stay as they are while orders are placed.

    The same question as the list of the pages asks.
    """
    _no_control_signs(q, status, customer, salesperson, sort, cursor)
    asked = {
        "q": q, "customer": customer, "salesperson": salesperson, "phase": phase, "waits_role": waits_role,
        "waits_person": waits_person, "overdue": overdue, "danger": danger, "product": product, "placed_from": placed_from,
        "placed_to": placed_to, "promised_from": promised_from, "promised_to": promised_to, "ended_from": ended_from,
        "ended_to": ended_to, "amount_from": amount_from, "amount_to": amount_to, "unpaid": unpaid,
        "open": "yes" if open_only else "", "sort": sort, "cursor": cursor,
    }  # fmt: skip
    wanted = replace(wanted_of(asked, seen_by(caller), door_of(request).now()), status=status, most=limit)
    page = await in_database(find_orders, door_of(request).engine, wanted)
    return OrderPage(orders=[each.model_dump(mode="json") for each in page.orders], next=page.next)


def _no_control_signs(*texts: str) -> None:
    if any(ord(sign) < 32 for text in texts for sign in text):
        raise Refusal(Code.MALFORMED, Words("不得有控制字符", "no control characters"), where="query")


@router.get("/orders/{number}", responses=answers(200, 403, 404))
async def order(request: Request, number: Number, caller: Who) -> dict[str, Any]:
    """One order as it was last recorded: status, dates, lines, amounts, open steps."""
    view = await _view(request, caller, number)
    return {
        **view.order.model_dump(mode="json"),
        "lines": [each.model_dump(mode="json") for each in view.lines],
        "payments": [each.model_dump(mode="json") for each in view.payments],
    }


@router.get("/orders/{number}/timeline", responses=answers(200, 403, 404))
async def timeline(request: Request, number: Number, caller: Who) -> list[dict[str, Any]]:
    """Everything that happened to it, as journaled."""
    view = await _view(request, caller, number)
    return [entry.model_dump(mode="json", exclude={"previous"}) for entry in view.journal]


@router.get("/orders/{number}/promises", responses=answers(200, 403, 404))
async def promises(request: Request, number: Number, caller: Who) -> list[dict[str, Any]]:
    """The history of its promise, with causes."""
    return [each.model_dump(mode="json") for each in (await _view(request, caller, number)).promises]


@router.get("/orders/{number}/steps", responses=answers(200, 403, 404))
async def steps(request: Request, number: Number, caller: Who) -> list[dict[str, Any]]:
    """What it waits for: from whom, why, since when, until when."""
    return [each.model_dump(mode="json") for each in (await _view(request, caller, number)).order.steps]


@router.get("/orders/{number}/documents", responses=answers(200, 403, 404))
async def documents(request: Request, number: Number, caller: Who) -> list[dict[str, Any]]:
    """Its printed papers; `document` is to be asked for under `/v1/orders/…/documents/{document}`."""
    await _view(request, caller, number)
    found = await in_database(documents_of, door_of(request).engine, number)
    return [each.model_dump(mode="json") for each in found]


@router.get("/orders/{number}/notices", responses=answers(200, 403, 404))
async def notices(request: Request, number: Number, caller: Who) -> list[dict[str, Any]]:
    """Its notices, and what became of each."""
    await _view(request, caller, number)
    return [
        each.model_dump(mode="json")
        for each in await in_database(deliveries_of, door_of(request).engine, number)
    ]


@router.get(
    "/orders/{number}/documents/{document}", responses=answers(200, 403, 404, 503), response_class=Response
)
async def document(
    request: Request, number: Number, document: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")], caller: Who
) -> Response:
    """One printed paper as PDF."""
    await _view(request, caller, number)
    door = door_of(request)
    known = await in_database(documents_of, door.engine, number)
    if document not in {each.document for each in known}:
        raise Refusal(Code.UNKNOWN_ORDER, Words("没有这份文书", "there is no such paper"), where=document)
    content = await in_database(DocumentStore(door.settings.documents).read, document + PDF)
    return Response(content, media_type="application/pdf")


@router.get("/inbox/{role}", responses=answers(200, 400, 403, 422))
async def steps_of_role(
    request: Request,
    response: Response,
    role: Role,
    caller: Who,
    limit: Annotated[int | None, Query(ge=1, le=MOST, description="how many a page; without it all")] = None,
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> list[dict[str, Any]]:
    """What waits for a role in the orders that the caller may know, the most overdue first.

    With `limit` it is a page: the header `Link` with `rel="next"` leads to the one after, and is missing at the end.
    """
    caller.require_role(role)
    _no_control_signs(cursor)
    customers = None if ALL in caller.customers else caller.customers
    person = caller.only_salesperson
    found: InboxPage = await in_database(
        inbox_page,
        door_of(request).engine,
        [role],
        person=person,
        customers=customers,
        cursor=cursor,
        most=limit,
    )
    if found.next:
        after = request.url.include_query_params(cursor=found.next)
        response.headers["Link"] = f'<{after.path}?{after.query}>; rel="next"'
    return [each.model_dump(mode="json") for each in found.steps]
