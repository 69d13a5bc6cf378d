"""Salespeople's accounts 业务员账: the freight of dead orders that they guaranteed (R38, R164)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.invoices.salesperson_accounts import MOST_SETTLED, accounts, settle
from gateway.context import door_of, in_database, keep_act
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import SEES_ALL
from models.company.keepers import ACCOUNT_READERS, ASSESSORS, has_one_of, require_one_of, role_of
from models.values.errors import OF_THE_WORLD, Refusal

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]


@router.get("/accounts")
async def salespeople(request: Request, session: Who, said: str = "") -> HTMLResponse:
    """What stands on each salesperson's account; a salesperson sees the own one."""
    return await _shown(request, session, said=said)


async def _shown(
    request: Request, session: Session, *, said: str = "", refusal: Refusal | None = None
) -> HTMLResponse:
    require_one_of(session.caller, ACCOUNT_READERS)
    own = None if has_one_of(session.caller, frozenset(SEES_ALL)) else session.caller.name
    found = await in_database(accounts, door_of(request).engine, own)
    return page(
        request, "invoices/accounts.html", 200 if refusal is None else 409, home="/accounts", session=session,
        active="invoices", found=found, said=said, refusal=refusal, may_settle=has_one_of(session.caller, ASSESSORS),
        most_settled=MOST_SETTLED,
    )  # fmt: skip


@router.post("/accounts")
async def settled(request: Request, session: Who) -> Response:
    """Finance: the freight of this shipment was paid, or kept from what the salesperson earns."""
    require_one_of(session.caller, ASSESSORS)
    form, door, caller = await staff_form(request, session), door_of(request), session.caller
    order, shipment = form.get("order", "")[:40], form.get("shipment", "")[:40]
    reference = form.get("reference", "").strip()[:100]
    try:
        amount = await in_database(settle, door.engine, order, shipment, reference, caller.author, door.now())
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _shown(request, session, refusal=refusal)
    done = f"settle {order} {shipment} {amount} {reference}"
    await keep_act(request, caller.author, done, role_of(caller, ASSESSORS))
    return RedirectResponse("/accounts?said=settled", 303)
