"""A customer asks for the invoice of the own order, before or after its end (R162)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from gateway.pages.customers.customer_visit import (
    at_own_order,
    come_in,
    customer_page,
    once_of,
    tell_as_customer,
)
from gateway.security.staff_sessions import read_form
from models.customer_links import LinkUse
from models.invoices.contents import InvoiceRequested
from models.values.errors import Refusal

router = APIRouter(include_in_schema=False)
_LONGEST = 200


@at_own_order(router.post, "/invoice")
async def ask(request: Request) -> Response:
    """Name, tax number, kind, and an amount where it is not all. Sent twice on a day it is asked for once."""
    visit, form = await come_in(request), await read_form(request)
    said: dict[str, object] = {
        name: value
        for name in InvoiceRequested.model_fields
        if (value := form.get(name, "").strip()[:_LONGEST])
    }
    try:
        once = once_of(visit, "invoice", form.get("asked", "")[:10], str(sorted(said.items())))
        await tell_as_customer(visit, "invoice_requested", said, "", once)
    except Refusal as refusal:
        return await customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.ASKED)
    return RedirectResponse(f"{visit.home}?said=invoice", 303)
