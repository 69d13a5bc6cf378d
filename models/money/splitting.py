"""One sum for several orders: told whole to the order that has it, and the other parts moved from there (R53). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from models.money.matching import BankLine
from models.values.errors import Code, Refusal
from models.values.money import ZERO, as_text
from models.values.vocabulary import PaymentMethod, PaymentPurpose, Words

_TOO_FEW = Words(
    "拆分须写明至少两张订单，或写明款项应转去的订单",
    "a split names at least two orders, or the one that the money goes to",
)
_TWICE = Words("订单 {order} 写了两次", "order {order} is named twice")
_NOT_POSITIVE = Words("订单 {order} 的金额须大于零", "the amount of order {order} must be more than nothing")
_NOT_THE_SUM = Words(
    "各部分合计 ¥{said}，到账 ¥{amount}，相差 ¥{rest}",
    "the parts come to CNY {said} and CNY {amount} came in: they differ by CNY {rest}",
)
_REASON = Words("拆分到账款 {reference}", "received sum {reference} split")


@dataclass(frozen=True, slots=True)
class Part:
    """What of a sum is one order's."""

    order: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Telling:
    """A fact that an order is to be told."""

    order: str
    kind: str
    content: dict[str, Any] = field(default_factory=dict)


def payment_of(line: BankLine, purpose: PaymentPurpose = PaymentPurpose.BALANCE) -> dict[str, Any]:
    """The content with which finance confirms a sum as real: the bank's own figures and reference (R53)."""
    return {
        "amount": as_text(line.amount),
        "currency": line.currency,
        "method": PaymentMethod.BANK.value,
        "purpose": purpose.value,
        "reference": line.reference,
        "paid_at": line.paid_at.isoformat(),
    }


def split_of(line: BankLine, parts: Sequence[Part]) -> list[Telling]:
    """What is told, in this order: the whole sum to the order that has it (the first, where none has), then each other
    part moved out of it. A part never was the first order's own, so it keeps the time at which it was paid.

    Raises Refusal (malformed) for parts that are not the sum, or name an order twice.
    """
    holder = line.order or (parts[0].order if parts else "")
    moved = [each for each in parts if each.order != holder]
    if not moved:
        raise _refused(_TOO_FEW)
    for number, part in enumerate(parts):
        if part.order in {each.order for each in parts[:number]}:
            raise _refused(_TWICE.filled(order=part.order))
        if part.amount <= ZERO:
            raise _refused(_NOT_POSITIVE.filled(order=part.order))
    said = sum((each.amount for each in parts), ZERO)
    if said != line.amount:
        rest = f"{abs(line.amount - said):,.2f}"
        raise _refused(_NOT_THE_SUM.filled(said=f"{said:,.2f}", amount=f"{line.amount:,.2f}", rest=rest))
    words = _REASON.filled(reference=line.reference)
    whole = Telling(holder, "payment_received", payment_of(line))
    return [whole, *(_moved(line, holder, part, f"{words.zh} · {words.en}") for part in moved)]


def _moved(line: BankLine, holder: str, part: Part, reason: str) -> Telling:
    content = {
        "reference": line.reference,
        "to": part.order,
        "amount": as_text(part.amount),
        "wrong_order": True,
        "reason": reason,
    }
    return Telling(holder, "money_transferred_out", content)


def _refused(words: Words) -> Refusal:
    return Refusal(Code.MALFORMED, words, where="parts", rule="R53")
