"""The customer's credit: how much is owed for an order, when it is held, what frees it, who assesses (R108, R109)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.credit.assessment import Assessed
from models.credit.credit_rule import (
    CreditFigures,
    CreditGround,
    CreditQuestion,
    OverdueBill,
    verdict_on,
)

DAY = date(2027, 3, 1)
LIMIT = Assessed(limit=Decimal("50000.00"), assessed_on=date(2027, 1, 5), assessed_by="finance-1")


def question(amount: str, **more: Any) -> CreditQuestion:
    return CreditQuestion(
        customer="K-1", amount=Decimal(amount), day=DAY, overdue_days=30, assessment_days=365, **more
    )


def figures(others: str = "0.00", **more: Any) -> CreditFigures:
    return CreditFigures(**{"assessed": LIMIT, "others": Decimal(others), **more})


def grounds(question: CreditQuestion, known: CreditFigures) -> list[str]:
    return [ground.value for ground in verdict_on(question, known).grounds]


# --- the rule --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "held"), [("17000.00", []), ("17000.01", ["above_limit"])])
def test_the_limit_itself_passes_and_a_fen_above_it_is_held(amount: str, held: list[str]) -> None:
    """R109: limit 50,000.00; delivered 18,000.00; open 20,000.00 less 5,000.00 paid."""
    others = Decimal("18000.00") + Decimal("20000.00") - Decimal("5000.00")
    assert grounds(question(amount), figures(str(others))) == held


def test_the_free_balance_of_the_customer_is_taken_off() -> None:
    """R109: money that no order needs makes room for so much more."""
    known = figures("33000.00", free_balance=Decimal("500.00"))
    assert grounds(question("17500.00"), known) == []
    assert grounds(question("17500.01"), known) == ["above_limit"]


@pytest.mark.parametrize(("due", "held"), [("2027-01-30", ["overdue"]), ("2027-01-31", [])])
def test_a_bill_that_is_thirty_days_overdue_holds_new_orders(due: str, held: list[str]) -> None:
    """R109: thirty days after the day of payment, not twenty-nine."""
    bill = OverdueBill(order="20270101-0001", amount=Decimal("0.01"), due_on=date.fromisoformat(due))
    verdict = verdict_on(question("1.00"), figures(owed=(bill,)))
    assert [ground.value for ground in verdict.grounds] == held
    assert list(verdict.overdue) == ([bill] if held else [])


@pytest.mark.parametrize(("day", "held"), [("2026-03-02", []), ("2026-03-01", ["unassessed"])])
def test_an_assessment_holds_for_a_year(day: str, held: list[str]) -> None:
    """R108: 365 days from the day on which it was made, that day included."""
    old = LIMIT.model_copy(update={"assessed_on": date.fromisoformat(day)})
    assert grounds(question("1.00"), figures(assessed=old)) == held


def test_a_new_customer_is_assessed_first_and_one_the_company_knows_is_not_asked_about() -> None:
    """R108: made in the product, or `unassessed` in the file; imported ones are known."""
    assert grounds(question("1.00"), CreditFigures(is_new=True)) == ["unassessed"]
    assert grounds(question("0.00", prepaid=True), CreditFigures(is_new=True)) == ["unassessed"]
    assert grounds(question("999999.00"), CreditFigures()) == []


def test_who_has_no_credit_may_still_order_prepaid() -> None:
    """R26, R108: prepaid only: other terms are held, prepaid goes on, and goods that leave unpaid are held again."""
    refused = Assessed(prepaid_only=True, assessed_on=DAY)
    assert grounds(question("0.00"), figures(assessed=refused)) == ["prepaid_only"]
    assert grounds(question("0.00", prepaid=True), figures("900.00", assessed=refused)) == []
    assert grounds(question("0.01", prepaid=True), figures(assessed=refused)) == ["above_limit"]


def test_an_assessment_says_a_limit_or_prepaid_only() -> None:
    """R108: one of the two; neither and both are refused, and so is a limit below nothing."""
    for wrong in ({}, {"limit": "1.00", "prepaid_only": True}, {"limit": "-0.01"}, {"limit": "1.001"}):
        with pytest.raises(ValueError, match=r"limit|prepaid|negative|decimals"):
            Assessed.model_validate({**wrong, "assessed_on": "2027-01-01"})


money = some.decimals(min_value=0, max_value=10**8, places=2)


@given(limit=money, others=money, amount=money, free=money)
def test_held_is_what_would_be_owed_beyond_the_limit_and_nothing_else(
    limit: Decimal, others: Decimal, amount: Decimal, free: Decimal
) -> None:
    """R109, for any figures: less is never held where more passes, and a freed balance never holds."""
    known = figures(
        str(others), assessed=LIMIT.model_copy(update={"limit": limit}), free_balance=free
    )
    verdict = verdict_on(question(str(amount)), known)
    assert verdict.passes is (others + amount - free <= limit)
    if verdict.passes:
        assert verdict_on(question("0.00"), known).passes
    else:
        assert verdict.grounds == (CreditGround.ABOVE_LIMIT,)
