"""What an order moved on the customer's account, from what was recorded of it: goods, money, what was taken back (R45, R53). Pure.

Goods count from the day on which they left, money from the day on which it was paid. A payment that bounced or was
corrected stays where it stood, with its counterpart on the day on which it fell: nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.values.money import ZERO
from models.values.vocabulary import Term, Way


class MovementKind(Term):
    """What moved an account."""

    DELIVERED = "delivered", "发货", "goods delivered"
    SERVICE = "service", "服务", "service given"
    SAMPLE_CREDIT = "sample_credit", "样品费抵扣", "sample fee credited"
    TAKEN_OFF = "taken_off", "退货或减款", "taken back, or off the bill"
    COST = "cost", "取消成本", "cost of a cancellation"
    PAID = "paid", "收款", "payment"
    BOUNCED = "bounced", "款项退回", "payment bounced"
    CORRECTED = "corrected", "更正", "payment corrected"
    MOVED_OUT = "moved_out", "转出", "moved to another order"
    MOVED_IN = "moved_in", "转入", "moved from another order"
    REFUNDED = "refunded", "退款", "refunded"
    CREDITED = "credited", "转预存款", "kept as credit"
    FROM_BALANCE = "from_balance", "从收款分得", "from what the house received"
    DIFFERENCE = "difference", "与订单记录的差额", "difference from the order's record"


CHARGES = frozenset(
    {
        MovementKind.DELIVERED,
        MovementKind.SERVICE,
        MovementKind.SAMPLE_CREDIT,
        MovementKind.TAKEN_OFF,
        MovementKind.COST,
    }
)
"""What the customer is charged with; everything else is money."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement. `amount` is what the customer owes more by it, in CNY; negative: less. `day` is a business date."""

    day: date
    order: str
    kind: MovementKind
    amount: Decimal
    reference: str = ""
    set_aside: Decimal = ZERO
    """What of the order's money was put aside as the customer's credit: it stays on the account (R53)."""

    @property
    def charged(self) -> Decimal | None:
        """The amount in the column of what is charged; None where it is money."""
        return self.amount if self.kind in CHARGES else None

    @property
    def received(self) -> Decimal | None:
        """The amount in the column of money received: less where it went back."""
        return None if self.kind in CHARGES else -self.amount


@dataclass(frozen=True, slots=True)
class Delivered:
    """A shipment: what it added to the bill when it left, and what of that came back."""

    shipment: str
    day: date
    amount: Decimal
    came_back: Decimal = ZERO
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A payment as it was told. `fell_on`: it bounced, or was corrected, on this day."""

    reference: str
    amount: Decimal
    day: date
    counts: bool
    """Whether finance said that it is real, and it counts for no other order (R53)."""
    fell_on: date | None = None
    corrected: bool = False
    moved_in: bool = False
    moved_on: Decimal = ZERO
    """How much of it was moved to other orders: that falls there, and not here (R53)."""
    of_receipt: bool = False
    """A part of a receipt of the house: the account moved when that came in (R160)."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An order's half of money that was moved (R53)."""

    reference: str
    amount: Decimal
    day: date
    way: Way
    other: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided about money: given back, kept as credit, or kept for a cost (R53, R84)."""

    day: date
    kind: MovementKind
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RecordedOrder:
    """An order's figures as last recorded, in CNY, and what they came about by."""

    number: str
    bill: Decimal
    paid: Decimal
    open_balance: Decimal
    left: Decimal = ZERO
    """What left, priced: each line rounded once."""
    left_or_here: Decimal = ZERO
    """The same with what lies in the warehouse and will be sent."""
    deliveries: tuple[Delivered, ...] = ()
    taken_off_on: date | None = None
    """When goods were last taken off the bill that did not come back: lost, short, credited."""
    payments: tuple[Received, ...] = ()
    moved: tuple[Moved, ...] = ()
    settled: tuple[Settled, ...] = ()
    paid_back: Decimal = ZERO
    """What of the money after-sales cases paid back: the order's record still has it as paid (R142)."""
    service_on: date | None = None
    """When a service was accepted: nothing leaves, and all of it is billed (R87)."""
    sample_credit: Decimal = ZERO
    """What of the fee of an approved sample counts here (R130)."""
    placed_on: date | None = None
    ended_on: date | None = None
    claims_nothing: bool = False
    """It ended without delivery: its money was settled, and nothing more is claimed (R84)."""

    @property
    def last_day(self) -> date:
        """The last day on which something moved."""
        days = [each.day for each in self.deliveries]
        days += [each.day for each in self.payments]
        days += [each.day for each in self.settled]
        return self.ended_on or max(days, default=date.min)


