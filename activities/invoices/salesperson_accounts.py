"""What stands on salespeople's accounts: the freight of dead orders that they guaranteed (R38, R76, R164)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from sqlalchemy import Engine, RowMapping, select

from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.messages.decision_subjects import Outcome, Subject
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Words

_NO_REFERENCE = Words("须写明收款或扣款凭证号", "name the voucher of the payment or the deduction")
_NOTHING_OWED = Words("没有这笔须承担的运费", "nothing is owed for this shipment")
_SETTLED = Words("已凭 {reference} 结清", "settled already, with {reference}")


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """A shipment that came back unpaid, and its freight both ways, in CNY. `dead_at` UTC."""

    order: str
    customer_name: str
    shipment: str
    dead_at: datetime
    freight_out: Decimal
    freight_back: Decimal
    settled: Decimal | None = None
    """What was settled of it, with `reference`; None while it is owed."""
    reference: str = ""

    @property
    def owed(self) -> Decimal:
        """What is still to be settled."""
        return self.amount - (self.settled or ZERO)

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
        """All that is owed."""
        return sum((entry.owed for entry in self.entries), ZERO)


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
        settled = {
            (row["order_number"], row["shipment"]): row
            for row in connection.execute(select(table("account_settlements"))).mappings()
        }
    return [
        SalespersonAccount(
            person,
            [_entry(row, settled.get((row["order_number"], row["shipment"]))) for row in theirs],
        )
        for person, theirs in groupby(rows, key=lambda row: row["salesperson"] or "")
    ]


def _entry(row: RowMapping, settled: RowMapping | None) -> AccountEntry:
    return AccountEntry(
        order=row["order_number"],
        customer_name=row["customer_name"] or "",
        shipment=row["shipment"],
        dead_at=row["dead_at"],
        freight_out=row["freight_out"],
        freight_back=row["freight_back"],
        settled=settled["amount"] if settled is not None else None,
        reference=settled["reference"] if settled is not None else "",
    )


def settle(engine: Engine, order: str, shipment: str, reference: str, by: str, now: datetime) -> Decimal:
    """All that is owed for this shipment was paid, or kept from what the salesperson earns; how much, in CNY.

    Settled before with the same reference it is that again. Raises Refusal: missing_field without a reference, not_asked
    where nothing is owed, contradiction where another reference settled it.
    """
    if not reference:
        raise Refusal(Code.MISSING_FIELD, _NO_REFERENCE, where="reference", rule="R164")
    theirs = [each for account in accounts(engine) for each in account.entries]
    entry = next((each for each in theirs if (each.order, each.shipment) == (order, shipment)), None)
    if entry is None:
        raise Refusal(Code.NOT_ASKED, _NOTHING_OWED, where="shipment", rule="R164")
    settlements = table("account_settlements")
    row = {
        "order_number": order,
        "shipment": shipment,
        "amount": entry.amount,
        "reference": reference,
        "settled_by": by,
        "settled_at": now,
    }
    with writing(engine) as connection:
        connection.execute(insert_into(connection, settlements).values(row).on_conflict_do_nothing())
        known = connection.scalar(
            select(settlements.c.reference).where(
                settlements.c.order_number == order, settlements.c.shipment == shipment
            )
        )
    if known != reference:
        raise Refusal(Code.CONTRADICTION, _SETTLED.filled(reference=known), where="reference", rule="R164")
    return entry.amount
