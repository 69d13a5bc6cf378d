"""Who is in the shop: somebody logged in, or a visitor with a signed cart; and the page that they are shown (R120, R121)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from activities.access.sent_codes import keyed
from activities.shop.accounts import let_in
from activities.shop.carts import Holder, count_lines, new_cart_id
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.rendering import page, plain
from gateway.security.client_address import neighbourhood
from gateway.security.cookies import cookie_name, drop_cookie, set_cookie
from gateway.security.customer_sessions import session_of, token_of_customer
from models.access import Caller, CallerKind
from models.shop.accounts import Shopper
from models.shop.cart import CART_LASTS
from models.shop.catalogue import BETWEEN
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.link_secret import link_secret

COOKIE = "cart"
LOG_IN = "/shop/login"
_MAC_SIGNS = 32
_PLACES = ("/shop/cart", "/shop/checkout", "/shop/orders", "/shop/account")
"""Where somebody may be sent back to after the log-in: never to another site."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A look at the shop: by whom, with which cart, when."""

    door: Door
    shopper: Shopper | None
    cart: str
    """The id of a visitor's cart; empty where there is none yet."""
    now: datetime

    @property
    def holder(self) -> Holder:
        """Whose cart is meant."""
        if self.shopper is not None:
            return Holder(account=self.shopper.account, customer=self.shopper.customer)
        return Holder(cart=self.cart)

    @property
    def customer(self) -> str:
        """Of which customer prices are; empty for a visitor."""
        return self.shopper.customer if self.shopper is not None else ""


async def visiting(request: Request) -> Visit:
    """Who looks: nobody is turned away."""
    door = door_of(request)
    shopper = None
    if token_of_customer(request):
        try:
            shopper = await shopping(request)
        except Refusal as refusal:
            if refusal.code is not Code.NOT_SIGNED_IN:
                raise
    return Visit(door, shopper, cart_of(request), door.now())


async def shopping(request: Request) -> Shopper:
    """Who is logged in; a customer who came by the log-in for orders has an account from then on.

    Raises Refusal(not_signed_in).
    """
    session = await session_of(request)
    door = door_of(request)
    return await in_database(let_in, door.engine, session.address, door.now())


async def logged_in_visit(request: Request) -> tuple[Visit, Shopper]:
    """The same for a page that is of an account. Raises Refusal(not_signed_in)."""
    door, shopper = door_of(request), await shopping(request)
    return Visit(door, shopper, cart_of(request), door.now()), shopper


def shop_log_in(request: Request) -> str:
    """Where to log in, to come back to where somebody wanted to go."""
    here = request.url.path
    back = here if here in _PLACES and request.method == "GET" else ""
    return f"{LOG_IN}?next={quote(back, safe='')}" if back else LOG_IN


def place_after(wanted: str) -> str:
    """Where to go after the log-in."""
    return wanted if wanted in _PLACES else "/shop/cart"


def caller_of(shopper: Shopper, order: str = "") -> Caller:
    """The customer as somebody who places orders, and says something to an own one."""
    return Caller(name=shopper.customer, kind=CallerKind.CUSTOMER, roles=(Role.CUSTOMER,), order=order)


# --- a visitor's cart ----------------------------------------------------------------------------------------------


def _mac(request: Request, cart: str) -> str:
    return keyed(link_secret(door_of(request).settings), f"cart {cart}")[:_MAC_SIGNS]


def cart_of(request: Request) -> str:
    """The id of the visitor's cart; empty where there is none, or the cookie is none of ours."""
    given = request.cookies.get(cookie_name(request, door_of(request).settings, COOKIE), "")
    cart, _, mac = given.partition(".")
    return cart if cart and hmac.compare_digest(_mac(request, cart).encode(), mac.encode()) else ""


def begin_cart(request: Request) -> str:
    """The id of a new cart. Raises TooOften for a robot."""
    door_of(request).quotas.take_cart(neighbourhood(address_of(request)) or "-")
    return new_cart_id()


def with_cart(request: Request, answer: Response, cart: str) -> Response:
    """The answer, with the cookie of the visitor's cart."""
    settings = door_of(request).settings
    set_cookie(answer, request, settings, COOKIE, f"{cart}.{_mac(request, cart)}", CART_LASTS)
    return answer


def without_cart(request: Request, answer: Response) -> Response:
    """The answer, with the visitor's cart taken away: it is in the account's now."""
    drop_cookie(answer, request, door_of(request).settings, COOKIE)
    return answer


# --- what is shown -------------------------------------------------------------------------------------------------


async def shop_page(
    request: Request, visit: Visit, name: str, http_status: int = 200, *, home: str = "", **values: Any
) -> HTMLResponse:
    """A page of the shop, with what is in the cart in its head."""
    in_cart = await in_database(count_lines, visit.door.engine, visit.holder, visit.now)
    values.setdefault("here", "")
    values.setdefault("refusal", None)
    return page(
        request, name, http_status, home=home, shopper=visit.shopper, in_cart=in_cart, sign_between=BETWEEN,
        whole=plain, **values,
    )  # fmt: skip
