"""Money received for an order. Parts add up; what is not real, fell or counts elsewhere does not count (R53)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from models.values.money import ZERO, Amount, Money
from models.values.receipts import folded, order_key, own_key, part_key, receipt_key
from models.values.vocabulary import PaymentMethod, PaymentPurpose, Way


class Payment(BaseModel):
    """One payment. `confirmed`: finance says that it is real; `cleared`: salesperson's cash handed to finance (R35)."""

    reference: str
    amount: Amount
    method: PaymentMethod
    purpose: PaymentPurpose
    paid_at: datetime
    taken_by: str
    confirmed: bool
    cleared: bool = True
    bounced: bool = False
    """The money is not there (any more): it bounced, or what was told was corrected."""
    fact_id: str = ""
    bounced_at: datetime | None = None
    """When it happened; of a correction, when it was made."""
    corrected: bool = False
    """What was told was wrong: it stays under its voucher, struck through (R53)."""
    reason: str = ""
    """Why it was corrected, or why a reference that counts elsewhere is another transfer all the same."""
    attempt: int = 1
    """Which telling of the reference: one that bounced or was corrected may be paid again (R53)."""
    elsewhere: bool = False
    """The reference counts for another order already: not counted here until finance has said what it is (R53)."""
    own: bool = False
    """Another transfer with the text of one that counts elsewhere, as finance found (R53)."""
    moved: Money = ZERO
    """How much of it was moved to other orders (R53)."""
    transfer: str = ""
    """The transfer by which it came from another order (R53)."""
    asked: Money | None = None
    """How much of a reference that counts elsewhere finance asked to have moved here (R53)."""
    asked_transfer: str = ""
    """The transfer under which that was asked."""
    asked_by: str = ""
    asked_at: datetime | None = None
    receipt_part: str = ""
    """Which part of a receipt of the house it is; empty where it was told to this order itself (R160)."""

    @property
    def counts(self) -> bool:
        """Whether it counts towards deposit and balance: confirmed, still there, and counted for no other order (R53)."""
        return self.confirmed and not self.bounced and not self.elsewhere

    @property
    def here(self) -> Decimal:
        """What of it is this order's: the rest after what was moved to others (R53)."""
        return self.amount - self.moved

    @property
    def voucher(self) -> str:
        """Its name on this order: the reference, and from the second telling on which one it is."""
        return self.reference if self.attempt == 1 else f"{self.reference} · {self.attempt}"

    @property
    def is_plain(self) -> bool:
        """Whether its row says all of it: told once, for this order, and nothing done with it since."""
        said = (
            self.own,
            self.transfer,
            self.elsewhere,
            self.corrected,
            self.moved,
            self.asked_transfer,
            self.reason,
            self.receipt_part,
        )
        return self.attempt == 1 and not any(said)

    def claim(self, order: str) -> str:
        """Under which key it counts once in the company (R53); empty where another order's money stands for it.

        One payment of the shop may be for several orders of a checkout: each has its own share under its own key (R123).
        """
        if self.transfer:
            return ""
        if self.receipt_part:
            return part_key(self.receipt_part, self.amount)
        if self.own:
            return own_key(receipt_key(self.reference, self.method, self.taken_by), order)
        return order_key(self.reference, self.method, self.taken_by, order)


class Transfer(BaseModel):
    """Money that finance moved from one order to another (R53); each of both keeps its half under the same id."""

    transfer: str
    way: Way
    reference: str
    amount: Money
    method: PaymentMethod
    paid_at: datetime
    """What the receiving order counts from: when it was paid, or of a surplus when it was moved."""
    to: str = ""
    """The receiving order, where finance named it on this one; empty where that one asked."""
    wrong_order: bool = False
    reason: str = ""
    by: str
    at: datetime


class Ledger(BaseModel):
    """All payments in the order in which they were recorded, and what was given back."""

    payments: list[Payment] = []
    refunded: Amount = ZERO
    kept: Amount = ZERO
    credited: Amount = ZERO
    transfers: list[Transfer] = []
    claimed_elsewhere: set[str] = set()
    """Keys of receipts of which the order database said that another order has them (R53)."""
    deposit_fell: bool = False
    """The deposit had been there, production began, and then money of it bounced or was corrected (R33, R53)."""

    def find(self, reference: str) -> Payment | None:
        """The payment of this voucher; of a reference that was told several times the newest one that is still there."""
        alike = [payment for payment in self.payments if folded(payment.reference) == folded(reference)]
        named = [payment for payment in self.payments if payment.voucher == reference]
        told = [*alike, *named]
        there = [payment for payment in told if not payment.bounced]
        return next(iter((there or told)[::-1]), None)

    def same_money(
        self, reference: str, method: PaymentMethod, by: str, *, of_finance: bool
    ) -> Payment | None:
        """The newest telling of this very money: the reference folded, and of cash the same salesperson's receipt (R53).

        What finance says of cash is about the receipt that somebody handed in.
        """
        found = None
        for payment in self.payments:
            cash = PaymentMethod.CASH
            other_book = payment.method is cash and method is cash and payment.taken_by != by
            if folded(payment.reference) == folded(reference) and (of_finance or not other_book):
                found = payment
        return found

    def part(self, part: str) -> Payment | None:
        """The payment that is this part of a receipt of the house (R160)."""
        return next((each for each in self.payments if part and each.receipt_part == part), None)

    def attempts(self, reference: str) -> int:
        """How often this reference was told so far, whatever became of it."""
        return sum(folded(payment.reference) == folded(reference) for payment in self.payments)

    def transfer(self, transfer: str) -> Transfer | None:
        """This order's half of a transfer."""
        return next((each for each in self.transfers if each.transfer == transfer), None)

    @property
    def paid(self) -> Decimal:
        """What has come in and stays: counted payments less refunds and credits."""
        return self.received - self.refunded - self.credited

    @property
    def received(self) -> Decimal:
        """The counted payments alone, without what was moved to other orders."""
        return sum((payment.here for payment in self.payments if payment.counts), ZERO)

    @property
    def uncleared_cash(self) -> Decimal:
        """Cash that a salesperson took and has not cleared with finance: it blocks shipment (R35)."""
        return sum((p.amount for p in self.uncleared), ZERO)

    @property
    def uncleared(self) -> list[Payment]:
        """The payments of that cash, in the order in which they were told."""
        return [payment for payment in self.payments if payment.counts and not payment.cleared]

    @property
    def unconfirmed(self) -> list[Payment]:
        """Payments that the bank reported and finance has not yet confirmed as real (R53)."""
        return [p for p in self.payments if not p.confirmed and not p.bounced and not p.elsewhere]

    @property
    def told_twice(self) -> list[Payment]:
        """Payments whose reference counts for another order, and of which finance has not yet said what they are (R53)."""
        return [payment for payment in self.payments if payment.elsewhere and not payment.bounced]

    def covered_at(self, amount: Decimal) -> datetime | None:
        """The moment at which the counted payments reached the amount; None while they have not."""
        if amount <= 0 or self.paid < amount:
            return None
        total = ZERO
        for payment in sorted(self.payments, key=lambda each: (each.paid_at, each.reference)):
            if payment.counts:
                total += payment.here
                if total >= amount:
                    return payment.paid_at
        return None
