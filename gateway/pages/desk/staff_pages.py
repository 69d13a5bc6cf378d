"""The staff's pages: my inbox with the act itself (R85)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine
from sse_starlette import EventSourceResponse

from activities.access.logins import Session, session_of
from activities.desk.handovers import handed_over
from activities.desk.introductions import is_introduced
from activities.desk.waiting import (
    Reader,
    Tab,
    WaitingStep,
    reader_of,
    team_of,
    waiting_now,
    waiting_page,
)
from activities.facts.desk_steps import open_desk_steps
from activities.orders.views.order_glimpse import Glance, glances
from activities.orders.views.order_lists import progress
from activities.orders.views.order_views import StepView
from activities.store.database import reading
from gateway.api.orders import ORDER_NUMBER
from gateway.context import Door, door_of, in_database
from gateway.pages.cases.case_shown import case_words
from gateway.pages.cases.waiting import cases_waiting
from gateway.pages.desk.desk_pages import asks
from gateway.pages.orders.deciding import Deciding, deciding, held_shown
from gateway.pages.orders.order_pages import card_of, form_for, today_and_now
from gateway.pages.rendering import page
from gateway.security.connections import STREAM
from gateway.security.staff_sessions import rules_of, staff, token_of
from models.access import Caller
from models.cases.case_request import LETTER as CASE_LETTER
from models.contracts.contract_request import LETTER as CONTRACT_LETTER
from models.forms.step_form import Form, Known
from models.reports.desk_steps import DeskStep
from models.values.errors import Refusal
from runtime.cases.rooms import QUOTE_LETTER

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_LOOK_SECONDS = 2.0
_LOOKS_A_COUNT = 15
"""What waits is counted anew when something moved, and every so many looks: limits pass though nothing moves."""
STEPS_ON_A_PAGE = 30


# --- my inbox ----------------------------------------------------------------------------------------------------


@router.get("/")
async def my_inbox(
    request: Request, session: Who, said: str = "", order: str = "", cursor: str = "", tab: str = "", of: str = "",
    act: str = "",
) -> HTMLResponse:  # fmt: skip
    """What waits for me, for my role or for my team, the earliest due first, each with its act; a page, and the way on.

    Without a tab it is what waits for me; where nothing does, what waits for my role, then for my team.
    """
    door, caller = door_of(request), session.caller
    now = door.now()
    reader = reader_of(caller, await in_database(team_of, door.engine, [caller.name, *caller.represents]))
    everything = door.waiting.keep(await in_database(waiting_now, door.engine, now))
    counted = everything.counts(reader)
    wanted = next((each for each in counted if each.value == tab), None)
    shown = wanted or next((each for each, count in counted.items() if count.total), Tab.MINE)
    found = await in_database(
        waiting_page, door.engine, reader, shown, of=of[:200], cursor=cursor[:500], most=STEPS_ON_A_PAGE
    )
    seen = await in_database(glances, door.engine, [each.step.order_number for each in found.steps])
    beside = await deciding(door, caller, [each.step for each in found.steps])
    at_desk = [] if shown is Tab.TEAM or cursor else await _at_desk(door, caller)
    beside_orders = shown is not Tab.TEAM and not cursor
    at_quotes = await cases_waiting(door, caller, QUOTE_LETTER) if beside_orders else []
    at_contracts = await cases_waiting(door, caller, CONTRACT_LETTER) if beside_orders else []
    at_cases = await cases_waiting(door, caller, CASE_LETTER) if beside_orders else []
    # What comes for another tab meanwhile takes nobody away from what is being written here.
    kept = shown if found.steps else wanted
    name = "inbox_list.html" if request.headers.get("hx-request") else "inbox.html"
    return page(
        request, name, session=session,
        steps=[_card(caller, each, seen.get(each.step.order_number), beside) for each in found.steps],
        deciding=beside, held=await held_shown(door, caller, act),
        whose={card_of(each.step): _whose(reader, each) for each in found.steps},
        here=cursor[:500], next=found.next, at_desk=at_desk[:STEPS_ON_A_PAGE], more_at_desk=len(at_desk) - STEPS_ON_A_PAGE,
        quote_steps=at_quotes, contract_steps=at_contracts, case_steps=at_cases, **case_words(),
        now=now, today=today_and_now(), active="inbox", said=said, order=order if ORDER_NUMBER.fullmatch(order) else "",
        tab=shown, here_at=partial(_path_of, kept, of[:200]), counted=counted, of=of[:200], waiting=counted[Tab.MINE].total,
        team=everything.of_team(reader) if shown is Tab.TEAM else [],
        unfold=not request.headers.get("hx-request"),
        introduce=not cursor and not request.headers.get("hx-request")
        and not await in_database(is_introduced, door.engine, caller.name),
    )  # fmt: skip


def _path_of(tab: Tab | None, of: str, cursor: str) -> str:
    """Where a page of the inbox is to be had; without a tab, whatever is the reader's first."""
    parts = {"tab": tab.value if tab is not None else "", "of": of, "cursor": cursor}
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"/?{query}" if query else "/"


