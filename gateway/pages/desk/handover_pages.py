"""Hand-over of a step to a colleague: a small form, and the way back (R13)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.desk.handovers import (
    Handover,
    StepWhose,
    colleagues,
    hand_over,
    may_hand_over,
    step_whose,
    take_back,
)
from activities.desk.waiting import team_of
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import Caller
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_LONGEST = 300
_NOT_YOURS = Words(
    "这一待办不在您手上，也不在您的团队，不能由您转交",
    "this step is neither yours nor your team's to hand over",
)


@router.get("/handovers/new")
async def form(request: Request, session: Who, order: str = "", step: str = "") -> HTMLResponse:
    """To whom a step is handed, and why. Raises Refusal: unknown_order (no such open step), wrong_role."""
    door = door_of(request)
    whose = await _theirs(door, session.caller, order, step)
    return await _page(request, session, whose)


async def _theirs(door: Door, caller: Caller, order: str, step: str) -> StepWhose:
    """The open step, where it is theirs to hand over."""
    whose = await in_database(step_whose, door.engine, order[:_LONGEST], step[:_LONGEST])
    team = set(await in_database(team_of, door.engine, [caller.name]))
    if not may_hand_over(whose, caller.name, _roles(caller), set(caller.represents), team):
        raise Refusal(Code.WRONG_ROLE, _NOT_YOURS, where="step", rule="R13")
    return whose


def _roles(caller: Caller) -> set[str]:
    return {role.value for role in caller.desk_roles}


async def _page(
    request: Request, session: Session, whose: StepWhose, refusal: Refusal | None = None, **filled: str
) -> HTMLResponse:
    door = door_of(request)
    to = await in_database(colleagues, door.engine, whose, door.now(), session.caller.name)
    return page(
        request, "desk/hand_over.html", 409 if refusal is not None else 200, session=session, whose=whose, colleagues=to,
        refusal=refusal, filled=filled, active="inbox", home="/",
    )  # fmt: skip


@router.post("/handovers")
async def give(request: Request, session: Who) -> Response:
    """Hand it over; the colleague is told. A refused form keeps what was written."""
    door, caller, filled = door_of(request), session.caller, await staff_form(request, session)
    whose = await _theirs(door, caller, filled.get("order", ""), filled.get("step", ""))
    asked = Handover(
        order_number=whose.order_number,
        step=whose.key,
        to_person=filled.get("to_person", "").strip()[:_LONGEST],
        reason=filled.get("reason", ""),
    )
    try:
        await in_database(
            hand_over, door.engine, asked, caller.name, _roles(caller), door.now(), address_of(request)
        )
    except Refusal as refusal:
        if refusal.code in (Code.UNKNOWN_ORDER, Code.DATABASE_UNAVAILABLE):
            raise
        return await _page(request, session, whose, refusal, to_person=asked.to_person, reason=asked.reason)
    return RedirectResponse(f"/?said=given&order={whose.order_number}", 303)


@router.post("/handovers/{number}/take-back")
async def back(request: Request, session: Who, number: Annotated[int, Path(ge=1, lt=2**31)]) -> Response:
    """Take it back, or give it back. Raises Refusal: unknown_order (none that stands), wrong_role."""
    door, caller = door_of(request), session.caller
    await staff_form(request, session)
    order = await in_database(take_back, door.engine, number, caller.name, door.now(), address_of(request))
    return RedirectResponse(f"/?said=taken_back&order={order}", 303)
