"""What an administrator does about other people's log-ins: unlock, end sessions, reset a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Engine

from activities.access.logins import (
    Session,
    end_sessions,
    list_log_ins,
    reset_second_factor,
    unlock,
)
from gateway.context import door_of, in_database, keep_act
from gateway.pages.rendering import page
from gateway.security.staff_sessions import rules_of, staff, staff_form
from models.access import NEEDS_SECOND_FACTOR
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_OWN = Words(
    "自己的动态口令请由另一位管理员重置，或在「我的账号」中更换设备",
    "another administrator resets your own second factor; or change the device on your account's page",
)


@router.get("/people")
async def people(request: Request, session: Who, said: str = "", person: str = "") -> HTMLResponse:
    """Everybody of the staff and how they may log in."""
    session.caller.require_role(Role.ADMINISTRATOR)
    door = door_of(request)
    found = await in_database(list_log_ins, door.engine, door.now(), rules_of(door.settings))
    return page(
        request, "people.html", session=session, active="people", people=found, said=said, person=person[:100],
        needs=NEEDS_SECOND_FACTOR, required=door.settings.second_factor_required,
    )  # fmt: skip


@router.post("/people/unlock")
async def unlock_person(request: Request, session: Who) -> Response:
    """Somebody who guessed wrong, or was guessed at, may try again at once."""
    return await _done(request, session, "unlocked", "unlock", unlock)


@router.post("/people/end-sessions")
async def end_sessions_of(request: Request, session: Who) -> Response:
    """Whatever somebody has open is over."""
    return await _done(request, session, "ended", "end sessions of", end_sessions)


@router.post("/people/reset-second-factor")
async def reset_second_factor_of(request: Request, session: Who) -> Response:
    """Somebody lost their device and their recovery codes."""
    return await _done(request, session, "reset", "reset second factor of", reset_second_factor)


async def _done(
    request: Request, session: Session, said: str, act: str, work: Callable[[Engine, str], Any]
) -> Response:
    session.caller.require_role(Role.ADMINISTRATOR)
    person = (await staff_form(request, session)).get("person", "")
    if work is reset_second_factor and person == session.caller.name:
        raise Refusal(Code.SAME_PERSON, _OWN, where="person")
    await in_database(work, door_of(request).engine, person)
    await keep_act(request, session.caller.name, f"{act} {person}", Role.ADMINISTRATOR)
    return RedirectResponse(f"/people?said={said}", 303)
