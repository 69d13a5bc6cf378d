"""Intake 接单 (D20 steps 1–5): complete, read back, real, on the contract's terms (R10 to R12, R15, R17, R18)."""

from __future__ import annotations

from models.dossier.decisions import ask
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Outcome, Subject
from models.order.kinds.contract import deviations
from models.order.kinds.kind import KINDS
from models.order.kinds.sample import is_free
from models.order.order import Order
from models.request.order_request import WANTED, OrderRequest
from models.values.calendar import business_date
from models.values.field_words import WANTED_OF_A_LINE, field_words
from models.values.vocabulary import Channel, DeliveryMethod, Role, Words
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed

HOURS_OF_A_DAY = 24
_NO_QUOTE = Words("还没有报价", "there is none yet")
_QUOTE_OVER = Words("报价 {quote} {zh}", "the quote {quote}: {en}")
_OF_THE_CUSTOMER = ("contact", "phone", "address")


def settle(order: Order) -> None:
    """Ask for what is missing, whether the customer is real, and for terms that the contract does not give."""
    ask_for(order, _open(order))
    if _reality_is_asked(order):
        request = order.request
        about = {"contact": request.contact, "phone": request.phone, "address": request.address}
        ask(order, Subject.CUSTOMER_DATA, about)
        if order.outcome(Subject.CUSTOMER_DATA) is Outcome.NOT_REAL:
            ask_for(order, _OF_THE_CUSTOMER)
    different = _easier_terms(order)
    if different:
        request = order.request
        terms = {
            "terms": request.payment_terms,
            "deposit": request.deposit_percent,
            "delivery": request.delivery_method,
        }
        ask(order, Subject.CONTRACT, terms)
        if order.outcome(Subject.CONTRACT) is Outcome.REFUSE:
            ask_for(order, different)


def needs(order: Order) -> Needs:
    """What is still needed before the order can be verified."""
    limits = order.policy.limits
    yield from _details(order, _open(order))
    yield from _quote_needed(order)
    if _is_to_be_read_back(order):
        yield Need("read_back", StepKind.READ_BACK, (Role.SERVICE_CLERK,), "R18", hours=limits.details_hours)
    if not order.customer.verified_by:
        yield from decision_needed(order, Subject.CUSTOMER_DATA)
        if order.outcome(Subject.CUSTOMER_DATA) is Outcome.NOT_REAL:
            yield from _details(order, _OF_THE_CUSTOMER)
    different = _easier_terms(order)
    if different:
        yield from decision_needed(order, Subject.CONTRACT)
        if order.outcome(Subject.CONTRACT) is Outcome.REFUSE:
            yield from _details(order, different)


def open_fields(request: OrderRequest, *, free: bool = False) -> list[str]:
    """The fields of the confirmation sheet that are missing or unclear (R11, R12). What is free needs no price (R130),
    nor what waits for its quote (R104)."""
    unused = KINDS[request.fulfilment].not_on_the_sheet
    unpriced = free or request.awaits_quote is not None
    fields = [name for name in WANTED if name not in unused and not getattr(request, name)]
    if request.delivery_method is DeliveryMethod.PICK_UP:
        fields = [name for name in fields if name != "address"]
    for line in request.lines:
        fields += [
            f"lines.{line.line}.{name}"
            for name in WANTED_OF_A_LINE
            if getattr(line, name) in (None, "") and not (unpriced and name == "unit_price")
        ]
    return fields + [name for name in request.unclear if name not in fields]


def _open(order: Order) -> list[str]:
    return open_fields(order.request, free=order.kind.tries_samples and is_free(order))


def ask_for(order: Order, fields: list[str] | tuple[str, ...]) -> None:
    """R12: a question to salesperson and clerk; the same fields are asked for once a version."""
    if fields:
        order.intend(
            Paper.QUESTION,
            f"{order.request_version}:{', '.join(fields)}"[:200],
            (Role.SALESPERSON, Role.SERVICE_CLERK),
            "R12",
            fields=Words.listed(field_words(field) for field in fields),
        )


def _details(order: Order, fields: list[str] | tuple[str, ...]) -> Needs:
    if not fields:
        return
    named = Words.listed(field_words(field) for field in fields)
    yield Need(
        "details",
        StepKind.DETAILS,
        (Role.SALESPERSON, Role.SERVICE_CLERK),
        "R12",
        hours=order.policy.limits.details_hours,
        values={"fields_zh": named.zh, "fields_en": named.en, "field": fields[0].rsplit(".", 1)[-1]},
    )


def _quote_needed(order: Order) -> Needs:
    """R104: the quote that it waits for; where there is none, or it came to nothing, the salesperson sees to it."""
    awaited, policy = order.request.awaits_quote, order.policy
    if awaited is None:
        return
    sales, ended = (Role.SALESPERSON,), order.ended_quote
    if awaited.quote is None:
        words = (
            _NO_QUOTE
            if ended is None
            else _QUOTE_OVER.filled(quote=ended.quote, zh=ended.ending.zh, en=ended.ending.en)
        )
        yield Need(
            f"open_quote:{ended.quote if ended is not None else 1}", StepKind.OPEN_QUOTE, sales, "R104",
            hours=policy.quote.answer_hours, values={"reason_zh": words.zh, "reason_en": words.en},
        )  # fmt: skip
        return
    hours = policy.quote.answer_hours + policy.quote.valid_days * HOURS_OF_A_DAY
    yield Need(
        f"quote:{awaited.quote}",
        StepKind.AWAIT_QUOTE,
        sales,
        "R104",
        hours=hours,
        values={"quote": awaited.quote},
    )


def _is_to_be_read_back(order: Order) -> bool:
    """R18: what came by phone is read back."""
    return order.request.channel is Channel.PHONE and not (order.request.read_back or order.read_back)


def _reality_is_asked(order: Order) -> bool:
    """R17: verified in the customer's file, or once by a person who is kept; a new phone number asks nobody anew (R83)."""
    return not order.customer.verified_by and order.outcome(Subject.CUSTOMER_DATA) is not Outcome.REAL


def _easier_terms(order: Order) -> list[str]:
    """R15, R28: terms that the contract does not give are approved by legal and finance, or changed."""
    if not order.policy.approval.contract_deviation:
        return []
    return deviations(order.request, order.customer, business_date(order.placed_at))


INTAKE = Phase(
    settle,
    needs,
    ahead=(
        Ahead(StepKind.DETAILS, lambda order: bool(_open(order))),
        Ahead(StepKind.AWAIT_QUOTE, lambda order: order.request.awaits_quote is not None),
        Ahead(StepKind.READ_BACK, _is_to_be_read_back),
        Ahead(Subject.CUSTOMER_DATA, _reality_is_asked),
        Ahead(Subject.CONTRACT, lambda order: bool(_easier_terms(order))),
    ),
)
