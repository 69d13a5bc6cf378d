"""Log-in and registration in one: a code goes to the address, whoever's it is, and who gives it is in (R120)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.customer_log_ins import ask_for_code, is_theirs
from activities.access.customer_sessions import begin_session, end_session
from activities.shop.accounts import let_in
from activities.shop.carts import Holder, merge
from gateway.context import address_of, door_of, in_database
from gateway.pages.shop.shoppers import (
    cart_of,
    place_after,
    shop_page,
    visiting,
    without_cart,
)
from gateway.security.client_address import neighbourhood
from gateway.security.customer_links import quota_of
from gateway.security.customer_sessions import token_of_customer, with_customer, without_customer
from gateway.security.staff_sessions import read_form, rules_of
from models.customer_addresses import LONGEST_ADDRESS, same_address
from models.signing_codes import DIGITS
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.printed_figures import moment
from runtime.link_secret import link_secret

router = APIRouter(include_in_schema=False)
_LONGEST_CODE = 12
_NO_ADDRESS = Words("请填写邮箱或手机号", "give a mail address or a phone number")
_WRONG_CODE = Words("验证码不对或已失效，请重新索取", "the code is wrong or over; please ask for a new one")
_CODES = Words(
    "验证码每分钟最多索取一次，每天最多 {most} 次；{when} 后再试",
    "a code is made once a minute and {most} times a day at most; try again after {when}",
)


@router.get("/shop/login")
async def log_in(request: Request, after: Annotated[str, Query(alias="next")] = "") -> HTMLResponse:
    """Where the address is given to which a code goes."""
    return await _page(request, "shop/login.html", "", place_after(after))


async def _page(
    request: Request, name: str, address: str, after: str, refusal: Refusal | None = None, status: int = 200
) -> HTMLResponse:
    visit = await visiting(request)
    return await shop_page(
        request, visit, name, status, home="/shop/login", here="account", address=address, after=after,
        refusal=refusal, digits=DIGITS,
    )  # fmt: skip


@router.post("/shop/login")
async def ask_code(request: Request) -> HTMLResponse:
    """Send a code to this address: the answer is the same whether we know it or not."""
    form, door = await read_form(request), door_of(request)
    typed, after = form.get("address", "").strip()[: LONGEST_ADDRESS + 1], place_after(form.get("next", ""))
    address = same_address(typed)
    if not address:
        refusal = Refusal(Code.MALFORMED, _NO_ADDRESS, where="address")
        return await _page(request, "shop/login.html", typed, after, refusal, 422)
    door.quotas.take_code(neighbourhood(address_of(request)) or "-")
    most, secret = quota_of(door.settings).codes, link_secret(door.settings)
    later = await in_database(ask_for_code, door.engine, secret, address, most, door.now(), to_anybody=True)
    if later is not None:
        refusal = Refusal(Code.TOO_MANY_REQUESTS, _CODES.filled(most=most, when=moment(later)))
        return await _page(request, "shop/code.html", typed, after, refusal, 429)
    return await _page(request, "shop/code.html", typed, after)


@router.post("/shop/login/code")
async def use_code(request: Request) -> Response:
    """Let in who gives the right code, and bring along what they put into the cart before."""
    form, door = await read_form(request), door_of(request)
    typed, code = form.get("address", "").strip()[: LONGEST_ADDRESS + 1], form.get("code", "").strip()
    after, address, now = place_after(form.get("next", "")), same_address(typed), door.now()
    secret = link_secret(door.settings)
    good = bool(address) and await in_database(
        is_theirs, door.engine, secret, address, code[:_LONGEST_CODE], now
    )
    if not good:
        refusal = Refusal(Code.CONTRADICTION, _WRONG_CODE, where="code")
        return await _page(request, "shop/code.html", typed, after, refusal, 409)
    shopper = await in_database(let_in, door.engine, address, now)
    holder = Holder(account=shopper.account, customer=shopper.customer)
    if shopper.right.may_buy:
        await in_database(merge, door.engine, cart_of(request), holder, now)
    token = await in_database(
        begin_session, door.engine, address, [shopper.customer], now, address_of(request), rules_of(door.settings)
    )  # fmt: skip
    return without_cart(request, with_customer(request, RedirectResponse(after, 303), token))


@router.post("/shop/logout")
async def log_out(request: Request) -> Response:
    """End the session; who has none is out already."""
    token = token_of_customer(request)
    if token:
        await in_database(end_session, door_of(request).engine, token)
    return without_customer(request, RedirectResponse("/shop", 303))
