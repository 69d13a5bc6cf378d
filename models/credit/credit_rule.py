"""May one more order stand on a customer's credit? One rule, for the order database and for players without one (R109)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pydantic import BaseModel

from models.credit.assessment import Assessed, CreditAssessment
from models.values.content import Content, Line, Reference
from models.values.money import ZERO, Amount
from models.values.vocabulary import Term

MOST_BILLS_NAMED = 10
"""So many overdue bills are named in an answer, the oldest first."""


class CreditGround(Term):
    """Why an order is held (R108, R109)."""

    UNASSESSED = "unassessed", "客户信用待评估", "the customer's credit is not assessed"
    PREPAID_ONLY = "prepaid_only", "客户仅限预付", "the customer orders prepaid only"
    ABOVE_LIMIT = "above_limit", "超过信用额度", "above the credit limit"
    OVERDUE = "overdue", "有逾期账款", "a bill is long overdue"


class CreditQuestion(Content):
    """What an order asks of the credit book: may the customer owe so much for it? All figures in CNY."""

    customer: Reference
    amount: Amount
    """What the customer would owe for this order alone (R109)."""
    prepaid: bool = False
    """Whether all of it is to be paid first."""
    day: date
    """The business day on which it is asked."""
    overdue_days: int
    """So many days after its day of payment a bill holds new orders."""
    assessment_days: int
    """So many days an assessment holds (R108)."""
    assessment: CreditAssessment | None = None
    """Finance's assessment, given on this order: it is entered first."""
    by: Line = ""
    """Who gave it."""


class OverdueBill(Content):
    """What is owed for an order, and the business day on which it was to be paid."""

    order: Reference
    amount: Amount
    due_on: date


@dataclass(frozen=True, slots=True)
class CreditFigures:
    """What the book has of a customer, without the order that asks."""

    is_new: bool = False
    """Nobody knew the customer before; until they are assessed nothing is confirmed (R108)."""
    assessed: Assessed | None = None
    """The latest assessment."""
    others: Decimal = ZERO
    """What is owed for the customer's other orders, or bound by them."""
    free_balance: Decimal = ZERO
    """Money of the customer that no order needs."""
    owed: tuple[OverdueBill, ...] = ()
    """Bills with their day of payment, overdue or not, also this order's own."""


class CreditVerdict(BaseModel):
    """What the book answers, with the figures it rests on. No ground: the order may stand."""

    grounds: tuple[CreditGround, ...] = ()
    limit: Amount | None = None
    """None: the customer has no limit."""
    others: Amount = ZERO
    free_balance: Amount = ZERO
    overdue: tuple[OverdueBill, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the order may stand."""
        return not self.grounds


def verdict_on(question: CreditQuestion, figures: CreditFigures) -> CreditVerdict:
    """R108, R109: held if the exposure with this order is above the limit, or if any bill is long overdue.

    Whoever orders prepaid, and has paid, owes nothing: such an order stands, once the customer is assessed. A customer
    with neither limit nor doubt is not held at all.
    """
    late = question.day - timedelta(days=question.overdue_days)
    overdue = sorted(
        (bill for bill in figures.owed if bill.due_on <= late and bill.amount > ZERO),
        key=lambda bill: (bill.due_on, bill.order),
    )
    assessed = figures.assessed
    return CreditVerdict(
        grounds=tuple(_grounds(question, figures, overdue=bool(overdue))),
        limit=None if assessed is None else assessed.limit or ZERO,
        others=figures.others,
        free_balance=figures.free_balance,
        overdue=tuple(overdue[:MOST_BILLS_NAMED]),
    )


def _grounds(question: CreditQuestion, figures: CreditFigures, *, overdue: bool) -> Iterator[CreditGround]:
    assessed = figures.assessed
    if assessed is None:
        if figures.is_new:
            yield CreditGround.UNASSESSED
        return
    if not assessed.holds_on(question.day, question.assessment_days):
        yield CreditGround.UNASSESSED
        return
    if question.prepaid and question.amount == ZERO:
        return
    if assessed.prepaid_only and not question.prepaid:
        yield CreditGround.PREPAID_ONLY
    elif figures.others + question.amount - figures.free_balance > (assessed.limit or ZERO):
        yield CreditGround.ABOVE_LIMIT
    if overdue:
        yield CreditGround.OVERDUE
