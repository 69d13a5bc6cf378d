"""The replacement order of an exchange: the same goods at the old price, entered by the product (R144)."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from models.cases.case import Case
from models.values.money import Amount, Price
from models.values.quantity import Measured

SPACE = "cases"
"""Whose the ids of these requests are: the product's own."""


class ReplacementAsked(BaseModel):
    """The replacement that is to be ordered for a case."""

    model_config = ConfigDict(frozen=True)

    case: str
    order: str
    line: int
    quantity: Measured
    unit_price: Price


class RefundAsked(BaseModel):
    """What came back and passed, to be worked out where all cases of the order are known (R142)."""

    model_config = ConfigDict(frozen=True)

    case: str
    round: int
    order: str
    line: int | None = None
    quantity: Measured
    unit_price: Price
    amount: Amount | None = None
    """Granted where no goods say it."""
    is_paid: bool = True
    """Whether money leaves for it: credits and exchanges are bound by no money received."""


def replacement_of(case: Case) -> ReplacementAsked | None:
    """What is to be ordered; None while nothing is."""
    goods = case.goods
    if not case.is_to_replace or goods is None:
        return None
    return ReplacementAsked(
        case=case.number,
        order=case.request.order,
        line=goods.line,
        quantity=case.to_replace,
        unit_price=goods.unit_price,
    )


def refund_asked(case: Case, *, is_paid: bool) -> RefundAsked | None:
    """What is to be worked out; None while nothing is."""
    grant = case.grant
    if not case.is_to_count or grant is None:
        return None
    goods = case.goods
    return RefundAsked(
        case=case.number,
        round=case.round,
        order=case.request.order,
        line=goods.line if goods is not None else None,
        quantity=case.goods_to_count if grant.amount is None else Decimal(0),
        unit_price=goods.unit_price if goods is not None else Decimal("0.00"),
        amount=grant.amount,
        is_paid=is_paid,
    )
