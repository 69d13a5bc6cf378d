"""A new order as a form that is checked as one types: the refusals are those of placing, nothing is numbered before (R10, R12, R20)."""

from __future__ import annotations

import asyncio
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.orders.requests import has_begun
from gateway.api.placing import PlacedStatus, place_order
from gateway.api.problems import status_of
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.entry.filling import as_last_of, as_order
from gateway.pages.entry.order_form import (
    MOST_FIELDS,
    Look,
    form_page,
    look_at,
    meant,
    request_id_of,
    with_list_prices,
    with_mark,
    without_mark,
)
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.forms.order_form import MOST_LINES, lines_in, request_in, without_line
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner
from runtime.delivery.placing import read_request

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_LOOKS = 10
_PAUSE_SECONDS = 0.2
_ANOTHER = Words(
    "{said}若这是另一张订单，请再按一次“下单”。",
    "{said} If this is another order, press “place the order” once more.",
)


@router.get("/orders/new")
async def blank(request: Request, session: Who, again: str = "", customer: str = "") -> Response:
    """An empty form; `again`: like this order; `customer`: for this customer, everything as last time.

    Raises Refusal(wrong_role) for who may not place orders, and Refusal(unknown_order, wrong_role) for an order that is not
    theirs to see.
    """
    session.caller.require_placing()
    door = door_of(request)
    request_id, mark = request_id_of(request, session, again or customer)
    filled, told_so = {"request_id": request_id}, None
    if again:
        as_before, told_so = await as_order(door, session.caller, again[:40])
        filled |= as_before
    elif customer:
        as_before, told_so = await as_last_of(door, session.caller, {"customer": customer[:100]}, goods=False)
        filled |= as_before
    look = await look_at(door, session.caller, filled) if len(filled) > 1 else Look()
    answer = await form_page(request, session, filled, look, told_so=told_so)
    with_mark(request, answer, mark)
    return answer


@router.post("/orders/new/lines")
async def lines(request: Request, session: Who) -> HTMLResponse:
    """The same form with a line more, or with one line less; for a script the lines alone."""
    filled = await staff_form(request, session, MOST_FIELDS, by_field=True)
    session.caller.require_placing()
    door = door_of(request)
    gone = filled.pop("remove", "")
    if gone.isdecimal() and lines_in(filled) > 1:
        filled = without_line(filled, int(gone))
    elif filled.pop("add", "") and lines_in(filled) < MOST_LINES:
        filled[f"lines.{lines_in(filled)}.product"] = ""
    filled = await with_list_prices(door, await meant(door, filled))
    look = await look_at(door, session.caller, filled)
    part = "new_order_form.html" if filled.pop("whole", "") else "new_order_lines.html"
    name = part if request.headers.get("hx-request") else "new_order.html"
    return await form_page(request, session, filled, look, name=name)


@router.post("/orders/new/check")
async def check(request: Request, session: Who) -> HTMLResponse:
    """What is wrong so far, field by field, and what the order comes to."""
    filled = await staff_form(request, session, MOST_FIELDS, by_field=True)
    session.caller.require_placing()
    look = await look_at(door_of(request), session.caller, await meant(door_of(request), filled))
    return await form_page(request, session, filled, look, name="new_order_check.html")


@router.post("/orders/new")
async def place(request: Request, session: Who) -> Response:
    """Place the order. The same form sent twice is one order; a refused one comes back with everything that was typed."""
    door, caller = door_of(request), session.caller
    filled = await staff_form(request, session, MOST_FIELDS, by_field=True)
    caller.require_placing()
    filled = await meant(door, filled)
    look = await look_at(door, caller, filled, at_end=True)
    if look.problems:
        return await form_page(request, session, filled, look, status=422)
    try:
        wanted = read_request(request_in(filled, caller), Manner.TYPED)
        opened, status = await place_order(door, caller, wanted, address_of(request))
    except Refusal as refusal:
        if refusal.code is Code.REQUEST_CONFLICT and refusal.where == "request_id":
            filled["request_id"] = f"door/{uuid.uuid4()}"
            refusal = _as_another(refusal)
        return await form_page(request, session, filled, look, refusal, status_of(refusal.code))
    number = opened.start.number
    if status is PlacedStatus.PLACED:
        await _recorded(door, number)
    answer: Response = RedirectResponse(f"/orders/{number}?said={status}", 303)
    if not caller.sees(number, opened.start.customer.customer, opened.start.staff.person(Role.SALESPERSON)):
        answer = page(
            request, "placed.html", session=session, start=opened.start, status=status, not_seen=look.not_seen, active="new",
            home="/orders/new",
        )  # fmt: skip
    without_mark(request, answer)
    return answer


def _as_another(refusal: Refusal) -> Refusal:
    """A form of two tabs, with two contents: the second is asked about, and then has an id of its own."""
    words = _ANOTHER.filled(said=refusal.words)
    return Refusal(refusal.code, words, where=refusal.where, rule=refusal.rule)


async def _recorded(door: Door, number: str) -> None:
    """Give the order a moment to record itself, so that its page has something to show."""
    for _ in range(_LOOKS):
        if await in_database(has_begun, door.engine, number):
            return
        await asyncio.sleep(_PAUSE_SECONDS)
