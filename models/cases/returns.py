"""What may come back, until when, and what it is worth (R142). Pure figures; who has which quantity the order database decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.cases.case_request import CaseGoods
from models.cases.terms import Cause
from models.policy import AfterwardsPolicy
from models.shop.catalogue import COUNTED
from models.values.calendar import ONE_DAY, business_date, end_of
from models.values.errors import Code, Refusal
from models.values.money import ZERO, line_amount
from models.values.quantity import NOTHING
from models.values.vocabulary import Words
from models.writing.printed_figures import quantity

_NOT_RETURNABLE = Words(
    "订制生产的货物不能无理由退换；如有质量问题、破损、短缺或发错货，请选择相应原因",
    "goods made to order do not come back without a reason; where they are defective, damaged, short or not what was "
    "ordered, name that as the cause",
)
_TOO_LATE = Words(
    "无理由退换须在签收后 {days} 天内提出（至 {last}）；如有质量问题，请选择相应原因",
    "without a reason goods come back within {days} days after receipt (until {last}); where they are defective, name that "
    "as the cause",
)
_MORE = Words(
    "最多还可退 {left}（已签收 {received}，其他售后单已占用 {taken}）",
    "at most {left} may still come back: {received} received, {taken} in other cases",
)
_WHOLE = Words(
    "{product} 按{unit}计，数量须为整数", "{product} is counted by the {unit}; send whole ones back"
)
_NOT_YET = Words(
    "这一行货还没有签收，收到后才能申请退换",
    "nothing of this line was received yet; ask for it once you have the goods",
)


def last_moment(received_at: datetime, days: int) -> datetime:
    """The end of the last day of a window of so many days after the day of receipt (business time)."""
    return end_of(business_date(received_at) + days * ONE_DAY)


def require_open_window(goods: CaseGoods, cause: Cause, policy: AfterwardsPolicy, now: datetime) -> None:
    """R142: without a reason only stock goods of the shop, within 7 days after receipt.

    Raises Refusal(not_returnable, too_late) that says what is possible.
    """
    if cause is not Cause.UNWANTED:
        return
    if not goods.from_shop:
        raise Refusal(Code.NOT_RETURNABLE, _NOT_RETURNABLE, where="cause", rule="R142")
    if goods.received_at is not None and now >= last_moment(goods.received_at, policy.no_reason_days):
        last = business_date(goods.received_at) + policy.no_reason_days * ONE_DAY
        words = _TOO_LATE.filled(days=policy.no_reason_days, last=last)
        raise Refusal(Code.TOO_LATE, words, where="cause", rule="R142")


def needs_admission(goods: CaseGoods | None, policy: AfterwardsPolicy, opened: datetime) -> bool:
    """R142: whether a defect is told after its 30 days: then the supervisor may admit it."""
    if goods is None or goods.received_at is None:
        return False
    return opened >= last_moment(goods.received_at, policy.defect_days)


def require_whole(goods: CaseGoods, quantity: Decimal) -> None:
    """R142: of what was received whole no part comes back. Raises Refusal(bad_quantity)."""
    received_whole = goods.received == goods.received.to_integral_value()
    if goods.unit in COUNTED and received_whole and quantity != quantity.to_integral_value():
        words = _WHOLE.filled(product=goods.product, unit=goods.unit)
        raise Refusal(Code.BAD_QUANTITY, words, where="quantity", rule="R142")


def more_than_received(left: Decimal, received: Decimal, taken: Decimal) -> Refusal:
    """The refusal of a quantity that the customer does not have any more (R142)."""
    words = _NOT_YET
    if received > NOTHING:
        figures = {"left": max(left, NOTHING), "received": received, "taken": taken}
        words = _MORE.filled(**{name: quantity(figure) for name, figure in figures.items()})
    return Refusal(Code.MORE_THAN_RECEIVED, words, where="quantity", rule="R142")


@dataclass(frozen=True, slots=True)
class RefundFigures:
    """What the goods of a return are worth: the line as it was kept before, and after."""

    kept_before: Decimal
    kept_after: Decimal
    value: Decimal
    """round(price × kept before) − round(price × kept after)."""
    payable: Decimal
    """What of it is paid back: never above the money received."""


def refund_of(unit_price: Decimal, kept_before: Decimal, back: Decimal, money_left: Decimal) -> RefundFigures:
    """R142: of 130 sheets at 0.0385 (5.01) 65 come back twice: 2.51 and 2.50.

    `money_left`: what was received for the order and not given back yet.
    """
    kept_after = kept_before - back
    value = line_amount(kept_before, unit_price) - line_amount(kept_after, unit_price)
    return RefundFigures(kept_before, kept_after, value, at_most(value, money_left))


def at_most(value: Decimal, money_left: Decimal) -> Decimal:
    """R142: never above the money received."""
    return max(ZERO, min(value, money_left))
