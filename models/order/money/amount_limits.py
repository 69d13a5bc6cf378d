"""The most that a living order may come to: a line, the order, what was made, what was paid (R20).

Asked where something comes in, before anything changes. An order that came to more before these limits were asked is
read, shown and finished all the same: only what would raise it further is refused.
"""

from __future__ import annotations

from decimal import Decimal

from models.order.order import Order
from models.request.amounts import require_line_amount, require_percents, require_total
from models.request.order_request import OrderRequest, RequestChange, RequestLine, changed
from models.values.errors import Code, Refusal
from models.values.money import LARGEST, ZERO, line_amount
from models.values.quantity import LARGEST as LARGEST_QUANTITY
from models.values.quantity import NOTHING
from models.values.vocabulary import Words

_MADE_TOO_MUCH = Words(
    "第 {line} 行累计生产 {made}，金额 {amount}，超出上限；请核对数量",
    "line {line}: {made} made in all come to {amount}, more than any amount may be: look at the quantity",
)
_TOO_MANY = Words(
    "第 {line} 行累计 {made}，数量最多 {most}；请核对数量",
    "line {line}: {made} in all, and a quantity is at most {most}: look at the quantity",
)
_PAID_TOO_MUCH = Words(
    "累计收款 {amount} 超出上限 {most}；请核对金额",
    "the payments come to {amount}, more than {most}: look at the amount",
)


def require_change(order: Order, change: RequestChange, inside: str) -> None:
    """Raises Refusal for a change after which a line or the order comes to more than an amount may be, and for a
    percentage with too many decimals; `inside` is where the change stands. The lines that it names exist."""
    require_percents(change, inside)
    after, _ = changed(order.request, change)
    for place, line_change in enumerate(change.lines):
        field = "unit_price" if line_change.quantity is None else "quantity"
        _require_line(order, after, line_change.line, f"{inside}.lines.{place}.{field}")
    for place, new in enumerate(change.added_lines):
        if new.line is not None:
            _require_line(order, after, new.line, f"{inside}.added_lines.{place}.quantity")
    _require_whole(order, after, f"{inside}.lines")


def require_price(order: Order, number: int, unit_price: Decimal, where: str) -> None:
    """Raises Refusal(bad_money) for a price at which the line or the order comes to more than an amount may be."""
    lines = tuple(
        line.model_copy(update={"unit_price": unit_price}) if line.line == number else line
        for line in order.request.lines
    )
    after = order.request.model_copy(update={"lines": lines})
    _require_line(order, after, number, where)
    _require_whole(order, after, where)


def require_made(order: Order, number: int, more: Decimal, where: str) -> None:
    """Raises Refusal(bad_quantity) for goods with which the line is more than a quantity, or its bill more than an
    amount may be: what passes is billed."""
    line, made = order.line_numbered(number), _made(order, number) + more
    if line is None or not more:
        return
    if made > LARGEST_QUANTITY:
        words = _TOO_MANY.filled(line=number, made=made, most=LARGEST_QUANTITY)
        raise Refusal(Code.BAD_QUANTITY, words, where=where, rule="R41")
    amount = line_amount(made, line.unit_price or ZERO)
    whole = _whole(order, order.request) - _most_of(order, line) + max(amount, _most_of(order, line))
    if max(amount, whole) > LARGEST:
        words = _MADE_TOO_MUCH.filled(line=number, made=made, amount=amount)
        raise Refusal(Code.BAD_QUANTITY, words, where=where, rule="R45")


def require_scrap(order: Order, number: int, more: Decimal, where: str) -> None:
    """Raises Refusal(bad_quantity) for scrap with which that of the line is more than a quantity may be."""
    scrapped = sum((lot.scrap_in_production for lot in order.lots_of(number)), more)
    if scrapped > LARGEST_QUANTITY:
        words = _TOO_MANY.filled(line=number, made=scrapped, most=LARGEST_QUANTITY)
        raise Refusal(Code.BAD_QUANTITY, words, where=where, rule="R41")


def require_payment(order: Order, amount: Decimal, where: str = "content.amount") -> None:
    """Raises Refusal(bad_money) for a payment with which all that was paid comes to more than an amount may be."""
    told = sum((each.amount for each in order.ledger.payments if not each.bounced), amount)
    if told > LARGEST:
        words = _PAID_TOO_MUCH.filled(amount=told, most=LARGEST)
        raise Refusal(Code.BAD_MONEY, words, where=where, rule="R53")


def _require_line(order: Order, after: OrderRequest, number: int, where: str) -> None:
    line, before = after.line_numbered(number), order.line_numbered(number)
    if line is None:
        return
    billed = line.model_copy(update={"quantity": max(line.quantity, _made(order, number))})
    if before is None or billed.amount > _most_of(order, before):
        require_line_amount(billed, where)


def _require_whole(order: Order, after: OrderRequest, where: str) -> None:
    total = _whole(order, after)
    if total > _whole(order, order.request):
        require_total(total, where)


def _whole(order: Order, request: OrderRequest) -> Decimal:
    """What the request may come to at most: as ordered, or as made where that is more."""
    return sum((_most_of(order, line) for line in request.lines), ZERO)


def _most_of(order: Order, line: RequestLine) -> Decimal:
    return line_amount(max(line.quantity, _made(order, line.line)), line.unit_price or ZERO)


def _made(order: Order, number: int) -> Decimal:
    return sum((lot.made for lot in order.lots_of(number)), NOTHING)
