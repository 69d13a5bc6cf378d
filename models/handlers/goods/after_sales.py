"""After-sales cases about an order that lives: while one is open, silence completes nothing (R81)."""

from __future__ import annotations

from models.messages import goods_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.incidents import OpenCase
from models.order.order import Order
from models.values.errors import AlreadyKnown, TooEarly
from models.values.vocabulary import Role, Words

FACTS = FactTable()


def _has_no_clock(order: Order, content: goods_contents.AfterSalesTold) -> bool:
    """To an order that has ended it is nothing new: no clock of its runs any more."""
    return True


@FACTS.row(
    goods_contents.AfterSalesTold,
    (Role.SYSTEM,),
    Words("有售后单", "after-sales case opened"),
    already=_has_no_clock,
)
def after_sales_opened(order: Order, envelope: Envelope, content: goods_contents.AfterSalesTold) -> None:
    """R81: from now on the clock of completion stands."""
    if content.case in order.cases:
        raise AlreadyKnown
    order.cases[content.case] = OpenCase(opened_at=envelope.happened_at)


@FACTS.row(
    goods_contents.AfterSalesTold,
    (Role.SYSTEM,),
    Words("售后单已结案", "after-sales case closed"),
    already=_has_no_clock,
)
def after_sales_closed(order: Order, envelope: Envelope, content: goods_contents.AfterSalesTold) -> None:
    """R81: the days on which it was open do not count. Raises TooEarly for one of which nothing was told yet."""
    case = order.cases.get(content.case)
    if case is None:
        raise TooEarly
    if case.closed_at is not None:
        raise AlreadyKnown
    case.closed_at = max(case.opened_at, envelope.happened_at)
