"""A customer's own cases and ratings after log-in: to open, to follow, to answer; nothing of anyone else (R141 to R144)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.customer_sessions import CustomerSession
from activities.cases.after_sales_views import CaseView, list_cases, show_case
from activities.cases.ratings import RatingView, rate, rating_of, ratings_of
from activities.orders.views.order_views import OrderView, show_order
from gateway.api.bodies import TooLarge
from gateway.context import address_of, door_of, in_database
from gateway.pages.cases.case_acts import CASE_NUMBER, OF_CUSTOMERS, tell_case
from gateway.pages.cases.case_pages import begun
from gateway.pages.cases.case_shown import OPENED_BY_CUSTOMERS, case_words, state_of_case
from gateway.pages.cases.evidence import keep_photos, read_with_photos
from gateway.pages.rendering import page
from gateway.security.customer_sessions import logged_in
from gateway.security.staff_sessions import read_form
from models.access import Caller, CallerKind, no_order
from models.cases.case_request import ORDER_NUMBER
from models.cases.rating import Rating
from models.cases.terms import CaseType
from models.messages.authors import customer_author
from models.messages.envelope import read_entered
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner
from runtime.cases.opening import AFTER_SALES
from runtime.signed_facts import policy_of_new_orders

router = APIRouter(include_in_schema=False)
Number = Annotated[str, Path(pattern=CASE_NUMBER)]
OrderNumber = Annotated[str, Path(pattern=ORDER_NUMBER)]
_NO_CASE = Words("没有售后单 {number}", "there is no case {number}")
_NOT_THIS = Words("此页不能报告这一项", "this cannot be said on this page")
_NO_PHOTO = Words("请选择要补充的照片", "choose the photo to add")
_ASKED = ("type", "cause", "line", "quantity", "words")


@router.get("/c/cases")
async def own_cases(request: Request) -> HTMLResponse:
    """All own cases, the newest first, and the orders that may be rated."""
    session = await logged_in(request)
    engine = door_of(request).engine
    found = [
        each
        for customer in session.customers
        for each in await in_database(list_cases, engine, customer=customer)
    ]
    found.sort(key=lambda each: each.placed_at, reverse=True)
    ratings = await in_database(ratings_of, engine, tuple(session.customers))
    return page(
        request, "cases/customer_list.html", cases=[(each, state_of_case(each.stage)) for each in found],
        ratings=ratings, now=door_of(request).now(), **case_words(),
    )  # fmt: skip


async def _own_order(request: Request, session: CustomerSession, number: str) -> OrderView:
    """Raises Refusal(unknown_order) for another customer's as for one that nobody knows."""
    view: OrderView = await in_database(show_order, door_of(request).engine, number)
    session.require_own(view.order.customer, no_order(number))
    return view


@router.get("/c/cases/new/{order}")
async def new_case(request: Request, order: OrderNumber) -> HTMLResponse:
    """Where a customer says what is wrong with an own order."""
    session = await logged_in(request)
    view = await _own_order(request, session, order)
    session.acting.require_own(view.order.customer, no_order(order))
    return _new_page(request, view, {}, None)


def _new_page(
    request: Request, view: OrderView, values: Mapping[str, str], refusal: Refusal | None
) -> HTMLResponse:
    return page(
        request, "cases/customer_new.html", 200 if refusal is None else 409, home=f"/c/cases/new/{view.order.number}",
        order=view, values=values, refusal=refusal, types=list(CaseType), causes=OPENED_BY_CUSTOMERS,
    )  # fmt: skip


@router.post("/c/cases/new/{order}")
async def open_own(request: Request, order: OrderNumber) -> Response:
    """Open a case with photos; the same form sent twice is one."""
    session = await logged_in(request)
    view, door = await _own_order(request, session, order), door_of(request)
    values: dict[str, str] = {}
    try:
        values, photos = await read_with_photos(request)
        evidence = await keep_photos(door, photos)
        customer = view.order.customer
        asked = AFTER_SALES.read(
            {
                **{name: text for name in _ASKED if (text := values.get(name, "").strip())},
                "request_id": f"page/{values.get('once', '')[:60]}",
                "order": order,
                "customer": customer,
                "evidence": evidence,
                "entered_by": customer_author(customer),
                "entered_role": Role.CUSTOMER.value,
            },
            Manner.TYPED,
        )
        start = (await AFTER_SALES.number(door.settings, asked)).start
    except TooLarge:
        raise
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return _new_page(request, view, values, refusal)
    await begun(door, start)
    return RedirectResponse(f"/c/cases/{start.number}?said=accepted", 303)


