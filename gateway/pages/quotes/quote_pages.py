"""Quotes for the staff: the list, one quote with costs, margins, versions and acts, a new enquiry (R102 to R106)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from activities.access.logins import Session
from activities.documents.document_store import PDF, DocumentStore
from activities.documents.printed_papers import documents_of
from activities.quotes.quote_views import QuoteView, list_quotes, show_quote
from gateway.context import Door, address_of, door_of, in_database
from gateway.pages.cases.waiting import decides
from gateway.pages.orders.order_pages import view_of
from gateway.pages.quotes.quote_acts import COST_FORM_ROWS, QUOTE_NUMBER, tell_quote
from gateway.pages.quotes.quote_shown import (
    asked_breaks,
    below_target,
    compared,
    competition,
    may,
    stage_of,
)
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff, staff_form
from models.access import Caller
from models.company.keepers import QUOTE_READERS
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.policy import Policy
from models.quotes.costing import CostBasis, CostKind
from models.quotes.quote import QuoteStage
from models.quotes.quote_request import QuoteStart
from models.values.errors import Code, Refusal
from models.values.vocabulary import (
    Channel,
    DeliveryMethod,
    FreightTerms,
    PaymentTerms,
    Unit,
    Words,
)
from models.writing.written_numbers import Manner
from runtime.cases.opening import ENQUIRIES
from runtime.quotes.for_orders import enquiry_for

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Number = Annotated[str, Path(pattern=QUOTE_NUMBER)]
LINES = 4
_NOT_THEIRS = Words(
    "报价由销售、客服、财务等岗位查看", "quotes are for sales, service, finance and who costs them"
)
_NO_PAPER = Words("没有这份文书", "there is no such paper")
_REQUEST = ("customer", "contact", "phone", "fax", "address", "consignee", "payment_terms", "deposit_percent",
            "packing", "special_requirements", "wanted_date", "delivery_method", "freight_terms", "words")  # fmt: skip
_ACTS = ("cost_sheet_made", "competition_noted", "offer_made", "offer_sent", "counter_offered", "offer_accepted",
         "offer_refused", "withdrawn", "order_wanted")  # fmt: skip


def _require_reader(session: Session) -> None:
    if not set(QUOTE_READERS) & set(session.caller.roles):
        raise Refusal(Code.WRONG_ROLE, _NOT_THEIRS, rule="R102")


@router.get("/quotes")
async def all_quotes(request: Request, session: Who, stage: str = "", every: str = "") -> HTMLResponse:
    """The quotes, the newest first; a salesperson sees the own ones."""
    _require_reader(session)
    door, caller = door_of(request), session.caller
    known = next((each for each in QuoteStage if each.value == stage), None)
    found = await in_database(
        list_quotes,
        door.engine,
        salesperson=caller.only_salesperson,
        stage=known.value if known else None,
        open_only=not every and known is None,
    )
    return page(
        request, "quotes/list.html", session=session, active="quotes", quotes=found, stages=list(QuoteStage), stage=stage,
        every=every, stage_of=stage_of, now=door.now(), may_ask=may(caller, "offer_made"),
    )  # fmt: skip


@router.get("/quotes/new")
async def enquiry_form(request: Request, session: Who, customer: str = "", order: str = "") -> HTMLResponse:
    """Where an enquiry is written down; for an order that waits for its quote nothing is (R104)."""
    session.caller.require_placing()
    return _enquiry_page(request, session, {"customer": customer[:100], "for_order": order[:40]}, None)


def _enquiry_page(
    request: Request, session: Session, values: Mapping[str, str], refusal: Refusal | None
) -> HTMLResponse:
    return page(
        request, "quotes/new.html", 200 if refusal is None else 409, session=session, active="quotes", home="/quotes/new",
        values=values, refusal=refusal, most=LINES, units=list(Unit), terms=list(PaymentTerms), channels=list(Channel),
        methods=list(DeliveryMethod), freight=list(FreightTerms),
    )  # fmt: skip


@router.post("/quotes/new")
async def ask(request: Request, session: Who) -> Response:
    """Take an enquiry in; the same form sent twice is one quote."""
    session.caller.require_placing()
    door, values = door_of(request), await staff_form(request, session)
    try:
        said = _enquiry(values, session.caller)
        if values.get("for_order"):
            said |= await _for_order(door, session.caller, values["for_order"][:40])
        asked = ENQUIRIES.read(said, Manner.TYPED)
        opened = await _number(door, session.caller, asked)
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return _enquiry_page(request, session, values, refusal)
    start = opened
    try:
        start = await door.on_server(lambda client: ENQUIRIES.begin(client, door.settings, opened))
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        door.forward_now()
    return RedirectResponse(f"/quotes/{start.number}?said=placed", 303)


async def _for_order(door: Door, caller: Caller, number: str) -> dict[str, Any]:
    await view_of(door, caller, number)
    asked: dict[str, Any] = await door.on_server(lambda client: enquiry_for(client, number))
    return asked


async def _number(door: Door, caller: Caller, asked: Any) -> QuoteStart:
    return (await ENQUIRIES.number(door.settings, asked, space=caller.request_space)).start


def _enquiry(values: Mapping[str, str], caller: Caller) -> dict[str, Any]:
    lines = []
    for place in range(LINES):
        product = values.get(f"product{place}", "").strip()
        if product:
            quantities = (
                values.get(f"quantities{place}", "").replace("，", " ").replace("、", " ").replace(";", " ")
            )
            lines.append(
                {
                    "line": place + 1,
                    "product": product,
                    "specification": values.get(f"specification{place}", "").strip(),
                    "unit": values.get(f"unit{place}", ""),
                    "quantities": quantities.split(),
                }
            )
    role = next((each for each in QUOTE_READERS if each in caller.roles), QUOTE_READERS[0])
    return {
        "request_id": f"desk/{values.get('once', '')[:60]}",
        "channel": values.get("channel") or Channel.PHONE.value,
        "lines": lines,
        "entered_by": caller.author,
        "entered_role": role.value,
        **{name: value for name in _REQUEST if (value := values.get(name, "").strip())},
    }


@router.get("/quotes/{number}")
async def one_quote(request: Request, number: Number, session: Who, said: str = "") -> HTMLResponse:
    """One quote: what it waits for, its versions beside each other, costs, margins, and what can be done."""
    return await _quote_page(request, session, number, said=said)


async def _seen(request: Request, session: Session, number: str) -> QuoteView:
    """The quote, if it is theirs to see. Raises Refusal(unknown_order, wrong_role)."""
    _require_reader(session)
    view = await in_database(show_quote, door_of(request).engine, number)
    caller = session.caller
    named = {person for step in view.steps for person in step.people} & {caller.name, *caller.represents}
    if not named:
        caller.require_sight(number, view.customer, view.salesperson)
    return view


async def _quote_page(
    request: Request,
    session: Session,
    number: str,
    *,
    said: str = "",
    refusal: Refusal | None = None,
    values: Mapping[str, str] | None = None,
) -> HTMLResponse:
    door, caller = door_of(request), session.caller
    view = await _seen(request, session, number)
    policy = Policy.model_validate(view.start.get("policy", {}))
    standing = view.offer(view.standing) if view.standing is not None else None
    last = view.offers[-1] if view.offers else None
    papers = await in_database(documents_of, door.engine, number)
    deciding = next((step for step in view.steps if step.key.startswith("decision:")), None)
    subject = next((each for each in Subject if deciding and deciding.key == f"decision:{each.value}"), None)
    asked = next(
        (
            each
            for each in reversed(view.decisions)
            if subject and each.key == subject.value and not each.voided_at
        ),
        None,
    )
    return page(
        request, "quotes/quote.html", 200 if refusal is None else 409, session=session, active="quotes",
        home=f"/quotes/{number}", view=view, stage=stage_of(view.stage), breaks=asked_breaks(view, policy), competition=competition(view),
        compared=compared(view.offers), standing=standing, last=last, said=said, refusal=refusal, values=values or {},
        kinds=list(CostKind), bases=list(CostBasis), rows=COST_FORM_ROWS, terms=list(PaymentTerms), policy=policy.quote,
        below=[offer.version for offer in view.offers if below_target(offer, policy)], now=door.now(),
        may={kind: not view.ending and may(caller, kind) for kind in _ACTS},
        papers=[each for each in papers if each.document], deciding=deciding, subject=subject, asked=asked,
        decides=deciding is not None and subject is not None and decides(caller, deciding),
    )  # fmt: skip


@router.post("/quotes/{number}/tell")
async def tell(request: Request, number: Number, session: Who) -> Response:
    """Tell the quote what a form of its page says, as the person who is logged in."""
    values = await staff_form(request, session, most_fields=200)
    view = await _seen(request, session, number)
    kind = values.get("kind", "")
    try:
        caller = session.caller
        if kind == DECISION:
            step = next(
                (each for each in view.steps if each.key == f"decision:{values.get('subject', '')}"), None
            )
            caller = caller.asked_as(step.roles, step.people) if step is not None else caller
        said = await tell_quote(door_of(request), caller, number, kind, values, address_of(request))
    except Refusal as refusal:
        if refusal.code is Code.NOT_SIGNED_IN:
            raise
        return await _quote_page(request, session, number, refusal=refusal, values=values)
    back = "/" if values.get("from") == "inbox" else f"/quotes/{number}"
    return RedirectResponse(f"{back}?said={said.body.get('status', 'stored')}", 303)


@router.get("/quotes/{number}/papers/{document}")
async def paper(request: Request, number: Number, document: str, session: Who) -> Response:
    """A printed quotation."""
    await _seen(request, session, number)
    return await quotation_file(door_of(request), number, document)


async def quotation_file(door: Door, number: str, document: str) -> Response:
    """The PDF of a quotation of this quote. Raises Refusal(unknown_order)."""
    papers = await in_database(documents_of, door.engine, number)
    if document not in {each.document for each in papers if each.document}:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_PAPER, where=document[:64])
    content: Any = await in_database(DocumentStore(door.settings.documents).read, document + PDF)
    return Response(content, media_type="application/pdf")
