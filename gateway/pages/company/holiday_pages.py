"""The business calendar: a year's holidays and make-up days, and the company's own, which win; limits go by them (R13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.company.calendar_days import days_of, drop_day, keep_day
from activities.company.records import record_of
from activities.store.company_changes import newest_changes
from activities.store.imports import CalendarDayRow
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, teller_of, today_of
from gateway.pages.company.record_form import (
    FieldKind,
    RecordField,
    RecordForm,
    form_page,
    seen_in,
    typed_in,
    values_of,
)
from gateway.security.staff_sessions import staff_form
from models.access import SEES_ALL
from models.company.keepers import CALENDAR_KEEPERS, has_one_of, require_one_of, role_of
from models.company.record_changes import RecordKind
from models.company.record_words import CALENDAR_DAY
from models.messages.envelope import read_entered
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words
from models.writing.written_dates import FIRST_YEAR, LAST_YEAR
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
_K = FieldKind
_DAY = RecordField("day", CALENDAR_DAY["day"], _K.DATE, required=True)
_FIELDS = (
    RecordField("working", CALENDAR_DAY["working"], _K.YES_NO, required=True),
    RecordField("name", CALENDAR_DAY["name"]),
)
_NO_DAY = Words("没有公司自定的日子 {day}", "{day} is no day of the company's own")


@router.get("/company/holidays")
async def holidays(request: Request, session: Who, year: str = "") -> HTMLResponse:
    """A year's days that differ from the plain week."""
    require_one_of(session.caller, SEES_ALL | CALENDAR_KEEPERS)
    engine, today = door_of(request).engine, today_of(request)
    wanted = (
        int(year)
        if year.isdecimal() and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR
        else today.year
    )
    days, announced = await in_database(days_of, engine, wanted)
    return company_page(
        request, session, "company/holidays.html", "holidays", days=days, announced=announced, year=wanted,
        may_keep=has_one_of(session.caller, CALENDAR_KEEPERS),
        changes=await in_database(newest_changes, engine, [RecordKind.CALENDAR_DAY], most=20),
    )  # fmt: skip


@router.get("/company/holiday/edit")
async def edit_page(request: Request, session: Who, day: str = "") -> HTMLResponse:
    """Where a day of the company's own is entered, or changed."""
    require_one_of(session.caller, CALENDAR_KEEPERS)
    if not day:
        return form_page(request, session, _form({"working": "false"}))
    record = await in_database(
        record_of, door_of(request).engine, RecordKind.CALENDAR_DAY, {"day": _day(day)}
    )
    return form_page(request, session, _form(values_of(record.values, _FIELDS), day), seen=record.seen)


@router.post("/company/holiday/edit")
async def keep(request: Request, session: Who) -> Response:
    """Enter or change a day of the company's own."""
    require_one_of(session.caller, CALENDAR_KEEPERS)
    form = await staff_form(request, session, by_field=True)
    known, engine, seen = form.get("known", ""), door_of(request).engine, None
    try:
        raw: dict[str, Any] = typed_in(form, (_DAY, *_FIELDS)) | ({"day": _day(known)} if known else {})
        row = read_entered(CalendarDayRow, raw, Manner.TYPED)
        if known:
            seen = (await in_database(record_of, engine, RecordKind.CALENDAR_DAY, {"day": known})).seen
        await in_database(
            keep_day, engine, row, seen_in(form) if known else None, teller_of(request, session), CALENDAR_DAY
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD or refusal.code is Code.UNKNOWN_PLACE:
            raise
        return form_page(request, session, _form(form, known), refusal=refusal, seen=seen)
    await _noted(request, session, f"day {row.day} kept: {'working' if row.working else 'free'}")
    return RedirectResponse(f"/company/holidays?year={row.day.year}&said=saved", 303)


@router.post("/company/holiday/drop")
async def drop(request: Request, session: Who) -> Response:
    """Take the company's own word about a day back."""
    require_one_of(session.caller, CALENDAR_KEEPERS)
    day = date.fromisoformat(_day((await staff_form(request, session)).get("day", "")))
    gone = await in_database(drop_day, door_of(request).engine, day, teller_of(request, session))
    if gone:
        await _noted(request, session, f"day {day} dropped")
    return RedirectResponse(f"/company/holidays?year={day.year}&said={'saved' if gone else 'nothing'}", 303)


async def _noted(request: Request, session: Session, act: str) -> None:
    await note(request, session, act, role_of(session.caller, CALENDAR_KEEPERS))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_DAY.filled(day=text[:40]), where="day") from None


def _form(values: dict[str, str], known: str = "") -> RecordForm:
    title = (
        Words(f"修改 {known}", f"Change {known}")
        if known
        else Words("放假或补班", "A day off, or made up for")
    )
    fields = _FIELDS if known else (_DAY, *_FIELDS)
    kept = {"known": known} if known else {}
    return RecordForm(title, "/company/holiday/edit", "/company/holidays", fields, values, kept)
