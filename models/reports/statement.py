"""The statement of account 对账单 of a customer and a period: where the account stood, what moved it, where it stands (R53, R80).

Opening balance, and every movement added to it, is the closing balance; what closes one period opens the next. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.reports.order_movements import Movement, MovementKind, RecordedOrder, movements_of
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Words

_NO_PERIOD = Words("起始日 {first} 晚于截止日 {last}", "the first day {first} lies after the last day {last}")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement, and where the account stood after it."""

    movement: Movement
    balance: Decimal


@dataclass(frozen=True, slots=True)
class OrderAccount:
    """An order on the account as it is recorded today: `account` is what is owed of what left, less what was paid;
    with `to_deliver`, what is still to come of the order, it is the order's own open balance."""

    number: str
    charged: Decimal
    paid: Decimal
    account: Decimal
    to_deliver: Decimal
    open_balance: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The account of one customer from the first day to the last, both included. Amounts in CNY; negative: the company owes."""

    customer: str
    name: str
    first: date
    last: date
    opening: Decimal
    lines: tuple[StatementLine, ...]
    closing: Decimal

    @property
    def charged(self) -> Decimal:
        """What the customer was charged with in the period, less what was taken off."""
        return sum((line.movement.charged or ZERO for line in self.lines), ZERO)

    @property
    def received(self) -> Decimal:
        """What was received in the period, less what went back."""
        return sum((line.movement.received or ZERO for line in self.lines), ZERO)

    @property
    def totals(self) -> tuple[tuple[MovementKind, Decimal], ...]:
        """What each kind of movement came to, in the order of the kinds; kinds that moved nothing are left out."""
        found: dict[MovementKind, Decimal] = {}
        for line in self.lines:
            found[line.movement.kind] = found.get(line.movement.kind, ZERO) + line.movement.amount
        return tuple((kind, found[kind]) for kind in MovementKind if found.get(kind))


def statement_of(
    customer: str, name: str, movements: Iterable[Movement], first: date, last: date
) -> Statement:
    """The statement from these movements of all the customer's orders, in any order.

    Raises Refusal(contradiction) for a period that ends before it begins.
    """
    if first > last:
        raise Refusal(Code.CONTRADICTION, _NO_PERIOD.filled(first=first, last=last), where="first")
    kinds = list(MovementKind)
    known = sorted(movements, key=lambda each: (each.day, each.order, kinds.index(each.kind), each.reference))
    opening = balance = sum((each.amount for each in known if each.day < first), ZERO)
    lines: list[StatementLine] = []
    for each in known:
        if first <= each.day <= last:
            balance += each.amount
            lines.append(StatementLine(each, balance))
    return Statement(customer, name, first, last, opening, tuple(lines), balance)


def accounts_of(orders: Sequence[RecordedOrder]) -> list[OrderAccount]:
    """How each order that is not even stands today, by number."""
    found = []
    for order in sorted(orders, key=lambda each: each.number):
        moved = list(movements_of(order))
        charged = sum((each.charged or ZERO for each in moved), ZERO)
        account = sum((each.amount + each.set_aside for each in moved), ZERO)
        if account or order.open_balance:
            found.append(
                OrderAccount(
                    order.number, charged, charged - account, account, order.open_balance - account,
                    order.open_balance,
                )
            )  # fmt: skip
    return found


def set_aside_in(movements: Iterable[Movement]) -> Decimal:
    """What of the customer's money was put aside as credit, and belongs to no order (R53)."""
    return sum((each.set_aside for each in movements), ZERO)
