"""Try it 沙盒: begin an order that is for trying, and let its days pass. On a development server alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.sandbox.sandbox_orders import sandbox_orders
from gateway.api.orders import Number
from gateway.context import Door, door_of, in_database
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.sandbox import MOST_DAYS, SandboxStart, begin, skip_days, skip_to_next

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]

_NONE_HERE = Words(
    "这里没有沙盒:只在开发服务器上试用(make run)", "there is no sandbox here: only on a development server"
)
_NO_START = Words("没有这种沙盒订单", "there is no such sandbox order")
_NO_DAYS = Words("天数须为 1 至 {most} 的整数", "days are a whole number from 1 to {most}")


def _require_sandbox(door: Door) -> None:
    if not door.settings.sandbox:
        raise Refusal(Code.UNKNOWN_PLACE, _NONE_HERE, where="/sandbox")


@router.get("/sandbox")
async def sandbox(request: Request, session: Who) -> HTMLResponse:
    """What can be tried, and the sandbox orders that there are. Raises Refusal(unknown_place) where there is no sandbox."""
    door = door_of(request)
    _require_sandbox(door)
    begun = await in_database(sandbox_orders, door.engine)
    return page(
        request,
        "sandbox/sandbox.html",
        session=session,
        active="sandbox",
        starts=list(SandboxStart),
        begun=begun,
    )


@router.post("/sandbox")
async def begin_one(request: Request, session: Who) -> Response:
    """Begin a sandbox order and bring it to where it gets interesting."""
    door, form = door_of(request), await staff_form(request, session)
    _require_sandbox(door)
    start = next((each for each in SandboxStart if each.value == form.get("start")), None)
    if start is None:
        raise Refusal(Code.MALFORMED, _NO_START, where="start")
    number = await door.on_server(lambda client: begin(client, door.settings, start, session.caller.name))
    return RedirectResponse(f"/orders/{number}", 303)


@router.post("/sandbox/{number}/skip")
async def skip(request: Request, number: Number, session: Who) -> Response:
    """Let time pass for a sandbox order, and for none other. Raises Refusal(unknown_order) for any other."""
    door, form = door_of(request), await staff_form(request, session)
    _require_sandbox(door)
    wanted = form.get("days", "")
    if wanted == "next":
        await door.on_server(lambda client: skip_to_next(client, door.settings, number))
    elif wanted.isdecimal() and wanted.isascii() and len(wanted) <= 2:
        await door.on_server(lambda client: skip_days(client, door.settings, number, int(wanted)))
    else:
        raise Refusal(Code.MALFORMED, _NO_DAYS.filled(most=MOST_DAYS), where="days")
    return RedirectResponse(f"/orders/{number}", 303)
