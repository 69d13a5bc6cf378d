"""The approval matrix: which rows fit, how they are united, who is asked next (R106)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from models.approvals.matrix import (
    ApprovalOf,
    ApprovalRow,
    Levels,
    ToApprove,
    fits,
    levels_for,
    still_missing,
    united,
)
from models.policy import Policy
from models.values.vocabulary import CustomerClass, PaymentTerms, Role

SUPERVISOR, DIRECTOR, FINANCE, LEGAL = (
    Role.SALES_SUPERVISOR,
    Role.MARKETING_DIRECTOR,
    Role.FINANCE,
    Role.LEGAL,
)


def row(*levels: tuple[Role, ...], **asked: Any) -> ApprovalRow:
    return ApprovalRow.model_validate({"what": "quote", "levels": levels or ((SUPERVISOR,),), **asked})


def quote(**known: Any) -> ToApprove:
    return ToApprove(ApprovalOf.QUOTE, **known)


@pytest.mark.parametrize(
    ("asked", "known", "so"),
    [
        ({}, {}, True),
        ({"what": "order"}, {}, False),
        ({"amount_above": "30000"}, {"amount": Decimal("30000.00")}, False),
        ({"amount_above": "30000"}, {"amount": Decimal("30000.01")}, True),
        ({"amount_above": "30000"}, {}, False),
        ({"discount_above": "5"}, {"discount": Fraction(5)}, False),
        ({"discount_above": "5"}, {"discount": Fraction(51, 10)}, True),
        ({"margin_below": "20"}, {"margin": Fraction(20)}, False),
        ({"margin_below": "20"}, {"margin": Fraction(1999999, 100000)}, True),
        ({"margin_below": "20"}, {}, False),
        ({"customer_class": "C"}, {"customer_class": CustomerClass.B}, False),
        ({"customer_class": "C"}, {"customer_class": CustomerClass.C}, True),
        ({"customer": "K-1"}, {"customer": "K-1"}, True),
        ({"customer": "K-1"}, {"customer": "K-2"}, False),
        ({"terms": "on_account"}, {"terms": PaymentTerms.ON_ACCOUNT}, True),
        (
            {"terms": "on_account", "customer": "K-1"},
            {"terms": PaymentTerms.ON_ACCOUNT, "customer": "K-2"},
            False,
        ),
    ],
)
def test_a_row_fits_where_all_that_it_names_does(
    asked: dict[str, Any], known: dict[str, Any], so: bool
) -> None:
    """R106: above and below are strict; a figure that is not known fits no row that asks for it."""
    assert fits(row(**asked), quote(**known)) is so


def test_all_rows_that_fit_are_united_level_by_level() -> None:
    """R106: side by side within a level, and each role once."""
    rows = (
        row((SUPERVISOR,), (DIRECTOR,)),
        row((FINANCE,)),
        row((SUPERVISOR, LEGAL)),
        row((LEGAL,), amount_above="1"),
    )
    assert levels_for(rows, quote()) == ((SUPERVISOR, FINANCE, LEGAL), (DIRECTOR,))
    assert levels_for((), quote()) == ()


def test_a_role_on_two_levels_answers_once_on_the_later_one() -> None:
    """R106: what came after it still comes after it."""
    assert united(((SUPERVISOR,), (DIRECTOR,)), ((DIRECTOR,),)) == ((SUPERVISOR,), (DIRECTOR,))
    assert united(((DIRECTOR,),), ()) == ((DIRECTOR,),)


@pytest.mark.parametrize(
    ("answered", "next_ones"),
    [
        ((), (SUPERVISOR, FINANCE)),
        ((FINANCE,), (SUPERVISOR,)),
        ((DIRECTOR,), (SUPERVISOR, FINANCE)),
        ((SUPERVISOR, FINANCE), (DIRECTOR,)),
        ((SUPERVISOR, FINANCE, DIRECTOR), ()),
    ],
)
def test_the_next_level_is_asked_when_all_of_one_have_answered(
    answered: tuple[Role, ...], next_ones: tuple[Role, ...]
) -> None:
    """R106: one level after the other."""
    levels: Levels = ((SUPERVISOR, FINANCE), (DIRECTOR,))
    assert still_missing(levels, answered) == next_ones


@pytest.mark.parametrize(
    "levels", [[], [[]], [["customer"]], [["warehouse"]], [["finance"], ["finance"]], [["nobody"]]]
)
def test_a_bad_row_is_refused(levels: list[list[str]]) -> None:
    """R106: a level names roles that may approve, each once."""
    with pytest.raises(ValidationError):
        ApprovalRow.model_validate({"what": "quote", "levels": levels})


def test_by_default_orders_go_to_the_supervisor_and_contracts_to_legal_and_finance() -> None:
    """R106: the procedures name no amounts."""
    rows = Policy().approvals
    assert levels_for(rows, ToApprove(ApprovalOf.ORDER, amount=Decimal(1))) == ((SUPERVISOR,),)
    assert levels_for(rows, ToApprove(ApprovalOf.CONTRACT)) == ((LEGAL, FINANCE),)
    assert levels_for(rows, ToApprove(ApprovalOf.REFUND)) == ()
    assert levels_for(rows, quote(amount=Decimal(1_000_000))) == ()


def test_the_floor_is_not_above_the_target() -> None:
    """R105: a policy that says otherwise is refused."""
    for wrong in ({"margin": "20", "floor": "21"}, {"margin": "100"}, {"decimals": 7}, {"tax": "101"}):
        with pytest.raises(ValidationError):
            Policy.model_validate({"quote": wrong})


@pytest.mark.parametrize(
    "role",
    [
        "sales_supervisor",
        "service_supervisor",
        "marketing_director",
        "finance",
        "legal",
        "technical",
        "production",
        "purchasing",
    ],
)
def test_each_department_may_be_asked(role: str) -> None:
    """R106: who may approve, by hand from the procedures (D3, D18)."""
    assert row((Role(role),)).levels == ((Role(role),),)


@pytest.mark.parametrize("role", ["customer", "salesperson", "warehouse", "operator"])
def test_nobody_else_is_asked(role: str) -> None:
    with pytest.raises(ValidationError):
        row((Role(role),))
