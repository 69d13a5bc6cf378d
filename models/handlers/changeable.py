"""What may be changed of an order at all: lines that there are, not below what left, within the limits (R20, R83, R84)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from models.order.money.amount_limits import require_change
from models.order.order import Order
from models.request.order_request import LAST_NUMBER, MOST_LINES, OrderRequest, RequestChange, changed
from models.values.errors import Code, Refusal
from models.values.quantity import NOTHING
from models.values.vocabulary import Words

_NO_LINE = Words("没有第 {line} 行", "there is no line {line}")
_TAKEN = Words(
    "行号 {line} 已用过，不再使用；下一个是 {next}",
    "line number {line} was used before and is not used again; the next one is {next}",
)
_TOO_MANY = Words("订单最多 {most} 行", "an order has at most {most} lines")
_NOTHING_LEFT = Words(
    "去掉所有行就是取消订单，请申请取消（cancellation_requested,R84）",
    "to drop every line is to cancel the order: ask for a cancellation (cancellation_requested, R84)",
)
_BELOW = Words(
    "第 {line} 行已发出 {shipped}，不能少于此数",
    "{shipped} of line {line} have left already; it cannot be less than that",
)
_AT = "content.changes"


def numbered(order: Order, change: RequestChange, waiting: Sequence[RequestChange] = ()) -> RequestChange:
    """The change with a number for each line that it adds. Raises Refusal(contradiction) for a number that was used."""
    if not change.added_lines:
        return change
    used = {line.line for line in order.request.lines} | set(order.dropped_lines)
    used |= {new.line for each in waiting for new in each.added_lines if new.line is not None}
    added = []
    for place, new in enumerate(change.added_lines):
        number = new.line if new.line is not None else max(used) + 1
        if number in used or number > LAST_NUMBER:
            words = _TAKEN.filled(line=number, next=max(used) + 1)
            raise Refusal(Code.CONTRADICTION, words, where=f"{_AT}.added_lines.{place}.line", rule="R83")
        used.add(number)
        added.append(new.model_copy(update={"line": number}))
    return change.model_copy(update={"added_lines": tuple(added)})


def require_changeable(order: Order, change: RequestChange, inside: str = _AT) -> None:
    """Raises Refusal: unknown_line, below_shipped, contradiction for an order without lines, too_large, bad_money.

    Nothing of the order is changed; `inside` is where the change stands.
    """
    for name, numbers in (
        ("lines", [each.line for each in change.lines]),
        ("dropped_lines", change.dropped_lines),
    ):
        for number in numbers:
            if order.line_numbered(number) is None:
                raise Refusal(Code.UNKNOWN_LINE, _NO_LINE.filled(line=number), where=f"{_AT}.{name}")
    left = {line.line for line in order.request.lines} - set(change.dropped_lines)
    if not left and not change.added_lines:
        raise Refusal(Code.CONTRADICTION, _NOTHING_LEFT, where=f"{_AT}.dropped_lines", rule="R84")
    after, _ = changed(order.request, change)
    if len(after.lines) > MOST_LINES:
        raise Refusal(
            Code.TOO_LARGE, _TOO_MANY.filled(most=MOST_LINES), where=f"{_AT}.added_lines", rule="R10"
        )
    _require_above_the_floor(order, after)
    require_change(order, change, inside)


def _require_above_the_floor(order: Order, after: OrderRequest) -> None:
    """R83: what has left cannot be taken out of the order again."""
    for line in order.request.lines:
        shipped = order.shipped(line.line)
        if shipped <= 0 or shipped <= _ordered(after, line.line):
            continue
        dropped = after.line_numbered(line.line) is None
        raise Refusal(
            Code.BELOW_SHIPPED,
            _BELOW.filled(line=line.line, shipped=shipped),
            where=f"{_AT}.dropped_lines" if dropped else f"{_AT}.lines",
            rule="R83",
        )


def _ordered(request: OrderRequest, number: int) -> Decimal:
    line = request.line_numbered(number)
    return NOTHING if line is None else line.quantity


def drops_made_goods(order: Order, change: RequestChange) -> bool:
    """R83: whether goods that are made already would be ordered no more."""
    after, _ = changed(order.request, change)
    for line in order.request.lines:
        made = sum((lot.made - lot.scrapped for lot in order.lots_of(line.line)), NOTHING)
        if made > 0 and _ordered(after, line.line) < min(made, line.quantity):
            return True
    return False
