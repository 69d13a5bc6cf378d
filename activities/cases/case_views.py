"""What every case that is no order shows: its open steps, its decisions, its journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Engine, select

from activities.store.database import reading
from models.dossier.journal import EntryKind, JournalEntry
from models.forms.sentences.case_sentences import case_sentence_of
from models.tables.registry import table
from models.values.vocabulary import Role, Words


class StepView(BaseModel):
    """What a case waits for. Times UTC."""

    case_number: str = ""
    key: str
    kind: str
    roles: list[str]
    people: list[str]
    rule: str
    since: datetime
    due: datetime
    overdue_at: datetime | None
    zh: str
    en: str
    command: str


class DecisionView(BaseModel):
    """A decision asked for, with its answers."""

    key: str
    version: int
    subject: str
    outcome: str | None
    voided_at: datetime | None
    about: dict[str, Any]
    answers: list[dict[str, Any]]


class EntryView(BaseModel):
    """One entry of the journal."""

    case_number: str = Field(default="", exclude=True)
    """Whose it is: a key means another thing in a quote than in a case."""
    sequence: int
    kind: str
    subject: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    role: str
    rule: str
    data: dict[str, Any]

    @property
    def said(self) -> Words:
        """What the entry tells, as a sentence."""
        return case_sentence_of(
            self.case_number,
            JournalEntry(
                sequence=self.sequence, kind=EntryKind(self.kind), subject=self.subject, happened_at=self.happened_at,
                recorded_at=self.recorded_at, by=self.by, role=Role(self.role), rule=self.rule, data=self.data, previous="", hash="",
            ),
        )  # fmt: skip


def decisions_of(engine: Engine, numbers: Collection[str]) -> dict[tuple[str, str], DecisionView]:
    """What is asked of these cases now, by number and key."""
    asked = table("case_decisions")
    query = select(asked).where(asked.c.case_number.in_(numbers), asked.c.voided_at.is_(None))
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(asked.c.version)).mappings().all()
    return {(row["case_number"], row["key"]): DecisionView.model_validate(dict(row)) for row in rows}


def steps_of_cases(engine: Engine) -> list[StepView]:
    """Every open step of a case that is no order, that which is due first at the head."""
    steps = table("case_steps")
    query = select(steps).where(steps.c.closed_at.is_(None)).order_by(steps.c.due, steps.c.case_number)
    with reading(engine) as connection:
        return [StepView.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def journal_of_case(engine: Engine, number: str) -> list[JournalEntry]:
    """The journal of a case in its newest epoch, in order."""
    journal = table("case_journal")
    query = (
        select(journal).where(journal.c.case_number == number).order_by(journal.c.epoch, journal.c.sequence)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    last = max((row["epoch"] for row in rows), default=0)
    return [
        JournalEntry.model_validate(
            {name: value for name, value in row.items() if name not in ("case_number", "epoch")}
        )
        for row in rows
        if row["epoch"] == last
    ]
