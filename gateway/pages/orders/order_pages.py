"""The page of one order: where it stands, what it waits for and why, what happened, and what a person may do (R85)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from activities.access.acts import acts_in_stead
from activities.access.logins import Session
from activities.desk.act_files import files_of
from activities.documents.document_store import PDF, DocumentStore
from activities.documents.printed_papers import documents_of
from activities.invoices.invoice_lists import invoices_of
from activities.notices.deliveries import deliveries_of
from activities.orders.recording.receipts import holders_of
from activities.orders.requests import start_of
from activities.orders.views.order_views import OrderView, StepView, show_order
from activities.stock.stock_lists import reserved_for
from gateway.api.orders import Number
from gateway.context import Door, door_of, in_database
from gateway.pages.orders.deciding import Deciding, deciding, held_shown
from gateway.pages.orders.deputies import asked_about
from gateway.pages.orders.order_links import links_on_page
from gateway.pages.orders.order_papers import notices_shown, papers_shown
from gateway.pages.orders.step_acts import completed, known_of
from gateway.pages.rendering import label, page
from gateway.pages.sandbox.order_time import sandbox_of
from gateway.pages.shown import day_words
from gateway.security.staff_sessions import staff
from models.access import Caller
from models.company.keepers import INVOICE_READERS, has_one_of
from models.decisions.subjects import SUBJECTS
from models.documents.link_signatures import link_signatures
from models.documents.money_sum import SumRow, money_sum
from models.documents.production_progress import progress
from models.documents.promise_picture import Move as PromiseMove
from models.documents.promise_picture import Picture, picture_of
from models.documents.service_progress import service_reports
from models.dossier.open_steps import ALSO_BY
from models.dossier.step_moves import Move
from models.facts.fact_kinds import FACT_KINDS
from models.facts.speakers import who_may
from models.forms.answers import with_own_people
from models.forms.fact_words import in_words
from models.forms.own_parts import own_part
from models.forms.shown import OrderShown
from models.forms.step_form import UNSPOKEN, Form, Known, form_of
from models.messages.decision_subjects import Subject
from models.order.kinds.kind import KINDS
from models.request.order_request import OrderRequest
from models.values.calendar import BUSINESS_ZONE, business_date
from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.fingerprint import digest_of
from models.values.vocabulary import Ending, Headline, PaymentMethod, PromiseCause, Role, Words
from models.values.words import Bilingual
from rehearsal.timeline import timeline
from runtime.connection import ui_namespace_address
from runtime.delivery.telling import coming_of

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
COURSE = ("amendment_requested", "hold_placed", "hold_released", "cancellation_requested")
"""Facts that change the course of an order."""
_LOOKS = 10
_PAUSE_SECONDS = 0.2
_OVER = {Code.ALREADY_DECIDED, Code.NOT_ASKED, Code.ORDER_ENDED, Code.TOO_LATE}
"""Refusals after which the same form is of no use any more."""


def today_and_now() -> str:
    """This minute in business time, as a form's field takes it."""
    return datetime.now(BUSINESS_ZONE).strftime("%Y-%m-%dT%H:%M")


def card_of(step: StepView) -> str:
    """The name of a step's card on a page: the same while the step asks for the same."""
    return f"act-{digest_of([step.order_number, step.key, step.command])[:16]}"


async def view_of(door: Door, caller: Caller, number: str) -> OrderView:
    """The order, for who may see it. Raises Refusal(unknown_order, wrong_role)."""
    view: OrderView = await in_database(show_order, door.engine, number)
    seen = caller.sees(number, view.order.customer, view.order.salesperson)
    # a carrier sees what waits for it by name
    if not seen and not await asked_about(door, caller, number, view.order.steps):
        caller.require_sight(number, view.order.customer, view.order.salesperson)
    return view


_TERMS = (
    "channel", "contact", "phone", "fax", "consignee", "address", "payment_terms", "deposit_percent", "delivery_method",
    "freight_terms", "packing", "label", "special_requirements", "wanted_date", "checkpoints", "entered_by",
    "on_behalf_of",
)  # fmt: skip


