"""What a line, an order and a percentage may come to where they come in (R20)."""

from __future__ import annotations

from decimal import Decimal

from models.request.order_request import LineChange, OrderRequest, RequestChange, RequestLine
from models.values.errors import Code, Refusal
from models.values.money import LARGEST
from models.values.percent import MOST_DECIMALS, has_too_many_decimals
from models.values.vocabulary import Words

_LINE_TOO_MUCH = Words(
    "第 {line} 行金额 {amount} 超出上限 {most}；请核对数量 {quantity} 与单价 {price}",
    "line {line} comes to {amount}, more than {most}: look at its quantity {quantity} and its unit price {price}",
)
_TOTAL_TOO_MUCH = Words(
    "订单总额 {amount} 超出上限 {most}；请分成几张订单", "the order comes to {amount}, more than {most}: make several orders of it"
)  # fmt: skip
_TOO_FINE = Words("百分数 {share} 最多 {most} 位小数", "the percentage {share} has more than {most} decimals")


def require_line_amount(line: RequestLine, where: str) -> None:
    """Raises Refusal(bad_money) for a line that comes to more than any amount may be."""
    if line.amount > LARGEST:
        words = _LINE_TOO_MUCH.filled(
            line=line.line, amount=line.amount, most=LARGEST, quantity=line.quantity, price=line.unit_price
        )
        raise Refusal(Code.BAD_MONEY, words, where=where, rule="R20")


def require_total(total: Decimal, where: str = "lines") -> None:
    """Raises Refusal(bad_money) for an order that comes to more than any amount may be."""
    if total > LARGEST:
        words = _TOTAL_TOO_MUCH.filled(amount=total, most=LARGEST)
        raise Refusal(Code.BAD_MONEY, words, where=where, rule="R20")


def require_percents(said: OrderRequest | RequestChange, inside: str = "") -> None:
    """Raises Refusal(malformed) for a tolerance or a deposit share with more decimals than are taken in (R45, R33)."""
    at = f"{inside}." if inside else ""
    require_percent(said.deposit_percent, f"{at}deposit_percent")
    lines: tuple[RequestLine | LineChange, ...] = said.lines
    for place, line in enumerate(lines):
        require_percent(line.tolerance_percent, f"{at}lines.{place}.tolerance_percent")
    for place, new in enumerate(said.added_lines if isinstance(said, RequestChange) else ()):
        require_percent(new.tolerance_percent, f"{at}added_lines.{place}.tolerance_percent")


def require_percent(share: Decimal | None, where: str) -> None:
    """Raises Refusal(malformed) for a percentage with more decimals than are taken in."""
    if share is not None and has_too_many_decimals(share):
        words = _TOO_FINE.filled(share=share, most=MOST_DECIMALS)
        raise Refusal(Code.MALFORMED, words, where=where)
