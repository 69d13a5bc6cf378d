"""Customers' credit as a list: limits, what is bound, what is overdue, and the orders that are held for it (R108, R109)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, exists, func, or_, select

from activities.credit.credit_book import bound_of, bound_orders, owed_of
from activities.credit.history import newest_assessment
from activities.store.database import reading
from models.credit.assessment import Assessed, CreditStanding
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Subject
from models.policy import CreditPolicy
from models.tables.registry import table
from models.values.money import ZERO

CUSTOMERS_ON_A_PAGE = 50
MOST_HELD = 200
HOLD = f"{StepKind.DECISION.value}:{Subject.CREDIT.value}"
_OF_CREDIT = (StepKind.ASSESS_CUSTOMER.value, StepKind.CREDIT_HELD.value)


class CreditShown(StrEnum):
    """Which customers are shown."""

    ALL = ""
    HELD = "held"
    OVERDUE = "overdue"
    UNASSESSED = "unassessed"


@dataclass(frozen=True, slots=True)
class BoundOrder:
    """An open order and what it binds of its customer's credit, in CNY; `due` is the day of its oldest unpaid bill."""

    number: str
    amount: Decimal
    due: date | None


@dataclass(frozen=True, slots=True)
class CustomerCredit:
    """What a customer may owe, and does. Amounts CNY, days business days."""

    customer: str
    name: str
    salesperson: str
    standing: CreditStanding | None
    assessed: Assessed | None
    until: date | None
    """The last day on which the assessment holds."""
    orders: Sequence[BoundOrder] = field(default_factory=tuple)
    overdue: Sequence[BoundOrder] = field(default_factory=tuple)
    free_balance: Decimal = ZERO

    @property
    def limit(self) -> Decimal | None:
        """The most that may be owed; None where there is no limit."""
        return None if self.assessed is None else self.assessed.limit or ZERO

    @property
    def exposure(self) -> Decimal:
        """What is owed or bound, less the customer's free balance."""
        return sum((order.amount for order in self.orders), ZERO) - self.free_balance

    @property
    def left(self) -> Decimal | None:
        """What may still be owed; below nothing where more is owed than the limit."""
        return None if self.limit is None else self.limit - self.exposure

    @property
    def overdue_amount(self) -> Decimal:
        """What is so long overdue that it holds orders."""
        return sum((order.amount for order in self.overdue), ZERO)


@dataclass(frozen=True, slots=True)
class CreditPage:
    """A page of customers, how many there are, and the customer after whom the next page goes on; empty at the end."""

    customers: Sequence[CustomerCredit]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """An order that waits for its customer's credit: by which step, since when, until when. Instants UTC."""

    number: str
    customer: str
    customer_name: str
    total: Decimal | None
    zh: str
    en: str
    since: datetime
    due: datetime


def find_credit(
    engine: Engine,
    today: date,
    policy: CreditPolicy,
    *,
    text: str = "",
    show: CreditShown = CreditShown.ALL,
    salesperson: str | None = None,
    only: str = "",
    after: str = "",
    most: int = CUSTOMERS_ON_A_PAGE,
) -> CreditPage:
    """Customers by their key. Without `text` those of whom something is said of credit; `only`: this one."""
    customers = table("customers")
    wanted = _wanted(today, policy, show)
    if only:
        wanted.append(customers.c.customer == only)
    elif text:
        wanted.append(
            or_(*(customers.c[name].icontains(text, autoescape=True) for name in ("customer", "name")))
        )
    elif show not in (CreditShown.HELD, CreditShown.OVERDUE):
        wanted.append(customers.c.credit.is_not(None))
    if salesperson is not None:
        wanted.append(customers.c.salesperson == salesperson)
    query = select(customers).where(*wanted, customers.c.customer > after).order_by(customers.c.customer)
    with reading(engine) as connection:
        rows = connection.execute(query.limit(most + 1)).mappings().all()
        total = connection.scalar(select(func.count()).select_from(customers).where(*wanted)) or 0
        shown = rows[:most]
        bound, free = _orders_of(connection, [row["customer"] for row in shown])
        found = [_credit_of(connection, row, bound, free, today, policy) for row in shown]
    return CreditPage(found, total, shown[-1]["customer"] if len(rows) > most else "")


