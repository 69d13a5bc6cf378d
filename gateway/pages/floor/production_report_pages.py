"""The daily production report 生产日报 as production writes it: every line that is being made, on one page (R41, R171)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.acts import Act, note_act
from activities.access.logins import Session
from activities.reports.daily_reports import ProductionDuty, being_made, owed_reports, report_nothing
from activities.store.faults import named_faults
from gateway.api.telling import say
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import Caller
from models.facts.fact_envelope import fact_envelope
from models.values.calendar import business_date
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
KIND = "production_reported"
MOST_FIELDS = 2000
FIELDS = ("made", "scrap", "expected_finish", "finished")
_NOTHING_TOLD = Words(
    "没有填写产量；今天没有产量的，请按“今天没有产量”",
    "nothing was filled in; where nothing was made today, say so with the other button",
)
_NOT_THEIRS = Words("生产日报由生产部填写", "the production report is written by production")


@dataclass(frozen=True, slots=True)
class LineReported:
    """What became of one line of the report."""

    order: str
    line: int
    words: Words
    done: bool


@router.get("/production-report")
async def report_page(request: Request, session: Who) -> HTMLResponse:
    """Which days' reports are owed, and every line that is being made. Raises Refusal(wrong_role)."""
    _require_production(session.caller)
    return await _shown(request, session)


@router.post("/production-report")
async def report(request: Request, session: Who) -> Response:
    """Tell each order what was made of its lines; one that refuses stops none of the others. Or: nothing was made."""
    _require_production(session.caller)
    door, values = door_of(request), await staff_form(request, session, MOST_FIELDS)
    if values.get("nothing"):
        now = door.now()
        days = await in_database(report_nothing, door.engine, business_date(now), now, session.caller.author)
        act = Act(
            at=datetime.now(UTC), person=session.caller.author, role=Role.PRODUCTION.value, address=address_of(request),
            act="production report: nothing was made", order_number="", outcome=", ".join(str(day) for day in days) or "-",
        )  # fmt: skip
        await in_database(note_act, door.engine, act)
        return RedirectResponse("/production-report", 303)
    lines: list[ProductionDuty] = await in_database(being_made, door.engine)
    told = [(each, content) for each in lines if (content := _content(each, values))]
    if not told:
        refusal = Refusal(Code.MISSING_FIELD, _NOTHING_TOLD, where="made", rule="R171")
        return await _shown(request, session, values, refusal)
    once = values.get("once", "")[:64] or uuid.uuid4().hex
    results = [
        await _told(door, session.caller, each, content, once, address_of(request)) for each, content in told
    ]
    refused = {_key(each.order, each.line) for each in results if not each.done}
    kept = {name: value for name, value in values.items() if name.rpartition("/")[0] in refused}
    return await _shown(request, session, kept, results=results)


def _require_production(caller: Caller) -> None:
    if Role.PRODUCTION not in caller.desk_roles:
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, where="role", rule="R171")


def _key(order: str, line: int) -> str:
    return f"{order}/{line}"


def _content(line: ProductionDuty, values: dict[str, str]) -> dict[str, Any]:
    """What was filled in for a line; nothing where it was left empty."""
    key = _key(line.order_number, line.line)
    said = {
        name: text.strip() for name in FIELDS if (text := values.get(f"{key}/{name}", "")) and text.strip()
    }
    if not said:
        return {}
    content: dict[str, Any] = {"line": line.line, **said}
    if "finished" in said:
        content["finished"] = True
    return content


async def _told(
    door: Door, caller: Caller, line: ProductionDuty, content: dict[str, Any], once: str, address: str
) -> LineReported:
    """One line, told to its order. Raises Refusal only where nothing can be told at all."""
    number = line.order_number
    try:
        with named_faults(f"order {number} line {line.line}"):
            envelope = fact_envelope(
                caller.fact_id(f"door/{once}/{number}/{line.line}"),
                KIND,
                content,
                by=caller.author,
                role=Role.PRODUCTION,
                happened_at=door.now(),
                manner=Manner.TYPED,
            )
            await say(door, caller, number, envelope, address)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return LineReported(number, line.line, refusal.words, done=False)
    words = Words(f"已报 {content.get('made', '0')}", f"reported {content.get('made', '0')}")
    return LineReported(number, line.line, words, done=True)


async def _shown(
    request: Request, session: Session, values: dict[str, str] | None = None, refusal: Refusal | None = None,
    results: list[LineReported] | None = None,
) -> HTMLResponse:  # fmt: skip
    door = door_of(request)
    return page(
        request, "floor/production_report.html", 409 if refusal is not None else 200, session=session,
        owed=await in_database(owed_reports, door.engine, door.now()), lines=await in_database(being_made, door.engine),
        values=values or {}, refusal=refusal, results=results or [], active="production-report", now=door.now(),
    )  # fmt: skip
