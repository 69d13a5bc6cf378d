"""What other shops hear of their orders: endpoints registered and kept by their own keys, events read from a cursor (R85)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from activities.webhooks.endpoints import (
    EndpointView,
    change_endpoint,
    endpoint_of,
    list_endpoints,
    pause_endpoint,
    register_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
    send_again,
)
from activities.webhooks.order_events import MOST_ON_A_PAGE, events_after, give_positions
from gateway.api.bodies import json_object
from gateway.api.orders import ORDER_NUMBER, Who
from gateway.api.schemas import answers, takes
from gateway.context import Door, door_of, in_database, keep_act
from models.access import Caller, CallerKind
from models.messages.envelope import read_entered
from models.values.content import Content, Instant, Line, Reference
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.webhooks.order_events import ALL_EVENTS, OrderEvent, schema_of
from models.writing.written_numbers import Manner
from runtime.link_secret import link_secret

router = APIRouter(prefix="/v1", tags=["events"])
Endpoint = Annotated[
    str, Path(pattern=r"^we_[0-9a-f]{16}$", description="endpoint", examples=["we_0123456789abcdef"])
]
_A_SERVICE = Words(
    "推送地址属于服务的密钥，本人的密钥没有", "endpoints belong to services' keys, not to persons'"
)
_NOT_THEIRS = Words("不得接收客户 {customer} 的订单", "the orders of {customer} are not yours to hear of")
_WHICH = Words("请写明 after 或 since", "say after or since")


class EndpointBody(Content):
    """A new endpoint. `events`: which it hears of, `*` for all; `customers`: of whose orders, none for all that the key reads."""

    url: Line
    events: tuple[Line, ...] = (ALL_EVENTS,)
    customers: tuple[Reference, ...] = ()


class EndpointChange(Content):
    """Another address, other events; what is not said stays."""

    url: Line = ""
    events: tuple[Line, ...] = ()


class RotationBody(Content):
    """For how many days the old secret signs beside the new one."""

    overlap_days: int = Field(default=7, ge=0, le=30)


class ReplayBody(Content):
    """From which cursor, or from which moment on, events are sent again."""

    after: int | None = Field(default=None, ge=0)
    since: Instant | None = None


def _service(caller: Caller) -> str:
    if caller.kind is not CallerKind.SERVICE:
        raise Refusal(Code.WRONG_ROLE, _A_SERVICE, rule="R85")
    return caller.name


def _shown(view: EndpointView) -> dict[str, Any]:
    words = view.cause_words
    return {
        **view.model_dump(mode="json", exclude={"created_by", "name"}),
        "paused_because": {"zh": words.zh, "en": words.en} if words is not None else None,
    }


async def _own(door: Door, caller: Caller, endpoint: str) -> dict[str, Any]:
    return _shown(await in_database(endpoint_of, door.engine, endpoint, _service(caller)))


@router.post("/endpoints", openapi_extra=takes(EndpointBody), responses=answers(201, 403, 409, 422))
async def register(request: Request, caller: Who) -> JSONResponse:
    """Register an endpoint. Its secret is in this answer and is never shown again."""
    body, name, door = (
        read_entered(EndpointBody, await json_object(request), Manner.SENT),
        _service(caller),
        door_of(request),
    )
    for customer in body.customers:
        if not caller.sees("", customer, caller.name):
            raise Refusal(
                Code.WRONG_ROLE, _NOT_THEIRS.filled(customer=customer), where="customers", rule="R85"
            )
    made = await in_database(
        register_endpoint, door.engine, link_secret(door.settings), name, body.url, body.events, door.now(),
        by=caller.author, customers=body.customers or caller.customers, inner=door.settings.webhook_inner_addresses,
    )  # fmt: skip
    await keep_act(request, caller.author, f"endpoint {made.endpoint} registered")
    return JSONResponse({**await _own(door, caller, made.endpoint), "secret": made.secret}, 201)


@router.get("/endpoints", responses=answers(200, 403))
async def endpoints(request: Request, caller: Who) -> list[dict[str, Any]]:
    """The endpoints of the key's service, without their secrets."""
    return [
        _shown(each) for each in await in_database(list_endpoints, door_of(request).engine, _service(caller))
    ]


@router.get("/endpoints/{endpoint}", responses=answers(200, 403, 404))
async def one(request: Request, endpoint: Endpoint, caller: Who) -> dict[str, Any]:
    """One endpoint: its state, what waits, what went wrong."""
    return await _own(door_of(request), caller, endpoint)


