"""Salespeople's accounts 业务员账: the freight of dead orders that they guaranteed (R38, R164)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from activities.access.logins import Session
from activities.invoices.salesperson_accounts import accounts
from gateway.context import door_of, in_database
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff
from models.access import SEES_ALL
from models.company.keepers import ACCOUNT_READERS, has_one_of, require_one_of

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]


@router.get("/accounts")
async def salespeople(request: Request, session: Who) -> HTMLResponse:
    """What stands on each salesperson's account; a salesperson sees the own one."""
    require_one_of(session.caller, ACCOUNT_READERS)
    own = None if has_one_of(session.caller, frozenset(SEES_ALL)) else session.caller.name
    found = await in_database(accounts, door_of(request).engine, own)
    return page(request, "invoices/accounts.html", session=session, active="invoices", found=found)
