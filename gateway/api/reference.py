"""What orders are placed with, and whether the door is open: customers, price list, health."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from activities.orders.views.order_lists import known_customers, known_prices
from activities.store.database import is_current
from gateway.api.schemas import answers
from gateway.context import door_of, in_database, service
from gateway.robots import ROBOTS
from models.access import ALL, Caller

router = APIRouter(tags=["reference"])
Who = Annotated[Caller, Depends(service)]


@router.get("/v1/customers", responses=answers(200))
async def customers(request: Request, caller: Who) -> list[dict[str, Any]]:
    """The customers that the caller may know."""
    found = await in_database(known_customers, door_of(request).engine)
    return [each for each in found if ALL in caller.customers or each["customer"] in caller.customers]


@router.get("/v1/prices", responses=answers(200))
async def prices(request: Request, caller: Who) -> list[dict[str, Any]]:
    """The price list."""
    return await in_database(known_prices, door_of(request).engine)


@router.get("/v1/me", responses=answers(200))
async def me(caller: Who) -> dict[str, Any]:
    """Who the caller is, and what the key opens."""
    return caller.model_dump(mode="json")


@router.get("/robots.txt", include_in_schema=False)
async def robots() -> PlainTextResponse:
    """What robots may look at."""
    return PlainTextResponse(ROBOTS)


@router.get("/health/live", include_in_schema=False)  # a probe, no interface for programs
async def live() -> dict[str, bool]:
    """Whether this process answers at all; what it rests on is not asked."""
    return {"live": True}


@router.get("/health/ready", include_in_schema=False)
async def ready(request: Request) -> JSONResponse:
    """Whether all that is told is also done: database, Temporal server, a worker that polls, no failing workflow task.

    A door that is not ready still takes what is told and keeps it: have people woken by this, and take no door away.
    """
    found = await door_of(request).readiness()
    return JSONResponse(found.as_json(), 200 if found.ready else 503)


@router.get("/health", responses=answers(200, 503))
async def health(request: Request) -> JSONResponse:
    """Whether the door is open; a Temporal server that is away closes nothing: facts are kept."""
    door = door_of(request)
    ready = await in_database(is_current, door.engine)
    server = "away" if door.server_is_away else "there"
    return JSONResponse(
        {"database": "ready" if ready else "not set up", "server": server}, 200 if ready else 503
    )
