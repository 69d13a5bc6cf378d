"""What somebody had written when their log-in ended: the form comes back filled in, and nothing is sent by itself."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from activities.access.logins import Session
from activities.desk.kept_forms import drop_form, kept_form
from gateway.api.orders import ORDER_NUMBER
from gateway.context import door_of, in_database
from gateway.pages.orders.act_pages import kept_act
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.values.field_words import field_words, has_words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_ACT = re.compile(r"/orders/([^/]+)/act")


@router.get("/kept")
async def kept(request: Request, session: Who) -> Response:
    """The form that was not sent, filled in as it was; home where there is none."""
    door = door_of(request)
    found = await in_database(kept_form, door.engine, session.caller.author, door.now())
    if found is None:
        return RedirectResponse("/", 303)
    act = _ACT.fullmatch(found.path)
    if act is not None and ORDER_NUMBER.fullmatch(act[1]):
        return await kept_act(request, act[1], session, found.fields)
    typed = [
        (field_words(name), value)
        for name, value in found.fields.items()
        if value.strip() and has_words(name.rpartition(".")[2])
    ]
    return page(request, "cards/kept_form.html", session=session, kept=found, typed=typed, active="")


@router.post("/kept/drop")
async def drop(request: Request, session: Who) -> Response:
    """It is not wanted any more."""
    await staff_form(request, session)
    await in_database(drop_form, door_of(request).engine, session.caller.author)
    return RedirectResponse("/", 303)
