"""The second look at a confirmation sheet: a tick for each item, beside the version that was printed (R170)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.desk.sheets_printed import SheetToCheck, sheet_to_check
from gateway.api.orders import Number
from gateway.api.problems import status_of
from gateway.api.telling import say
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.orders.deputies import speaker
from gateway.pages.orders.order_pages import view_of
from gateway.pages.orders.step_acts import fact_id_of
from gateway.pages.rendering import page
from gateway.pages.sandbox.order_time import time_of_order
from gateway.security.staff_sessions import staff, staff_form
from models.facts.fact_envelope import fact_envelope
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.field_words import field_words
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
KIND = "sheet_checked"
MOST_ITEMS = 1000
_TICKED, _DIFFERS = "ok:", "differs:"
_LINE = "line."
_NO_SHEET = Words("还没有打印出来的确认书", "no confirmation sheet is printed yet")


@router.get("/orders/{number}/sheet-check")
async def check_page(request: Request, number: Number, session: Who) -> HTMLResponse:
    """Every item of the printed sheet with a tick beside it. Raises Refusal: unknown_order, wrong_role, not_asked."""
    view = await view_of(door_of(request), session.caller, number)
    return _shown(request, session, view, await _sheet(door_of(request), number), {}, None)


@router.post("/orders/{number}/sheet-check")
async def check(request: Request, number: Number, session: Who) -> Response:
    """What was ticked, and what differs; what is refused stands on the page with every tick that was set."""
    door, values = door_of(request), await staff_form(request, session, MOST_ITEMS)
    view, sheet = await view_of(door, session.caller, number), await _sheet(door, number)
    step = next((each for each in view.order.steps if each.kind == "check_sheet"), None)
    try:
        caller = await speaker(door, session.caller, number, step)
        envelope = fact_envelope(
            fact_id_of(caller, values),
            KIND,
            _content(values, sheet),
            by=caller.author,
            role=caller.role_for(KIND),
            happened_at=await time_of_order(door, number),
            manner=Manner.TYPED,
        )
        await say(door, caller, number, envelope, address_of(request))
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return _shown(request, session, view, sheet, values, refusal)
    return RedirectResponse(f"/orders/{number}?said=accepted", 303)


async def _sheet(door: Door, number: str) -> SheetToCheck:
    sheet: SheetToCheck | None = await in_database(sheet_to_check, door.engine, number)
    if sheet is None:
        raise Refusal(Code.NOT_ASKED, _NO_SHEET, where=number, rule="R170")
    return sheet


def _content(values: dict[str, str], sheet: SheetToCheck) -> dict[str, Any]:
    version = values.get("version", "")
    ticked = [name.removeprefix(_TICKED) for name in values if name.startswith(_TICKED)]
    differing = [name.removeprefix(_DIFFERS) for name in values if name.startswith(_DIFFERS)]
    lines = [name.removeprefix(_LINE) for name in ticked if name.startswith(_LINE)]
    content = {
        "version": int(version) if version.isdecimal() and len(version) < 6 else sheet.version,
        "fields": [name for name in ticked if not name.startswith(_LINE)],
        "lines": [int(line) for line in lines if line.isdecimal() and len(line) < 6],
        # of a line that differs what differs is asked for as a whole: its quantity stands for it
        "differing": [
            f"lines.{name.removeprefix(_LINE)}.quantity" if name.startswith(_LINE) else name
            for name in differing
        ],
        "words": values.get("words", "").strip()[:1000],
    }
    return {name: value for name, value in content.items() if value or name == "version"}


def _shown(
    request: Request, session: Session, view: Any, sheet: SheetToCheck, values: dict[str, str], refusal: Refusal | None
) -> HTMLResponse:  # fmt: skip
    return page(
        request, "orders/sheet_check.html", 200 if refusal is None else status_of(refusal.code), session=session, view=view,
        sheet=sheet, values=values, refusal=refusal, ticked=_TICKED, differs=_DIFFERS, of_line=_LINE, active="",
        field_name=field_words,
        home=f"/orders/{view.order.number}",
    )  # fmt: skip