def _wanted(today: date, policy: CreditPolicy, show: CreditShown) -> list[ColumnElement[bool]]:
    customers, orders, limits = table("customers"), table("orders"), table("credit_limits")
    theirs = (orders.c.customer == customers.c.customer) & orders.c.ending.is_(None)
    if show is CreditShown.HELD:
        steps = table("open_steps")
        waits = (steps.c.order_number == orders.c.number) & steps.c.closed_at.is_(None) & is_of_credit()
        return [exists().where(theirs, waits)]
    if show is CreditShown.OVERDUE:
        late = today - timedelta(days=policy.overdue_days)
        return [exists().where(theirs, orders.c.exposure_due <= late)]
    if show is CreditShown.UNASSESSED:
        since = today - timedelta(days=policy.assessment_days)
        holds = exists().where(limits.c.customer == customers.c.customer, limits.c.assessed_on > since)
        unassessed = customers.c.credit == CreditStanding.UNASSESSED.value
        return [unassessed | (customers.c.credit.is_not(None) & ~holds)]
    return []


def _orders_of(
    connection: Connection, customers: Sequence[str]
) -> tuple[Mapping[str, list[BoundOrder]], Mapping[str, Decimal]]:
    """What the open orders of these customers bind, and the customers' free balances."""
    orders = table("orders")
    bound: dict[str, list[BoundOrder]] = {}
    for row in connection.execute(bound_orders().where(orders.c.customer.in_(customers))).mappings():
        amount = bound_of(row)
        if amount > ZERO:
            bill = next(iter(owed_of(row)), None)
            due = bill.due_on if bill is not None else None
            bound.setdefault(row["customer"], []).append(BoundOrder(row["number"], amount, due))
    credited = (
        select(orders.c.customer, func.sum(orders.c.credited).label("free"))
        .where(orders.c.customer.in_(customers), orders.c.credited > ZERO)
        .group_by(orders.c.customer)
    )
    return bound, {row.customer: row.free for row in connection.execute(credited)}


def _credit_of(
    connection: Connection,
    row: RowMapping,
    bound: Mapping[str, list[BoundOrder]],
    free: Mapping[str, Decimal],
    today: date,
    policy: CreditPolicy,
) -> CustomerCredit:
    customer = row["customer"]
    standing = next((each for each in CreditStanding if each.value == row["credit"]), None)
    assessed = None if standing is CreditStanding.UNASSESSED else newest_assessment(connection, customer)
    orders = sorted(bound.get(customer, ()), key=lambda each: each.number)
    late = today - timedelta(days=policy.overdue_days)
    return CustomerCredit(
        customer=customer,
        name=row["name"],
        salesperson=row["salesperson"],
        standing=standing,
        assessed=assessed,
        until=assessed.assessed_on + timedelta(days=policy.assessment_days - 1) if assessed else None,
        orders=tuple(orders),
        overdue=tuple(each for each in orders if each.due is not None and each.due <= late),
        free_balance=free.get(customer, ZERO),
    )


def held_orders(engine: Engine, salesperson: str | None = None, customer: str = "") -> list[HeldOrder]:
    """The orders that wait for their customer's credit, who has waited longest first."""
    orders, steps = table("orders"), table("open_steps")
    query = (
        select(
            orders.c.number,
            orders.c.customer,
            orders.c.customer_name,
            orders.c.total,
            steps.c.zh,
            steps.c.en,
            steps.c.since,
            steps.c.due,
        )
        .join(steps, steps.c.order_number == orders.c.number)
        .where(steps.c.closed_at.is_(None), orders.c.ending.is_(None), is_of_credit())
        .order_by(steps.c.since, orders.c.number)
        .limit(MOST_HELD)
    )
    if salesperson is not None:
        query = query.where(orders.c.salesperson == salesperson)
    if customer:
        query = query.where(orders.c.customer == customer)
    with reading(engine) as connection:
        return [HeldOrder(**dict(row)) for row in connection.execute(query).mappings()]


def is_of_credit() -> ColumnElement[bool]:
    """Steps by which an order waits for its customer's credit."""
    steps = table("open_steps")
    return (steps.c.key == HOLD) | steps.c.kind.in_(_OF_CREDIT)
