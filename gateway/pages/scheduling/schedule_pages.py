"""The plan of the machine lines 排产表: a week as a picture, what has no place, what would be if, when a line stands (R150, R153)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.scheduling.downtimes import downtimes, require_to_come, take_back, tell_downtime
from activities.scheduling.schedule_now import ScheduleNow, schedule_now
from activities.store.company_files import read_policy
from gateway.api.problems import status_of
from gateway.context import Door, door_of, in_database, keep_act
from gateway.pages.rendering import page
from gateway.pages.scheduling.asked_if import rush_of, standing_of
from gateway.pages.shown import day_words, moment_text, quantity_text
from gateway.security.staff_sessions import staff, staff_form
from models.company.keepers import (
    DOWNTIME_TELLERS,
    LINE_KEEPERS,
    SCHEDULE_READERS,
    has_one_of,
    require_one_of,
    role_of,
)
from models.policy import SchedulePolicy
from models.scheduling.bookings import Booking
from models.scheduling.machine_lines import MachineLine, Span
from models.scheduling.people import Shortage, days_of, shortages
from models.scheduling.plan import Placed
from models.scheduling.week_picture import DAY_WIDTH, ROW_HEIGHT, WeekPicture, week_picture
from models.scheduling.what_if import Consequence, if_it_rushes, if_it_stands
from models.values.calendar import BUSINESS_ZONE, ONE_DAY, business_date
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Unit, Words
from models.values.words import InvalidValue
from models.writing.written_dates import FIRST_YEAR, LAST_YEAR, plain_day
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_WEEK = 7
_MOST = 200
"""So many goods are listed; how many there are stands beside."""
_NO_DAY = Words("{text} 不是日期；请写成 2027-01-05", "{text} is no date; write it as 2027-01-05")
_NO_LINE = Words("没有机台 {line}", "there is no machine line {line}")
_NO_KIND = Words("请选择要看的：停机或急单", "say what is supposed: that a line stands, or a rush order")
_IF_STANDS = Words("{line} 从 {begins} 停到 {ends}", "{line} stands from {begins} until {ends}")
_IF_RUSH = Words(
    "插入急单：{product} {quantity} {unit}，{day} 要",
    "a rush order: {quantity} {unit} of {product}, wanted {day}",
)
_SAID = {
    "told": Words("已记下停机，排产表已按此推算", "kept; the plan goes by it now"),
    "replanned": Words("已采用重排的次序，机时已排定", "taken over; the hours are booked"),
    "back": Words("已撤回，机台照常开机", "taken back; the line runs"),
}


@router.get("/schedule")
async def schedule(request: Request, session: Who, week: str = "") -> HTMLResponse:
    """A week of the plan, as it follows from orders and lines now. Raises Refusal: wrong_role, malformed for what is no day."""
    require_one_of(session.caller, SCHEDULE_READERS)
    return await _shown(request, session, week)


@router.get("/schedule/if")
async def suppose(request: Request, session: Who, week: str = "") -> HTMLResponse:
    """What a downtime or a rush order would move, and whose promise it endangers. Nothing is said by looking."""
    require_one_of(session.caller, SCHEDULE_READERS)
    asked = {name: value[:400] for name, value in request.query_params.items()}
    door = door_of(request)
    try:
        found = await in_database(_supposed, door, await _figures(door), asked)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, week, refusal=refusal, asked=asked)
    return page(
        request, "scheduling/what_if.html", session=session, active="schedule", found=found, asked=asked, most=_MOST,
        week=_monday_of(week, door), may_tell=has_one_of(session.caller, DOWNTIME_TELLERS),
    )  # fmt: skip


@router.post("/schedule/downtime")
async def tell(request: Request, session: Who) -> Response:
    """Keep that a line stands; said wrongly it stands on the page with what was typed. Raises Refusal(wrong_role)."""
    require_one_of(session.caller, DOWNTIME_TELLERS)
    form, door = await staff_form(request, session), door_of(request)
    week = form.get("week", "")
    try:
        standing, span = standing_of(form)
        await in_database(
            tell_downtime, door.engine, standing.line, span, standing.reason, session.caller.name, door.now()
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, week, refusal=refusal, asked=form)
    begins = span.begins.astimezone(BUSINESS_ZONE)
    act = f"machine line {standing.line} stands from {begins:%Y-%m-%d %H:%M}"
    await keep_act(request, session.caller.name, act, role_of(session.caller, DOWNTIME_TELLERS))
    return RedirectResponse(f"/schedule?week={begins:%Y-%m-%d}&said=told", 303)


@router.post("/schedule/downtime/back")
async def untell(request: Request, session: Who) -> Response:
    """Take a downtime back. Raises Refusal(wrong_role)."""
    require_one_of(session.caller, DOWNTIME_TELLERS)
    form, door = await staff_form(request, session), door_of(request)
    week, text = form.get("week", ""), form.get("number", "")
    number = int(text) if text.isdecimal() and len(text) < 10 else 0
    try:
        await in_database(take_back, door.engine, number, session.caller.name, door.now())
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, week, refusal=refusal)
    act = f"downtime {number} taken back"
    await keep_act(request, session.caller.name, act, role_of(session.caller, DOWNTIME_TELLERS))
    return RedirectResponse(f"/schedule?week={_monday_of(week, door)}&said=back", 303)


async def _figures(door: Door) -> SchedulePolicy:
    """The figures of the plan, by the company's file."""
    return (await asyncio.to_thread(read_policy, door.settings.policy)).schedule


