"""Credit 信用 as a gate: before confirmation, when money falls away, before goods leave (D14, R26, R108, R109).

Whether the customer may owe so much is answered by the credit book, which all orders share. What is held is freed by
finance, for just that amount; or it goes on when the book, asked once more, lets it through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from models.credit.assessment import CreditStanding
from models.credit.credit_rule import CreditGround, CreditVerdict
from models.dossier.decisions import ask
from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.handlers.money.credit import ask_credit_book, asks_about_credit
from models.messages.decision_subjects import Outcome, Subject
from models.order.money.credit import CreditOccasion, CreditRecord
from models.order.money.exposure import exposure_of
from models.order.order import Order
from models.values.vocabulary import PaymentTerms, Role, Words
from workflows.phases.phase import decision_needed


class CreditGate(Enum):
    """How an order stands with its customer's credit; never kept."""

    OPEN = auto()
    TO_ASK = auto()
    WAITS = auto()
    UNASSESSED = auto()
    HELD = auto()


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why the credit is looked at, and for which goods; what is `about` another thing is asked anew."""

    kind: CreditOccasion
    about: str = ""
    goods: Mapping[int, Decimal] = field(default_factory=dict)
    """What is about to be released, by line."""

    def amount(self, order: Order) -> Decimal:
        """What the customer owes for the order then, in CNY."""
        return exposure_of(order, self.goods)


MONEY_FELL = Occasion(CreditOccasion.MONEY_FELL)
"""More is owed than the book let the order through with: money bounced, was corrected, or went elsewhere."""


def credit_gate(order: Order, occasion: Occasion) -> CreditGate:
    """How it stands with its customer's credit; always open where nothing is asked of that."""
    if not asks_about_credit(order):
        return CreditGate.OPEN
    return _gate(order, occasion, occasion.amount(order))


def _gate(order: Order, occasion: Occasion, amount: Decimal) -> CreditGate:
    record, about = order.credit, occasion.about
    if record.waits:
        return CreditGate.WAITS
    if record.again or (about and record.occasions.get(occasion.kind) != about):
        return CreditGate.TO_ASK
    if record.covers(amount):
        return CreditGate.OPEN
    prepaid = order.terms is PaymentTerms.PREPAID
    another = (record.amount, record.prepaid) != (amount, prepaid)
    if record.verdict is None or record.verdict.passes or another:
        return CreditGate.TO_ASK
    return CreditGate.UNASSESSED if CreditGround.UNASSESSED in record.grounds else CreditGate.HELD


def settle_credit(order: Order, occasion: Occasion) -> bool:
    """Ask the book, and of what it holds ask finance; whether the gate is open."""
    if not asks_about_credit(order):
        return True
    amount = occasion.amount(order)
    gate = _gate(order, occasion, amount)
    if gate is CreditGate.TO_ASK:
        order.credit.occasions = {**order.credit.occasions, occasion.kind: occasion.about}
        ask_credit_book(order, amount)
    elif gate is CreditGate.HELD:
        ask(order, Subject.CREDIT, _about(order.credit, amount))
    return gate is CreditGate.OPEN


def _about(record: CreditRecord, amount: Decimal) -> dict[str, Any]:
    """What finance decides on: this amount, and the figures with which the book said no."""
    verdict = record.verdict or CreditVerdict()
    about: dict[str, Any] = {
        "amount": amount,
        "grounds": ",".join(verdict.grounds),
        "limit": "-" if verdict.limit is None else verdict.limit,
        "others": verdict.others,
        "free_balance": verdict.free_balance,
    }
    if verdict.overdue:
        about["overdue"] = "; ".join(f"{bill.order} ¥{bill.amount} {bill.due_on}" for bill in verdict.overdue)
    return about


def credit_needs(order: Order, occasion: Occasion, *, blocking: bool = True) -> Iterator[Need]:
    """What the gate waits for; nothing where it is open."""
    gate = credit_gate(order, occasion)
    hours = order.policy.limits.decision_hours
    if gate is CreditGate.UNASSESSED:
        yield Need(
            "assess_customer",
            StepKind.ASSESS_CUSTOMER,
            (Role.FINANCE,),
            "R108",
            hours=hours,
            blocking=blocking,
            values={"customer": order.customer.name},
        )
    elif gate in (CreditGate.TO_ASK, CreditGate.WAITS):
        yield Need(
            f"credit_check:{order.credit.asked}",
            StepKind.CREDIT_CHECK,
            (Role.FINANCE,),
            "R109",
            hours=hours,
            blocking=blocking,
        )
    elif gate is CreditGate.HELD:
        yield from _held(order, blocking=blocking)


def _held(order: Order, *, blocking: bool) -> Iterator[Need]:
    if order.outcome(Subject.CREDIT) is not Outcome.KEEP_HELD:
        yield from decision_needed(order, Subject.CREDIT, blocking=blocking)
        return
    reason = Words.listed(order.credit.grounds)
    yield Need(
        f"credit_held:{order.credit.heard}",
        StepKind.CREDIT_HELD,
        (Role.SALESPERSON, Role.FINANCE),
        "R109",
        hours=order.policy.limits.owed_paper_hours,
        blocking=blocking,
        values={"reason_zh": reason.zh, "reason_en": reason.en},
    )


def is_to_be_assessed(order: Order) -> bool:
    """R108: whether nobody knew the customer when the order was numbered, and the book was not asked yet."""
    unassessed = order.customer.credit is CreditStanding.UNASSESSED
    return unassessed and asks_about_credit(order) and order.credit.verdict is None
