"""A provider's statement of a day beside our own books: what they say differently (R123). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from models.values.money import CURRENCY
from models.values.vocabulary import Term

MOST_NAMED = 5


class DifferenceKind(Term):
    """What a statement and our books say differently."""

    BOOKED_LATE = "booked_late", "支付方未通知，按对账单补记", "never told; booked by the statement"
    NOT_HERE = "not_here", "对账单有，我方没有", "on the statement, and not here"
    NOT_THERE = "not_there", "我方有，对账单没有", "here, and not on the statement"
    AMOUNT = "amount", "金额不同", "another amount"
    CURRENCY = "currency", "币种不同", "another currency"


@dataclass(frozen=True, slots=True)
class BookRow:
    """A payment, or a refund (`refund` is its number), on a statement or in our books."""

    payment: str
    intent: str
    amount: Decimal
    refund: str = ""
    currency: str = CURRENCY

    @property
    def subject(self) -> str:
        """Under which it stands on both sides."""
        return f"refund/{self.refund}" if self.refund else f"payment/{self.payment}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that both sides say differently; an amount is None on the side that does not know it."""

    subject: str
    kind: DifferenceKind
    ours: Decimal | None
    theirs: Decimal | None
    intent: str


class StatementAsked(BaseModel):
    """What the job is started with: which business day; none: the day before the one on which it runs."""

    model_config = ConfigDict(frozen=True)

    day: date | None = None


class StatementRun(BaseModel):
    """One day to be compared."""

    model_config = ConfigDict(frozen=True)

    day: date


class StatementDone(BaseModel):
    """How many differences there are, over all providers."""

    model_config = ConfigDict(frozen=True)

    differences: int = 0


def differences(ours: Iterable[BookRow], theirs: Iterable[BookRow]) -> list[Difference]:
    """What differs, in the order of the subjects. Of one that stands twice on a side the later counts."""
    here = {row.subject: row for row in ours}
    there = {row.subject: row for row in theirs}
    found = [_between(here.get(subject), there.get(subject)) for subject in sorted({*here, *there})]
    return [each for each in found if each is not None]


def _between(ours: BookRow | None, theirs: BookRow | None) -> Difference | None:
    if ours is None and theirs is not None:
        return Difference(theirs.subject, DifferenceKind.NOT_HERE, None, theirs.amount, theirs.intent)
    if ours is not None and theirs is None:
        return Difference(ours.subject, DifferenceKind.NOT_THERE, ours.amount, None, ours.intent)
    if ours is None or theirs is None:
        return None
    if ours.currency != theirs.currency:
        return Difference(ours.subject, DifferenceKind.CURRENCY, ours.amount, theirs.amount, ours.intent)
    if ours.amount != theirs.amount:
        return Difference(ours.subject, DifferenceKind.AMOUNT, ours.amount, theirs.amount, ours.intent)
    return None


def summed_up(found: Iterable[Difference]) -> Mapping[str, str]:
    """The first of them in words of both languages, for a step."""
    shown = list(found)
    first = shown[:MOST_NAMED]
    zh = "；".join(f"{each.subject} {each.kind.zh}" for each in first)
    en = "; ".join(f"{each.subject}: {each.kind.en}" for each in first)
    more = " …" if len(shown) > MOST_NAMED else ""
    return {"what_zh": zh + more, "what_en": en + more}
