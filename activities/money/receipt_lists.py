"""Receipts of the house as finance looks for them: to be allocated, with a rest, all; a customer's balance (R160)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select

from activities.money.owing_orders import owing_orders
from activities.money.receipt_store import balance_of, receipts_where
from activities.store.database import reading
from models.money.allocating import OwingOrder, Proposal, proposed
from models.money.house_receipt import HouseReceipt
from models.money.receipt_terms import ReceiptAct
from models.reports.receipt_movements import BalanceBack
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.receipts import folded
from models.values.vocabulary import Term, Words

MOST = 100
_NO_RECEIPT = Words("没有收款 {number}", "there is no receipt {number}")


class ReceiptsShown(Term):
    """Which receipts a list shows."""

    WAITING = "waiting", "待分配", "to be allocated"
    BALANCE = "balance", "有余额", "with a rest"
    ALL = "all", "全部", "all"


@dataclass(frozen=True, slots=True)
class ActDone:
    """Something that finance did with a receipt."""

    kind: ReceiptAct
    amount: Decimal
    rest_before: Decimal
    rest_after: Decimal
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownHouseReceipt:
    """One receipt with what was done with it, what the customer owes, and how it is proposed to be shared."""

    receipt: HouseReceipt
    acts: list[ActDone]
    owing: list[OwingOrder]
    proposal: Proposal
    balance: Decimal


def find_receipts(
    engine: Engine,
    text: str = "",
    show: ReceiptsShown = ReceiptsShown.ALL,
    most: int = MOST,
    *,
    by: str | None = None,
) -> list[HouseReceipt]:
    """Receipts by number, reference, customer or order; those that wait the oldest first, else the newest first.

    At most `most` of them, the first in that order; how many there are says `count_receipts`. `by`: only what this one
    recorded.
    """
    receipts = table("house_receipts")
    oldest_first = show is ReceiptsShown.WAITING
    order = (receipts.c.paid_at, receipts.c.number)
    query = select(receipts.c.number).where(*_conditions(text, show, by))
    query = query.order_by(*(order if oldest_first else (each.desc() for each in order))).limit(most)
    with reading(engine) as connection:
        found = receipts_where(connection, receipts.c.number.in_(list(connection.scalars(query))))
    return found if oldest_first else found[::-1]


def count_receipts(
    engine: Engine, text: str = "", show: ReceiptsShown = ReceiptsShown.ALL, *, by: str | None = None
) -> int:
    """How many receipts there are of which `find_receipts` gives the first ones."""
    query = select(func.count()).select_from(table("house_receipts")).where(*_conditions(text, show, by))
    with reading(engine) as connection:
        return connection.scalar(query) or 0


def _conditions(text: str, show: ReceiptsShown, by: str | None = None) -> list[ColumnElement[bool]]:
    receipts, parts = table("house_receipts"), table("receipt_parts")
    there = receipts.c.bounced_at.is_(None)
    conditions: list[ColumnElement[bool]] = [] if by is None else [receipts.c.by == by]
    if show is ReceiptsShown.WAITING:
        conditions += [there, receipts.c.allocated_at.is_(None)]
    elif show is ReceiptsShown.BALANCE:
        rest = receipts.c.given + receipts.c.refunded < receipts.c.amount
        conditions += [there, rest, receipts.c.cleared_at.is_not(None), receipts.c.allocated_at.is_not(None)]
    if text:
        of_order = select(parts.c.receipt).where(parts.c.order_number == text)
        claims = table("bank_receipts")
        key = f"bank:{folded(text)}"
        of_reference = select(claims.c.order_number).where(
            or_(claims.c.claim == key, claims.c.claim.startswith(f"{key} · ", autoescape=True))
        )
        conditions.append(
            or_(
                receipts.c.number == text,
                receipts.c.customer == text,
                receipts.c.reference == text,
                receipts.c.customer_name.contains(text, autoescape=True),
                receipts.c.number.in_(of_order),
                receipts.c.number.in_(of_reference),
            )
        )
    return conditions


def count_waiting(engine: Engine) -> int:
    """How many receipts finance has not allocated."""
    return count_receipts(engine, show=ReceiptsShown.WAITING)


def show_receipt(engine: Engine, number: str) -> ShownHouseReceipt:
    """One receipt. Raises Refusal(unknown_order)."""
    receipts = table("house_receipts")
    with reading(engine) as connection:
        receipt = next(iter(receipts_where(connection, receipts.c.number == number)), None)
        if receipt is None:
            words = _NO_RECEIPT.filled(number=number[:40])
            raise Refusal(Code.UNKNOWN_ORDER, words, where="receipt", rule="R160")
        owing = owing_orders(connection, receipt.customer)
        return ShownHouseReceipt(
            receipt=receipt,
            acts=_acts(connection, number),
            owing=owing,
            proposal=proposed(receipt.amount - receipt.given - receipt.refunded, owing),
            balance=balance_of(connection, receipt.customer),
        )


def _acts(connection: Connection, number: str) -> list[ActDone]:
    acts = table("receipt_acts")
    query = select(acts).where(acts.c.receipt == number).order_by(acts.c.at, acts.c.act)
    kinds = {each.value: each for each in ReceiptAct}
    return [
        ActDone(kinds[row.kind], row.amount, row.rest_before, row.rest_after, row.reason, row.by, row.at)
        for row in connection.execute(query)
    ]


def paid_back(connection: Connection, numbers: Sequence[str]) -> list[BalanceBack]:
    """What of these receipts was paid back to customers, and when."""
    acts = table("receipt_acts")
    query = select(acts.c.receipt, acts.c.at, acts.c.amount).where(
        acts.c.receipt.in_(numbers), acts.c.kind == ReceiptAct.REFUNDED.value
    )
    return [BalanceBack(row.receipt, business_date(row.at), row.amount) for row in connection.execute(query)]
