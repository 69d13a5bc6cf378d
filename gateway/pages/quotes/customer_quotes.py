"""A customer's own quotes after log-in: to see, accept, counter and refuse; never what they cost us (R102 to R104)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.customer_sessions import CustomerSession
from activities.documents.printed_papers import documents_of
from activities.quotes.quote_views import OfferView, QuoteView, list_quotes, show_quote
from gateway.context import address_of, door_of, in_database
from gateway.pages.quotes.quote_acts import OF_CUSTOMERS, QUOTE_NUMBER, tell_quote
from gateway.pages.quotes.quote_pages import quotation_file
from gateway.pages.quotes.quote_shown import compared, is_valid
from gateway.pages.rendering import page
from gateway.security.customer_sessions import logged_in
from gateway.security.staff_sessions import read_form
from models.access import Caller, CallerKind
from models.dossier.papers_due import Paper
from models.quotes.quote import QuoteStage
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

router = APIRouter(include_in_schema=False)
Number = Annotated[str, Path(pattern=QUOTE_NUMBER)]
_NO_QUOTE = Words("没有报价 {number}", "there is no quote {number}")
_NOT_THIS = Words("此页不能报告这一项", "this cannot be said on this page")
_STATES: Mapping[QuoteStage, Words] = {
    QuoteStage.ENQUIRY: Words("我们正在报价", "we are working out the price"),
    QuoteStage.IN_APPROVAL: Words("我们正在报价", "we are working out the price"),
    QuoteStage.TO_SEND: Words("我们正在报价", "we are working out the price"),
    QuoteStage.OFFERED: Words("请答复报价", "please answer our offer"),
    QuoteStage.COUNTERED: Words("已收到您的还价，我们会尽快答复", "we have your counter-offer and will answer soon"),
    QuoteStage.EXPIRED: Words("报价已过期", "the offer has expired"),
    QuoteStage.LATE: Words(
        "已收到您的接受，因已过有效期，我们会尽快答复",
        "we have your acceptance; it came after the validity, and we will answer soon",
    ),
    QuoteStage.ACCEPTED: Words("已接受，正在生成订单", "accepted; your order is being made"),
    QuoteStage.ORDERED: Words("已转为订单", "it became your order"),
    QuoteStage.REFUSED: Words("已谢绝", "declined"),
    QuoteStage.WITHDRAWN: Words("报价已撤回", "the offer is withdrawn"),
    QuoteStage.CLOSED: Words("报价已过期", "the offer has expired"),
}  # fmt: skip
"""What a customer reads of where it stands: nothing of the house."""


def state_of_quote(stage: str) -> Words:
    """Where it stands, in words for the customer."""
    known = next((each for each in QuoteStage if each.value == stage), None)
    return _STATES[known] if known is not None else Words("", "")


@router.get("/c/quotes")
async def own_quotes(request: Request) -> HTMLResponse:
    """All own quotes, the newest first."""
    session = await logged_in(request)
    engine = door_of(request).engine
    found = [
        each
        for customer in session.customers
        for each in await in_database(list_quotes, engine, customer=customer)
    ]
    found.sort(key=lambda each: each.placed_at, reverse=True)
    return page(
        request,
        "quotes/customer_list.html",
        quotes=[(each, state_of_quote(each.stage)) for each in found],
        several=len(session.customers) > 1,
    )


@router.get("/c/quotes/{number}")
async def own_quote(request: Request, number: Number, said: str = "") -> HTMLResponse:
    """One own quote: what was offered, until when, what can be answered."""
    session = await logged_in(request)
    view = await _own(request, session, number)
    return await _page(request, view, said=said, may_act=session.may_act(view.customer))


async def _own(request: Request, session: CustomerSession, number: str) -> QuoteView:
    """Raises Refusal(unknown_order) for another customer's as for one that nobody knows."""
    view: QuoteView = await in_database(show_quote, door_of(request).engine, number)
    session.require_own(
        view.customer, Refusal(Code.UNKNOWN_ORDER, _NO_QUOTE.filled(number=number), where=number)
    )
    return view


async def _page(
    request: Request,
    view: QuoteView,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
    may_act: bool = True,
) -> HTMLResponse:
    door = door_of(request)
    offers = [seen_by_customer(each) for each in view.offers if each.sent_at is not None]
    standing = next((each for each in offers if each.version == view.standing), None)
    papers = await in_database(documents_of, door.engine, view.number)
    answers = (
        standing is not None
        and not view.ending
        and view.accepted_version is None
        and view.stage != QuoteStage.LATE
    )
    return page(
        request, "quotes/customer_quote.html", 200 if refusal is None else 409, home=f"/c/quotes/{view.number}", view=view,
        state=state_of_quote(view.stage), offers=offers, compared=compared(offers), standing=standing,
        answers=answers and may_act, only_looks_at=answers and not may_act,
        valid=is_valid(standing, door.now()), said=said, refusal=refusal, values=values or {},
        papers=[each for each in papers if each.document and each.paper == Paper.QUOTATION.value],
    )  # fmt: skip


def seen_by_customer(offer: OfferView) -> OfferView:
    """The version without what it cost, what it leaves, and who made it."""
    prices = [{**each, "cost": None, "margin": None} for each in offer.prices]
    return offer.model_copy(update={"prices": prices, "margin": None, "made_by": ""})


@router.get("/c/quotes/{number}/papers/{document}")
async def own_paper(request: Request, number: Number, document: str) -> Response:
    """A quotation as it was printed."""
    await _own(request, await logged_in(request), number)
    return await quotation_file(door_of(request), number, document)


@router.post("/c/quotes/{number}/answer")
async def answer(request: Request, number: Number) -> Response:
    """Accept, counter, or refuse: the very version that the page showed."""
    session = await logged_in(request)
    view = await _own(request, session, number)
    door, values = door_of(request), await read_form(request, 200)
    kind = values.get("kind", "")
    try:
        if kind not in OF_CUSTOMERS:
            raise Refusal(Code.WRONG_ROLE, _NOT_THIS, where="kind")
        # When it was said is now: the time that a customer names is not asked.
        said = {name: value for name, value in values.items() if name != "happened_at"}
        caller = Caller(name=view.customer, kind=CallerKind.CUSTOMER, roles=(Role.CUSTOMER,), order=number)
        told = await tell_quote(door, caller, number, kind, said, address_of(request))
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return await _page(request, await _own(request, session, number), refusal=refusal, values=values)
    return RedirectResponse(f"/c/quotes/{number}?said={told.body.get('status', 'stored')}", 303)
