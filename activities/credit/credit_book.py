"""The credit book: an order asks whether its customer may owe so much, and is answered in its burst's transaction (R109).

The customer's row is locked first, so of two orders at the same instant the second sees what the first was let through
with, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, select, update

from activities.credit.history import add_to_history, newest_assessment
from activities.money.receipt_store import balance_of
from activities.store.company_changes import Changed, Teller, enter_changes
from activities.store.upsert import insert_into
from models.company.record_changes import ChangeWay, RecordKind
from models.credit.assessment import CreditAssessment, CreditStanding
from models.credit.credit_rule import CreditFigures, CreditQuestion, OverdueBill, verdict_on
from models.dossier.records.shared_books import SharedQuestion
from models.tables.registry import table
from models.values.money import ZERO, as_text
from models.values.vocabulary import PaymentTerms

_PAID_LATER = (PaymentTerms.ON_ACCOUNT.value, PaymentTerms.GUARANTEED.value)


def answer_credit(connection: Connection, order: str, question: SharedQuestion) -> dict[str, Any]:
    """The book's answer to an order; let through, what it asked for is bound at once. Plain JSON."""
    asked = CreditQuestion.model_validate(question.content)
    record = lock_customer(connection, asked.customer)
    if asked.assessment is not None and record is not None:
        teller = Teller(asked.by, ChangeWay.ORDER, question.asked_at)
        enter_assessment(connection, record, asked.assessment, teller, order=order)
    verdict = verdict_on(asked, figures_of(connection, asked.customer, but=order))
    commitments = table("credit_commitments")
    if verdict.passes:
        bound = {
            "customer": asked.customer,
            "amount": asked.amount,
            "question": number_of(question),
            "committed_at": question.asked_at,
        }
        entered = insert_into(connection, commitments).values(order_number=order, **bound)
        connection.execute(entered.on_conflict_do_update(index_elements=["order_number"], set_=bound))
    else:
        # What it was let through with before, its own figure has by now.
        connection.execute(delete(commitments).where(commitments.c.order_number == order))
    return verdict.model_dump(mode="json", exclude_defaults=True)


def number_of(question: SharedQuestion) -> int:
    """Which of its order's questions to the book this is: `credit:2` is the second."""
    return int(question.key.rpartition(":")[2])


def lock_customer(connection: Connection, customer: str) -> RowMapping | None:
    """The customer's record; until the transaction ends nobody else decides about this customer's credit."""
    customers = table("customers")
    query = select(customers).where(customers.c.customer == customer).with_for_update()
    return connection.execute(query).mappings().first()


def enter_assessment(
    connection: Connection,
    record: RowMapping,
    assessment: CreditAssessment,
    teller: Teller,
    *,
    order: str = "",
) -> None:
    """Finance's assessment of this customer, who is locked: it counts from now on, and stays in the history (R108)."""
    customers, customer = table("customers"), record["customer"]
    values = {"credit": assessment.standing.value, "credit_limit": assessment.limit}
    connection.execute(update(customers).where(customers.c.customer == customer).values(values))
    add_to_history(connection, customer, assessment, teller, order=order)
    kept = {**values, "credit_limit": None if assessment.limit is None else as_text(assessment.limit)}
    enter_changes(connection, [Changed(RecordKind.CUSTOMER, {"customer": customer}, record, kept)], teller)


def figures_of(connection: Connection, customer: str, *, but: str = "") -> CreditFigures:
    """What the book has of a customer; `but`: the order that asks, which is not among the others."""
    others, owed = ZERO, list[OverdueBill]()
    for row in connection.execute(_open_orders(customer)).mappings():
        if row["number"] != but:
            others += bound_of(row)
        owed += owed_of(row)
    customers = table("customers")
    standing = connection.scalar(select(customers.c.credit).where(customers.c.customer == customer))
    is_new = standing == CreditStanding.UNASSESSED.value
    return CreditFigures(
        is_new=is_new,
        assessed=None if is_new else newest_assessment(connection, customer),
        others=others,
        free_balance=balance_of(connection, customer),
        owed=tuple(owed),
    )


def _open_orders(customer: str) -> Select[Any]:
    return bound_orders().where(table("orders").c.customer == customer)


def bound_orders() -> Select[Any]:
    """Open orders with what they say of credit, and what the book let them through with."""
    orders, commitments = table("orders"), table("credit_commitments")
    return (
        select(
            orders.c.number,
            orders.c.customer,
            orders.c.sheet_version,
            orders.c.terms,
            orders.c.open_balance,
            orders.c.exposure,
            orders.c.exposure_due,
            orders.c.credit_heard,
            commitments.c.amount,
            commitments.c.question,
        )
        .outerjoin(commitments, commitments.c.order_number == orders.c.number)
        .where(orders.c.ending.is_(None))
    )


def bound_of(row: RowMapping) -> Decimal:
    """What an order binds: its own figure, and while it has not heard that it was let through at least that amount."""
    own = _own_figure(row)
    heard = row["credit_heard"] or 0
    if row["question"] is None or row["question"] <= heard:
        return own
    return max(own, Decimal(row["amount"]))


def _own_figure(row: RowMapping) -> Decimal:
    if row["exposure"] is not None:
        return Decimal(row["exposure"])
    # An order that recorded nothing since it says what it binds: as far as its other figures tell.
    counts = row["terms"] in _PAID_LATER and row["sheet_version"] is not None
    return max(row["open_balance"] or ZERO, ZERO) if counts else ZERO


def owed_of(row: RowMapping) -> Iterator[OverdueBill]:
    """The order's oldest bill that is not paid, with all that is owed for it."""
    if row["exposure_due"] is not None:
        yield OverdueBill(order=row["number"], amount=_own_figure(row), due_on=row["exposure_due"])
