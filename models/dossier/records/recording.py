"""What the workflow sends to the order database in one burst, and what it hears back."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.dossier.journal import JournalEntry
from models.dossier.papers_due import Intention
from models.dossier.records.shared_books import SharedAnswer, SharedQuestion


class Row(BaseModel):
    """One row as it is now. Money and quantities are strings, instants ISO 8601 in UTC, dates ISO 8601."""

    model_config = ConfigDict(frozen=True)

    table: str
    key: dict[str, str | int]
    values: dict[str, Any]


class Claim(BaseModel):
    """What the case wants for itself and nobody else may have: a receipt that counts once in the company (R53)."""

    model_config = ConfigDict(frozen=True)

    key: str
    fact_id: str
    """By which fact it was told: the same one asks as often as it likes."""
    message: str = ""
    """What was said, as canonical JSON, where it is asked whether its signature is good; then nothing is claimed."""


class Unheard(BaseModel):
    """Something refused of which whoever said it hears nothing: it came by a signal, or had been kept until now.

    `kind`, `by` and `fact_id` as far as they could be read; `sequence` is its journal entry.
    """

    model_config = ConfigDict(frozen=True)

    sequence: int
    kind: str = ""
    by: str = ""
    fact_id: str = ""


class Attempt(BaseModel):
    """Which attempt at a piece of work made a burst, while that work may still be lost and done anew.

    What such an attempt recorded and nobody heard of never was: the work is done anew, at a later time, and says the same
    in other words. That is no other history.
    """

    model_config = ConfigDict(frozen=True)

    run: str
    """Whose work it is: a case that was set back, or begun anew, is another run."""
    stood_at: int
    """The last journal entry that was known to be saved when this work began; what is beyond it may be lost with it."""


class Burst(BaseModel):
    """Everything unsaved of one order: journal entries without a gap, the rows that changed, what is due to be sent."""

    model_config = ConfigDict(frozen=True)

    order: str
    epoch: int
    after_sequence: int
    after_hash: str
    entries: list[JournalEntry]
    rows: list[Row]
    intentions: list[Intention]
    claims: list[Claim] = Field(default_factory=list)
    """What is asked for beside it, before the facts about it are taken."""
    questions: list[SharedQuestion] = Field(default_factory=list)
    """What is asked of the books that cases share, in the order in which it was asked."""
    unheard: list[Unheard] = Field(default_factory=list)
    """Of the entries those that refuse what nobody was answered about."""
    attempt: Attempt | None = None
    """None where what this says stands: the case's own history has it that it was sent, or another history was told of."""
    done_anew: bool = False
    """It begins an epoch because the one before ends with what an unfinished attempt left: that never was, and goes."""


class Saved(BaseModel):
    """How far the order is saved. `diverged`: the database holds other entries under these numbers."""

    model_config = ConfigDict(frozen=True)

    sequence: int
    hash: str
    diverged: bool = False
    elsewhere: list[str] = Field(default_factory=list)
    """Keys of claims that another case has, and of messages whose signature is not good."""
    answers: list[SharedAnswer] = Field(default_factory=list)
    """Of the shared books, one for each question."""
    epoch: int = 0
    """Where diverged: the epoch that the database is in."""
    unfinished: bool = False
    """Where diverged: all that the database has beyond what the case knows comes from an attempt that was lost."""
    told: list[dict[str, Any]] = Field(default_factory=list)
    """Where diverged: what was said to the case beyond what it knows, as envelopes, in the order of the journal."""
