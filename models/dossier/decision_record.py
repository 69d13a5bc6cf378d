"""A decision as the order keeps it: what was asked, about which version, who answered what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from models.messages.decision_subjects import Outcome, Subject
from models.values.vocabulary import Role


class Answered(BaseModel):
    """One person's answer."""

    by: str
    role: Role
    outcome: Outcome
    at: datetime
    recorded_at: datetime
    note_reference: str
    detail: dict[str, Any] = {}


class Asked(BaseModel):
    """A decision that was asked for. A change of what it is about voids it and asks again with the next version."""

    subject: Subject
    line: int | None = None
    version: int
    about: str
    about_words: dict[str, str] = {}
    asked_at: datetime
    answers: list[Answered] = []
    outcome: Outcome | None = None
    decided_at: datetime | None = None
    voided_at: datetime | None = None

    @property
    def key(self) -> str:
        """`technical:2` for line 2, `approval` for the order."""
        return key_of(self.subject, self.line)

    @property
    def detail(self) -> dict[str, Any]:
        """The detail of the answer that settled the subject; empty while it is open."""
        return self.answers[-1].detail if self.answers else {}


def key_of(subject: Subject, line: int | None = None) -> str:
    """The key of a decision within an order."""
    return subject.value if line is None else f"{subject.value}:{line}"
