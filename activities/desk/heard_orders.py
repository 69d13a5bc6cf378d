"""What a customer ordered by word and nobody has entered yet: a step with a limit, done by entering the order (R13, D4.3.3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, select

from activities.facts.desk_steps import close_step, open_step
from activities.store.database import writing
from models.policy import Policy
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step
from models.tables.registry import table
from models.values.calendar import hours_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

LONGEST = 1000
_NO_CUSTOMER = Words("没有客户 {customer}", "there is no customer {customer}")
_NO_WORDS = Words("请写客户要什么，最多 {most} 个字", "say what the customer wants, in at most {most} signs")
_TO_COME = Words("客户说的时间在将来", "the customer cannot have said it in the future")


def note_heard(
    engine: Engine, customer: str, words: str, heard_at: datetime, by: str, policy: Policy, now: datetime
) -> DeskStep:
    """The customer said this at that moment (aware): the order is to be entered within `limits.entry_hours` of it.

    Told again with the same words and moment it is the same step. Raises Refusal: unknown_customer, missing_field, in_future.
    """
    said = words.strip()
    if not said or len(said) > LONGEST:
        raise Refusal(Code.MISSING_FIELD, _NO_WORDS.filled(most=LONGEST), where="words", rule="R13")
    if heard_at > now:
        raise Refusal(Code.IN_FUTURE, _TO_COME, where="heard_at", rule="R13")
    customers = table("customers")
    with writing(engine) as connection:
        query = select(customers.c.name).where(customers.c.customer == customer)
        name = connection.scalar(query)
        if name is None:
            unknown = _NO_CUSTOMER.filled(customer=customer)
            raise Refusal(Code.UNKNOWN_CUSTOMER, unknown, where="customer", rule="R13")
        opened = desk_step(
            DeskStepKind.ORDER_HEARD,
            f"{customer}/{heard_at.isoformat()}/{said}",
            now,
            rule="R13",
            roles=(Role.SALESPERSON, Role.SERVICE_CLERK),
            customer=customer,
            name=name,
            words=said,
            by=by,
        )
        due = heard_at + hours_of(policy.limits.entry_hours)
        step = opened.model_copy(update={"since": heard_at, "due": due})
        open_step(connection, step)
    return step


def close_heard(connection: Connection, customer: str, order: str, by: str, now: datetime) -> None:
    """An order of this customer was entered: of what they said and nobody entered the oldest is done with it."""
    steps = table("desk_steps")
    query = (
        select(steps.c.key, steps.c.about)
        .where(steps.c.kind == DeskStepKind.ORDER_HEARD.value, steps.c.closed_at.is_(None))
        .order_by(steps.c.since, steps.c.key)
    )
    key = next((row.key for row in connection.execute(query) if row.about.get("customer") == customer), None)
    if key is not None:
        close_step(connection, key, now, by=by, resolution=order)
