"""The week planned anew 整周重排: the plain rule beside a better turn, and production's taking it over (R150)."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.scheduling.week_replanned import replan, take_over
from activities.store.company_files import read_policy
from gateway.api.problems import status_of
from gateway.context import Door, door_of, in_database, keep_act
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.company.keepers import DOWNTIME_TELLERS, SCHEDULE_READERS, has_one_of, require_one_of, role_of
from models.policy import SchedulePolicy
from models.scheduling.replanning import MOST_GOODS, lateness_of, read_turn, written
from models.values.errors import OF_THE_WORLD, Refusal

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]


@router.get("/schedule/replan")
async def look(request: Request, session: Who) -> HTMLResponse:
    """What a better turn of the goods would come to; nothing is said by looking. Raises Refusal(wrong_role)."""
    require_one_of(session.caller, SCHEDULE_READERS)
    return await _shown(request, session)


@router.post("/schedule/replan")
async def accept(request: Request, session: Who) -> Response:
    """Production takes it over: the hours are booked firmly, all or none. Raises Refusal(wrong_role)."""
    require_one_of(session.caller, DOWNTIME_TELLERS)
    form, door = await staff_form(request, session), door_of(request)
    try:
        turns = [
            read_turn(form.get(f"turn{place}", "")) for place in range(MOST_GOODS) if f"turn{place}" in form
        ]
        booked = await in_database(
            take_over, door.engine, turns, form.get("rests_on", ""), door.now(), await _figures(door)
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, refusal)
    act = f"week planned anew: hours of {len(booked)} goods booked"
    await keep_act(request, session.caller.name, act, role_of(session.caller, DOWNTIME_TELLERS))
    return RedirectResponse("/schedule?said=replanned", 303)


async def _figures(door: Door) -> SchedulePolicy:
    return (await asyncio.to_thread(read_policy, door.settings.policy)).schedule


async def _shown(request: Request, session: Session, refusal: Refusal | None = None) -> HTMLResponse:
    door = door_of(request)
    found, digest = await in_database(replan, door.engine, door.now(), await _figures(door))
    return page(
        request,
        "scheduling/replan.html",
        200 if refusal is None else status_of(refusal.code),
        session=session,
        active="schedule",
        found=found,
        before=lateness_of(found.before),
        after=lateness_of(found.after),
        turns=[written(each) for each in found.turns],
        digest=digest,
        refusal=refusal,
        may_take=has_one_of(session.caller, DOWNTIME_TELLERS),
    )
