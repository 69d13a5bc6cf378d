"""What was ordered, what is owed for it, what was paid and what is open: as a sum that adds up (R45, R51, R53, R84)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from models.values.vocabulary import Ending, Words

ORDERED = Words("订购金额", "ordered")
_BY_WHAT_PASSED = Words("按实际交付数量结算的差额", "difference by what is really delivered")
_COST = Words("取消部分的成本", "cost of what was cancelled")
_ENDED = Words("订单终结，不再应付", "not owed any more, the order has ended")
OWED = Words("应付", "owed")
PAID = Words("已付", "paid")
OPEN = Words("未付", "open")
CREDIT = Words("多付", "paid too much")


@dataclass(frozen=True, slots=True)
class SumRow:
    """One row: its words, its amount with its sign, and whether it is the result of the rows above it."""

    words: Words
    amount: Decimal
    is_result: bool = False


def money_sum(
    total: Decimal, bill: Decimal, paid: Decimal, open_balance: Decimal, ending: str | None = None
) -> tuple[SumRow, ...]:
    """The rows from what was ordered to what is open; `open_balance` below nothing is money paid too much.

    Rows that are no result add up to each result. What stands between order and debt is left out where there is nothing.
    """
    owed = open_balance + paid
    rows = [SumRow(ORDERED, total)]
    if ending not in (None, Ending.SETTLED.value):
        between = [SumRow(_ENDED, owed - total)]
    elif owed == total:
        between = []
    else:
        between = [SumRow(_BY_WHAT_PASSED, bill - total), SumRow(_COST, owed - bill)]
    between = [row for row in between if row.amount]
    if between:
        rows += [*between, SumRow(OWED, owed, is_result=True)]
    rows.append(SumRow(PAID, -paid))
    last = CREDIT if open_balance < 0 else OPEN
    return (*rows, SumRow(last, open_balance, is_result=True))