def terms_of(request: OrderRequest) -> list[tuple[Words, Words]]:
    """What was ordered besides the goods: label and value, of the fields that were given."""
    given = [(name, getattr(request, name)) for name in _TERMS]
    return [
        (field_words(name), day_words(value) if name == "wanted_date" else in_words(value))
        for name, value in given
        if value not in (None, "", (), [])
    ]


def _moves_of(caller: Caller, step: StepView) -> Iterator[Move]:
    """What moves the step on, then what is somebody's own part of it."""
    if step.move is not None:
        yield step.move
    for role in caller.roles:
        part = own_part(step.kind, role.value, step.move, step.key)
        if part is not None and role.value in step.roles:
            yield part


def may_say(caller: Caller, move: Move) -> bool:
    """Whether they have a role that may say this."""
    subject = next((each for each in Subject if each.value == move.subject), None)
    return bool(set(who_may(move.fact, subject)) & set(caller.roles))


def form_for(
    caller: Caller, step: StepView, known: Known, shown: OrderShown | None = None, people: Sequence[str] | None = None
) -> Form | None:  # fmt: skip
    """The form of a step for who is asked for it, and may say what it says; None for anybody else.

    It carries what the page showed of the order (R83). `people`: whose the step is now, where it was handed over; who
    acts for one of them while they are away is asked in their stead (R13).
    """
    also = next((roles for kind, roles in ALSO_BY.items() if kind.value == step.kind), ())
    caller = caller.asked_as(
        [*step.roles, *also], step.people if people is None else people, step.barred or ()
    )
    if not {role.value for role in caller.roles} & {*step.roles, *also}:
        return None
    move = next((move for move in _moves_of(caller, step) if may_say(caller, move)), None)
    form = form_of(move, known)
    if form is None or move is None:
        return None
    form = replace(completed(form, move, known.staff), says=move.as_text())
    form = with_own_people(form, step.people)
    if shown is not None:
        once = digest_of([step.order_number, step.key, shown.sequence])[:32]
        form = replace(form, carried=shown.carried_by(form, step.key), once=once)
    if form.kind == "payment_received" and not {Role.FINANCE, Role.SYSTEM} & set(caller.roles):
        return _in_cash(form)
    return form


def _in_cash(form: Form) -> Form:
    """A salesperson takes money in cash only (R35)."""
    cash = PaymentMethod.CASH
    fields = tuple(
        replace(each, value=cash.value, choices=(cash,)) if each.path == "method" else each
        for each in form.fields
    )
    return replace(form, fields=fields)


@router.get("/orders/{number}")
async def order(
    request: Request, number: Number, session: Who, said: str = "", act: str = ""
) -> HTMLResponse:
    """Where an order stands, what it waits for and why, what happened, and what I may do."""
    door, caller = door_of(request), session.caller
    view = await view_of(door, caller, number)
    documents = await in_database(documents_of, door.engine, number)
    notices = await in_database(deliveries_of, door.engine, number)
    moments = list(timeline(view.journal, names=door.names.by_id))
    start = await in_database(start_of, door.engine, number)
    beside = await deciding(door, caller, view.order.steps)
    files = await in_database(files_of, door.engine, number)
    phases = KINDS[start.request.fulfilment].course
    sandbox = await sandbox_of(door, number)
    return page(
        request, "order.html", session=session, view=view, phases=phases,
        here=next((n for n, phase in enumerate(phases) if phase.value == view.order.phase), -1),
        headline=label(Ending, view.order.ending) or label(Headline, view.order.headline),
        steps=[(step, _form(caller, view, step, beside), card_of(step)) for step in view.order.steps],
        deciding=beside, files=files, held=await held_shown(door, caller, act),
        papers=papers_shown(documents, notices), notices=notices_shown(notices, door.names), sums=_sums(view),
        acts=acts_of(caller, view), course=COURSE, moments=moments[::-1], causes={cause.value: cause for cause in PromiseCause}, said=said,
        holders=await _holders(door, caller, view), picture=_picture(view, door.now()),
        progress=progress(view.journal, view.order.promised), service=service_reports(view.journal),
        terms=terms_of(start.request), link=f"{ui_namespace_address(door.settings)}/workflows/order-{number}",
        now=sandbox or door.now(), today=today_and_now(), active="", signed=link_signatures(view.journal),
        in_stead=[
            (each, FACT_KINDS[kind].words if (kind := each.act.partition(" ")[0]) in FACT_KINDS else None)
            for each in await in_database(acts_in_stead, door.engine, number)
        ],
        account=await in_database(invoices_of, door.engine, number) if has_one_of(caller, INVOICE_READERS) else None,
        reserved=await in_database(reserved_for, door.engine, number),
        by_batch=KINDS[start.request.fulfilment].by_batch, sandbox=sandbox, **await links_on_page(door, caller, number),
    )  # fmt: skip


