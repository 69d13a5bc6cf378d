"""A life as a readable timeline: each date, what happened, who, and what it led to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.dossier.journal import EntryKind, JournalEntry
from models.forms.sentences.journal_sentences import sentence_of
from models.messages.envelope import DECISION
from models.values.vocabulary import Words

_QUIET = {EntryKind.WAITING, EntryKind.DONE, EntryKind.ASKED, EntryKind.ESCALATED}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    words: Words
    by: str
    rule: str
    mark: str = ""
    fact_id: str = ""
    """Of which fact it tells; empty for what was not said."""


def timeline(
    journal: list[JournalEntry], *, everything: bool = False, names: Mapping[str, str] | None = None
) -> Iterator[Moment]:
    """The journal as people read it; steps that only opened and closed are left out unless asked for.

    `names`: id -> name of people of the staff, who then stand by their names.
    """
    decided_by: dict[str, str] = {}
    for entry in journal:
        if everything or entry.kind not in _QUIET:
            if entry.kind is EntryKind.FACT and entry.subject == DECISION:
                decided_by[_question(entry)] = str(entry.data.get("fact_id", ""))
                continue
            late = entry.recorded_at - entry.happened_at
            mark = "late" if late.total_seconds() > 3600 else ""
            fact_id = str(entry.data.get("fact_id") or decided_by.pop(entry.subject, ""))
            yield Moment(entry.recorded_at, sentence_of(entry, names), entry.by, entry.rule, mark, fact_id)


def _question(entry: JournalEntry) -> str:
    """The key of the decision that an answer is about, as the entry of the decision names it."""
    content = entry.data.get("content", {})
    line = content.get("line")
    return str(content.get("subject", "")) if line is None else f"{content.get('subject', '')}:{line}"
