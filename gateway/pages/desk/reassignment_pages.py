"""Re-assignment of all that is one person's 改派: chosen by role, told to each order, with a result for each (R133)."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from activities.access.logins import Session
from activities.desk.waiting import team_of
from activities.orders.in_charge import orders_of, roles_in_charge
from activities.orders.views.order_views import OrderView
from activities.store.people import staff_to_choose
from gateway.api.problems import status_of
from gateway.api.telling import say
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.listing.many_acts import Work, each_of
from gateway.pages.rendering import label, page
from gateway.security.staff_sessions import staff, staff_form
from models.access import Caller
from models.facts.fact_envelope import fact_envelope
from models.facts.fact_kinds import FACT_KINDS
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
KIND = "reassigned"
_LONGEST = 300
_NOT_THEIRS = Words("改派由上级办理", "re-assignment is a superior's")
_NO_ROLE = Words("请选择岗位", "choose the role")
_NO_REASON = Words("请写明原因", "say why")
_NONE = Words("{person} 没有此岗位的进行中订单", "{person} is in charge of no open order in this role")
_DONE = Words("已改派给 {person}", "given to {person}")
_TITLE = Words("改派", "re-assignment")


@router.get("/reassign")
async def form(request: Request, session: Who, person: str = "") -> HTMLResponse:
    """Whose work, in which role, to whom. Raises Refusal(wrong_role) for who is nobody's superior."""
    _require_superior(session.caller)
    return await _shown(request, session, {"from": person[:_LONGEST]})


@router.post("/reassign")
async def reassign(request: Request, session: Who) -> HTMLResponse:
    """Tell every order of theirs in this role; one that refuses stops none of the others."""
    _require_superior(session.caller)
    door, values = door_of(request), await staff_form(request, session)
    leaver, to = (values.get(name, "").strip()[:_LONGEST] for name in ("from", "to"))
    role, reason = label(Role, values.get("role")), values.get("reason", "").strip()[:500]
    try:
        if role is None:
            raise Refusal(Code.MISSING_FIELD, _NO_ROLE, where="role", rule="R133")
        if not reason:
            raise Refusal(Code.MISSING_FIELD, _NO_REASON, where="reason", rule="R133")
        numbers = await in_database(orders_of, door.engine, leaver, Role(role))
        if not numbers:
            raise Refusal(Code.NOT_ASKED, _NONE.filled(person=leaver), where="from", rule="R133")
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, values, refusal)
    once = values.get("once", "")[:64] or uuid.uuid4().hex
    work = _reassigning(door, session.caller, Role(role), to, reason, once, address_of(request))
    results = await each_of(door, session.caller, numbers, work)
    return page(
        request, "listing/many.html", session=session, act=_TITLE, results=results, active="", home="/orders",
        pdf="", done=sum(each.done for each in results),
    )  # fmt: skip


def _reassigning(
    door: Door, caller: Caller, role: Role, to: str, reason: str, once: str, address: str
) -> Work:
    async def give(view: OrderView) -> Words:
        number = view.order.number
        envelope = fact_envelope(
            caller.fact_id(f"door/{once}/{number}"),
            KIND,
            {"role": role.value, "person": to, "reason": reason},
            by=caller.author,
            role=caller.role_for(KIND),
            happened_at=door.now(),
            manner=Manner.TYPED,
        )
        await say(door, caller, number, envelope, address)
        return _DONE.filled(person=to)

    return give


def _require_superior(caller: Caller) -> None:
    if not set(FACT_KINDS[KIND].roles) & set(caller.roles):
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, where="role", rule="R133")


async def _shown(
    request: Request, session: Session, values: dict[str, str], refusal: Refusal | None = None
) -> HTMLResponse:
    door = door_of(request)
    people = await in_database(staff_to_choose, door.engine)
    team = set(await in_database(team_of, door.engine, [session.caller.name]))
    leaver = values.get("from", "")
    return page(
        request, "desk/reassign.html", 200 if refusal is None else status_of(refusal.code), session=session, people=people,
        team=[each for each in people if each.person in team], values=values, refusal=refusal, active="",
        roles=await in_database(roles_in_charge, door.engine, leaver) if leaver else {}, home="/orders",
    )  # fmt: skip
