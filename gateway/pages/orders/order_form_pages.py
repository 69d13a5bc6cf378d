"""A new order as a form that is checked as one types: the refusals are those of placing, nothing is numbered before (R10, R12, R20)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.orders.order_check import Checked, check_draft
from activities.orders.order_lists import known_customers, known_prices
from activities.orders.requests import has_begun
from activities.store.company_files import read_policy
from gateway.api.placing import PlacedStatus, place_order
from gateway.api.problems import status_of
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import Caller
from models.forms.order_form import (
    AFTER,
    BEFORE,
    MOST_LINES,
    line_fields,
    lines_in,
    request_in,
    without_line,
)
from models.request.order_draft import Draft, draft_of
from models.request.order_request import WANTED
from models.request.order_start import PriceReference
from models.values.errors import Refusal
from models.values.field_words import field_words
from models.values.vocabulary import Role, Words
from models.writing.phone_numbers import phone_doubts
from models.writing.written_numbers import Manner
from runtime.delivery.placing import read_request
from workflows.phases.intake import open_fields
from workflows.phases.verification import price_differences

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_MOST_FIELDS = MOST_LINES * 6 + 60
_LOOKS = 10
_PAUSE_SECONDS = 0.2
_LISTED = Words("价目表 ¥{price}/{unit}", "price list: CNY {price} a {unit}")
_DIFFERS = Words(
    "{listed}；与此不同，将请主管核定（R20）",
    "{listed}; this differs and will be settled by a supervisor (R20)",
)
_SPECIFICATION = Words("价目表规格：{specification}", "on the price list: {specification}")
_ANOTHER_DIFFERS = Words("{listed}；上次成交 ¥{past}", "{listed}; last traded at CNY {past}")
_NOT_SEEN = Words(
    "此客户的订单由业务员 {who} 负责；下单后由其跟进，您看不到这张订单。",
    "orders of this customer belong to {who}, who will follow it; you will not see this order.",
)
_EMPTY = Words("必填", "to be filled in")


@dataclass(frozen=True, slots=True)
class Look:
    """What is said of a form while it is written."""

    problems: Mapping[str, Words] = field(default_factory=dict)
    notes: Mapping[str, Words] = field(default_factory=dict)
    questions: tuple[Words, ...] = ()
    total: Decimal = Decimal(0)
    customer_name: str = ""
    not_seen: Words | None = None
    complete: bool = False


async def _look(door: Door, caller: Caller, filled: Mapping[str, str], *, at_end: bool = False) -> Look:
    """Check a form. What is still empty is a problem at the end only: who types has not come to it yet."""
    draft = draft_of(request_in(filled, caller))
    policy = read_policy(door.settings.policy)
    checked: Checked = await in_database(check_draft, door.engine, draft, datetime.now(UTC), policy)
    problems = {**checked.problems, **draft.problems}
    if at_end:
        problems |= dict.fromkeys(draft.empty, _EMPTY)
    notes: dict[str, Words] = phone_doubts(draft.request)
    for place, reference in checked.references.items():
        notes |= _notes(draft, place, reference)
    return Look(
        problems=problems,
        notes=notes,
        questions=tuple(
            field_words(name) for name in open_fields(draft.request) if _is_question(name, draft)
        ),
        total=draft.total,
        customer_name=checked.customer_name,
        not_seen=_not_seen(caller, checked),
        complete=not (problems or draft.empty),
    )


def _is_question(name: str, draft: Draft) -> bool:
    """A field with a mistake is a problem, no question; questions count lines from one, places from nought."""
    parts = name.split(".")
    place = ".".join([parts[0], str(int(parts[1]) - 1), parts[2]]) if len(parts) == 3 else name
    return draft.has(place)


def _notes(draft: Draft, place: int, reference: PriceReference) -> dict[str, Words]:
    """R20: what the price list says of this line, and that a difference will be asked about."""
    line, at = draft.request.lines[place], f"lines.{place}"
    found: dict[str, Words] = {}
    if reference.list_price is not None:
        listed = _LISTED.filled(price=reference.list_price, unit=reference.unit)
        if reference.past_price is not None:
            listed = _ANOTHER_DIFFERS.filled(listed=listed, past=reference.past_price)
        others = [each for each in price_differences(line, reference) if each != reference.specification]
        given = line.unit_price is not None and draft.has(f"{at}.unit_price") and draft.has(f"{at}.unit")
        found[f"{at}.unit_price"] = _DIFFERS.filled(listed=listed) if given and others else listed
    if reference.specification and line.specification != reference.specification:
        found[f"{at}.specification"] = _SPECIFICATION.filled(specification=reference.specification)
    return found


def _not_seen(caller: Caller, checked: Checked) -> Words | None:
    """R85: a salesperson sees the own orders; another one's customer makes another one's order."""
    if checked.salesperson is None or caller.sees("", "", checked.salesperson):
        return None
    return _NOT_SEEN.filled(who=checked.salesperson or "-")


@router.get("/orders/new")
async def blank(request: Request, session: Who) -> HTMLResponse:
    """An empty form. Raises Refusal(wrong_role) for who may not place orders."""
    session.caller.require_placing()
    filled = {"request_id": f"door/{uuid.uuid4()}"}
    return await _form_page(request, session, filled, Look())


async def _form_page(
    request: Request, session: Session, filled: Mapping[str, str], look: Look, refusal: Refusal | None = None,
    status: int = 200, name: str = "new_order.html",
) -> HTMLResponse:  # fmt: skip
    door = door_of(request)
    return page(
        request, name, status, session=session, before=BEFORE, after=AFTER, filled=filled, look=look, refusal=refusal,
        lines=[line_fields(place) for place in range(lines_in(filled))], most=MOST_LINES,
        unclear=[(each, field_words(each)) for each in WANTED], active="new",
        customers=await in_database(known_customers, door.engine), products=await _products(door),
        home="/orders/new",
    )  # fmt: skip


async def _products(door: Door) -> list[tuple[str, str]]:
    prices = await in_database(known_prices, door.engine)
    return [
        (each["product"], f"{each['name'] or ''} {each['specification'] or ''}".strip()) for each in prices
    ]


@router.post("/orders/new/lines")
async def lines(request: Request, session: Who) -> HTMLResponse:
    """The same form with a line more, or with one line less; for a script the lines alone."""
    filled = await staff_form(request, session, _MOST_FIELDS, by_field=True)
    session.caller.require_placing()
    gone = filled.pop("remove", "")
    if gone.isdecimal() and lines_in(filled) > 1:
        filled = without_line(filled, int(gone))
    elif filled.pop("add", "") and lines_in(filled) < MOST_LINES:
        filled[f"lines.{lines_in(filled)}.product"] = ""
    look = await _look(door_of(request), session.caller, filled)
    name = "new_order_lines.html" if request.headers.get("hx-request") else "new_order.html"
    return await _form_page(request, session, filled, look, name=name)


@router.post("/orders/new/check")
async def check(request: Request, session: Who) -> HTMLResponse:
    """What is wrong so far, field by field, and what the order comes to."""
    filled = await staff_form(request, session, _MOST_FIELDS, by_field=True)
    session.caller.require_placing()
    look = await _look(door_of(request), session.caller, filled)
    return await _form_page(request, session, filled, look, name="new_order_check.html")


@router.post("/orders/new")
async def place(request: Request, session: Who) -> Response:
    """Place the order. The same form sent twice is one order; a refused one comes back with everything that was typed."""
    door, caller = door_of(request), session.caller
    filled = await staff_form(request, session, _MOST_FIELDS, by_field=True)
    caller.require_placing()
    look = await _look(door, caller, filled, at_end=True)
    if look.problems:
        return await _form_page(request, session, filled, look, status=422)
    try:
        wanted = read_request(request_in(filled, caller), Manner.TYPED)
        opened, status = await place_order(door, caller, wanted, address_of(request))
    except Refusal as refusal:
        return await _form_page(request, session, filled, look, refusal, status_of(refusal.code))
    number = opened.start.number
    if status is PlacedStatus.PLACED:
        await _recorded(door, number)
    if not caller.sees(number, opened.start.customer.customer, opened.start.staff.person(Role.SALESPERSON)):
        return page(
            request, "placed.html", session=session, start=opened.start, status=status, not_seen=look.not_seen, active="new",
            home="/orders/new",
        )  # fmt: skip
    return RedirectResponse(f"/orders/{number}?said={status}", 303)


async def _recorded(door: Door, number: str) -> None:
    """Give the order a moment to record itself, so that its page has something to show."""
    for _ in range(_LOOKS):
        if await in_database(has_begun, door.engine, number):
            return
        await asyncio.sleep(_PAUSE_SECONDS)
