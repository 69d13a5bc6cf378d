"""What somebody tells a quote or a contract in a story: a fact or a decision, and the envelope that it is told with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from models.decisions.subjects import SUBJECTS
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION, envelope_json
from models.values.content import Content, Name, Text
from models.values.vocabulary import Role
from rehearsal.moments import Offset, filled
from rehearsal.story import Answer, Company


class ToldEvent(Content):
    """A fact or a decision, after a span of time. `{digest}` in its content is the hash of the version that it names.

    `by` and `role` are filled in as for orders; `happened` where it is told late.
    """

    after: Offset
    fact: Name | None = None
    decision: Subject | None = None
    content: dict[str, Any] = Field(default_factory=dict)
    outcome: Outcome | None = None
    words: Text = ""
    note: Text = "NOTE-1"
    by: Name | None = None
    role: Role | None = None
    id: Name | None = None
    happened: Offset | None = None
    reply: Answer | None = None

    def role_of(self, of_fact: Sequence[Role]) -> Role:
        """Who says it: as written, else the first who may; `of_fact` are those who may say the fact."""
        return self.role or (SUBJECTS[self.decision].roles if self.decision is not None else of_fact)[0]

    def content_of(self, begins: datetime, later: Iterable[str]) -> dict[str, Any]:
        """What is said, with days and figures filled in but for those fields that are filled in later."""
        if self.decision is not None and self.outcome is not None:
            detail = {"detail": {"words": self.words}} if self.words else {}
            return {
                "subject": self.decision.value,
                "outcome": self.outcome.value,
                "note_reference": self.note,
                **detail,
            }
        named = {name: self.content[name] for name in later if name in self.content}
        rest = {name: value for name, value in self.content.items() if name not in named}
        return {**filled(rest, {}, begins), **named}

    def envelope(
        self, place: int, company: Company, begins: datetime, role: Role, content: dict[str, Any]
    ) -> dict[str, Any]:
        """The envelope of the event at this place of the story."""
        return envelope_json(
            self.id or f"story/{place:03}",
            self.fact or DECISION,
            content,
            by=self.by or company.person(role),
            role=role,
            happened_at=begins + (self.happened if self.happened is not None else self.after),
        )