@router.get("/c/cases/{number}")
async def own_case(request: Request, number: Number, said: str = "") -> HTMLResponse:
    """One own case: where it stands, and what can be said to it."""
    session = await logged_in(request)
    view = await _own(request, session, number)
    return _page(request, view, said=said, may_act=session.may_act(view.customer))


async def _own(request: Request, session: CustomerSession, number: str) -> CaseView:
    """Raises Refusal(unknown_order) for another customer's as for one that nobody knows."""
    view: CaseView = await in_database(show_case, door_of(request).engine, number)
    session.require_own(
        view.customer, Refusal(Code.UNKNOWN_ORDER, _NO_CASE.filled(number=number), where=number)
    )
    return view


def _page(
    request: Request,
    view: CaseView,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
    may_act: bool = True,
) -> HTMLResponse:
    return page(
        request, "cases/customer_case.html", 200 if refusal is None else 409, home=f"/c/cases/{view.number}", view=view,
        state=state_of_case(view.stage), said=said, refusal=refusal, values=values or {},
        waits={step.kind for step in view.steps}, may_act=may_act, **case_words(),
    )  # fmt: skip


@router.post("/c/cases/{number}/answer")
async def answer(request: Request, number: Number) -> Response:
    """Agree, object, say that the goods are sent, withdraw, or add a photo."""
    session = await logged_in(request)
    view, door = await _own(request, session, number), door_of(request)
    values: dict[str, str] = {}
    try:
        values, photos = await read_with_photos(request)
        kind = values.get("kind", "")
        if kind not in OF_CUSTOMERS:
            raise Refusal(Code.WRONG_ROLE, _NOT_THIS, where="kind")
        # When it was said is now: the time that a customer names is not asked, and evidence is what came with the form.
        said = {name: value for name, value in values.items() if name not in ("happened_at", "document")}
        caller = Caller(name=view.customer, kind=CallerKind.CUSTOMER, roles=(Role.CUSTOMER,), order=number)
        if kind == "evidence_added":
            if not photos:
                raise Refusal(Code.MISSING_FIELD, _NO_PHOTO, where="photos", rule="R143")
            said |= {"document": (await keep_photos(door, photos[:1]))[0]}
        told = await tell_case(door, caller, number, kind, said, address_of(request))
    except TooLarge:
        raise
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return _page(request, await _own(request, session, number), refusal=refusal, values=values)
    return RedirectResponse(f"/c/cases/{number}?said={told.body.get('status', 'stored')}", 303)


# --- ratings -----------------------------------------------------------------------------------------------------------


@router.get("/c/rating/{order}")
async def rating_form(request: Request, order: OrderNumber, said: str = "") -> HTMLResponse:
    """R141: 1 to 5 for goods and merchant."""
    session = await logged_in(request)
    found = await in_database(rating_of, door_of(request).engine, order, tuple(session.customers))
    return _rating_page(request, found, said=said, may_act=session.may_act(found.customer))


def _rating_page(
    request: Request,
    found: RatingView,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    may_act: bool = True,
) -> HTMLResponse:
    return page(
        request, "cases/rating.html", 200 if refusal is None else 409, home=f"/c/rating/{found.order_number}",
        rating=found, said=said, refusal=refusal, may_act=may_act,
        open=door_of(request).now() < found.until,
    )  # fmt: skip


@router.post("/c/rating/{order}")
async def give_rating(request: Request, order: OrderNumber) -> Response:
    """Give the one rating, or change it for as long as it may be."""
    session = await logged_in(request)
    door, customers = door_of(request), tuple(session.customers)
    found = await in_database(rating_of, door.engine, order, customers)
    form = await read_form(request)
    try:
        given = {
            name: text for name in ("goods", "merchant", "words") if (text := form.get(name, "").strip())
        }
        rating = read_entered(Rating, given, Manner.TYPED)
        policy = policy_of_new_orders(door.settings).afterwards
        await in_database(rate, door.engine, order, customers, rating, door.now(), policy)
    except Refusal as refusal:
        return _rating_page(request, found, refusal=refusal)
    door.forward_now()  # a low one opens its complaint
    return RedirectResponse(f"/c/rating/{order}?said=yes", 303)
