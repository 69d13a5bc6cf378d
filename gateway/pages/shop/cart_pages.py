"""The cart: put in, changed, acknowledged; each look at it works out anew what it costs and what is there (R121)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import StringConstraints

from activities.shop.carts import Holder, acknowledge, look, put, set_quantity
from gateway.api.problems import status_of
from gateway.context import in_database
from gateway.pages.company.company_pages import text_of
from gateway.pages.shop.catalogue_pages import offered, offers_for, product_page
from gateway.pages.shop.shoppers import Visit, begin_cart, shop_page, visiting, with_cart
from gateway.security.staff_sessions import read_form
from models.messages.envelope import read_entered
from models.policy import Policy
from models.shop.accounts import BUYS, require_right
from models.shop.checkout import sums
from models.values.content import Content, Reference
from models.values.errors import Code, Refusal
from models.values.quantity import Quantity
from models.values.vocabulary import DeliveryMethod
from models.writing.written_numbers import Manner
from runtime.signed_facts import policy_of_new_orders

router = APIRouter(include_in_schema=False)
CART = "/shop/cart"


class Wanted(Content):
    """What a form of the cart says; a price in it would be refused."""

    product: Annotated[Reference, StringConstraints(max_length=200)]
    quantity: Quantity = Decimal(1)
    sample: bool = False


def _wanted(form: dict[str, str]) -> Wanted:
    """Raises Refusal(bad_quantity and the like) that names the field."""
    said = {name: form[name].strip() for name in ("product", "quantity") if form.get(name, "").strip()}
    return read_entered(Wanted, {**said, "sample": form.get("sample") == "yes"}, Manner.TYPED)


def _require_buyer(visit: Visit) -> None:
    if visit.shopper is not None:
        require_right(visit.shopper, BUYS)


async def policy_at(visit: Visit) -> Policy:
    """The company's figures as they are now."""
    return await in_database(policy_of_new_orders, visit.door.settings)


@router.post("/shop/cart/put")
async def put_in(request: Request) -> Response:
    """Put so many more of a product in. What is wrong stands on the product's page."""
    visit, form = await visiting(request), await read_form(request)
    _require_buyer(visit)
    try:
        wanted = _wanted(form)
        holder, cart = visit.holder, visit.cart
        if visit.shopper is None and not cart:
            cart = begin_cart(request)
            holder = Holder(cart=cart)
        await in_database(
            put, visit.door.engine, holder, wanted.product, wanted.quantity, visit.now, sample=wanted.sample
        )
    except Refusal as refusal:
        if refusal.code in (Code.UNKNOWN_PRODUCT, Code.TOO_MANY_REQUESTS):
            raise
        product = form.get("product", "").strip()
        offer = offered(await offers_for(visit, {product}), product)
        return await product_page(request, visit, offer, refusal, form.get("quantity", "")[:40])
    answer = RedirectResponse(f"{CART}?put={quote(wanted.product, safe='')}", 303)
    return with_cart(request, answer, cart) if visit.shopper is None else answer


@router.get("/shop/cart")
async def cart(request: Request, put: str = "", missing: str = "") -> HTMLResponse:
    """What is in the cart now, and what is another than when it was put in; `missing`: what of an order could not be had."""
    return await _page(request, await visiting(request), put=text_of(put, 200), missing=text_of(missing, 200))


async def _page(
    request: Request, visit: Visit, refusal: Refusal | None = None, put: str = "", missing: str = ""
) -> HTMLResponse:
    policy = await policy_at(visit)
    view = await in_database(look, visit.door.engine, visit.holder, policy.sample.free_pieces, visit.now)
    status = 200 if refusal is None else status_of(refusal.code)
    return await shop_page(
        request, visit, "shop/cart.html", status, home=CART, here="cart", view=view, refusal=refusal, put=put, missing=missing,
        sums=sums(view, DeliveryMethod.COURIER, policy.shop.delivery), free_from=policy.shop.delivery.free_from,
        may_buy=visit.shopper is None or visit.shopper.right.may_buy,
    )  # fmt: skip


@router.post("/shop/cart/change")
async def change(request: Request) -> Response:
    """Another quantity of a line; none, or the button to remove it: it is out."""
    visit, form = await visiting(request), await read_form(request)
    _require_buyer(visit)
    if visit.shopper is None and not visit.cart:
        return RedirectResponse(CART, 303)
    try:
        wanted = _wanted({**form, "quantity": "0"} if form.get("remove") else form)
        await in_database(
            set_quantity, visit.door.engine, visit.holder, wanted.product, wanted.quantity, visit.now,
            sample=wanted.sample,
        )  # fmt: skip
    except Refusal as refusal:
        return await _page(request, visit, refusal)
    return RedirectResponse(CART, 303)


@router.post("/shop/cart/acknowledge")
async def say_yes(request: Request) -> Response:
    """The customer says yes to what is dearer, less or gone."""
    visit = await visiting(request)
    _require_buyer(visit)
    if visit.shopper is None and not visit.cart:
        return RedirectResponse(CART, 303)
    await in_database(acknowledge, visit.door.engine, visit.holder, visit.now)
    return RedirectResponse(CART, 303)
