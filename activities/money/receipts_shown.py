"""The rest of the money desk: what else waits for finance, what was paid too much, and what came in lately (R35, R53, R62)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Select, or_, select, text

from activities.facts.desk_steps import open_desk_steps
from activities.orders.views.order_views import OrderSummary, StepView
from activities.store.database import reading
from models.dossier.step_kinds import StepKind
from models.facts.order_numbers import order_numbers_in
from models.messages.decision_subjects import Subject
from models.reports.desk_steps import ANOTHER_ORDER, DeskStep
from models.tables.registry import table
from models.values.money import ZERO
from models.values.receipts import folded
from models.values.vocabulary import Role

MOST = 50
_OF_MONEY = (StepKind.TOLD_TWICE, StepKind.CLEAR_CASH, StepKind.REMITTANCE)
_OVERPAID = f"{StepKind.DECISION.value}:{Subject.OVERPAYMENT.value}"


@dataclass(frozen=True, slots=True)
class OtherWaits:
    """What waits for finance besides the bank's sums: steps of orders, steps of the desk, orders that were paid too much."""

    steps: list[StepView]
    at_desk: list[DeskStep]
    overpaid: list[OrderSummary]


def other_waits(engine: Engine) -> OtherWaits:
    """All of it, the earliest due first."""
    orders, steps = table("orders"), table("open_steps")
    asked = (
        select(steps)
        .join(orders, orders.c.number == steps.c.order_number)
        .where(
            text("open_steps.closed_at is null"),
            orders.c.ending.is_(None),
            steps.c.kind.in_(
                [each.value for each in (*_OF_MONEY, StepKind.DECISION)]
            ),  # as the index says it
            or_(steps.c.kind != StepKind.DECISION.value, steps.c.key.startswith(_OVERPAID)),
        )
        .order_by(steps.c.due, steps.c.order_number)
        .limit(MOST)
    )
    too_much = (
        select(orders)
        .where(text("orders.ending is null"), orders.c.open_balance < ZERO)
        .order_by(orders.c.open_balance, orders.c.number)
        .limit(MOST)
    )
    with reading(engine) as connection:
        waiting = [StepView.model_validate(dict(row)) for row in connection.execute(asked).mappings()]
        overpaid = [OrderSummary.model_validate(dict(row)) for row in connection.execute(too_much).mappings()]
    at_desk = [each for each in open_desk_steps(engine, Role.FINANCE) if not _is_a_line(each)]
    return OtherWaits(waiting, at_desk[:MOST], overpaid)


def _is_a_line(step: DeskStep) -> bool:
    return step.kind in ANOTHER_ORDER and step.about.get("fact") == "payment_received"


@dataclass(frozen=True, slots=True)
class ShownReceipt:
    """A payment as the money desk shows it."""

    order: str
    customer_name: str
    reference: str
    amount: Decimal
    method: str
    paid_at: datetime
    taken_by: str
    confirmed: bool
    bounced: bool
    corrected: bool
    elsewhere: bool
    moved: Decimal
    reason: str
    open_balance: Decimal

    @property
    def here(self) -> Decimal:
        """What of it counts on this order."""
        there = self.confirmed and not self.bounced and not self.elsewhere
        return self.amount - self.moved if there else ZERO


def receipts_lately(engine: Engine, asked: str = "") -> list[ShownReceipt]:
    """What came in last, the newest first; with `asked` that of an order, or of a reference however it is written."""
    payments, receipts = table("payments"), table("payment_receipts")
    query = _receipts().order_by(payments.c.paid_at.desc(), payments.c.order_number).limit(MOST)
    if asked:
        told = folded(asked)
        query = query.where(
            or_(
                payments.c.order_number.in_(order_numbers_in(asked)),
                payments.c.reference == asked.strip(),
                receipts.c.claim == f"bank:{told}",
                receipts.c.claim.startswith(f"bank:{told} · ", autoescape=True),
            )
        )
    with reading(engine) as connection:
        return _shown(connection, query)


def receipt_of(engine: Engine, order: str, reference: str) -> ShownReceipt | None:
    """One payment of an order, by its voucher; None where there is none."""
    payments = table("payments")
    query = _receipts().where(payments.c.order_number == order, payments.c.reference == reference)
    with reading(engine) as connection:
        return next(iter(_shown(connection, query)), None)


def _receipts() -> Select[Any]:
    orders, payments, receipts = table("orders"), table("payments"), table("payment_receipts")
    of_it = (receipts.c.order_number == payments.c.order_number) & (
        receipts.c.reference == payments.c.reference
    )
    told = (receipts.c.corrected, receipts.c.elsewhere, receipts.c.moved, receipts.c.reason)
    return (
        select(payments, *told, orders.c.customer_name, orders.c.open_balance)
        .join(orders, orders.c.number == payments.c.order_number)
        .outerjoin(receipts, of_it)
    )


def _shown(connection: Connection, query: Select[Any]) -> list[ShownReceipt]:
    return [
        ShownReceipt(
            order=row["order_number"],
            customer_name=row["customer_name"],
            reference=row["reference"],
            amount=row["amount"],
            method=row["method"],
            paid_at=row["paid_at"],
            taken_by=row["taken_by"],
            confirmed=row["confirmed"],
            bounced=row["bounced"],
            corrected=bool(row["corrected"]),
            elsewhere=bool(row["elsewhere"]),
            moved=row["moved"] or ZERO,
            reason=row["reason"] or "",
            open_balance=row["open_balance"] or ZERO,
        )
        for row in connection.execute(query).mappings()
    ]
