"""What stands on salespeople's accounts: the freight of dead orders that they guaranteed (R38, R76, R164)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from sqlalchemy import Engine, select

from activities.store.database import reading
from models.messages.decision_subjects import Outcome, Subject
from models.tables.registry import table
from models.values.money import ZERO


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """A shipment that came back unpaid, and its freight both ways, in CNY. `dead_at` UTC."""

    order: str
    customer_name: str
    shipment: str
    dead_at: datetime
    freight_out: Decimal
    freight_back: Decimal

    @property
    def amount(self) -> Decimal:
        """Both ways."""
        return self.freight_out + self.freight_back


@dataclass(frozen=True, slots=True)
class SalespersonAccount:
    """What one salesperson carries."""

    salesperson: str
    entries: Sequence[AccountEntry]

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum((entry.amount for entry in self.entries), ZERO)


def accounts(engine: Engine, salesperson: str | None = None) -> list[SalespersonAccount]:
    """By salesperson, of all or of one; who guaranteed nothing that died has no account."""
    orders, shipments, decisions = table("orders"), table("shipments"), table("decisions")
    guaranteed = select(decisions.c.order_number).where(
        decisions.c.subject == Subject.SMALL_ORDER.value,
        decisions.c.outcome == Outcome.GUARANTEED.value,
        decisions.c.voided_at.is_(None),
    )
    query = (
        select(orders.c.salesperson, orders.c.customer_name, shipments)
        .join(orders, orders.c.number == shipments.c.order_number)
        .where(
            shipments.c.dead_at.is_not(None),
            shipments.c.returned_at.is_not(None),
            shipments.c.order_number.in_(guaranteed),
        )
        .order_by(orders.c.salesperson, shipments.c.dead_at, shipments.c.order_number)
    )
    if salesperson is not None:
        query = query.where(orders.c.salesperson == salesperson)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    return [
        SalespersonAccount(
            person,
            [
                AccountEntry(
                    order=row["order_number"],
                    customer_name=row["customer_name"] or "",
                    shipment=row["shipment"],
                    dead_at=row["dead_at"],
                    freight_out=row["freight_out"],
                    freight_back=row["freight_back"],
                )
                for row in theirs
            ],
        )
        for person, theirs in groupby(rows, key=lambda row: row["salesperson"] or "")
    ]
