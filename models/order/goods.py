"""Goods: lots as they are made and inspected, releases as they are cleared, shipments as they travel."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from models.messages.goods_contents import FIRST_LOT, Condition, GoodsOutcome
from models.values.money import ZERO, Amount
from models.values.quantity import NOTHING, Measured
from models.values.vocabulary import Collection, Term


class Lot(BaseModel):
    """A production lot of one line. `rework` is what went back and has not been inspected again (R43).

    `left_uninspected` left the factory before quality decided about it, `left_unentered` after it passed and before it
    entered the warehouse: nobody can inspect or enter it any more, and it is billed as what the customer has (R61).
    """

    line: int
    lot: str = FIRST_LOT
    made: Measured = NOTHING
    scrap_in_production: Measured = NOTHING
    passed: Measured = NOTHING
    rework: Measured = NOTHING
    scrapped: Measured = NOTHING
    entered: Measured = NOTHING
    place: str = ""
    produced_on: date | None = None
    produced_by: list[str] = []
    inspected_by: list[str] = []
    rounds: int = 0
    left_uninspected: Measured = NOTHING
    left_unentered: Measured = NOTHING

    @property
    def uninspected(self) -> Decimal:
        """Made, here, and not yet decided by quality; what is in rework is to be inspected again."""
        return self.made - self.passed - self.scrapped - self.left_uninspected

    @property
    def not_entered(self) -> Decimal:
        """Passed, here, and not yet in the warehouse."""
        return self.passed - self.entered - self.left_unentered

    @property
    def left_early(self) -> Decimal:
        """What left the factory before it entered the warehouse."""
        return self.left_uninspected + self.left_unentered

    def leaves_early(self, quantity: Decimal) -> Decimal:
        """Goods leave that are not in the warehouse, what passed first; how much of it was of this lot."""
        passed = min(quantity, self.not_entered)
        uninspected = min(quantity - passed, self.uninspected)
        self.left_unentered += passed
        self.left_uninspected += uninspected
        return passed + uninspected

    def passed_late(self, quantity: Decimal) -> None:
        """Of goods that had left it is told now that they had passed before: they had only not entered."""
        self.left_uninspected -= quantity
        self.left_unentered += quantity


class Withdrawal(Term):
    """Why a release was taken back while its goods were here (R52, R61). `{…}` is filled in."""

    BALANCE = (
        "balance",
        "未付余额由 ¥{before} 增至 ¥{after}",
        "the open balance rose from CNY {before} to CNY {after}",
    )
    VERSION = "version", "订单已变更为第{version}版", "the order was amended to version {version}"
    CANCELLED = "cancelled", "订单已同意取消", "the cancellation of the order was granted"
    QUANTITY = (
        "quantity",
        "放行数量多于可发数量",
        "more was released than may go to the customer",
    )
    CREDIT = "credit", "客户信用扣单", "the order is held for the customer's credit"
    CONTRACT = "contract", "没有与订单一致的有效合同", "no contract in force says what the order says"


class Release(BaseModel):
    """Goods cleared for shipment: on what ground and what becomes of an open balance (R50 to R62).

    It is an answer about figures: `bill`, `balance`, `paid`, the order's `version` and the quantities that it was granted
    on. While goods of it are here it is taken back when those no longer hold (`models.handlers.goods.releases`).
    """

    number: int
    quantities: dict[int, Measured]
    ground: str
    balance: Amount = ZERO
    paid: Amount = ZERO
    collection: Collection = Collection.NONE
    granted_at: datetime
    granted_by: str = ""
    notice_reference: str = ""
    notice_at: datetime | None = None
    emergency_by: str = ""
    carrier: str = ""
    method: str = ""
    planned_for: date | None = None
    read_back_by: str = ""
    picked_at: datetime | None = None
    """When the warehouse had picked and checked it; only goods from stock are picked (R63)."""
    picked_by: str = ""
    shipped: dict[int, Measured] = {}
    overpaid: Amount = ZERO
    """What had been paid beyond the bill when it was granted."""
    version: int | None = None
    """The version of the request that it was granted on; None: the one in force, which has not changed since."""
    issue: int = 1
    """Which papers of this number count: the first, or those made again after it was granted or noticed anew."""
    withdrawn_at: datetime | None = None
    withdrawal: Withdrawal | None = None

    @property
    def bill(self) -> Decimal:
        """The bill that it was granted on."""
        return self.paid + self.balance - self.overpaid

    @property
    def may_leave(self) -> bool:
        """Whether its goods may leave: the shipping notice was issued, or an emergency shipment was approved without it (R70)."""
        return self.notice_at is not None or bool(self.emergency_by)

    @property
    def outstanding(self) -> dict[int, Decimal]:
        """Quantities that were released and have not been shipped, by line number."""
        rest = {line: amount - self.shipped.get(line, NOTHING) for line, amount in self.quantities.items()}
        return {line: amount for line, amount in rest.items() if amount > 0}

    @property
    def papers(self) -> str:
        """What names its shipping notice and delivery note: its number, and which issue after the first."""
        return str(self.number) if self.issue == 1 else f"{self.number}/{self.issue}"

    def stood_at(self, moment: datetime) -> bool:
        """Whether it had not been taken back at this moment (UTC)."""
        return self.withdrawn_at is None or moment < self.withdrawn_at

    def ship(self, quantities: dict[int, Decimal]) -> None:
        """So much of it left."""
        for line, quantity in quantities.items():
            self.shipped[line] = self.shipped.get(line, NOTHING) + quantity


class GoodsTrouble(BaseModel):
    """What an exception says of the goods of a shipment, and what was decided of them (R47, R74, R76)."""

    key: str
    """The exception's own."""
    shipment: str
    condition: Condition
    quantities: dict[int, Measured]
    """The pieces that it is about, by line."""
    outcome: GoodsOutcome | None = None


