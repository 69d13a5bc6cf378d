"""Customers' links of all orders: who has one, whether it is good, when it was used; revoked here too (R31, R85)."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.acts import Act, note_act
from activities.access.all_links import LINKS_ON_A_PAGE, given_links
from activities.access.customer_links import revoke_link
from gateway.context import address_of, door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, text_of
from gateway.pages.orders.order_pages import view_of
from gateway.security.staff_sessions import staff_form
from models.company.keepers import LINK_KEEPERS, require_one_of, role_of
from models.customer_links import why_closed

router = APIRouter(include_in_schema=False)


@router.get("/company/links")
async def links(request: Request, session: Who, customer: str = "", before: str = "") -> HTMLResponse:
    """Links that were not revoked, the newest first; a salesperson's own orders' alone."""
    require_one_of(session.caller, LINK_KEEPERS)
    door, key = door_of(request), text_of(customer, 200)
    found = await in_database(
        given_links,
        door.engine,
        salesperson=session.caller.only_salesperson,
        customer=key,
        before=_moment(before),
    )
    days, now = door.settings.link_days_after_end, door.now()
    shown = [(each, why_closed(each.link, each.order, now, days)) for each in found]
    following = found[-1].link.made_at.isoformat() if len(found) == LINKS_ON_A_PAGE else ""
    return company_page(
        request, session, "company/links.html", "links", links=shown, customer=key, following=following
    )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


@router.post("/company/links/revoke")
async def revoke(request: Request, session: Who) -> Response:
    """From now on the link opens nothing. Raises Refusal (wrong_role, unknown_order)."""
    require_one_of(session.caller, LINK_KEEPERS)
    door, form = door_of(request), await staff_form(request, session)
    number, name = form.get("order", "")[:40], form.get("link", "")[:64]
    await view_of(door, session.caller, number)
    await in_database(revoke_link, door.engine, number, name, door.now(), session.caller.name)
    role = role_of(session.caller, LINK_KEEPERS)
    act = Act(
        at=door.now(), person=session.caller.name, role=role.value if role else "", address=address_of(request),
        act=f"link {name} revoked", order_number=number, outcome="done",
    )  # fmt: skip
    await in_database(note_act, door.engine, act)
    return RedirectResponse("/company/links?said=revoked", 303)
