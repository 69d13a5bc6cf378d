"""What the facts and decisions about a case carry (R143)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.cases.case_request import Document
from models.cases.terms import Remedy
from models.values.content import Content, Line, NonNegativeMoney, PositiveMoney, Text
from models.values.money import Amount
from models.values.quantity import Measured, PositiveQuantity, Quantity


class CaseAcknowledged(Content):
    """The customer was told that the case is taken up, by whom."""

    words: Text = ""
    """Kept only: what was said to the customer, for who reads the journal (R143)."""


class EvidenceAdded(Content):
    """A photo, a paper, a report: by its reference, with what it shows."""

    document: Document
    words: Text = ""


class CaseAssessed(Content):
    """What the evidence shows, and what is proposed."""

    words: Text
    remedy: Remedy | None = None
    amount: PositiveMoney | None = None
    """What it would cost us, where no goods say it: who decides goes by it."""


class GoodsSent(Content):
    """The customer sent the goods back."""

    carrier: Line = ""
    tracking_number: Line = ""


class GoodsReceived(Content):
    """So much came back to us."""

    quantity: PositiveQuantity
    condition: Text = ""
    """Kept only: how it looked on arrival; quality decides (R143)."""


class CaseInspected(Content):
    """What of the goods that came back passed, and what did not."""

    passed: Quantity
    failed: Quantity
    words: Text = ""


class RemedyDone(Content):
    """The remedy was carried out. Money: the amount and the reference of its receipt; goods: that of the shipment."""

    amount: NonNegativeMoney | None = None
    reference: Line = ""
    words: Text = ""


class CaseAnswered(Content):
    """The customer agrees, or objects and says why."""

    agrees: bool
    words: Text = ""


class CaseWithdrawn(Content):
    """The customer does not pursue it."""

    reason: Text = ""
    """Kept only: why, for who reads the journal (R143)."""


class RefundCounted(Content):
    """What the order database worked out for the goods that passed: the line as kept before and after, and the money (R142)."""

    kept_before: Measured
    kept_after: Measured
    value: Amount
    payable: Amount


# --- decisions ---------------------------------------------------------------------------------------------------------


class CaseGrant(Content):
    """What is granted: the remedy, who bears the freight of the return, and an amount where no goods say it."""

    remedy: Remedy
    our_fault: bool = False
    goods_back: bool | None = None
    """Whether the goods are to come back; left out: as the type of the case has it."""
    amount: PositiveMoney | None = None
    words: Text = ""
    """A note to the decision, for who reads the journal."""


class CaseRefusal(Content):
    """Why nothing is granted: the customer reads it."""

    words: Annotated[Text, Field(min_length=1)]
