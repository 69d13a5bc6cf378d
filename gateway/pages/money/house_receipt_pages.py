"""Receipts 收款登记: recorded once, allocated with what is proposed filled in, the customer's balance and what is done with it
(R160, R161). For finance alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.money import house_receipts
from activities.money.house_receipts import Teller
from activities.money.receipt_acts import act_on_receipt
from activities.money.receipt_lists import (
    ReceiptsShown,
    count_receipts,
    count_waiting,
    find_receipts,
    show_receipt,
)
from gateway.api.problems import status_of
from gateway.context import door_of, in_database, keep_act
from gateway.pages.company.company_pages import text_of
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.messages.envelope import read_entered
from models.money.receipt_terms import ReceiptAct, ReceiptRecorded, ReceiptState
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import PaymentMethod, Role
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
SPARE_ROWS = 3
_MOST_ROWS = 50
METHODS = tuple(each for each in PaymentMethod if each not in house_receipts.NOT_HERE)


@router.get("/money/receipts")
async def receipts(request: Request, session: Who, q: str = "", show: str = "") -> HTMLResponse:
    """What came in: to be allocated, with a rest, all; and the form that records another one."""
    session.caller.require_role(Role.FINANCE)
    return await _listed(request, session, text_of(q), show)


async def _listed(
    request: Request,
    session: Session,
    q: str = "",
    show: str = "",
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
) -> HTMLResponse:
    engine = door_of(request).engine
    wanted = next((each for each in ReceiptsShown if each.value == show), ReceiptsShown.ALL)
    return page(
        request, "money/receipts.html", 200 if refusal is None else status_of(refusal.code), session=session,
        active="money", home="/money/receipts", receipts=await in_database(find_receipts, engine, q, wanted), q=q,
        total=await in_database(count_receipts, engine, q, wanted), oldest_first=wanted is ReceiptsShown.WAITING,
        show=wanted.value, ways=list(ReceiptsShown), waiting=await in_database(count_waiting, engine), methods=METHODS,
        refusal=refusal, values=values or {},
    )  # fmt: skip


@router.post("/money/receipts")
async def record(request: Request, session: Who) -> Response:
    """R160: money came in for a customer; the same bank and reference is recorded once."""
    session.caller.require_role(Role.FINANCE)
    form = await staff_form(request, session, by_field=True)
    names = ("customer", "amount", "reference", "bank", "payer", "method", "paid_at")
    raw = {name: form[name].strip() for name in names if form.get(name, "").strip()}
    try:
        said = read_entered(ReceiptRecorded, raw, Manner.TYPED)
        engine = door_of(request).engine
        done = await in_database(house_receipts.record_receipt, engine, said, _teller(request, session, form))
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        return await _listed(request, session, refusal=refusal, values=form)
    await _noted(request, session, ReceiptAct.RECORDED.value, done.number)
    return RedirectResponse(f"/money/receipts/{done.number}?said=recorded", 303)


@router.get("/money/receipts/{number}")
async def receipt(request: Request, number: str, session: Who) -> HTMLResponse:
    """One receipt: where it is, how it is proposed to be shared, what can be done with it."""
    session.caller.require_role(Role.FINANCE)
    return await _shown(request, session, number, said=request.query_params.get("said", ""))


async def _shown(
    request: Request,
    session: Session,
    number: str,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found = await in_database(show_receipt, door_of(request).engine, text_of(number, 60))
    done = next((each for each in ReceiptAct if each.value == said), None)
    return page(
        request, "money/house_receipt.html", 200 if refusal is None else status_of(refusal.code), session=session,
        active="money", home=f"/money/receipts/{found.receipt.number}", found=found, receipt=found.receipt, done=done,
        refusal=refusal, values=values or {}, states=ReceiptState, acts=ReceiptAct,
        rows=_rows(values) if values and values.get("act") == ReceiptAct.ALLOCATED.value else _proposed_rows(found),
    )  # fmt: skip


def _proposed_rows(found: Any) -> list[tuple[str, str]]:
    """What is proposed, then the other orders that owe something, and rows to write in."""
    proposed = [(each.order, f"{each.amount:,.2f}") for each in found.proposal.parts]
    named = {order for order, _ in proposed}
    others = [(each.number, "") for each in found.owing if each.number not in named]
    return ([*proposed, *others][: _MOST_ROWS - SPARE_ROWS]) + [("", "")] * SPARE_ROWS


def _rows(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """The rows as they were typed; an order without an amount gets nothing."""
    return [
        (values.get(f"order{place}", "").strip(), values.get(f"amount{place}", "").strip())
        for place in range(_MOST_ROWS)
        if f"order{place}" in values or f"amount{place}" in values
    ]


@router.post("/money/receipts/{number}")
async def act(request: Request, number: str, session: Who) -> Response:
    """One act of finance with a receipt; the same form sent twice is one act."""
    session.caller.require_role(Role.FINANCE)
    form = await staff_form(request, session, 2 * _MOST_ROWS + 20, by_field=True)
    door, number, kind = door_of(request), text_of(number, 60), form.get("act", "")
    teller = _teller(request, session, form)
    try:
        said = {} if kind == ReceiptAct.CLEARED.value else _raw(kind, form)
        await in_database(act_on_receipt, door.engine, number, kind, said, teller, Manner.TYPED)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD or (
            refusal.where == "receipt" and refusal.code is Code.UNKNOWN_ORDER
        ):
            raise
        return await _shown(request, session, number, refusal=refusal, values=form)
    door.forward_now()
    await _noted(request, session, kind, number)
    return RedirectResponse(f"/money/receipts/{number}?said={kind}", 303)


def _raw(kind: str, form: Mapping[str, str]) -> dict[str, Any]:
    if kind == ReceiptAct.ALLOCATED.value:
        return {"parts": [{"order": order, "amount": amount} for order, amount in _rows(form) if amount]}
    names = ("order", "amount", "reason", "part")
    return {name: form[name].strip() for name in names if form.get(name, "").strip()}


def _teller(request: Request, session: Session, form: Mapping[str, str]) -> Teller:
    caller = session.caller
    once = form.get("once", "")[:64] or uuid4().hex
    return Teller(
        caller.author, door_of(request).now(), f"{caller.author}/{caller.fact_id(f'receipt/{once}')}"
    )


async def _noted(request: Request, session: Session, kind: str, number: str) -> None:
    await keep_act(request, session.caller.name, f"receipt {number} {kind}", Role.FINANCE)
