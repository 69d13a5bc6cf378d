"""The customer's credit: the book is asked and answers, finance assesses and frees (R108, R109)."""

from __future__ import annotations

from decimal import Decimal

from models.credit.assessment import NOT_BY_THE_SELLER
from models.credit.credit_rule import CreditGround, CreditQuestion
from models.dossier.decisions import keep_apart, void
from models.dossier.papers_due import Paper
from models.dossier.records.shared_books import SharedBook
from models.messages import money_contents
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.money.credit import CreditAnswered
from models.order.money.exposure import exposure_of
from models.order.order import Order
from models.values.editions import Edition
from models.values.errors import Code, Refusal
from models.values.vocabulary import PaymentTerms, Role, Words

FACTS = FactTable()
_OF_BEFORE = Words(
    "此订单按旧版规则办理，不核对信用；请在客户页面评估",
    "this order follows earlier rules and asks nothing of credit; assess the customer on the customer's page",
)


def asks_about_credit(order: Order) -> bool:
    """R108, R109: whether the credit book is asked: the file says something of credit, or somebody had it looked at."""
    said = order.customer.credit is not None or order.credit.watched
    return said and order.follows(Edition.EVERY_WAY)


def ask_credit_book(order: Order, amount: Decimal) -> None:
    """R109: ask whether the customer may owe so much for this order; an assessment that finance gave goes with it."""
    record = order.credit
    record.asked += 1
    record.amount, record.prepaid, record.again = amount, order.terms is PaymentTerms.PREPAID, False
    question = CreditQuestion(
        customer=order.customer.customer,
        amount=amount,
        prepaid=record.prepaid,
        day=order.today(),
        overdue_days=order.policy.credit.overdue_days,
        assessment_days=order.policy.credit.assessment_days,
        assessment=record.assessment,
        by=record.assessed_by,
    )
    record.assessment, record.assessed_by = None, ""
    content = question.model_dump(mode="json", exclude_defaults=True)
    order.ask_book(SharedBook.CREDIT, f"credit:{record.asked}", content, "R109")


@FACTS.row(CreditAnswered, (Role.SYSTEM,), Words("信用账答复", "credit book answered"))
def credit_answered(order: Order, envelope: Envelope, content: CreditAnswered) -> None:
    """R109: the order may stand, or is held: who sold it and finance are told why."""
    if not order.take_answer(content):
        return
    record, before = order.credit, order.credit.grounds
    record.heard += 1
    record.answered(content.verdict)
    if order.outcome(Subject.CREDIT) is Outcome.KEEP_HELD or record.covers(record.amount):
        void(order, Subject.CREDIT)
    if record.covers(record.amount) or record.grounds == before == (CreditGround.UNASSESSED,):
        return
    order.intend(
        Paper.CREDIT_HELD,
        str(record.heard),
        (Role.SALESPERSON, Role.FINANCE),
        "R108" if CreditGround.UNASSESSED in record.grounds else "R109",
        reason=Words.listed(record.grounds),
        amount=record.amount,
    )


@FACTS.row(
    money_contents.CreditAssessed, (Role.FINANCE,), Words("客户信用评估", "customer's credit assessed")
)
def credit_assessed(order: Order, envelope: Envelope, content: money_contents.CreditAssessed) -> None:
    """R108: finance gives the customer a limit, or says prepaid only; the credit book keeps it for all their orders.

    Nobody assesses a customer to whom they sell: neither the order's salesperson nor who entered it (R106).
    """
    _require_new_rules(order)
    if order.follows(Edition.OWN_WORK_EVERYWHERE):
        sellers = {order.staff.person(Role.SALESPERSON), order.request.entered_by}
        keep_apart(order, "R108", envelope.by, sellers, NOT_BY_THE_SELLER.filled(who=envelope.by))
    record = order.credit
    record.watched = record.again = True
    record.assessment, record.assessed_by = content, envelope.by


@FACTS.row(
    money_contents.CreditReviewRequested,
    (Role.SALESPERSON, Role.FINANCE, Role.SERVICE_CLERK, Role.SALES_SUPERVISOR),
    Words("请求复核信用", "credit to be looked at again"),
)
def credit_review_requested(
    order: Order, envelope: Envelope, content: money_contents.CreditReviewRequested
) -> None:
    """R109: the book is asked once more: another order was paid, or the limit is another now."""
    _require_new_rules(order)
    order.credit.watched = order.credit.again = True


def _require_new_rules(order: Order) -> None:
    if not order.follows(Edition.EVERY_WAY):
        raise Refusal(Code.NOT_ASKED, _OF_BEFORE, rule="R109")


def watch_credit(order: Order) -> None:
    """R109: what the customer owes for it moves with goods and money; where it fell the rest is others' to use."""
    if asks_about_credit(order):
        order.credit.look_at(exposure_of(order))


def tell_assessment(order: Order) -> None:
    """R108: an assessment reaches the book also while the order stands at no gate that asks."""
    if order.credit.assessment is not None and not order.credit.waits:
        ask_credit_book(order, exposure_of(order))
