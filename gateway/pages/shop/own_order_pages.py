"""My orders in the shop: where each stands, on to its own page, and the same once more into the cart (R120)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.cases.after_sales_views import CaseRow, list_cases
from activities.cases.ratings import ratings_of
from activities.orders.views.order_search import Page, Wanted, find_orders
from activities.orders.views.order_views import OrderSummary, show_order
from activities.shop.carts import put
from activities.shop.own_orders import lines_again, origins
from gateway.api.telling import say
from gateway.context import address_of, in_database
from gateway.pages.cases.case_shown import state_of_case
from gateway.pages.customers.customer_visit import state_of
from gateway.pages.shop.cart_pages import CART
from gateway.pages.shop.shoppers import caller_of, logged_in_visit, shop_page
from models.facts.fact_envelope import fact_envelope
from models.order.kinds.kind import COURSE, KINDS, MADE_TO_ORDER, OrderKind
from models.shop.accounts import BUYS, require_right
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Fulfilment, Headline, PhaseName, Role, Words
from models.writing.written_numbers import Manner

router = APIRouter(include_in_schema=False)
ORDERS_ON_A_PAGE = 20
_IS_CANCELLED = "/shop/orders?said=cancelled"
_CANCELLED = Words("客户在网店取消", "the customer cancelled it in the shop")
Number = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$")]


@router.get("/shop/orders")
async def orders(request: Request, cursor: str = "") -> HTMLResponse:
    """The account's orders, the newest first, each with where it stands and its day."""
    visit, shopper = await logged_in_visit(request)
    wanted = Wanted(customers=(shopper.customer,), cursor=cursor[:500], most=ORDERS_ON_A_PAGE)
    found: Page = await in_database(find_orders, visit.door.engine, wanted)
    known = await in_database(origins, visit.door.engine, [each.number for each in found.orders])
    shown = [
        (each, state_of(each), *_course(each, known[each.number].kind), known[each.number])
        for each in found.orders
        if each.number in known
    ]
    asked = await in_database(ratings_of, visit.door.engine, (shopper.customer,))
    cases: dict[str, list[tuple[CaseRow, Words]]] = {}
    for case in await in_database(list_cases, visit.door.engine, customer=shopper.customer):
        cases.setdefault(case.order_number, []).append((case, state_of_case(case.stage)))
    return await shop_page(
        request, visit, "shop/orders.html", cases=cases, here="orders", orders=shown, next=found.next, cursor=cursor[:500],
        off={each.number for each in found.orders if each.headline == Headline.CANCELLED.value},
        rated={each.order_number for each in asked}, may_buy=shopper.right.may_buy, course=COURSE,
        cancelled=request.query_params.get("said") == "cancelled",
    )  # fmt: skip


def _course(order: OrderSummary, fulfilment: Fulfilment) -> tuple[tuple[PhaseName, ...], int]:
    """The stations of this order that its customer sees, and at which it is."""
    kind: OrderKind = KINDS.get(fulfilment, MADE_TO_ORDER)
    course = tuple(phase for phase in kind.course if phase not in kind.of_the_house)
    return course, next((n for n, phase in enumerate(course) if phase.value == order.phase), 0)


@router.post("/shop/orders/{number}/again")
async def again(request: Request, number: Number) -> Response:
    """Put what an own order had into the cart, at the prices of now; what cannot be had is named."""
    visit, shopper = await logged_in_visit(request)
    require_right(shopper, BUYS)
    missing = []
    for line in await in_database(lines_again, visit.door.engine, shopper.customer, number):
        try:
            await in_database(
                put, visit.door.engine, visit.holder, line.product, line.quantity, visit.now, sample=line.sample
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.code not in (
                Code.UNKNOWN_PRODUCT, Code.NOT_ENOUGH_STOCK, Code.BAD_QUANTITY, Code.TOO_LARGE,
            ):  # fmt: skip
                raise
            missing.append(line.product)
    if missing:
        return RedirectResponse(f"/shop/cart?missing={quote('、'.join(missing)[:150], safe='')}", 303)
    return RedirectResponse(CART, 303)


@router.post("/shop/orders/{number}/cancel")
async def cancel(request: Request, number: Number) -> Response:
    """Cancel an own order that is not paid yet (R84, R122). Said twice it is known; what is paid the order refuses."""
    visit, shopper = await logged_in_visit(request)
    require_right(shopper, BUYS)
    await in_database(lines_again, visit.door.engine, shopper.customer, number)  # an own one, or none
    known = await in_database(show_order, visit.door.engine, number)
    if known.order.ending == Ending.CANCELLED.value:
        return RedirectResponse(_IS_CANCELLED, 303)
    caller = caller_of(shopper, number)
    envelope = fact_envelope(
        f"customer/cancel/{number}", "cancellation_requested", {"reason": _CANCELLED.zh}, by=caller.author,
        role=Role.CUSTOMER, happened_at=visit.now, manner=Manner.TYPED,
    )  # fmt: skip
    try:
        await say(visit.door, caller, number, envelope, address_of(request))
    except Refusal as refusal:
        if refusal.code is not Code.FACT_CONFLICT:
            raise
        # the order has heard this wish before, at another moment: it is known
    return RedirectResponse(_IS_CANCELLED, 303)