def _sums(view: OrderView) -> tuple[SumRow, ...]:
    """What was ordered, owed, paid and is open; nothing before anything is recorded."""
    order = view.order
    if order.total is None or order.open_balance is None:
        return ()
    figures = (order.total, order.bill or Decimal(0), order.paid or Decimal(0), order.open_balance)
    return money_sum(*figures, order.ending) if all(each.is_finite() for each in figures) else ()


@router.get("/orders/{number}/next")
async def next_steps(request: Request, number: Number, session: Who) -> HTMLResponse:
    """What comes after the open steps: a part of the order's page, asked of the order itself once the page is there."""
    door = door_of(request)
    await view_of(door, session.caller, number)
    try:
        coming = await door.on_server(lambda client: coming_of(client, number))
    except Refusal as refusal:
        if refusal.code is not Code.SERVER_UNAVAILABLE:
            raise
        coming = None
    return page(request, "next.html", session=session, coming=coming, active="")


async def _holders(door: Door, caller: Caller, view: OrderView) -> dict[str, str]:
    """Where references count that were told here too: finance sees it, and nobody else learns another order's number (R53)."""
    if Role.FINANCE not in caller.roles or not any(each.elsewhere for each in view.payments):
        return {}
    found: dict[str, str] = await in_database(holders_of, door.engine, view.order.number)
    return found


def _form(caller: Caller, view: OrderView, step: StepView, beside: Deciding) -> Form | None:
    form = form_for(caller, step, known_of(view, step.zh, beside.staff), view.shown)
    return beside.ready(form, step.order_number)


def acts_of(caller: Caller, view: OrderView) -> list[tuple[str, Bilingual]]:
    """What this person may say of the order though no step asks for it: facts, and decisions of one's own accord.

    What changes the order's course comes first.
    """
    mine = set(caller.roles)
    vain = "hold_placed" if view.order.headline == Headline.ON_HOLD.value else "hold_released"
    found: list[tuple[str, Bilingual]] = [
        (kind, fact.words)
        for kind, fact in FACT_KINDS.items()
        if kind not in UNSPOKEN and kind != vain and mine & set(fact.roles)
    ]
    found += [
        (subject.value, subject)
        for subject, rule in SUBJECTS.items()
        if rule.voluntary and mine & set(rule.roles)
    ]
    return sorted(found, key=lambda each: (each[0] not in COURSE, each[1].zh))


def _picture(view: OrderView, now: datetime) -> Picture | None:
    causes = {cause.value: cause for cause in PromiseCause}
    moves = [
        PromiseMove(business_date(each.recorded_at), each.promised_to, causes[each.cause])
        for each in view.promises
    ]
    end = view.order.ended_at or now
    return picture_of(moves, business_date(end))


@router.get("/orders/{number}/papers/{document}")
async def paper(request: Request, number: Number, document: str, session: Who) -> Response:
    """A printed paper of the order as PDF, by the SHA-256 of its bytes. Raises Refusal(unknown_order, wrong_role)."""
    door = door_of(request)
    await view_of(door, session.caller, number)
    known = await in_database(documents_of, door.engine, number)
    if document not in {each.document for each in known}:
        raise Refusal(Code.UNKNOWN_ORDER, Words("没有这份文书", "there is no such paper"), where=document)
    content: Any = await in_database(DocumentStore(door.settings.documents).read, document + PDF)
    return Response(content, media_type="application/pdf")
