"""What an order knows of its customer's credit: what it asked, what it was answered, what finance freed it for (R108, R109)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from models.credit.assessment import CreditAssessment
from models.credit.credit_rule import CreditGround, CreditVerdict, OverdueBill
from models.dossier.records.shared_books import BookAnswer
from models.values.money import ZERO, Amount
from models.values.vocabulary import Term


class CreditOccasion(Term):
    """When the credit is looked at (R109)."""

    CONFIRMATION = "confirmation", "确认订单", "confirmation"
    MONEY_FELL = "money_fell", "款项减少", "money fell away"
    RELEASE = "release", "放行发货", "release"


class CreditAnswered(BookAnswer):
    """What the credit book answered: no ground, and the order may stand; the figures that this rests on (R109)."""

    grounds: tuple[CreditGround, ...] = ()
    limit: Amount | None = None
    others: Amount = ZERO
    free_balance: Amount = ZERO
    overdue: tuple[OverdueBill, ...] = ()

    @property
    def verdict(self) -> CreditVerdict:
        """The answer without the question."""
        return CreditVerdict.model_validate(self.model_dump(exclude={"question", "asked"}))


class CreditFreed(BaseModel):
    """Finance freed the order: for this amount, and from these grounds; another one holds it again (R109)."""

    amount: Amount
    grounds: tuple[CreditGround, ...]
    by: str
    at: datetime


class CreditRecord(BaseModel):
    """What stands between an order and its customer's credit."""

    watched: bool = False
    """Somebody had it looked at, though the file that the order began with says nothing of credit."""
    asked: int = 0
    """How many questions were put to the credit book."""
    heard: int = 0
    """Up to which of them the answers are known."""
    amount: Amount = ZERO
    """What the last question was about, in CNY."""
    prepaid: bool = False
    occasions: dict[CreditOccasion, str] = {}
    """By occasion, what was asked about last: a version, goods to be released."""
    verdict: CreditVerdict | None = None
    """The last answer."""
    passed: Amount | None = None
    """Up to this amount the book let the order through; None: it did not."""
    bound: Amount = ZERO
    """What the customer owed for it at the last look."""
    freed: CreditFreed | None = None
    again: bool = False
    """Somebody asked that the book be asked once more."""
    assessment: CreditAssessment | None = None
    """Finance's assessment that is still to be told to the book."""
    assessed_by: str = ""

    @property
    def waits(self) -> bool:
        """Whether the book has still to answer."""
        return self.heard < self.asked

    @property
    def grounds(self) -> tuple[CreditGround, ...]:
        """Why the order was held, by the last answer; nothing where it was not."""
        return self.verdict.grounds if self.verdict is not None else ()

    def covers(self, amount: Decimal) -> bool:
        """Whether the order may stand with this amount: the book let it through, or finance freed it (R109)."""
        if self.passed is not None and amount <= self.passed:
            return True
        freed = self.freed
        return freed is not None and amount <= freed.amount and set(self.grounds) <= set(freed.grounds)

    def answered(self, verdict: CreditVerdict) -> None:
        """The book answered the last question."""
        self.verdict = verdict
        if verdict.passes:
            self.passed = self.amount
        elif set(verdict.grounds) != {CreditGround.ABOVE_LIMIT} or self.amount <= (self.passed or ZERO):
            self.passed = None

    def look_at(self, owed: Decimal) -> None:
        """What the customer owes now: where it fell, the rest is free for others, and asked for anew when it rises."""
        if owed < self.bound and self.passed is not None:
            self.passed = min(self.passed, owed)
        self.bound = owed
