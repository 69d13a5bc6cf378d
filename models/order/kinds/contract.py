"""Whether an order needs a contract of its own, and whether the one that was signed says what the order says (R15, R107).

Two things are called a contract. The frame contract is a record in the customer's file: it gives payment and delivery
terms for all orders of a time (R15). The contract of an order is a paper that both sides sign (`models.contracts`); the
order knows of it only what stands here, told by the contract itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel

from models.contracts.terms import ContractLine, ContractTerms
from models.messages.decision_subjects import Outcome, Subject
from models.order.promise import COUNTED_ANEW
from models.policy import ContractRequired
from models.request.order_request import OrderRequest
from models.request.order_start import CustomerFile
from models.values.calendar import business_date
from models.values.content import Instant
from models.values.editions import Edition
from models.values.vocabulary import CustomerClass, PaymentTerms, Term

if TYPE_CHECKING:
    from models.order.order import Order


class SignedContract(BaseModel):
    """The contract of the order that is in force."""

    contract: str
    version: int
    digest: str
    terms: str
    """The hash of its terms (`ContractTerms.digest`)."""
    since: Instant
    valid_until: date


class ContractLack(Term):
    """What is wrong with an order's contract."""

    NONE_YET = "none_yet", "尚未签订", "none is signed yet"
    OTHER_TERMS = (
        "other_terms",
        "条款已变更，须签补充协议",
        "the order says another thing: a supplement is needed",
    )


def deviations(request: OrderRequest, customer: CustomerFile, day: date) -> list[str]:
    """Where the order's terms are easier than the customer's frame contract allows on this business day (R15).

    Class A has an account without a contract; one that has run out or not begun gives nobody any.
    """
    contract, terms = customer.contract_on(day), request.payment_terms
    if terms is None or terms is PaymentTerms.PREPAID:
        return []
    if contract is None:
        needs_one = customer.customer_class is not CustomerClass.A or customer.contract is not None
        return ["payment_terms"] if terms is PaymentTerms.ON_ACCOUNT and needs_one else []
    found = []
    if terms is not contract.payment_terms and contract.payment_terms is not PaymentTerms.ON_ACCOUNT:
        found.append("payment_terms")
    lower = request.deposit_percent is not None and contract.deposit_percent is not None
    if lower and terms is PaymentTerms.DEPOSIT and request.deposit_percent < contract.deposit_percent:  # type: ignore[operator]
        found.append("deposit_percent")
    if contract.delivery_methods and request.delivery_method not in (None, *contract.delivery_methods):
        found.append("delivery_method")
    return found


def different_at_release(order: Order) -> list[str]:
    """R15, D20.13: which terms of a class B or C order its frame contract does not give on the day of release.

    Payment, deposit and delivery; also who pays all before is held to the contract's ways of delivery. Terms that legal and
    finance approved for the order at intake are right. Class A has its own check (R50).
    """
    if not order.follows(Edition.WORD_TO_DEPARTMENTS) or order.is_class_a or order.kind.sold_online:
        return []
    if not order.policy.approval.contract_deviation or order.outcome(Subject.CONTRACT) is Outcome.APPROVE:
        return []
    day, method = order.today(), order.request.delivery_method
    found = deviations(order.request, order.customer, day)
    contract = order.customer.contract_on(day)
    ways = contract.delivery_methods if contract is not None else ()
    if ways and method not in (None, *ways) and "delivery_method" not in found:
        found.append("delivery_method")
    return found


def wants_contract(order: Order) -> bool:
    """R107: whether this order needs a contract of its own before production and release.

    None where the frame contract covers its terms on the day of the order, as R15 has it: an account that class A has
    without one is covered, an account that legal and finance had to approve is not. None for a replacement (R144).
    """
    request, policy = order.request, order.policy.contract
    if not order.follows(Edition.CONTRACTS_AND_CREDIT_NOTES) or request.replaces is not None:
        return False
    if order.kind.sold_online:
        return False  # its terms were agreed to at the checkout (R122)
    day = business_date(order.placed_at)
    easier = _is_easier(order, day)
    by_kind = policy.required is ContractRequired.QUOTED
    if by_kind and order.terms is PaymentTerms.ON_ACCOUNT and easier:
        return True
    named = (
        order.terms in policy.terms
        or order.customer.customer in policy.customers
        or (policy.amount_above is not None and order.total > policy.amount_above)
        or (by_kind and request.quote is not None)
        or policy.required is ContractRequired.ALWAYS
    )
    return named and (easier or order.customer.contract_on(day) is None)


def _is_easier(order: Order, day: date) -> bool:
    """Whether the frame contract does not give the terms: an account never by a mere approval, the rest unless it was approved (R15)."""
    found = deviations(order.request, order.customer, day)
    if order.outcome(Subject.CONTRACT) is Outcome.APPROVE:
        return "payment_terms" in found
    return bool(found)


def terms_of(order: Order) -> ContractTerms | None:
    """What a contract of this order says; None while price, quantity, terms or date are not settled (D6.3.1).

    A next-day slip is no other date: by R34 it follows from the customer's own delay, and the contract says so.
    """
    promise, request = order.promise, order.request
    whole = all(line.unit_price is not None for line in request.lines)
    if promise.base_promised is None or order.terms is None or not whole:
        return None
    moved = sum(days for cause, days in promise.moved.items() if cause not in COUNTED_ANEW)
    return ContractTerms(
        lines=tuple(
            ContractLine.model_validate(
                line.model_dump(
                    include={
                        "line",
                        "product",
                        "specification",
                        "quantity",
                        "unit",
                        "unit_price",
                        "tolerance_percent",
                    }
                )
            )
            for line in request.lines
        ),
        delivery_date=promise.base_promised + timedelta(days=moved),
        payment_terms=order.terms,
        deposit_percent=order.deposit_percent,
        delivery_method=request.delivery_method,
        packing=request.packing,
        special_requirements=request.special_requirements,
    )


def contract_lack(order: Order) -> ContractLack | None:
    """R107: what is wrong with its contract; None where it needs none, or the one in force says what it says."""
    if not wants_contract(order):
        return None
    signed, terms = order.signed_contract, terms_of(order)
    if signed is None:
        return ContractLack.NONE_YET
    return None if terms is not None and signed.terms == terms.digest else ContractLack.OTHER_TERMS
