"""What stands on salespeople's accounts: the freight of dead orders that they guaranteed (R38, R76, R164)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, Select, Subquery, and_, func, not_, select

from activities.store.database import reading, writing
from models.messages.decision_subjects import Outcome, Subject
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Words

MOST_SETTLED = 100
"""So many settled shipments are listed beside all that is owed."""
_NO_REFERENCE = Words("须写明收款或扣款凭证号", "name the voucher of the payment or the deduction")
_NOTHING_OWED = Words("没有这笔须承担的运费", "nothing is owed for this shipment")
_OWN_ACCOUNT = Words(
    "职责必须分离：{who}承担这笔运费，不能为自己结清",
    "duties are kept apart: {who} owes this freight and may not settle it",
)
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
    """What was settled of it, with `reference`; None while nothing was."""
    reference: str = ""
    """The vouchers, one where it was settled at once."""

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


def accounts(
    engine: Engine, salesperson: str | None = None, *, most_settled: int = MOST_SETTLED
) -> list[SalespersonAccount]:
    """By salesperson, of all or of one: all that is owed, and of what is settled the newest.

    Who guaranteed nothing that died has no account.
    """
    settlements = _settlements()
    query = _dead(settlements)
    if salesperson is not None:
        query = query.where(table("orders").c.salesperson == salesperson)
    settled = query.where(_is_settled(settlements)).order_by(
        settlements.c.settled_at.desc(), settlements.c.order_number, settlements.c.shipment
    )
    with reading(engine) as connection:
        rows = [
            *connection.execute(query.where(not_(_is_settled(settlements)))).mappings(),
            *connection.execute(settled.limit(most_settled)).mappings(),
        ]
    rows.sort(key=lambda row: (row["salesperson"] or "", row["dead_at"], row["order_number"]))
    return [
        SalespersonAccount(person, [_entry(row) for row in theirs])
        for person, theirs in groupby(rows, key=lambda row: row["salesperson"] or "")
    ]


def _dead(settlements: Subquery) -> Select[Any]:
    """Shipments that came back unpaid and were guaranteed, with what was settled of each."""
    orders, shipments, decisions = table("orders"), table("shipments"), table("decisions")
    guaranteed = select(decisions.c.order_number).where(
        decisions.c.subject == Subject.SMALL_ORDER.value,
        decisions.c.outcome == Outcome.GUARANTEED.value,
        decisions.c.voided_at.is_(None),
    )
    of_it = (settlements.c.order_number == shipments.c.order_number) & (
        settlements.c.shipment == shipments.c.shipment
    )
    return (
        select(
            orders.c.salesperson,
            orders.c.customer_name,
            shipments.c.order_number,
            shipments.c.shipment,
            shipments.c.dead_at,
            shipments.c.freight_out,
            shipments.c.freight_back,
            settlements.c.amount.label("settled"),
            settlements.c.reference,
            settlements.c.settled_at,
        )
        .join(orders, orders.c.number == shipments.c.order_number)
        .outerjoin(settlements, of_it)
        .where(
            shipments.c.dead_at.is_not(None),
            shipments.c.returned_at.is_not(None),
            shipments.c.order_number.in_(guaranteed),
        )
    )


def _settlements() -> Subquery:
    """What was settled of each shipment in all, the last voucher's time, and the vouchers: freight may grow after one."""
    rows = table("account_settlements")
    return (
        select(
            rows.c.order_number,
            rows.c.shipment,
            func.sum(rows.c.amount).label("amount"),
            func.max(rows.c.settled_at).label("settled_at"),
            func.aggregate_strings(rows.c.reference, ", ").label("reference"),
        )
        .group_by(rows.c.order_number, rows.c.shipment)
        .subquery("settled")
    )


def _is_settled(settlements: Subquery) -> ColumnElement[bool]:
    """Whether all of it is: its freight may have grown since."""
    shipments = table("shipments")
    amount = shipments.c.freight_out + shipments.c.freight_back
    return and_(settlements.c.shipment.is_not(None), settlements.c.amount == amount)


def _entry(row: RowMapping) -> AccountEntry:
    return AccountEntry(
        order=row["order_number"],
        customer_name=row["customer_name"] or "",
        shipment=row["shipment"],
        dead_at=row["dead_at"],
        freight_out=row["freight_out"],
        freight_back=row["freight_back"],
        settled=row["settled"],
        reference=row["reference"] or "",
    )


def settle(engine: Engine, order: str, shipment: str, reference: str, by: str, now: datetime) -> Decimal:
    """All that is owed for this shipment was paid, or kept from what the salesperson earns; how much, in CNY.

    Told again with a reference that settled it is that again. Freight that grew since is owed, and settled with another
    voucher. Raises Refusal: missing_field without a reference, not_asked where nothing was owed, same_person for whose account
    it is (R106), contradiction where all of it is settled with another reference.
    """
    if not reference:
        raise Refusal(Code.MISSING_FIELD, _NO_REFERENCE, where="reference", rule="R164")
    shipments, settlements = table("shipments"), table("account_settlements")
    with writing(engine) as connection:
        # Two hands at once wait for each other: what is owed is counted once.
        of_it = (shipments.c.order_number == order) & (shipments.c.shipment == shipment)
        connection.execute(select(shipments.c.shipment).where(of_it).with_for_update())
        found = connection.execute(_dead(_settlements()).where(of_it)).mappings().first()
        if found is None:
            raise Refusal(Code.NOT_ASKED, _NOTHING_OWED, where="shipment", rule="R164")
        if by and by == found["salesperson"]:
            raise Refusal(Code.SAME_PERSON, _OWN_ACCOUNT.filled(who=by), where="by", rule="R164")
        known: Decimal | None = connection.scalar(
            select(settlements.c.amount).where(
                settlements.c.order_number == order,
                settlements.c.shipment == shipment,
                settlements.c.reference == reference,
            )
        )
        if known is not None:
            return known
        entry = _entry(found)
        if entry.owed <= ZERO:
            words = _SETTLED.filled(reference=entry.reference)
            raise Refusal(Code.CONTRADICTION, words, where="reference", rule="R164")
        connection.execute(
            settlements.insert().values(
                order_number=order,
                shipment=shipment,
                amount=entry.owed,
                reference=reference,
                settled_by=by,
                settled_at=now,
            )
        )
        return entry.owed
