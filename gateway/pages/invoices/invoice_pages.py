"""Invoices 发票: what waits, what was issued, red letters, credit notes; asked for, issued and taken back (R162 to R164)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.invoices.invoice_lists import InvoicesOfOrder, find_invoices, invoices_of
from gateway.api.orders import Number
from gateway.api.problems import status_of
from gateway.api.telling import say
from gateway.context import address_of, door_of, in_database
from gateway.pages.company.company_pages import text_of
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import SEES_ALL
from models.company.keepers import INVOICE_READERS, has_one_of, require_one_of
from models.facts.fact_envelope import fact_envelope
from models.handlers.money.invoices import ASK, ISSUE
from models.invoices.asked_invoice import asked_of
from models.invoices.contents import InvoiceIssued, InvoiceRequested, InvoiceReversed
from models.invoices.terms import InvoiceKind
from models.values.content import Content
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner
from runtime.invoices.providers import provider_of

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
_ACTS: Mapping[str, tuple[str, type[Content]]] = {
    "request": ("invoice_requested", InvoiceRequested),
    "issue": ("invoice_issued", InvoiceIssued),
    "reverse": ("invoice_reversed", InvoiceReversed),
}
_NO_ACT = Words("没有这一项", "there is no such act")
SAID = {
    "request": Words("已申请，由财务开具", "asked for; finance issues it"),
    "issue": Words("发票已登记", "the invoice is entered"),
    "reverse": Words("红字发票已登记", "the red letter is entered"),
}


def _own(session: Session) -> str | None:
    """A salesperson sees the own orders alone."""
    return None if has_one_of(session.caller, frozenset(SEES_ALL)) else session.caller.name


@router.get("/invoices")
async def desk(request: Request, session: Who, q: str = "") -> HTMLResponse:
    """What waits for finance, what was issued last, or what is found by number, order, customer or name."""
    require_one_of(session.caller, INVOICE_READERS)
    words = text_of(q)
    found = await in_database(find_invoices, door_of(request).engine, words, salesperson=_own(session))
    return page(request, "invoices/invoices.html", session=session, active="invoices", found=found, q=words)


@router.get("/invoices/{number}")
async def of_order(request: Request, number: Number, session: Who) -> HTMLResponse:
    """The invoices and credit notes of one order, and what may be done about them."""
    return await _shown(request, session, number, said=request.query_params.get("said", ""))


async def _theirs(request: Request, session: Session, number: str) -> InvoicesOfOrder:
    require_one_of(session.caller, INVOICE_READERS)
    found: InvoicesOfOrder = await in_database(invoices_of, door_of(request).engine, number)
    session.caller.require_sight(number, found.customer, found.salesperson)
    return found


async def _shown(
    request: Request,
    session: Session,
    number: str,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    act: str = "",
    values: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found, caller = await _theirs(request, session, number), session.caller
    return page(
        request, "invoices/order.html", 200 if refusal is None else status_of(refusal.code), session=session,
        active="invoices", home=f"/invoices/{number}", found=found, said=SAID.get(said), refusal=refusal, act=act,
        values=values or {}, kinds=list(InvoiceKind), may_ask=has_one_of(caller, frozenset(ASK)),
        may_issue=has_one_of(caller, frozenset(ISSUE)),
        by_provider=provider_of(door_of(request).settings) is not None,
    )  # fmt: skip


@router.post("/invoices/{number}/{act}")
async def do(request: Request, number: Number, act: str, session: Who) -> Response:
    """Ask for an invoice, enter one, or its red letter. The same form sent twice is one fact; also after the order's end."""
    form = await staff_form(request, session)
    await _theirs(request, session, number)
    try:
        if act not in _ACTS:
            raise Refusal(Code.UNKNOWN_PLACE, _NO_ACT, where=act[:40])
        kind, model = _ACTS[act]
        content: dict[str, object] = {
            name: value.strip()
            for name in model.model_fields
            if (value := form.get(name, "")) and value.strip()
        }
        if act == "issue" and form.get("by") == "provider":
            content |= await _by_provider(request, session, number, content)
        await _tell(request, session, number, kind, content, form)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD or refusal.code is Code.NOT_SIGNED_IN:
            raise
        return await _shown(request, session, number, refusal=refusal, act=act, values=form)
    return RedirectResponse(f"/invoices/{number}?said={act}", 303)


async def _by_provider(
    request: Request, session: Session, number: str, content: Mapping[str, object]
) -> dict[str, object]:
    """R162: the provider issues what is asked for; asked again it is the same invoice."""
    session.caller.role_for("invoice_issued", Role.FINANCE)
    door = door_of(request)
    provider = provider_of(door.settings)
    if provider is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_ACT, where="by")
    found: InvoicesOfOrder = await in_database(invoices_of, door.engine, number)
    asked = asked_of(found.order, found.book, found.asked, str(content.get("request", "")))
    issued = await asyncio.to_thread(provider.issue, asked)
    return {
        "request": str(asked.request),
        "invoice": issued.number,
        "document": issued.document,
        "amount": str(asked.amount),
    }


async def _tell(
    request: Request,
    session: Session,
    number: str,
    kind: str,
    content: Mapping[str, object],
    form: Mapping[str, str],
) -> None:
    door, caller = door_of(request), session.caller
    role = caller.role_for(kind, Role.FINANCE if Role.FINANCE in caller.roles else None)
    envelope = fact_envelope(
        caller.fact_id(f"invoices/{form.get('once', '')[:64]}"),
        kind,
        dict(content),
        by=caller.author,
        role=role,
        happened_at=door.now(),
        manner=Manner.TYPED,
    )
    await say(door, caller, number, envelope, address_of(request))
    door.forward_now()