# --- the week ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """The plan as the page shows it: late ones and those without a place counted, and listed as far as they go."""

    picture: WeekPicture
    count: int
    late: Sequence[Placed]
    unplaced: Sequence[Placed]
    lines: Sequence[MachineLine]
    products: Sequence[str]
    bookings: Sequence[Booking]
    days: int
    """How long tentative hours are held."""
    asks_for_people: bool
    short: Sequence[tuple[date, Sequence[Shortage]]]
    """The days on which people are short, of the whole plan."""


async def _shown(
    request: Request, session: Session, week: str, *, refusal: Refusal | None = None, asked: Mapping[str, str] | None = None
) -> HTMLResponse:  # fmt: skip
    """The page; after a refusal with what was typed."""
    door = door_of(request)
    monday = _monday_of(week, door, strict=refusal is None)
    shown = await in_database(_plan_of, door, await _figures(door), monday)
    today = business_date(door.now())
    return page(
        request, "scheduling/schedule.html", 200 if refusal is None else status_of(refusal.code), session=session,
        active="schedule", shown=shown, monday=monday, today=today, before=monday - _WEEK * ONE_DAY, after=monday + _WEEK * ONE_DAY,
        day_width=DAY_WIDTH, row_height=ROW_HEIGHT, most=_MOST, units=tuple(Unit), refusal=refusal, asked=asked or {},
        said=_SAID.get(request.query_params.get("said", "")) if refusal is None else None, home=f"/schedule?week={monday}",
        may_tell=has_one_of(session.caller, DOWNTIME_TELLERS), may_keep=has_one_of(session.caller, LINE_KEEPERS),
        down=await in_database(downtimes, door.engine, door.now()), short=_short,
    )  # fmt: skip


def _plan_of(door: Door, figures: SchedulePolicy, monday: date) -> ShownPlan:
    found = schedule_now(door.engine, door.now(), figures)
    plan = found.plan()
    placed = list(plan.placed.values())
    return ShownPlan(
        week_picture(plan, monday),
        len(placed),
        [each for each in placed if each.proposal is not None and each.is_late],
        [each for each in placed if each.proposal is None],
        found.lines,
        sorted({product for line in found.lines for product in line.products}),
        found.bookings,
        figures.booking_days,
        any(line.needs for line in found.lines),
        days_of(shortages(plan, found.house)),
    )


def _short(number: str) -> str:
    """The end of an order's number, where there is no room for all of it."""
    return number.rpartition("-")[2]


def _day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(plain_day(text, Manner.TYPED))
    except (InvalidValue, ValueError):
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _monday_of(text: str, door: Door, *, strict: bool = False) -> date:
    """The Monday of a day of the address bar, this week's where none stands there. Strict: raises Refusal(malformed) for no day."""
    day = _day_of(text[:40]) if text.strip() else business_date(door.now())
    if day is None and strict:
        raise Refusal(Code.MALFORMED, _NO_DAY.filled(text=text[:40]), where="week")
    day = day or business_date(door.now())
    return day - day.weekday() * ONE_DAY


# --- what would be if ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Supposed:
    """What was supposed, in words, and what it moves."""

    words: Words
    consequence: Consequence
    stands: Span | None = None
    line: str = ""


def _supposed(door: Door, figures: SchedulePolicy, asked: Mapping[str, str]) -> Supposed:
    now = door.now()
    kind = asked.get("kind", "")
    if kind == "stands":
        return _stands(schedule_now(door.engine, now, figures), asked)
    if kind == "rush":
        rush = rush_of(asked)
        found = schedule_now(door.engine, now, figures)
        words = _IF_RUSH.filled(
            product=rush.product,
            quantity=quantity_text(rush.quantity),
            unit=rush.unit,
            day=day_words(rush.day),
        )
        return Supposed(words, if_it_rushes(found.plan(), found.owed, rush.owed(now)))
    raise Refusal(Code.MALFORMED, _NO_KIND, where="kind")


def _stands(found: ScheduleNow, asked: Mapping[str, str]) -> Supposed:
    standing, span = standing_of(asked)
    require_to_come(span, found.now)
    line = next((each for each in found.lines if each.line == standing.line), None)
    if line is None:
        raise Refusal(
            Code.UNKNOWN_PLACE, _NO_LINE.filled(line=standing.line[:100]), where="line", rule="R150"
        )
    words = _IF_STANDS.filled(line=line.name, begins=moment_text(span.begins), ends=moment_text(span.ends))
    return Supposed(words, if_it_stands(found.plan(), found.owed, line.line, span), span, line.line)
