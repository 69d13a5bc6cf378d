"""An order by an approved sample: the sample's fee is credited to it, once. In the transaction that numbers it (R130)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, select, update

from activities.store.upsert import insert_into
from models.messages.decision_subjects import Outcome, Subject
from models.order.kinds.kind import KINDS
from models.request.order_start import OrderStart
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Ending, Fulfilment, Words

_NONE = Words(
    "没有客户 {customer} 的样品单 {sample}", "there is no sample {sample} of the customer {customer}"
)
_NOT_APPROVED = Words(
    "样品单 {sample} 还没有被客户认可", "the customer has not approved of the sample {sample}"
)


def with_sample_credit(connection: Connection, start: OrderStart) -> OrderStart:
    """The start with what is credited to it: what was paid of the sample's fee, where no other order has it and the time is
    not over. Of two at the same instant the first one has it.

    Raises Refusal(contradiction) where the sample is another customer's, or none, or was not approved.
    """
    sample = start.request.sample
    if sample is None:
        return start
    row = _sample(connection, sample, start.request.customer)
    approved: datetime | None = connection.scalar(_approved(sample))
    if row is None:
        words = _NONE.filled(customer=start.request.customer, sample=sample)
        raise Refusal(Code.CONTRADICTION, words, where="sample", rule="R130")
    if approved is None:
        raise Refusal(Code.CONTRADICTION, _NOT_APPROVED.filled(sample=sample), where="sample", rule="R130")
    paid = min(row["paid"] or ZERO, row["bill"] or ZERO, start.request.total)
    in_time = start.placed_at <= approved + timedelta(days=start.policy.sample.credit_days)
    if paid <= ZERO or not in_time or not _is_first(connection, sample, start, paid):
        return start
    return start.model_copy(update={"sample_credit": paid})


def note_credit_of_another_number(connection: Connection, start: OrderStart, before: str) -> None:
    """The order to which the fee was credited has another number now: the server had one under the first."""
    credited = table("sample_credits")
    connection.execute(
        update(credited).where(credited.c.order_number == before).values(order_number=start.number)
    )


def _sample(connection: Connection, number: str, customer: str) -> RowMapping | None:
    orders, requests = table("orders"), table("requests")
    query = (
        select(orders.c.paid, orders.c.bill, requests.c.start)
        .join(requests, requests.c.number == orders.c.number)
        .where(orders.c.number == number, orders.c.customer == customer)
    )
    row = connection.execute(query).mappings().first()
    made = (row["start"].get("request") or {}).get("fulfilment") if row is not None else None
    kind = KINDS.get(Fulfilment(made)) if made in set(Fulfilment) else None
    return row if kind is not None and kind.tries_samples else None


def _approved(number: str) -> Select[Any]:
    decisions = table("decisions")
    return select(decisions.c.decided_at).where(
        decisions.c.order_number == number,
        decisions.c.subject == Subject.TRIAL.value,
        decisions.c.outcome == Outcome.APPROVE.value,
        decisions.c.voided_at.is_(None),
    )


def _is_first(connection: Connection, sample: str, start: OrderStart, amount: Decimal) -> bool:
    """Enter the order as the one that has the fee; an order that came to nothing has it no more."""
    credited, orders = table("sample_credits"), table("orders")
    came_to_nothing = select(orders.c.number).where(
        orders.c.ending.is_not(None), orders.c.ending != Ending.SETTLED.value
    )
    connection.execute(
        delete(credited).where(
            credited.c.sample_number == sample, credited.c.order_number.in_(came_to_nothing)
        )
    )
    values = {
        "sample_number": sample, "order_number": start.number, "amount": amount, "credited_at": start.placed_at,
    }  # fmt: skip
    entered = insert_into(connection, credited).values(values).on_conflict_do_nothing()
    return connection.scalar(entered.returning(credited.c.order_number)) is not None
