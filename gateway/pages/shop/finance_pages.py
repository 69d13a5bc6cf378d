"""Payments of the shop for finance: every intent with search, refunds that failed, what statements say differently (R123)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from activities.access.logins import Session
from activities.shop.payment_views import IntentsShown, failed_refunds, find_intents, standing_differences
from activities.shop.refunding import want_again
from gateway.context import door_of, in_database, keep_act
from gateway.pages.company.company_pages import text_of
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_NOT_FAILED = Words(
    "这笔退款没有失败，或不是自动退款", "this refund has not failed, or does not go back by itself"
)
_LONGEST = 200


@router.get("/shop/payments")
async def payments(
    request: Request, session: Who, q: str = "", show: str = "", said: str = ""
) -> HTMLResponse:
    """The newest payments that fit, and what needs finance."""
    session.caller.require_role(Role.FINANCE)
    engine, text = door_of(request).engine, text_of(q)
    wanted = next((each for each in IntentsShown if each.value == show), IntentsShown.ALL)
    found, total = await in_database(find_intents, engine, text, wanted)
    return page(
        request, "shop/payments.html", session=session, active="shop-payments", intents=found, total=total, q=text,
        show=wanted.value, ways=list(IntentsShown), failed=await in_database(failed_refunds, engine),
        differences=await in_database(standing_differences, engine), said=said,
    )  # fmt: skip


@router.post("/shop/payments/refund")
async def refund_again(request: Request, session: Who) -> RedirectResponse:
    """A refund that failed is asked for once more, under the same key. Raises Refusal(not_asked) where it has not failed."""
    session.caller.require_role(Role.FINANCE)
    form = await staff_form(request, session)
    provider, refund = form.get("provider", "")[:_LONGEST], form.get("refund", "")[:_LONGEST]
    if not await in_database(want_again, door_of(request).engine, provider, refund, datetime.now(UTC)):
        raise Refusal(Code.NOT_ASKED, _NOT_FAILED, where="refund", rule="R123")
    await keep_act(request, session.caller.name, f"refund {refund} again", Role.FINANCE)
    return RedirectResponse("/shop/payments?said=again", 303)
