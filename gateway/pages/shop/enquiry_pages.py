"""A quote asked for in the shop 询价: of who is logged in a quote at once, of a visitor a step of the desk (R104, R120).

A visitor proves nothing of who they are: nothing is opened in anybody's name before a clerk has spoken with them.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Engine

from activities.facts.desk_steps import open_step, was_asked
from activities.store.database import writing
from gateway.api.problems import status_of
from gateway.context import address_of, in_database
from gateway.pages.shop.catalogue_pages import offered, offers_for
from gateway.pages.shop.shoppers import Visit, shop_page, visiting
from gateway.security.client_address import neighbourhood
from gateway.security.staff_sessions import read_form
from models.customer_addresses import same_address
from models.messages.authors import customer_author
from models.messages.envelope import read_entered
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step
from models.shop.accounts import BUYS, Shopper, require_right
from models.shop.cart import plain, require_quantity_of_unit
from models.shop.catalogue import Offer
from models.shop.enquiry import ShopEnquiry
from models.values.calendar import business_date
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Channel, Role, Words
from models.writing.written_numbers import Manner
from runtime.cases.opening import ENQUIRIES

router = APIRouter(include_in_schema=False)
ENQUIRY = "/shop/enquiry"
_SAID = ("product", "quantity", "words", "name", "contact")
_HOW_REACHED = Words(
    "请填写邮箱或手机号，以便我们答复", "give a mail address or a phone number for our answer"
)


@router.get("/shop/enquiry")
async def enquiry(request: Request, product: str = "", said: str = "") -> HTMLResponse:
    """Where somebody asks for a price; after it was sent, that we have it. Raises Refusal(unknown_product)."""
    visit = await visiting(request)
    if said == "yes":
        return await shop_page(
            request, visit, "shop/enquiry.html", here="shop", offer=None, filled={}, sent=True
        )
    offer = offered(await offers_for(visit, {product.strip()}), product)
    return await _page(request, visit, offer, {"once": uuid.uuid4().hex})


async def _page(
    request: Request, visit: Visit, offer: Offer, filled: dict[str, str], refusal: Refusal | None = None
) -> HTMLResponse:
    status = 200 if refusal is None else status_of(refusal.code)
    return await shop_page(
        request, visit, "shop/enquiry.html", status, home=ENQUIRY, here="shop", offer=offer, filled=filled, refusal=refusal,
        sent=False, may_buy=visit.shopper is None or visit.shopper.right.may_buy,
    )  # fmt: skip


@router.post("/shop/enquiry")
async def ask(request: Request) -> Response:
    """Ask for a quote; the same form sent twice is one. Raises Refusal: wrong_role, unknown_product, too_many_requests."""
    visit, form = await visiting(request), await read_form(request)
    if visit.shopper is not None:
        require_right(visit.shopper, BUYS)
    product = form.get("product", "").strip()
    offer = offered(await offers_for(visit, {product}), product)
    try:
        asked = read_entered(
            ShopEnquiry,
            {name: form[name].strip() for name in _SAID if form.get(name, "").strip()},
            Manner.TYPED,
        )
        require_quantity_of_unit(offer, asked.quantity)
        if visit.shopper is not None:
            return await _quoted(visit, visit.shopper, offer, asked, form.get("once", "")[:60])
        await _left_at_the_desk(request, visit, offer, asked)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD or refusal.code in (Code.TOO_MANY_REQUESTS, Code.NOT_SIGNED_IN):
            raise
        return await _page(request, visit, offer, form, refusal)
    return RedirectResponse(f"{ENQUIRY}?said=yes", 303)


async def _quoted(visit: Visit, shopper: Shopper, offer: Offer, asked: ShopEnquiry, once: str) -> Response:
    """A quote of the customer's own, which the desk answers and its page shows."""
    door = visit.door
    door.quotas.take_order(f"account {shopper.account}")
    wanted: dict[str, Any] = {
        "request_id": f"shop/{once or uuid.uuid4().hex}",
        "channel": Channel.WEBSITE.value,
        "customer": shopper.customer,
        "contact": asked.name,
        "lines": [
            {
                "line": 1, "product": offer.product, "specification": offer.specification, "unit": offer.unit.value,
                "quantities": [plain(asked.quantity)],
            }
        ],
        "words": asked.words,
        "entered_by": customer_author(shopper.customer),
        "entered_role": Role.CUSTOMER.value,
    }  # fmt: skip
    opened = (await ENQUIRIES.number(door.settings, ENQUIRIES.read(wanted, Manner.TYPED))).start
    start = opened
    try:
        start = await door.on_server(lambda client: ENQUIRIES.begin(client, door.settings, opened))
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        door.forward_now()
    return RedirectResponse(f"/c/quotes/{start.number}?said=accepted", 303)


async def _left_at_the_desk(request: Request, visit: Visit, offer: Offer, asked: ShopEnquiry) -> None:
    """Raises Refusal: missing_field where nobody could answer, too_many_requests for a robot."""
    contact = same_address(asked.contact)
    if not contact:
        raise Refusal(Code.MISSING_FIELD, _HOW_REACHED, where="contact", rule="R120")
    visit.door.quotas.take_enquiry(neighbourhood(address_of(request)) or "-")
    parts = (contact, offer.product, plain(asked.quantity), asked.words, business_date(visit.now).isoformat())
    step = desk_step(
        DeskStepKind.SHOP_ENQUIRY, hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32], visit.now, rule="R104",
        roles=(Role.SALESPERSON, Role.SERVICE_CLERK), name=f" {asked.name}" if asked.name else "", contact=contact,
        product=offer.product, quantity=plain(asked.quantity), unit_zh=offer.unit.zh, unit_en=offer.unit.en, words=asked.words,
    )  # fmt: skip
    await in_database(_open_once, visit.door.engine, step)


def _open_once(engine: Engine, step: DeskStep) -> None:
    with writing(engine) as connection:
        if not was_asked(connection, step.key):
            open_step(connection, step)