def movements_of(order: RecordedOrder) -> Iterator[Movement]:
    """Every movement of an order. Together they come to what the order's record says, or the difference is named."""
    found = [*_goods(order), *_payments(order), *_moved(order), *_settled(order)]
    yield from found
    account = sum((each.amount + each.set_aside for each in found), ZERO)
    received = -sum((each.amount + each.set_aside for each in found if each.kind not in CHARGES), ZERO)
    missing = (received + order.paid_back - order.paid) if not order.claims_nothing else -account
    if missing != ZERO:
        yield Movement(order.last_day, order.number, MovementKind.DIFFERENCE, missing)


def _goods(order: RecordedOrder) -> Iterator[Movement]:
    kind = MovementKind
    rest = order.bill - order.left_or_here if order.deliveries else ZERO
    if order.service_on is not None and not order.deliveries:
        yield Movement(order.service_on, order.number, kind.SERVICE, order.bill)
    if order.sample_credit and order.placed_on is not None and not order.claims_nothing:
        yield Movement(order.placed_on, order.number, kind.SAMPLE_CREDIT, -order.sample_credit)
    for each in order.deliveries:
        if each.amount:
            yield Movement(each.day, order.number, kind.DELIVERED, each.amount, each.shipment)
        if each.came_back and each.back_on is not None:
            yield Movement(each.back_on, order.number, kind.TAKEN_OFF, -each.came_back, each.shipment)
            rest += each.came_back
    if rest:
        day = order.taken_off_on or max(each.back_on or each.day for each in order.deliveries)
        yield Movement(day, order.number, kind.TAKEN_OFF, rest)


def _payments(order: RecordedOrder) -> Iterator[Movement]:
    kind = MovementKind
    for each in order.payments:
        if not each.counts:
            continue
        if each.of_receipt:
            yield from _of_receipt(order.number, each)
            continue
        came = kind.MOVED_IN if each.moved_in else kind.PAID
        yield Movement(each.day, order.number, came, -each.amount, each.reference)
        if each.fell_on is not None:
            fell = kind.CORRECTED if each.corrected else kind.BOUNCED
            gone = each.amount - each.moved_on
            yield Movement(max(each.fell_on, each.day), order.number, fell, gone, each.reference)


def _of_receipt(order: str, part: Received) -> Iterator[Movement]:
    """The receipt moved the account when it came, and again, whole, when it fell. What of the part was moved on falls once
    more where it went, as payments do: here it is taken off the fall until then."""
    yield Movement(part.day, order, MovementKind.FROM_BALANCE, ZERO, part.reference, set_aside=-part.amount)
    if part.fell_on is not None:
        kind = MovementKind.CORRECTED if part.corrected else MovementKind.BOUNCED
        day = max(part.fell_on, part.day)
        yield Movement(day, order, kind, -part.moved_on, part.reference, set_aside=part.amount)


def _moved(order: RecordedOrder) -> Iterator[Movement]:
    for each in order.moved:
        if each.way is Way.OUT:
            words = " → ".join(filter(None, (each.reference, each.other)))
            yield Movement(each.day, order.number, MovementKind.MOVED_OUT, each.amount, words)


def _settled(order: RecordedOrder) -> Iterator[Movement]:
    for each in order.settled:
        if each.kind is MovementKind.CREDITED:
            yield Movement(each.day, order.number, each.kind, ZERO, each.reference, set_aside=each.amount)
        elif each.amount:
            yield Movement(each.day, order.number, each.kind, each.amount, each.reference)
