"""What each fact about money carries (收款、退票、划转). Names are those on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from models.credit.assessment import CreditAssessment
from models.values.content import (
    Content,
    Instant,
    Line,
    PositiveMoney,
    Reference,
    Text,
)
from models.values.vocabulary import (
    PaymentMethod,
    PaymentPurpose,
    SecondTelling,
)
from models.values.words import InvalidValue


class PaymentReceived(Content):
    """Money came in (R53). `reference` is the bank's or the receipt's own; the same one is the same money.

    `receipt_part` names what of a receipt of the house finance gave this order (R160); the order database tells it.
    """

    amount: PositiveMoney
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    method: PaymentMethod = PaymentMethod.BANK
    purpose: PaymentPurpose = PaymentPurpose.BALANCE
    reference: Reference
    paid_at: Instant | None = None
    receipt_part: Line = ""


class PaymentBounced(Content):
    """A payment that had been counted bounced, or its money was taken back; named by its reference.

    `amount` is what went back, where that is said: it is all of it, for a part is put right by `payment_corrected`.
    `receipt_part`: the receipt of the house bounced of which this order has that part (R160).
    """

    reference: Reference
    reason: Text = ""
    amount: PositiveMoney | None = None
    receipt_part: Line = ""


class PaymentCorrected(Content):
    """A payment was told wrong: it is reversed under its voucher and told anew; nothing is deleted (R53)."""

    reference: Reference
    reason: Text


class SecondTellingSettled(Content):
    """Finance says what a payment is whose reference counts for another order already (R53).

    `amount` is what of it belongs here (split), `right_reference` the true one of another transfer; without it the note
    says why the same text is another transfer all the same.
    """

    reference: Reference
    outcome: SecondTelling
    amount: PositiveMoney | None = None
    right_reference: Reference | None = None
    note: Text = ""

    @model_validator(mode="after")
    def _says_enough(self) -> SecondTellingSettled:
        if self.outcome is SecondTelling.SPLIT and self.amount is None:
            raise InvalidValue(
                "拆分须写明转到本单的金额 amount", "a split names the amount that belongs here"
            )
        another = self.outcome is SecondTelling.OTHER_TRANSFER
        if another and not self.right_reference and not self.note:
            raise InvalidValue(
                "另一笔款须给出正确的凭证 right_reference，或用 note 说明",
                "another transfer has its right_reference, or a note that says why",
            )
        return self


class MoneyTransferredOut(Content):
    """Finance moves money of this order to another one (R53): a surplus, or what was told to the wrong order.

    Without `amount` all of the payment that is here. `to` is empty where the other order asked for it.
    """

    reference: Reference
    to: Line = ""
    amount: PositiveMoney | None = None
    wrong_order: bool = False
    reason: Text
    transfer: Line = ""


class MoneyTransferredIn(Content):
    """Money came from another order (R53); told by the order database when the other one has given it."""

    reference: Reference
    amount: PositiveMoney
    method: PaymentMethod
    paid_at: Instant
    wrong_order: bool = False
    reason: Text = ""
    transfer: Reference


class CashCleared(Content):
    """The salesperson's cash has been cleared with finance (R35)."""

    reference: Reference


class CollectionRemitted(Content):
    """The carrier handed over what it collected (R62)."""

    shipment: Reference = "1"
    amount: PositiveMoney
    reference: Reference


class CreditAssessed(CreditAssessment):
    """Finance assessed the customer: a limit, or prepaid only (R108)."""


class CreditReviewRequested(Content):
    """The customer's credit is to be looked at once more: money came for another order, the limit is another (R109)."""

    reason: Text = ""
    """Kept only: why it is looked at again, for who reads the journal (R109)."""
