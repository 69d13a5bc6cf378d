"""What an order answers to a fact or a decision."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from models.values.errors import ChangeWords, Refusal
from models.values.vocabulary import Term


class Status(Term):
    """What became of a fact or decision; an answer has exactly one of these."""

    ACCEPTED = "accepted", "已采纳", "accepted"
    KEPT_EARLY = "kept_early", "已保存，待用", "kept until it can be used"
    KNOWN = "known", "已知", "already known"
    REFUSED = "refused", "未采纳", "refused"


class Reply(BaseModel):
    """The answer; `sequence` is the journal entry that keeps it."""

    model_config = ConfigDict(frozen=True)

    status: Status
    fact_id: str = ""
    sequence: int = 0
    code: str = ""
    zh: str = ""
    en: str = ""
    where: str = ""
    rule: str = ""
    changes: tuple[ChangeWords, ...] = ()
    """What became another since it was seen: field, before and after, where that is why it was refused."""

    @model_serializer(mode="wrap")
    def _without_no_changes(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = dump(self)
        if not self.changes:
            told.pop("changes", None)
        return told

    @staticmethod
    def refused(refusal: Refusal, fact_id: str, sequence: int) -> Reply:
        """The answer for a refusal, with its code, words, place and rule; `sequence` is the journal entry that keeps it."""
        return Reply(
            status=Status.REFUSED,
            fact_id=fact_id,
            sequence=sequence,
            code=refusal.code.value,
            zh=refusal.words.zh,
            en=refusal.words.en,
            where=refusal.where,
            rule=refusal.rule,
            changes=refusal.changes,
        )
