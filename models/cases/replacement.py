"""The replacement order of an exchange: the same goods at the old price, entered by the product (R144)."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from models.cases.case import Case
from models.cases.terms import OF_MONEY
from models.request.order_request import OrderRequest, ReplacementFor
from models.values.money import Amount, Price
from models.values.quantity import Measured
from models.values.vocabulary import Role

SPACE = "cases"
"""Whose the ids of these requests are: the product's own."""
ENTERED_BY = "system"
"""Who enters them: nobody of the staff is called so."""


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
    is_credited: bool = False
    """Whether it is taken off the order's bill: of an exchange the replacement is billed in its place (R164)."""
    our_fault: bool = False
    """Whether the house is at fault: then the delivery fee of the shop goes back with whatever does (R142)."""


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
        is_credited=case.remedy in OF_MONEY,
        our_fault=grant.our_fault,
    )


_SAME_AGAIN = (
    "channel",
    "fulfilment",
    "customer",
    "contact",
    "phone",
    "fax",
    "address",
    "consignee",
    "payment_terms",
    "deposit_percent",
    "packing",
    "label",
    "special_requirements",
    "delivery_method",
    "freight_terms",
    "partial_delivery",
)


def replacement_request(asked: ReplacementAsked, first: OrderRequest) -> OrderRequest:
    """The request for the replacement: the line of the first order at its old price, everything else as it was.

    The same case gives the same request.
    """
    line = next(each for each in first.lines if each.line == asked.line)
    return OrderRequest(
        request_id=request_id_of(asked.case),
        **{name: getattr(first.without_checkout, name) for name in _SAME_AGAIN},
        lines=(line.model_copy(update={"quantity": asked.quantity, "unit_price": asked.unit_price}),),
        read_back=True,
        entered_by=ENTERED_BY,
        entered_role=Role.SYSTEM,
        replaces=ReplacementFor(case=asked.case, order=asked.order),
    )


def request_id_of(case: str) -> str:
    """Under which id the replacement of a case is placed."""
    return f"case/{case}"
