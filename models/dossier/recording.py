"""What the workflow sends to the order database in one burst, and what it hears back."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from models.dossier.journal import JournalEntry
from models.dossier.papers_due import Intention


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
    claims: list[Claim] = []
    """What is asked for beside it, before the facts about it are taken."""


class Saved(BaseModel):
    """How far the order is saved. `diverged`: the database holds other entries under these numbers."""

    model_config = ConfigDict(frozen=True)

    sequence: int
    hash: str
    diverged: bool = False
    elsewhere: list[str] = []
    """Keys of claims that another case has, and of messages whose signature is not good."""