async def _at_desk(door: Door, caller: Caller) -> list[tuple[DeskStep, tuple[str, ...]]]:
    mine = set(caller.desk_roles)
    return [
        (step, asks(step))
        for step in await in_database(open_desk_steps, door.engine)
        if set(step.roles) & mine
    ]


def _card(
    caller: Caller, waits: WaitingStep, glance: Glance | None, beside: Deciding
) -> tuple[StepView, Glance | None, Form | None, str]:
    """A step with its order at a glance, its form, and the name that its card keeps."""
    step = waits.step
    lines = tuple(line.line for line in glance.lines) if glance is not None else ()
    shown = glance.shown if glance is not None else None
    form = form_for(
        caller, step, Known(lines or (1,), named=step.zh, staff=beside.staff), shown, waits.people
    )
    return step, glance, beside.ready(form, step.order_number), card_of(step)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a step is, for its card: for whom the reader would do it, and what they may do about it."""

    people: list[str]
    instead_of: str = ""
    """The absent colleague for whom the reader does it."""
    handover: int | None = None
    given_by: str = ""
    given_to: str = ""
    reason: str = ""
    may_give: bool = False
    may_take_back: bool = False


def _whose(reader: Reader, waits: WaitingStep) -> Whose:
    they = {reader.person, *reader.represents, *reader.team}
    people = waits.people
    instead = (
        "" if reader.person in people else next((each for each in people if each in reader.represents), "")
    )
    roles = {role.value for role in reader.roles}
    return Whose(
        people, instead, waits.handover, waits.given_by, waits.given_to, waits.reason,
        may_give=bool(they & set(people)) or (not people and bool(roles & set(waits.step.roles))),
        may_take_back=bool(they & {waits.given_by, waits.given_to} - {""}),
    )  # fmt: skip


@router.get("/events")
async def events(request: Request, session: Who) -> EventSourceResponse:
    """Says when anything moved that they may see, so that pages show it without being reloaded; and how much waits for
    them, at once and whenever that is another number (`waiting`: how many steps, and how many of them are overdue).

    Raises TooOften where too many pages listen already.
    """
    door, token, caller = door_of(request), token_of(request), session.caller
    rules = rules_of(door.settings)
    which = (session.form_token, caller.name)
    door.listeners.require_room(*which)
    setattr(request.state, STREAM, True)

    async def told() -> AsyncIterator[dict[str, str]]:
        with door.listeners.listening(*which) as has_room:
            if has_room:
                async for each in moved():
                    yield each

    async def moved() -> AsyncIterator[dict[str, str]]:
        known, counted, looks = await _news_for(door, caller), "", 0
        while not await request.is_disconnected():
            if not looks:
                waiting = await _waiting_for(door, caller)
                if waiting != counted:
                    counted = waiting
                    yield {"event": "waiting", "data": waiting}
            await asyncio.sleep(_LOOK_SECONDS)
            looks = (looks + 1) % _LOOKS_A_COUNT
            try:
                await in_database(session_of, door.engine, token, door.now(), rules, used=False)
            except Refusal:
                return  # the session ended meanwhile, or the database is away: the page connects again
            now = await _news_for(door, caller)
            if now != known:
                known, looks = now, 0
                yield {"event": "moved", "data": str(now)}

    return EventSourceResponse(told())


def _news(engine: Engine, caller: Caller) -> int:
    """A number that changes with everything that may be new to them: of orders, of the desk, of what was handed over."""
    with reading(engine) as connection:
        given = handed_over(connection)
    return progress(engine, caller.only_salesperson) + given


async def _news_for(door: Door, caller: Caller) -> int:
    """The same for all who may see the same: the whole desk, or what one person sells."""
    return await door.news.of(caller.only_salesperson or "", partial(in_database, _news, door.engine, caller))


async def _waiting_for(door: Door, caller: Caller) -> str:
    """How much waits for them; counted once for all who listen."""
    async with door.waiting.reading:
        if door.waiting.is_old():
            door.waiting.keep(await in_database(waiting_now, door.engine, datetime.now(UTC)))
    count = door.waiting.known.of(reader_of(caller), Tab.MINE)
    return json.dumps({"total": count.total, "overdue": count.overdue})
