"""Notices and what became of them: waiting, sent, failed; each failed one leads to the step where it is settled (R13)."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.notices.delivery_lists import (
    NOTICES_ON_A_PAGE,
    bring_forward,
    counted,
    newest_deliveries,
    open_notice_steps,
)
from gateway.context import door_of, in_database
from gateway.pages.company.company_pages import Who, company_page, note, text_of
from gateway.security.staff_sessions import staff_form
from models.company.keepers import NOTICE_KEEPERS, NOTICE_READERS, has_one_of, require_one_of, role_of
from models.reports.notice_routes import GROUP, DeliveryState
from models.values.vocabulary import Role, Words

router = APIRouter(include_in_schema=False)


@router.get("/company/notices")
async def notices(
    request: Request, session: Who, state: str = "", order: str = "", before: str = ""
) -> HTMLResponse:
    """Notices from the newest on, and the steps of those that could not be sent."""
    require_one_of(session.caller, NOTICE_READERS)
    engine, wanted = (
        door_of(request).engine,
        next((each for each in DeliveryState if each.value == state), None),
    )
    found = await in_database(newest_deliveries, engine, wanted, text_of(order, 40), _moment(before))
    own = set(session.caller.roles)
    steps = [step for step in await in_database(open_notice_steps, engine) if own & {*step["roles"]}]
    return company_page(
        request, session, "company/notices.html", "notices", found=found, counts=await in_database(counted, engine),
        states=DeliveryState, state=state if wanted else "", order=text_of(order, 40), steps=steps, addressee=addressee_words,
        following=found[-1].entered_at.isoformat() if len(found) == NOTICES_ON_A_PAGE else "",
        may_keep=has_one_of(session.caller, NOTICE_KEEPERS),
    )  # fmt: skip


def addressee_words(value: str) -> Words:
    """To whom a notice goes: a role, the group, one of the staff by id."""
    if value == GROUP:
        return Words("群", "group")
    role = next((role for role in Role if role.value == value), None)
    return Words(role.zh, role.en) if role is not None else Words(value or "-", value or "-")


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


@router.post("/company/notices/send")
async def send(request: Request, session: Who) -> Response:
    """What waits for its next try is tried at once."""
    require_one_of(session.caller, NOTICE_KEEPERS)
    door, form = door_of(request), await staff_form(request, session)
    one = tuple(form.get(name, "") for name in ("order_number", "identity", "addressee", "channel"))
    keys = [(one[0], one[1], one[2], one[3])] if any(one) else None
    count = await in_database(bring_forward, door.engine, keys, door.now())
    act = f"{count} notices brought forward"
    await note(request, session, act, role_of(session.caller, NOTICE_KEEPERS))
    return RedirectResponse(f"/company/notices?said={'forward' if count else 'nothing'}", 303)