@router.post(
    "/endpoints/{endpoint}", openapi_extra=takes(EndpointChange), responses=answers(200, 403, 404, 422)
)
async def change(request: Request, endpoint: Endpoint, caller: Who) -> dict[str, Any]:
    """Another address, or other events."""
    body, name, door = (
        read_entered(EndpointChange, await json_object(request), Manner.SENT),
        _service(caller),
        door_of(request),
    )
    await in_database(
        change_endpoint, door.engine, endpoint, name=name, url=body.url, events=body.events,
        inner=door.settings.webhook_inner_addresses,
    )  # fmt: skip
    await keep_act(request, caller.author, f"endpoint {endpoint} changed")
    return await _own(door, caller, endpoint)


@router.post(
    "/endpoints/{endpoint}/rotate", openapi_extra=takes(RotationBody), responses=answers(200, 403, 404, 422)
)
async def rotate(request: Request, endpoint: Endpoint, caller: Who) -> dict[str, Any]:
    """A new secret, shown only in this answer; until the overlap is over events bear two signatures."""
    body, name, door = (
        read_entered(RotationBody, await json_object(request), Manner.SENT),
        _service(caller),
        door_of(request),
    )
    made = await in_database(
        rotate_secret, door.engine, link_secret(door.settings), endpoint, door.now(), timedelta(days=body.overlap_days),
        name=name,
    )  # fmt: skip
    await keep_act(request, caller.author, f"endpoint {endpoint} rotated")
    return {**await _own(door, caller, endpoint), "secret": made.secret}


@router.post("/endpoints/{endpoint}/pause", responses=answers(200, 403, 404))
async def pause(request: Request, endpoint: Endpoint, caller: Who) -> dict[str, Any]:
    """Send nothing there for the time being; what happens meanwhile waits."""
    door = door_of(request)
    await in_database(pause_endpoint, door.engine, endpoint, name=_service(caller))
    await keep_act(request, caller.author, f"endpoint {endpoint} paused")
    return await _own(door, caller, endpoint)


@router.post("/endpoints/{endpoint}/resume", responses=answers(200, 403, 404))
async def resume(request: Request, endpoint: Endpoint, caller: Who) -> dict[str, Any]:
    """Send there again, what waited first."""
    door = door_of(request)
    await in_database(
        resume_endpoint, door.engine, endpoint, door.now(), by=caller.author, name=_service(caller)
    )
    await keep_act(request, caller.author, f"endpoint {endpoint} resumed")
    return await _own(door, caller, endpoint)


@router.post(
    "/endpoints/{endpoint}/replay", openapi_extra=takes(ReplayBody), responses=answers(202, 403, 404, 422)
)
async def replay(request: Request, endpoint: Endpoint, caller: Who) -> JSONResponse:
    """Send again what happened after a cursor or from a moment on, under the ids that the events had."""
    body, name, door = (
        read_entered(ReplayBody, await json_object(request), Manner.SENT),
        _service(caller),
        door_of(request),
    )
    if (body.after is None) is (body.since is None):
        raise Refusal(Code.MISSING_FIELD, _WHICH, where="after")
    count = await in_database(
        send_again, door.engine, endpoint, door.now(), after=body.after or 0, since=body.since, name=name
    )
    await keep_act(request, caller.author, f"endpoint {endpoint}: {count} events sent again")
    return JSONResponse({"endpoint": endpoint, "events": count}, 202)


@router.delete("/endpoints/{endpoint}", responses=answers(200, 403, 404))
async def remove(request: Request, endpoint: Endpoint, caller: Who) -> Response:
    """Send nothing there any more, for good."""
    door = door_of(request)
    await in_database(
        remove_endpoint, door.engine, endpoint, door.now(), by=caller.author, name=_service(caller)
    )
    await keep_act(request, caller.author, f"endpoint {endpoint} removed")
    return JSONResponse({"endpoint": endpoint, "state": "removed"})


@router.get("/events", responses=answers(200, 400, 403))
async def events(
    request: Request,
    caller: Who,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="cursor of the last event that is known; 0: from the first")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE)] = 100,
    order: Annotated[str, Query(pattern=rf"^({ORDER_NUMBER.pattern})?$", description="of this order alone")] = "",
) -> dict[str, Any]:  # fmt: skip
    """Events of the orders that the key may read, the oldest first; `next` is the cursor to ask with next.

    Whoever has read up to a cursor has missed nothing before it. Events are kept from the first registered endpoint on.
    """
    _service(caller)
    door = door_of(request)
    await in_database(give_positions, door.engine, door.now())
    found = await in_database(events_after, door.engine, after, caller.customers, order=order, most=limit)
    return {"events": found, "next": found[-1]["cursor"] if found else after}


@router.get("/events/schemas", responses=answers(200))
async def schemas(caller: Who) -> dict[str, Any]:
    """The JSON Schema of each event, by its type."""
    return {event.value: schema_of(event) for event in OrderEvent}
