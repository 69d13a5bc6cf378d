"""How the desk works, in three cards: shown at the first log-in, put away once, to be had again at any time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.desk.introductions import put_away
from gateway.context import door_of, in_database
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]


@router.get("/introduction")
async def introduction(request: Request, session: Who) -> HTMLResponse:
    """The cards, for who wants to see them again."""
    return page(request, "desk/introduction.html", session=session, active="")


@router.post("/introduction/put-away")
async def away(request: Request, session: Who) -> Response:
    """They have been read, and stand in nobody's way any more."""
    door = door_of(request)
    await staff_form(request, session)
    await in_database(put_away, door.engine, session.caller.name, door.now())
    return RedirectResponse("/", 303)
