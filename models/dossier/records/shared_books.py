"""What several cases share is kept in books of the order database, which alone decides: a case asks, and is answered.

A question goes with the burst that records it and is answered in the same transaction (`models.dossier.records.recording`). The
answer comes back as a fact of the engine, so it stands in the journal like anything else that was said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.messages.envelope import engine_envelope
from models.values.content import Content, Name
from models.values.fingerprint import digest_of
from models.values.vocabulary import Term

_SIGNS = 12
"""So many of a digest's signs tell two questions of one key apart."""


class SharedBook(Term):
    """A book that several cases share; nothing in it is ever read first and written later."""

    STOCK = "stock", "库存账", "stock"
    CREDIT = "credit", "信用账", "credit"

    @property
    def fact(self) -> str:
        """The kind of fact by which its answers come: `stock_answered`. Its content begins as `BookAnswer` has it."""
        return f"{self.value}_answered"


class BookAnswer(Content):
    """What every answer of a book says first: which question it answers, and the digest of what that asked."""

    question: Name
    asked: Name


class SharedQuestion(BaseModel):
    """What a case asks of a book. The same key with the same content is the same question, however often it is put."""

    model_config = ConfigDict(frozen=True)

    key: str
    """One of its own in the case, whatever the book: `reserve:1`."""
    book: SharedBook
    asked_at: datetime
    """The case's clock, UTC: the only clock that a book goes by."""
    sequence: int
    """Its journal entry; questions are answered in this order."""
    content: dict[str, Any]
    """Plain JSON; quantities and amounts as text."""

    @property
    def asked(self) -> str:
        """The digest of what is asked: a run that was set back may ask another thing under the same key."""
        return digest_of([self.book.value, self.content])[:_SIGNS]


class SharedAnswer(BaseModel):
    """What a book answered, once for each question."""

    model_config = ConfigDict(frozen=True)

    key: str
    book: SharedBook
    asked: str
    answered_at: datetime
    """When it was asked as it was first answered, UTC: told again it is the same fact."""
    content: dict[str, Any]

    def envelope(self) -> dict[str, Any]:
        """The answer as the engine tells it to the case: one fact for each question, whoever tells it again."""
        content = {"question": self.key, "asked": self.asked, **self.content}
        return engine_envelope(self.book.fact, content, f"{self.key}-{self.asked}", self.answered_at)
