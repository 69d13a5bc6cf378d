"""Money received for an order. Parts add up; what is not real or bounced does not count (R53)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from models.values.money import ZERO, Amount
from models.values.vocabulary import PaymentMethod, PaymentPurpose


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
    fact_id: str = ""

    @property
    def counts(self) -> bool:
        """Whether it counts towards deposit and balance: it did not bounce and was not found to be unreal (R53)."""
        return self.confirmed and not self.bounced


class Ledger(BaseModel):
    """All payments in the order in which they were recorded, and what was given back."""

    payments: list[Payment] = []
    refunded: Amount = ZERO
    kept: Amount = ZERO
    credited: Amount = ZERO

    def find(self, reference: str) -> Payment | None:
        """The payment with this reference."""
        return next((payment for payment in self.payments if payment.reference == reference), None)

    @property
    def paid(self) -> Decimal:
        """What has come in and stays: counted payments less refunds and credits."""
        return self.received - self.refunded - self.credited

    @property
    def received(self) -> Decimal:
        """The counted payments alone."""
        return sum((payment.amount for payment in self.payments if payment.counts), ZERO)

    @property
    def uncleared_cash(self) -> Decimal:
        """Cash that a salesperson took and has not cleared with finance: it blocks shipment (R35)."""
        return sum((p.amount for p in self.payments if p.counts and not p.cleared), ZERO)

    @property
    def unconfirmed(self) -> list[Payment]:
        """Payments that the bank reported and finance has not yet confirmed as real (R53)."""
        return [payment for payment in self.payments if not payment.confirmed and not payment.bounced]

    def covered_at(self, amount: Decimal) -> datetime | None:
        """The moment at which the counted payments reached the amount; None while they have not."""
        if amount <= 0 or self.paid < amount:
            return None
        total = ZERO
        for payment in sorted(self.payments, key=lambda each: (each.paid_at, each.reference)):
            if payment.counts:
                total += payment.amount
                if total >= amount:
                    return payment.paid_at
        return None
