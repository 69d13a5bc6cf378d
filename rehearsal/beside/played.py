"""What came of a story beside those of orders: the case and its journal at the end, and where it went otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic

from models.dossier.journal import JournalEntry
from models.messages.reply import Reply, Status
from rehearsal.beside.kind import D, Move, S, StoryKind, all_looks


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a case is not as its story says."""

    at: datetime
    what: str
    expected: str
    found: str


@dataclass(slots=True)
class Played(Generic[D, S]):
    """One story as it went, on whichever player."""

    kind: StoryKind[D, S]
    script: S
    dossier: D
    """As it was when it was looked at last."""
    journal: list[JournalEntry] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The story's name."""
        return self.script.story.name

    @property
    def as_expected(self) -> bool:
        """Whether everything was as the story says."""
        return not self.differences

    def told(self, move: Move, reply: Reply) -> None:
        """Keep a difference where the story expects another answer."""
        shown = f"{reply.status.value} {reply.code}".strip()
        kind = str(move.envelope["kind"]) if move.envelope else ""
        if move.answer is None and reply.status is Status.REFUSED:
            self._differs(move.at, f"reply to {kind}", "accepted", f"{shown}: {reply.en}")
        elif move.answer is not None and not move.answer.fits(reply):
            self._differs(move.at, f"reply to {kind}", str(move.answer), shown)

    def looked(self, move: Move, dossier: D, journal: Sequence[JournalEntry]) -> None:
        """Compare the case at this moment with what is expected of it."""
        for what, expected, found in all_looks(self.kind, move, dossier, journal):
            if expected != found:
                self._differs(move.at, what, str(expected), str(found))

    def _differs(self, at: datetime, what: str, expected: str, found: str) -> None:
        self.differences.append(Difference(at, what, expected, found))

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        return {
            "story": self.name,
            self.kind.word: self.script.start.number,
            "as_expected": self.as_expected,
            "stage": self.kind.stage(self.dossier).value,
            "differences": [
                {"at": each.at.isoformat(), "what": each.what, "expected": each.expected, "found": each.found}
                for each in self.differences
            ],
            "journal": [
                entry.model_dump(mode="json", exclude={"previous", "hash"}) for entry in self.journal
            ],
        }
