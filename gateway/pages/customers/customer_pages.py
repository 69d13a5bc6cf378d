"""The customer's pages: the own order, its papers, the receipt; nothing of anyone else (R31, R78, R85)."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.documents.document_store import PDF, DocumentStore
from activities.orders.views.customer_story import shipments_seen
from gateway.api.bodies import TooLarge
from gateway.context import in_database
from gateway.pages.customers.customer_files import keep_photo, read_upload
from gateway.pages.customers.customer_visit import (
    NOT_WAITED_FOR,
    Visit,
    at_own_order,
    come_in,
    customer_file_of,
    once_of,
    tell_as_customer,
)
from gateway.pages.customers.customer_visit import customer_page as _customer_page
from gateway.security.staff_sessions import read_form
from models.customer_links import LinkUse
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Words

__all__ = ["customer_file_of", "receipt_in", "router"]
router = APIRouter(include_in_schema=False)
_RECEIVED = "received."
_LONGEST_LINE_NUMBER = 6
_LONGEST_NAME = 100
_LONGEST_WORDS = 500
_NAME_WANTED = Words("请写签收人姓名", "give the name of who received the goods")
_NO_PAPER = Words("没有这份文书", "there is no such paper")
_DAMAGED = Words(
    "这份文书暂时不能打开，请联系业务员", "this paper cannot be opened now; please ask your salesperson"
)
_log = logging.getLogger("dingdan.gateway")


@at_own_order(router.get)
async def mine(request: Request) -> HTMLResponse:
    """The customer's page of the own order."""
    visit = await come_in(request)
    try:
        await visit.note(LinkUse.LOOKED)
    except Refusal as refusal:  # a full disk hides no order from its customer
        if refusal.code not in OF_THE_WORLD:
            raise
    return await _customer_page(request, visit, said=request.query_params.get("said", ""))


@at_own_order(router.get, "/papers/{document}")
async def paper(request: Request) -> Response:
    """One of the order's papers. What is noted as opened are exactly the bytes that went out (R31)."""
    visit, document = await come_in(request), str(request.path_params["document"])
    if document not in {each.document for each in visit.papers}:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_PAPER, where=document)
    content = await in_database(DocumentStore(visit.door.settings.documents).read, document + PDF)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), document):
        _log.error("the store holds other bytes under %s", document)
        raise Refusal(Code.FAULT, _DAMAGED, where=document)
    await visit.note(LinkUse.OPENED, document)
    return Response(content, media_type="application/pdf")


@at_own_order(router.post, "/receipt")
async def receipt(request: Request) -> Response:
    """Confirm that the goods were received, how they are, how many where that is not all of them, and a photo (R74, R78)."""
    visit = await come_in(request)
    form: dict[str, str] = {}
    try:
        form, photo = await read_upload(request)
        name, shipment = form.get("signed_by", "").strip()[:_LONGEST_NAME], form.get("shipment", "")
        if shipment not in visit.to_collect:
            if await _is_received(visit, shipment):  # sent twice, or signed for at the door meanwhile
                return RedirectResponse(f"{visit.home}?said=yes", 303)
            raise Refusal(Code.NOT_ASKED, NOT_WAITED_FOR)
        if not name:
            raise Refusal(Code.MISSING_FIELD, _NAME_WANTED)
        said: dict[str, object] = {"shipment": shipment, "signed_by": name, **receipt_in(form)}
        if photo is not None:
            said["document"] = await keep_photo(visit, photo)
        await tell_as_customer(
            visit, "delivery_receipt", said, form.get("seen", ""), once_of(visit, str(said))
        )
    except TooLarge:
        raise
    except Refusal as refusal:
        return await _customer_page(request, visit, refusal=refusal, filled=form)
    await visit.note(LinkUse.RECEIVED)
    return RedirectResponse(f"{visit.home}?said=yes", 303)


@at_own_order(router.post, "/confirm")
async def confirm(request: Request) -> Response:
    """The customer says that all is well with what was received: the order is completed (R81). Said twice it is known."""
    visit, form = await come_in(request), await read_form(request)
    try:
        words = form.get("words", "").strip()[:_LONGEST_WORDS]
        content: dict[str, object] = {"words": words} if words else {}
        await tell_as_customer(
            visit, "receipt_confirmed", content, form.get("seen", ""), once_of(visit, "confirmed", words)
        )
    except Refusal as refusal:
        return await _customer_page(request, visit, refusal=refusal, filled=form)
    return RedirectResponse(f"{visit.home}?said=yes", 303)


async def _is_received(visit: Visit, shipment: str) -> bool:
    shipments = await in_database(shipments_seen, visit.door.engine, visit.view.order.number)
    return any(each.shipment == shipment and each.delivered_at is not None for each in shipments)


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
