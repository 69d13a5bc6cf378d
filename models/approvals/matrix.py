"""The approval matrix: rows of the policy that say whose approval a quote, an order, a contract or a refund needs (R106).

All rows that fit are united. Those of one level are asked side by side, the levels one after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Annotated

from pydantic import AfterValidator, Field

from models.values.content import Content, NonNegativeMoney, Reference
from models.values.percent import StatedPercent
from models.values.vocabulary import CustomerClass, PaymentTerms, Role, Term
from models.values.words import InvalidValue


class ApprovalOf(Term):
    """What is to be approved."""

    QUOTE = "quote", "报价", "quote"
    ORDER = "order", "订单", "order"
    CONTRACT = "contract", "合同", "contract"
    REFUND = "refund", "退款", "refund"


APPROVERS = (
    Role.SALES_SUPERVISOR,
    Role.SERVICE_SUPERVISOR,
    Role.MARKETING_DIRECTOR,
    Role.FINANCE,
    Role.LEGAL,
    Role.TECHNICAL,
    Role.PRODUCTION,
    Role.PURCHASING,
)
"""The roles that a row may name."""

MOST_LEVELS = 5
MOST_ROWS = 100

Level = tuple[Role, ...]
"""Who is asked side by side."""
Levels = tuple[Level, ...]
"""Who is asked, one level after another; empty: nobody."""


def _of_approvers(levels: Levels) -> Levels:
    for level in levels:
        if not level:
            raise InvalidValue("每一级至少写一个角色", "a level names one role at least")
        others = [role for role in level if role not in APPROVERS]
        if others:
            allowed = "、".join(APPROVERS)
            raise InvalidValue(
                f"{others[0]} 不能审批；可以写：{allowed}",
                f"{others[0]} approves nothing; the roles are: {', '.join(APPROVERS)}",
            )
    named = [role for level in levels for role in level]
    if len(set(named)) != len(named):
        raise InvalidValue("同一角色在一行中只写一次", "a row names a role once")
    return levels


class ApprovalRow(Content):
    """One row: where all that it names fits, its levels are asked. What it does not name fits whatever it is.

    "Above" and "below" are strict: an amount of exactly `amount_above` does not fit.
    """

    what: ApprovalOf
    amount_above: NonNegativeMoney | None = None
    discount_above: StatedPercent | None = None
    """Off the list price."""
    margin_below: StatedPercent | None = None
    """As a share of the net price."""
    customer_class: CustomerClass | None = None
    customer: Reference | None = None
    terms: PaymentTerms | None = None
    levels: Annotated[Levels, Field(min_length=1, max_length=MOST_LEVELS), AfterValidator(_of_approvers)]


@dataclass(frozen=True, slots=True)
class ToApprove:
    """What is known of the thing that is to be approved; None where it has no such figure, and no row that asks for it fits."""

    what: ApprovalOf
    amount: Decimal | None = None
    discount: Fraction | None = None
    """Per cent off the list price."""
    margin: Fraction | None = None
    """Per cent of the net price."""
    customer_class: CustomerClass | None = None
    customer: str = ""
    terms: PaymentTerms | None = None


def fits(row: ApprovalRow, thing: ToApprove) -> bool:
    """R106: whether the row asks for the approval of this."""
    return (
        row.what is thing.what
        and _is_above(thing.amount, row.amount_above)
        and _is_above(thing.discount, row.discount_above)
        and _is_below(thing.margin, row.margin_below)
        and row.customer_class in (None, thing.customer_class)
        and row.customer in (None, thing.customer)
        and row.terms in (None, thing.terms)
    )


def _is_above(figure: Decimal | Fraction | None, limit: Decimal | None) -> bool:
    return limit is None or (figure is not None and Fraction(figure) > Fraction(limit))


def _is_below(figure: Fraction | None, limit: Decimal | None) -> bool:
    return limit is None or (figure is not None and figure < Fraction(limit))


def levels_for(rows: Iterable[ApprovalRow], thing: ToApprove) -> Levels:
    """R106: whose approval the rows ask for, all that fit united."""
    return united(*(row.levels for row in rows if fits(row, thing)))


def united(*asked: Levels) -> Levels:
    """Several askings as one: first levels with first levels, and so on.

    A role that is asked on two levels answers once, on the later one: nothing may come after it that came before.
    """
    last = {role: place for levels in asked for role, place in _places(levels)}
    for levels in asked:
        for role, place in _places(levels):
            last[role] = max(last[role], place)
    side_by_side = (
        tuple(dict.fromkeys(role for level in level_of_each for role in level if last[role] == place))
        for place, level_of_each in enumerate(zip_longest(*asked, fillvalue=()))
    )
    return tuple(level for level in side_by_side if level)


def _places(levels: Levels) -> Iterable[tuple[Role, int]]:
    return ((role, place) for place, level in enumerate(levels) for role in level)


def still_missing(levels: Levels, answered: Sequence[Role]) -> Level:
    """Of the first level that has not all its answers, the roles that have still to give one; nothing when all have."""
    return next((left for level in levels if (left := tuple(r for r in level if r not in answered))), ())
