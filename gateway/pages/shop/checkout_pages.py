"""The checkout: what was seen is ordered once or not at all; the confirmation that is printed (R122)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.shop.accounts import AccountView, account_view
from activities.shop.carts import look
from activities.shop.checkouts import CheckedOut, check_out, ordered_at
from activities.shop.payment_views import shown_intent
from activities.store.holidays import CalendarReader
from gateway.api.placing import begin
from gateway.api.problems import status_of
from gateway.context import address_of, door_of, in_database
from gateway.pages.shop.cart_pages import CART, policy_at
from gateway.pages.shop.shoppers import Visit, caller_of, logged_in_visit, shop_page
from gateway.security.staff_sessions import read_form
from models.invoices.terms import InvoiceKind
from models.messages.envelope import read_entered
from models.shop.accounts import BUYS, Shopper, require_right
from models.shop.cart import PAID_AT_ONCE
from models.shop.catalogue import SoldAs
from models.shop.checkout import CheckoutForm, sums
from models.shop.checkout_money import IntentState
from models.shop.delivery_fee import METHODS, expected_day
from models.shop.terms import VERSION
from models.values.calendar import business_date
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import DeliveryMethod, Words
from models.writing.written_numbers import Manner
from runtime.delivery.placing import Opened

router = APIRouter(include_in_schema=False)
CHECKOUT = "/shop/checkout"
Checkout = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_SENT = ("checkout", "cart_version", "seen_total", "terms_version", "address", "method")
_NONE = Words("没有这份订单确认", "there is no such confirmation")


@router.get("/shop/checkout")
async def checkout(request: Request, method: str = "", address: str = "") -> Response:
    """Where the customer sees everything once more: goods, address, way, fee, expected day, terms."""
    visit, shopper = await logged_in_visit(request)
    require_right(shopper, BUYS)
    return await _page(request, visit, shopper, {"method": method, "address": address[:40]})


async def _page(
    request: Request,
    visit: Visit,
    shopper: Shopper,
    filled: Mapping[str, str],
    refusal: Refusal | None = None,
) -> Response:
    policy = await policy_at(visit)
    view = await in_database(look, visit.door.engine, visit.holder, policy.sample.free_pieces, visit.now)
    if not view.lines or (view.to_acknowledge and refusal is None):
        return RedirectResponse(CART, 303)
    account: AccountView = await in_database(account_view, visit.door.engine, shopper)
    method = next((each for each in METHODS if each.value == filled.get("method")), DeliveryMethod.COURIER)
    today = business_date(visit.now)
    calendar = await in_database(CalendarReader(visit.door.engine).read_calendar, today)
    expected = {
        kind: max(
            expected_day(
                today, method, calendar.working_days_after, making=each.offer.days if each.offer else 0,
                there_on=each.offer.expected if each.offer and each.offer.sold_as is SoldAs.PRE_SALE else None,
            )
            for each in view.of(kind)
        )
        for kind in view.kinds
    }  # fmt: skip
    wanted = filled.get("address", "")
    places = account.places
    chosen = wanted if any(each.number == wanted for each in places) else next((p.number for p in places), "")
    status = 200 if refusal is None else status_of(refusal.code)
    return await shop_page(
        request, visit, "shop/checkout.html", status, home=CHECKOUT, here="cart", view=view, account=account, kinds=list(InvoiceKind),
        sums=sums(view, method, policy.shop.delivery), method=method, methods=METHODS, expected=expected,
        chosen=chosen, refusal=refusal, version=VERSION, checkout_id=uuid.uuid4().hex, paid_at_once=PAID_AT_ONCE,
        filled=filled,
    )  # fmt: skip


@router.post("/shop/checkout")
async def send(request: Request) -> Response:
    """Order what was seen. Another total, another cart or less stock: the page once more, and nothing was ordered."""
    visit, shopper = await logged_in_visit(request)
    require_right(shopper, BUYS)
    form = await read_form(request)
    try:
        sent = read_entered(CheckoutForm, _sent(form), Manner.TYPED)
        visit.door.quotas.take_order(f"account {shopper.account}")
        out = await _carried_out(visit, shopper, sent)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD or refusal.code in (Code.TOO_MANY_REQUESTS, Code.WRONG_ROLE):
            raise
        return await _page(request, visit, shopper, form, refusal)
    await _begin(request, shopper, out)
    return RedirectResponse(_next(visit, out), 303)


def _sent(form: Mapping[str, str]) -> dict[str, object]:
    """What the form says of itself: prices are none of it."""
    said: dict[str, object] = {name: form[name].strip() for name in _SENT if form.get(name, "").strip()}
    if isinstance(said.get("cart_version"), str) and str(said["cart_version"]).isdecimal():
        said["cart_version"] = int(str(said["cart_version"])[:9])
    if form.get("agreed") != "yes":
        said.pop("terms_version", None)
    return said | {"wants_invoice": form.get("wants_invoice") == "yes"}


async def _carried_out(visit: Visit, shopper: Shopper, sent: CheckoutForm) -> CheckedOut:
    policy = await policy_at(visit)
    return await in_database(check_out, visit.door.engine, shopper, sent, visit.now, policy)


async def _begin(request: Request, shopper: Shopper, out: CheckedOut) -> None:
    """Begin its orders; one that cannot begin now begins by itself later."""
    door = door_of(request)
    for start in out.starts:
        await begin(door, caller_of(shopper), Opened(start, known=not out.new), address_of(request))


def _next(visit: Visit, out: CheckedOut) -> str:
    """Where the customer goes: to pay where there is a provider, else to the confirmation."""
    pays = out.intent and visit.door.settings.shop_providers
    return f"/shop/pay/{quote(out.intent)}" if pays else f"/shop/done/{out.done.checkout}"


@router.get("/shop/done/{checkout}")
async def done(request: Request, checkout: Checkout) -> HTMLResponse:
    """What was ordered: number, lines, address, fee, expected day; it prints.

    Raises Refusal(unknown_order) for another's as for none.
    """
    visit, shopper = await logged_in_visit(request)
    found = await in_database(ordered_at, visit.door.engine, shopper, checkout)
    if found is None:
        raise Refusal(Code.UNKNOWN_ORDER, _NONE, where="checkout")
    ordered, number = found
    known = await in_database(shown_intent, visit.door.engine, number) if number else None
    pays = visit.door.settings.shop_providers and known and known.state is IntentState.OPEN
    hours = ordered.pay_hours if known and known.state is IntentState.OPEN else None
    return await shop_page(
        request,
        visit,
        "shop/done.html",
        done=ordered,
        intent=number if pays else "",
        state=known.state if known else None,
        paid_at_once=PAID_AT_ONCE,
        pay_hours=f"{hours.normalize():f}" if hours is not None else "",
    )