class Shipment(BaseModel):
    """One shipment with its own 15-day clock (R76). Times are the real ones, UTC; dates are business dates."""

    shipment: str
    release: int | None
    quantities: dict[int, Measured]
    carrier: str
    tracking_number: str = ""
    shipped_at: datetime
    shipped_by: str = ""
    expected_arrival: date | None = None
    check_on: date | None = None
    collection: Collection = Collection.NONE
    to_collect: Amount = ZERO
    remitted: Amount = ZERO
    notice_received: bool = False
    followed: bool = False
    condition: Condition = Condition.GOOD
    arrived_at: datetime | None = None
    arrival_recorded_at: datetime | None = None
    delivered_at: datetime | None = None
    signed_by: str = ""
    dead_at: datetime | None = None
    returned_at: datetime | None = None
    returned: dict[int, Measured] = {}
    returned_inspected: dict[int, Measured] = {}
    returned_passed: dict[int, Measured] = {}
    freight_out: Amount = ZERO
    freight_back: Amount = ZERO
    reminded: list[int] = []
    received: dict[int, Measured] = {}
    """What the customer has, by line, where a receipt counted it; empty: everything, once it is signed for."""
    written_off: dict[int, Measured] = {}
    """What nobody looks for any more: lost, or taken off the bill before it was delivered (R74, R76)."""
    remade: dict[int, Measured] = {}
    """What of the written off is made again (R74); from edition 12."""
    late: dict[int, Measured] = {}
    """What of it came back all the same, to be sent again, after it was made again (R74, R76)."""
    spoiled: dict[int, Measured] = {}
    """What the customer has and does not pay: it arrived damaged (R74)."""
    called_back_at: datetime | None = None
    """Refused goods were called back by a decision; they did not die (R74)."""
    receipt_by_carrier: bool = False
    """That it was received is the carrier's word alone; the customer has not signed for it (R81)."""
    confirmed_at: datetime | None = None
    """When the customer confirmed its receipt (R81)."""
    goes_again: bool = False
    """What comes back good is sent again, and the rest of it is made anew (R74)."""

    @property
    def recalled(self) -> bool:
        """Whether it is on its way back: dead (R76), or refused and called back (R74)."""
        return self.dead_at is not None or self.called_back_at is not None

    @property
    def under_way(self) -> bool:
        """Whether it is still on its way or waits to be collected: not delivered, not back, not given up as lost."""
        return self.delivered_at is None and self.returned_at is None and bool(self.out)

    @property
    def still_to_collect(self) -> Decimal:
        """What the carrier was told to demand and has not remitted; nothing of goods that came back (R62)."""
        if self.collection is not Collection.CARRIER or self.returned_at is not None:
            return ZERO
        return max(self.to_collect - self.remitted, ZERO)

    @property
    def return_inspected(self) -> bool:
        """Everything that came back has been looked at (R76)."""
        return self.returned_at is not None and all(
            self.returned_inspected.get(line, NOTHING) >= amount for line, amount in self.returned.items()
        )

    def taken(self, line: int) -> Decimal:
        """What the customer has of a line."""
        if self.received:
            return self.received.get(line, NOTHING)
        if self.delivered_at is None:
            return NOTHING
        return self._sent(line) - _of(self.returned, line) - _of(self.written_off, line)

    def rest(self, line: int) -> Decimal:
        """What of a line is neither with the customer nor back nor written off."""
        gone = self.taken(line) + _of(self.returned, line) + _of(self.written_off, line)
        return max(self._sent(line) - gone, NOTHING)

    @property
    def out(self) -> dict[int, Decimal]:
        """What is neither with the customer nor back nor written off, by line."""
        return {line: rest for line in self.quantities if (rest := self.rest(line)) > 0}

    def billed(self, line: int) -> Decimal:
        """What is billed of a line: what the customer has, or is to get; not what came back or went astray (R45, R76)."""
        goes_to_the_customer = (
            self.delivered_at is None and self.returned_at is None and self.called_back_at is None
        )
        coming = self.rest(line) if goes_to_the_customer else NOTHING
        return max(self.taken(line) + coming - _of(self.spoiled, line), NOTHING)

    def _sent(self, line: int) -> Decimal:
        return _of(self.quantities, line)


def _of(quantities: dict[int, Decimal], line: int) -> Decimal:
    return quantities.get(line, NOTHING)
