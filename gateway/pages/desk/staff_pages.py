"""The staff's pages: my inbox with the act itself, the board, search (R85)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sse_starlette import EventSourceResponse

from activities.access.logins import Session, session_of
from activities.facts.desk_steps import open_desk_steps
from activities.orders.order_glimpse import Glance, glances
from activities.orders.order_lists import InboxPage, inbox_page, progress
from activities.orders.order_search import MOST, Wanted, find_orders
from activities.orders.order_views import OrderSummary, StepView
from gateway.api.orders import ORDER_NUMBER
from gateway.context import door_of, in_database
from gateway.pages.desk.desk_pages import asks
from gateway.pages.orders.deciding import Deciding, deciding, held_shown
from gateway.pages.orders.order_pages import card_of, form_for, today_and_now
from gateway.pages.rendering import page
from gateway.security.connections import STREAM
from gateway.security.staff_sessions import rules_of, staff, token_of
from models.access import Caller
from models.forms.step_form import Form, Known
from models.values.errors import Refusal
from models.values.vocabulary import Ending, Headline, PhaseName

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_LOOK_SECONDS = 2.0
STEPS_ON_A_PAGE = 100


# --- my inbox ----------------------------------------------------------------------------------------------------


@router.get("/")
async def my_inbox(
    request: Request, session: Who, said: str = "", order: str = "", cursor: str = "", act: str = ""
) -> HTMLResponse:
    """What waits for me, the most overdue first, each with its act; a page, and the way to the next."""
    door, caller = door_of(request), session.caller
    # A salesperson has the own orders' steps.
    person = None if caller.only_salesperson is None else caller.name
    found: InboxPage = await in_database(
        inbox_page, door.engine, caller.roles, person=person, cursor=cursor[:500], most=STEPS_ON_A_PAGE
    )
    seen = await in_database(glances, door.engine, [step.order_number for step in found.steps])
    beside = await deciding(door, caller, found.steps)
    at_desk = [
        (step, asks(step))
        for step in await in_database(open_desk_steps, door.engine)
        if set(step.roles) & set(caller.roles)
    ]
    name = "inbox_list.html" if request.headers.get("hx-request") else "inbox.html"
    return page(
        request, name, session=session,
        steps=[_card(caller, step, seen.get(step.order_number), beside) for step in found.steps],
        deciding=beside, held=await held_shown(door, caller, act),
        here=cursor[:500], next=found.next, at_desk=at_desk, now=datetime.now(UTC), today=today_and_now(), active="inbox",
        said=said, order=order if ORDER_NUMBER.fullmatch(order) else "",
    )  # fmt: skip


def _card(
    caller: Caller, step: StepView, glance: Glance | None, beside: Deciding
) -> tuple[StepView, Glance | None, Form | None, str]:
    """A step with its order at a glance, its form, and the name that its card keeps."""
    lines = tuple(line.line for line in glance.lines) if glance is not None else ()
    shown = glance.shown if glance is not None else None
    form = form_for(caller, step, Known(lines or (1,), named=step.zh, staff=beside.staff), shown)
    return step, glance, form, card_of(step)


@router.get("/events")
async def events(request: Request, session: Who) -> EventSourceResponse:
    """Says when anything moved that they may see, so that pages show it without being reloaded.

    Raises TooOften where too many pages listen already.
    """
    door, token, own = door_of(request), token_of(request), session.caller.only_salesperson
    rules = rules_of(door.settings)
    which = (session.form_token, session.caller.name)
    door.listeners.require_room(*which)
    setattr(request.state, STREAM, True)

    async def told() -> AsyncIterator[dict[str, str]]:
        with door.listeners.listening(*which) as has_room:
            if has_room:
                async for each in moved():
                    yield each

    async def moved() -> AsyncIterator[dict[str, str]]:
        known = await in_database(progress, door.engine, own)
        while not await request.is_disconnected():
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await in_database(session_of, door.engine, token, door.now(), rules, used=False)
            except Refusal:
                return  # the session ended meanwhile, or the database is away: the page connects again
            now = await in_database(progress, door.engine, own)
            if now != known:
                known = now
                yield {"event": "moved", "data": str(now)}

    return EventSourceResponse(told())


# --- all orders --------------------------------------------------------------------------------------------------


@router.get("/board")
async def board(request: Request, session: Who) -> HTMLResponse:
    """All open orders by phase, overdue marked."""
    wanted = Wanted(
        open_only=True, salesperson=session.caller.only_salesperson or "", sort="promised", most=MOST
    )
    found = await in_database(find_orders, door_of(request).engine, wanted)
    # what has not begun, or is in a phase of a newer program, stands where work begins
    known = {phase.value: phase for phase in PhaseName}
    of_phase: dict[PhaseName, list[OrderSummary]] = {phase: [] for phase in PhaseName}
    for each in found.orders:
        of_phase[known.get(each.phase, next(iter(PhaseName)))].append(each)
    columns = list(of_phase.items())
    return page(
        request, "board.html", session=session, columns=columns, more=bool(found.next), now=datetime.now(UTC),
        headlines={each.value: each for each in Headline}, active="board",
    )  # fmt: skip


@router.get("/search")
async def search(request: Request, session: Who, q: str = "", cursor: str = "") -> HTMLResponse:
    """Orders by number or customer."""
    text = "".join(sign for sign in q[:100] if ord(sign) >= 32)
    wanted = Wanted(text=text, salesperson=session.caller.only_salesperson or "", cursor=cursor[:500])
    found = await in_database(find_orders, door_of(request).engine, wanted)
    return page(
        request, "search.html", session=session, q=text, found=found,
        headlines={each.value: each for each in (*Headline, *Ending)}, active="search",
    )  # fmt: skip
