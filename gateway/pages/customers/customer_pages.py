"""The customer's pages: the own order, its papers, the receipt; nothing of anyone else (R31, R78, R85)."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.documents.document_store import PDF, DocumentStore
from gateway.context import in_database
from gateway.pages.customers.customer_visit import NOT_WAITED_FOR, come_in, customer_file_of, tell_as_customer
from gateway.pages.customers.customer_visit import customer_page as _customer_page
from gateway.security.staff_sessions import read_form
from models.customer_links import LinkUse
from models.dossier.open_steps import StepKind
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words

__all__ = ["customer_file_of", "receipt_in", "router"]
router = APIRouter(include_in_schema=False)
_RECEIVED = "received."
_LONGEST_LINE_NUMBER = 6
_NO_PAPER = Words("没有这份文书", "there is no such paper")
_DAMAGED = Words(
    "这份文书暂时不能打开，请联系业务员", "this paper cannot be opened now; please ask your salesperson"
)
_log = logging.getLogger("dingdan.gateway")


@router.get("/c/{token}")
async def mine(request: Request, token: str, said: str = "") -> HTMLResponse:
    """The customer's page of the order that their link opens."""
    visit = await come_in(request, token)
    try:
        await visit.note(LinkUse.LOOKED)
    except Refusal as refusal:  # a full disk hides no order from its customer
        if refusal.code not in OF_THE_WORLD:
            raise
    return await _customer_page(request, visit, said=said)


@router.get("/c/{token}/papers/{document}")
async def paper(request: Request, token: str, document: str) -> Response:
    """One of the order's papers. What is noted as opened are exactly the bytes that went out (R31)."""
    visit = await come_in(request, token)
    if document not in {each.document for each in visit.papers}:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_PAPER, where=document)
    content = await in_database(DocumentStore(visit.door.settings.documents).read, document + PDF)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), document):
        _log.error("the store holds other bytes under %s", document)
        raise Refusal(Code.FAULT, _DAMAGED, where=document)
    await visit.note(LinkUse.OPENED, document)
    return Response(content, media_type="application/pdf")


@router.post("/c/{token}/receipt")
async def receipt(request: Request, token: str) -> Response:
    """Confirm that the goods were received, how they are, and how many where that is not all of them (R74, R78)."""
    visit = await come_in(request, token)
    form = await read_form(request)
    name, shipment = form.get("signed_by", "").strip(), form.get("shipment", "")
    if not visit.open_step(StepKind.COLLECT_GOODS) or not name:
        return await _customer_page(request, visit, refusal=Refusal(Code.NOT_ASKED, NOT_WAITED_FOR))
    said: dict[str, object] = {"shipment": shipment, "signed_by": name, **receipt_in(form)}
    try:
        await tell_as_customer(visit, "delivery_receipt", said, form.get("seen", ""))
    except Refusal as refusal:
        return await _customer_page(request, visit, refusal=refusal)
    await visit.note(LinkUse.RECEIVED)
    return RedirectResponse(f"/c/{token}?said=yes", 303)


def receipt_in(form: Mapping[str, str]) -> dict[str, object]:
    """What the customer says of the goods beyond their name: what is left empty is not said."""
    found: dict[str, object] = {
        name: said for name in ("condition", "remarks") if (said := form.get(name, "").strip())
    }
    counted = [
        {"line": int(number), "quantity": value.strip()}
        for name, value in form.items()
        if name.startswith(_RECEIVED)
        and (number := name.removeprefix(_RECEIVED)).isdecimal()
        and len(number) <= _LONGEST_LINE_NUMBER
        and value.strip()
    ]
    return found | ({"items": counted} if counted else {})
