"""A link from a chat group: through the log-in to the very card (R85)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from activities.access.logins import Session
from activities.orders.views.order_views import OrderView
from gateway.context import door_of
from gateway.pages.orders.order_pages import view_of
from gateway.security.staff_sessions import staff
from models.access import Caller
from runtime.card_links import CardLink, card_in

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]


@router.get("/card/{token}")
async def card(request: Request, token: str, session: Who) -> Response:
    """To the card that a notice is about; to its order where nothing of it waits any more. Raises Refusal(unknown_place)."""
    door = door_of(request)
    link = card_in(door.settings, token)
    view = await view_of(door, session.caller, link.order)
    key = _step_for(view, session.caller, link)
    at_step = f"/steps/{quote(key, safe='')}" if key else "?said=done" if link.step else ""
    return RedirectResponse(f"/orders/{link.order}{at_step}", 303)


def _step_for(view: OrderView, caller: Caller, link: CardLink) -> str:
    """The key of the open step that the link means: the one that it names, else one of its rule that waits for them."""
    mine = {role.value for role in caller.roles}
    found = [step for step in view.order.steps if step.key == link.step]
    if not link.step:
        found += [step for step in view.order.steps if step.rule == link.rule and mine & set(step.roles)]
    return found[0].key if found else ""
