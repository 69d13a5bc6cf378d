"""Ordered, owed, paid and open stand on the order's page as a sum; it adds up in every life (R45, R53, R84)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from models.documents.money_sum import CREDIT, OPEN, ORDERED, OWED, PAID, SumRow, money_sum
from models.values.money import ZERO
from models.values.vocabulary import Ending
from tests.models.life import Life

MONEY = st.decimals(0, 10**7, places=2)


def adds_up(rows: tuple[SumRow, ...]) -> bool:
    """Whether the rows above each result come to it."""
    so_far = ZERO
    for row in rows:
        if row.is_result and so_far != row.amount:
            return False
        if not row.is_result:
            so_far += row.amount
    return rows[0].words == ORDERED and rows[-1].is_result


@given(MONEY, MONEY, MONEY, MONEY, st.sampled_from([None, "settled", "cancelled"]))
def test_whatever_the_figures_are_the_rows_add_up(
    total: Decimal, bill: Decimal, paid: Decimal, cost: Decimal, ending: str | None
) -> None:
    open_balance = ZERO if ending == "cancelled" else bill + cost - paid
    rows = money_sum(total, bill, paid, open_balance, ending)
    assert adds_up(rows)
    assert all(row.amount for row in rows if row.words not in (ORDERED, PAID, OPEN, OWED))


def rows_of(life: Life) -> tuple[SumRow, ...]:
    order = life.order
    ending = order.ending.value if order.ending else None
    return money_sum(order.total, order.bill, order.ledger.paid, order.open_balance, ending)


def test_the_rows_of_a_life() -> None:
    """Before goods the order total is owed, afterwards the bill."""
    confirmed = rows_of(Life().confirmed())
    assert [row.words for row in confirmed] == [ORDERED, PAID, OPEN]
    for life in (Life().in_warehouse(), Life().arrived()):
        rows = rows_of(life)
        assert adds_up(rows)
        assert rows[-1].amount == life.order.open_balance


def test_too_much_is_said_to_be_too_much_and_an_ended_order_owes_nothing() -> None:
    rows = money_sum(Decimal("100.00"), ZERO, Decimal("130.00"), Decimal("-30.00"))
    assert (rows[-1].words, rows[-1].amount, adds_up(rows)) == (CREDIT, Decimal("-30.00"), True)
    ended = money_sum(Decimal("100.00"), ZERO, ZERO, ZERO, Ending.CANCELLED.value)
    assert [row.amount for row in ended] == [Decimal("100.00"), Decimal("-100.00"), ZERO, ZERO, ZERO]
    assert adds_up(ended)
