"""Finance assesses a customer on the customer's page or by command; orders that are open are told to look again (R108)."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, select

from activities.credit.credit_book import enter_assessment, lock_customer
from activities.facts import pending_facts
from activities.store.company_changes import Teller
from activities.store.database import reading, writing
from activities.store.faults import each_read
from models.credit.assessment import CreditAssessment, require_no_seller
from models.facts.fact_envelope import fact_envelope
from models.messages.authors import own_fact_id
from models.tables.registry import table
from models.values.editions import Edition
from models.values.errors import Code, Refusal
from models.values.money import Amount
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

_UNKNOWN = Words("没有客户 {customer}", "there is no customer {customer}")
_ASSESSED = "财务重新评估了客户信用 · finance assessed the customer's credit"
MOST_SHOWN = 50


class KeptAssessment(BaseModel):
    """An assessment in a customer's history; no limit: all is to be paid first. Days are business days, instants UTC."""

    number: int
    customer: str
    credit_limit: Amount | None
    reason: str
    assessed_on: date
    assessed_by: str
    entered_at: datetime
    order_number: str


def assess(engine: Engine, customer: str, assessment: CreditAssessment, teller: Teller) -> int:
    """Enter finance's assessment; how many open orders of the customer are told to look again.

    Raises Refusal (unknown_customer; same_person for the customer's own salesperson), and those of `activities.store.database.writing`.
    """
    with writing(engine) as connection:
        record = lock_customer(connection, customer)
        if record is None:
            words = _UNKNOWN.filled(customer=customer[:100])
            raise Refusal(Code.UNKNOWN_CUSTOMER, words, where="customer", rule="R108")
        require_no_seller(teller.person, record["salesperson"] or "")
        enter_assessment(connection, record, assessment, teller)
        return _tell_open_orders(connection, customer, teller)


def _tell_open_orders(connection: Connection, customer: str, teller: Teller) -> int:
    """R109: what was held may go on, and what passed is looked at by the new limit; kept in the same transaction."""
    orders, limits = table("orders"), table("credit_limits")
    newest = select(limits.c.number).where(limits.c.customer == customer).order_by(limits.c.number.desc())
    number = connection.scalar(newest.limit(1))
    query = select(orders.c.number).where(
        orders.c.customer == customer,
        orders.c.ending.is_(None),
        orders.c.sequence > 0,
        orders.c.edition >= int(Edition.EVERY_WAY),
    )
    numbers = list(connection.scalars(query.order_by(orders.c.number)))
    for order in numbers:
        envelope = fact_envelope(
            own_fact_id(teller.person, f"credit-{number}"),
            "credit_review_requested",
            {"reason": _ASSESSED},
            by=teller.person,
            role=Role.FINANCE,
            happened_at=teller.moment,
            manner=Manner.KEPT,
        )
        pending_facts.enter(connection, order, envelope, teller.moment, "")
    return len(numbers)


def assessments_of(engine: Engine, customer: str) -> list[KeptAssessment]:
    """The newest assessments of a customer, the newest first."""
    limits = table("credit_limits")
    query = select(limits).where(limits.c.customer == customer).order_by(limits.c.number.desc())
    with reading(engine) as connection:
        rows = connection.execute(query.limit(MOST_SHOWN)).mappings().all()
    return each_read(
        rows, lambda row: KeptAssessment.model_validate(dict(row)), "an assessment of a customer"
    )
