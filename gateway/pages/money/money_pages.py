"""The money desk: what the bank told beside what is open, confirmed in one act; ages of balances; what came in (R53)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Engine

from activities.access.logins import Session
from activities.figures.standing import balances_now
from activities.money.bank_lines import incoming, line_of, open_order
from activities.money.receipt_lists import count_waiting
from activities.money.receipts_shown import other_waits, receipts_lately
from activities.store.database import reading
from gateway.api.orders import ORDER_NUMBER
from gateway.context import address_of, door_of, in_database
from gateway.pages.figures.figure_pages import list_of
from gateway.pages.money.telling_money import leave, place, require_meant_so, require_one_order, senders, tell
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.figures.ageing import Age, Aged, aged
from models.money.matching import OpenOrder, what_follows
from models.money.splitting import Telling, payment_of
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import PaymentMethod, PaymentPurpose, Role, Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_NO_ORDER = Words(
    "没有在办的订单 {order}，请核对订单号", "there is no living order {order}; look at the number"
)
_NO_REASON = Words("请写明原因，例如已退回付款人", "say why, for example that it was given back to the payer")
_LONGEST = 300


@router.get("/money")
async def desk(request: Request, session: Who, said: str = "", order: str = "", q: str = "") -> HTMLResponse:
    """Everything that finance has to do with money that came in, or should have."""
    session.caller.require_role(Role.FINANCE)
    return await shown(request, session, said=said, order=order if ORDER_NUMBER.fullmatch(order) else "", q=q)


async def shown(
    request: Request,
    session: Session,
    *,
    said: str = "",
    order: str = "",
    q: str = "",
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page; after a refusal with what was filled in, at the sum that it was about."""
    door = door_of(request)
    asked = "".join(sign for sign in q[:100] if ord(sign) >= 32).strip()
    known = senders(door.settings)
    came = await in_database(incoming, door.engine, known)
    everything, customers = await in_database(_ages, door.engine, door.now())
    return page(
        request, "money/money.html", 200 if refusal is None else 409, session=session, active="money", home="/money",
        came=came, waits=await in_database(other_waits, door.engine), balances=everything, debtors=customers,
        receipts=await in_database(receipts_lately, door.engine, asked), q=asked, ages=list(Age), said=said, order=order,
        refusal=refusal, values=values or {}, follows=what_follows, list_of=list_of, at=door.now().isoformat(),
        methods={each.value: each for each in PaymentMethod},
        unallocated=await in_database(count_waiting, door.engine),
        questioned=refusal is not None and refusal.code is Code.QUESTIONED,
    )  # fmt: skip


def _ages(engine: Engine, now: datetime) -> tuple[Aged, list[Aged]]:
    with reading(engine) as connection:
        return aged(balances_now(connection), business_date(now))


@router.post("/money/confirm")
async def confirm(request: Request, session: Who) -> Response:
    """Confirm a sum as real for one order, in one act: where nobody knew the order, it is told to it first."""
    session.caller.require_role(Role.FINANCE)
    door, values = door_of(request), await staff_form(request, session)
    number = values.get("order", "").strip()
    try:
        line = await in_database(
            line_of, door.engine, senders(door.settings), values.get("line", "")[:_LONGEST]
        )
        order = await _living(request, line.order or number)
        await require_one_order(door, line, order.number)
        purpose = PaymentPurpose.DEPOSIT if order.deposit_missing > ZERO else PaymentPurpose.BALANCE
        telling = Telling(order.number, "payment_received", payment_of(line, purpose))
        if values.get("sure") != "yes":
            await require_meant_so(door, order.number, telling)
        await place(door, session.caller, line, order.number)
        done = await tell(door, session.caller, telling, values, address_of(request))
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return await shown(request, session, refusal=refusal, values=values)
    stored = done.body.get("status") == "stored"
    return RedirectResponse(f"/money?said={'stored' if stored else 'confirmed'}&order={order.number}", 303)


async def _living(request: Request, number: str) -> OpenOrder:
    found = await in_database(open_order, door_of(request).engine, number)
    if found is None:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_ORDER.filled(order=number[:40]), where="order")
    return found


@router.post("/money/leave")
async def leave_it(request: Request, session: Who) -> Response:
    """A sum that is for none of our orders: left with its reason, for example given back to the payer."""
    session.caller.require_role(Role.FINANCE)
    door, values = door_of(request), await staff_form(request, session)
    reason = values.get("reason", "").strip()[:1000]
    try:
        line = await in_database(
            line_of, door.engine, senders(door.settings), values.get("line", "")[:_LONGEST]
        )
        if not reason:
            raise Refusal(Code.MISSING_FIELD, _NO_REASON, where="reason")
        await leave(door, session.caller, line, reason)
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return await shown(request, session, refusal=refusal, values=values)
    return RedirectResponse("/money?said=left", 303)
