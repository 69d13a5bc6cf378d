"""The promise calendar: what is promised, due and planned by days, tonight's slips, and moving an order (R23 to R25, R34)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from activities.access.logins import Session
from activities.orders.requests import start_of
from activities.promises.day_loads import DayEntry, DayLoad, entries_on, loads_between, waiting_in
from activities.store.database import reading
from activities.store.holidays import calendar_around
from gateway.context import door_of, in_database
from gateway.pages.orders.order_pages import view_of
from gateway.pages.orders.step_acts import SAYS, filled_in
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff
from models.forms.day_of_order import DayKind, Days, Moving, moving
from models.forms.step_form import move_by
from models.messages.decision_subjects import Outcome
from models.order.kinds.kind import KINDS
from models.policy import DayCount
from models.request.order_start import OrderStart
from models.staff import StaffAssignment
from models.values.calendar import ONE_DAY, Calendar, business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Headline, Role, Words
from models.values.words import InvalidValue
from models.writing.written_dates import plain_day
from models.writing.written_numbers import Manner
from runtime.order_now import order_now
from workflows.foresight import Slip, slip_tonight

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_WEEK = 7
_WEEKS_AHEAD = 6
_MOST_OF_A_DAY = 12
"""Orders that are shown of one kind on one day; the number of all stands beside, and leads to the list."""
_MOST_TONIGHT = 200
_NO_DAY = Words("{text} 不是日期；请写成 2027-01-05", "{text} is no date; write it as 2027-01-05")
_NO_KIND = Words("没有这种日期", "there is no such kind of day")
_log = logging.getLogger("dingdan.calendar")


@dataclass(frozen=True, slots=True)
class ShownDay:
    """One day: its load, its orders by kind, whether the company works, whether it is today."""

    load: DayLoad
    orders: dict[DayKind, list[DayEntry]]
    works: bool
    today: bool


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """A week in the row of weeks: its Monday and what it holds."""

    monday: date
    load: DayLoad
    here: bool


@router.get("/calendar")
async def calendar(request: Request, session: Who, week: str = "") -> HTMLResponse:
    """A week by days, and the weeks around it. A salesperson sees the own orders. Raises Refusal(malformed) for what is no day."""
    today = business_date(door_of(request).now())
    monday = _monday(_day(week, "week") if week else today)
    engine, theirs = door_of(request).engine, session.caller.only_salesperson
    days = await in_database(_days, engine, monday, today, theirs)
    weeks = await in_database(_weeks, engine, monday, today, theirs)
    return page(
        request, "calendar/calendar.html", session=session, active="calendar", days=days, weeks=weeks, monday=monday, today=today,
        before=monday - _WEEK * ONE_DAY, after=monday + _WEEK * ONE_DAY, kinds=tuple(DayKind), most=_MOST_OF_A_DAY,
        headline=_headline,
    )  # fmt: skip


def _monday(day: date) -> date:
    return day - day.weekday() * ONE_DAY


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(plain_day(text[:40], Manner.TYPED))
    except (InvalidValue, ValueError):
        raise Refusal(Code.MALFORMED, _NO_DAY.filled(text=text[:40]), where=where) from None


def _headline(value: str) -> Headline | None:
    return next((each for each in Headline if each.value == value), None)


def _days(engine: Engine, monday: date, today: date, salesperson: str | None) -> list[ShownDay]:
    loads = loads_between(engine, monday, monday + (_WEEK - 1) * ONE_DAY, salesperson)
    entries = {
        kind: entries_on(
            engine, kind, [load.day for load in loads if load.orders.get(kind)], _MOST_OF_A_DAY, salesperson
        )
        for kind in DayKind
    }
    works = _working(engine, monday)
    return [
        ShownDay(
            load,
            {kind: entries[kind].get(load.day, []) for kind in DayKind},
            works.is_working_day(load.day),
            load.day == today,
        )
        for load in loads
    ]


def _working(engine: Engine, day: date) -> Calendar:
    with reading(engine) as connection:
        return calendar_around(connection, day)


def _weeks(engine: Engine, monday: date, today: date, salesperson: str | None) -> list[ShownWeek]:
    """The weeks from the one before this one on, and the one that is looked at, if it lies further away."""
    first = min(_monday(today) - _WEEK * ONE_DAY, monday)
    first = first if (monday - first).days < _WEEK * (_WEEKS_AHEAD + 1) else monday
    loads = loads_between(engine, first, first + (_WEEK * (_WEEKS_AHEAD + 2) - 1) * ONE_DAY, salesperson)
    return [
        ShownWeek(loads[at].day, _together(loads[at : at + _WEEK]), loads[at].day == monday)
        for at in range(0, len(loads), _WEEK)
    ]


def _together(loads: list[DayLoad]) -> DayLoad:
    found = DayLoad(loads[0].day)
    for load in loads:
        for kind, count in load.orders.items():
            found.orders[kind] = found.orders.get(kind, 0) + count
        for unit, much in load.quantities.items():
            found.quantities[unit] = found.quantities[unit] + much if unit in found.quantities else much
    return found


# --- tonight ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tonight:
    """An order whose promise moves at the end of this day if nothing comes in."""

    number: str
    customer_name: str
    slip: Slip


@router.get("/calendar/tonight")
async def tonight(request: Request, session: Who) -> HTMLResponse:
    """What the end of this day would move: the very rule, lived ahead by a copy of each order (R34). A part of the page."""
    engine, theirs = door_of(request).engine, session.caller.only_salesperson
    phases = sorted({kind.slips_in.value for kind in KINDS.values() if kind.slips_in is not None})
    waiting = await in_database(waiting_in, engine, phases, _MOST_TONIGHT + 1, theirs)
    found, unread = await in_database(_slips, engine, waiting[:_MOST_TONIGHT], door_of(request).now())
    return page(
        request, "calendar/tonight.html", session=session, active="calendar", found=found, unread=unread,
        more=len(waiting) > _MOST_TONIGHT, most=_MOST_TONIGHT,
    )  # fmt: skip


def _slips(engine: Engine, numbers: list[str], now: datetime) -> tuple[list[Tonight], list[str]]:
    """The orders that slip, and those of which it could not be told: one bad order hides no other."""
    found: list[Tonight] = []
    unread: list[str] = []
    for number in numbers:
        try:
            order = order_now(engine, number)
            slip = slip_tonight(order, now)
        except (Refusal, ValueError, LookupError, RuntimeError) as error:
            _log.warning("%s: it cannot be told whether it slips tonight (%s)", number, type(error).__name__)
            unread.append(number)
            continue
        if slip is not None:
            found.append(Tonight(number, order.customer.name, slip))
    return found, unread


# --- moving ----------------------------------------------------------------------------------------------------------


@router.get("/calendar/move")
async def move(
    request: Request, session: Who, order: str, kind: str = "promised", day: str = ""
) -> HTMLResponse:
    """Whom it concerns when a day of an order becomes another, and the act that says it. Nothing is said by looking.

    Raises Refusal(unknown_order, wrong_role) for an order that is not theirs to see, and Refusal(malformed).
    """
    door, caller = door_of(request), session.caller
    view = await view_of(door, caller, order[:40])
    of_kind = next((each for each in DayKind if each.value == kind), None)
    if of_kind is None:
        raise Refusal(Code.MALFORMED, _NO_KIND, where="kind")
    days = Days(view.order.promised, view.order.production_due, view.order.ship_date)
    to = _day(day, "day") if day.strip() else None
    way = moving(of_kind, to, days, business_date(door_of(request).now())) if to is not None else None
    start = await in_database(start_of, door.engine, view.order.number)
    mine = [role for role in way.acts if role in caller.roles] if way is not None else []
    form = None
    if way is not None and way.subject is not None and mine:
        form = filled_in(view, {SAYS: move_by(way.subject).as_text()}).form
    return page(
        request, "calendar/move.html", session=session, active="calendar", view=view, kind=of_kind, kinds=tuple(DayKind), days=days,
        to=to, way=way, mine=mine, form=form, agreed=Outcome.CONFIRM, people=_people(way, start.staff),
        ship_by=_ship_by(start, way),
        says=move_by(way.subject).as_text() if way is not None and way.subject is not None else "",
    )  # fmt: skip


def _people(way: Moving | None, staff: StaffAssignment) -> list[tuple[Role, str]]:
    """Whom it concerns: role by role, with who has it for this order."""
    if way is None:
        return []
    return [(role, staff.person(role)) for role in dict.fromkeys((*way.acts, *way.told))]


def _ship_by(start: OrderStart, way: Moving | None) -> date | None:
    """The last day to ship within the window, where the new day lies beyond it (R25)."""
    if way is None or way.ship is None:
        return None
    window = start.policy.ship_window
    last = start.calendar.days_after(
        business_date(start.placed_at), window.days, working=window.count is DayCount.WORKING
    )
    return last if way.ship > last else None
