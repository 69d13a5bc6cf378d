"""Intake 接单 (D20 steps 1–5): complete, read back, real, on the contract's terms (R10 to R12, R15, R17, R18)."""

from __future__ import annotations

from models.dossier.open_steps import Need, StepKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, Subject
from models.order.order import Order
from models.request.order_request import WANTED, WANTED_OF_A_LINE, OrderRequest
from models.request.order_start import CustomerFile
from models.values.field_words import field_words
from models.values.vocabulary import Channel, CustomerClass, DeliveryMethod, PaymentTerms, Role, Words
from workflows.phases.needs import Needs, decided


def intake(order: Order) -> Needs:
    """What is still needed before the order can be verified."""
    limits = order.policy.limits
    yield from _details(order, open_fields(order.request))
    if order.request.channel is Channel.PHONE and not (order.request.read_back or order.read_back):
        yield Need("read_back", StepKind.READ_BACK, (Role.SERVICE_CLERK,), "R18", hours=limits.details_hours)
    yield from _customer_is_real(order)
    yield from _terms_fit_contract(order)


def open_fields(request: OrderRequest) -> list[str]:
    """The fields of the confirmation sheet that are missing or unclear (R11, R12)."""
    fields = [name for name in WANTED if not getattr(request, name)]
    if request.delivery_method is DeliveryMethod.PICK_UP:
        fields = [name for name in fields if name != "address"]
    for line in request.lines:
        fields += [
            f"lines.{line.line}.{name}" for name in WANTED_OF_A_LINE if getattr(line, name) in (None, "")
        ]
    return fields + [name for name in request.unclear if name not in fields]


def _details(order: Order, fields: list[str]) -> Needs:
    if not fields:
        return
    listed = ", ".join(fields)
    named = Words.listed(field_words(field) for field in fields)
    order.intend(
        Paper.QUESTION,
        f"{order.request_version}:{listed}"[:200],
        (Role.SALESPERSON, Role.SERVICE_CLERK),
        "R12",
        fields=named,
    )
    yield Need(
        "details",
        StepKind.DETAILS,
        (Role.SALESPERSON, Role.SERVICE_CLERK),
        "R12",
        hours=order.policy.limits.details_hours,
        values={"fields_zh": named.zh, "fields_en": named.en, "field": fields[0].rsplit(".", 1)[-1]},
    )


def _customer_is_real(order: Order) -> Needs:
    """R17: verified in the customer's file, or now, by a person who is kept."""
    if order.customer.verified_by:
        return
    request = order.request
    about = {"contact": request.contact, "phone": request.phone, "address": request.address}
    yield from decided(order, Subject.CUSTOMER_DATA, about)
    if order.outcome(Subject.CUSTOMER_DATA) is Outcome.NOT_REAL:
        yield from _details(order, ["contact", "phone", "address"])


def deviations(request: OrderRequest, customer: CustomerFile) -> list[str]:
    """Where the order's terms are easier than the customer's contract allows (R15)."""
    contract, terms = customer.contract, request.payment_terms
    if terms is None or terms is PaymentTerms.PREPAID:
        return []
    if contract is None:
        by_contract = terms is PaymentTerms.ON_ACCOUNT and customer.customer_class is not CustomerClass.A
        return ["payment_terms"] if by_contract else []
    found = []
    if terms is not contract.payment_terms and contract.payment_terms is not PaymentTerms.ON_ACCOUNT:
        found.append("payment_terms")
    lower = request.deposit_percent is not None and contract.deposit_percent is not None
    if lower and terms is PaymentTerms.DEPOSIT and request.deposit_percent < contract.deposit_percent:  # type: ignore[operator]
        found.append("deposit_percent")
    if contract.delivery_methods and request.delivery_method not in (None, *contract.delivery_methods):
        found.append("delivery_method")
    return found


def _terms_fit_contract(order: Order) -> Needs:
    """R15, R28: terms that the contract does not give are approved by legal and finance, or changed."""
    different = deviations(order.request, order.customer)
    if not different or not order.policy.approval.contract_deviation:
        return
    request = order.request
    about = {
        "terms": request.payment_terms,
        "deposit": request.deposit_percent,
        "delivery": request.delivery_method,
    }
    yield from decided(order, Subject.CONTRACT, about)
    if order.outcome(Subject.CONTRACT) is Outcome.REFUSE:
        yield from _details(order, different)
