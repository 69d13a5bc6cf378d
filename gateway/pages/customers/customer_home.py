"""Customers log in by a one-time code to an address on file, and see all own orders (R85); no answer tells who is known."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.customer_log_ins import ask_for_code, try_log_in
from activities.access.customer_sessions import begin_session, end_session
from activities.orders.views.order_search import Page, Wanted, find_orders
from activities.orders.views.order_views import OrderSummary
from gateway.context import address_of, door_of, in_database
from gateway.pages.customers.customer_visit import state_of
from gateway.pages.rendering import page
from gateway.security.customer_links import quota_of
from gateway.security.customer_sessions import logged_in, token_of_customer, with_customer, without_customer
from gateway.security.staff_sessions import read_form, rules_of
from models.customer_addresses import LONGEST_ADDRESS, same_address
from models.order.kinds.kind import COURSE, MADE_TO_ORDER
from models.signing_codes import DIGITS
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.printed_figures import moment
from runtime.link_secret import link_secret

router = APIRouter(include_in_schema=False)
ORDERS_ON_A_PAGE = 20
_NO_ADDRESS = Words("请填写邮箱或手机号", "give a mail address or a phone number")
_WRONG_CODE = Words("验证码不对或已失效，请重新索取", "the code is wrong or over; please ask for a new one")
_CODES = Words(
    "验证码每分钟最多索取一次，每天最多 {most} 次；{when} 后再试",
    "a code is made once a minute and {most} times a day at most; try again after {when}",
)
_BAR = [phase for phase in MADE_TO_ORDER.course if phase not in MADE_TO_ORDER.of_the_house]


@router.get("/c/login")
async def log_in(request: Request) -> HTMLResponse:
    """Where a customer gives the address to which a code goes."""
    return page(request, "customers/login.html", address="", refusal=None)


@router.post("/c/login")
async def ask_code(request: Request) -> HTMLResponse:
    """Send a code to this address, if a customer has it on file; the answer is the same if not."""
    form = await read_form(request)
    typed = form.get("address", "").strip()[: LONGEST_ADDRESS + 1]
    address = same_address(typed)
    door = door_of(request)
    try:
        if not address:
            raise Refusal(Code.MALFORMED, _NO_ADDRESS, where="address")
        most, secret = quota_of(door.settings).codes, link_secret(door.settings)
        later = await in_database(ask_for_code, door.engine, secret, address, most, door.now())
        if later is not None:
            raise Refusal(Code.TOO_MANY_REQUESTS, _CODES.filled(most=most, when=moment(later)))
    except Refusal as refusal:
        too_many = refusal.code is Code.TOO_MANY_REQUESTS
        name = "customers/code.html" if too_many else "customers/login.html"
        return page(
            request,
            name,
            429 if too_many else 422,
            address=typed,
            refusal=refusal,
            digits=DIGITS,
            home="/c/login",
        )
    return page(request, "customers/code.html", address=typed, refusal=None, digits=DIGITS, home="/c/login")


@router.post("/c/login/code")
async def use_code(request: Request) -> Response:
    """Let in who gives the right code. A wrong one, one that is over and one that was never sent are answered alike."""
    form = await read_form(request)
    typed, code = form.get("address", "").strip()[: LONGEST_ADDRESS + 1], form.get("code", "").strip()[:12]
    door, address = door_of(request), same_address(typed)
    now, secret = door.now(), link_secret(door.settings)
    customers = await in_database(try_log_in, door.engine, secret, address, code, now) if address else []
    if not customers:
        refusal = Refusal(Code.CONTRADICTION, _WRONG_CODE, where="code")
        return page(
            request,
            "customers/code.html",
            409,
            address=typed,
            refusal=refusal,
            digits=DIGITS,
            home="/c/login",
        )
    token = await in_database(
        begin_session, door.engine, address, customers, now, address_of(request), rules_of(door.settings)
    )
    return with_customer(request, RedirectResponse("/c/orders", 303), token)


@router.post("/c/logout")
async def log_out(request: Request) -> Response:
    """End the customer's session; who has none is out already."""
    token = token_of_customer(request)
    if token:
        await in_database(end_session, door_of(request).engine, token)
    return without_customer(request, RedirectResponse("/c/login", 303))


@router.get("/c/orders")
async def own_orders(request: Request, cursor: str = "") -> HTMLResponse:
    """All own orders, the newest first, a page at a time, each with where it stands."""
    session = await logged_in(request)
    wanted = Wanted(customers=session.customers, cursor=cursor[:500], most=ORDERS_ON_A_PAGE)
    found: Page = await in_database(find_orders, door_of(request).engine, wanted)
    return page(
        request, "customers/orders.html", orders=[(each, state_of(each), _place(each)) for each in found.orders],
        next=found.next, several=len(session.customers) > 1, bar=[COURSE[phase] for phase in _BAR], here=cursor[:500],
    )  # fmt: skip


def _place(order: OrderSummary) -> int:
    """How far the order has come, in stations of the bar."""
    return next((n for n, phase in enumerate(_BAR) if phase.value == order.phase), 0)
