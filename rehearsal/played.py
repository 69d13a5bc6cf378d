"""What came of a story that was played: replies, differences, the order and its journal at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.dossier.journal import JournalEntry
from models.messages.reply import Reply, Status
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.expectation import Difference, Seen, differences
from rehearsal.script import Looking, Receiving, Script, Telling


@dataclass(frozen=True, slots=True)
class Looked:
    """One order as it is at a moment at which somebody looks."""

    order: Order
    journal: list[JournalEntry]
    seen: Seen


@dataclass(slots=True)
class Played:
    """One story as it went, on whichever player. Of orders that are alike order and journal are the first one's."""

    script: Script
    number: str
    order: Order | None = None
    journal: list[JournalEntry] = field(default_factory=list)
    replies: list[tuple[datetime, str, Reply]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The story's name."""
        return self.script.story.name

    @property
    def as_expected(self) -> bool:
        """Whether everything was as the story says."""
        return not self.differences

    def told(self, telling: Telling, reply: Reply) -> None:
        """Keep a reply, and the difference where the story expects another one."""
        what = str(telling.envelope["kind"])
        if what == "decision":
            what += f" {telling.envelope['content'].get('subject', '')}"
        self.replies.append((telling.at, what, reply))
        shown = f"{reply.status.value} {reply.code}".strip()
        if telling.answer is None:
            if reply.status is Status.REFUSED:
                self._differs(telling.at, f"reply to {what}", "accepted", f"{shown}: {reply.en}")
        elif not telling.answer.fits(reply):
            self._differs(telling.at, f"reply to {what}", str(telling.answer), shown)

    def received(self, move: Receiving, code: Code | None) -> None:
        """The difference where finance's act was refused with another code than the story says, or not at all."""
        if code is not move.receipt.refused:
            expected, found = (each.value if each else "done" for each in (move.receipt.refused, code))
            self._differs(move.at, f"receipt {move.receipt.reference}", expected, found)

    def refused(self, refusal: Refusal) -> None:
        """The order was not placed at all: that is the one difference, and every other story goes on."""
        self._differs(self.script.start, "place", "placed", f"{refusal.code.value}: {refusal.words.en}")

    def looked(self, looking: Looking, orders: Sequence[Looked]) -> None:
        """Compare the order at this moment with what is expected of it; orders that are alike each, or so many of them."""
        expected = looking.expected
        if expected.only is not None:
            orders = orders[expected.only - 1 : expected.only]
        found = [
            differences(
                self.name, self.script.start, looking.at, expected, each.order, each.journal, each.seen
            )
            for each in orders
        ]
        if expected.alike is None:
            self.differences += [difference for of_one in found for difference in of_one]
            return
        so = sum(not of_one for of_one in found)
        if so != expected.alike:
            words = expected.model_dump_json(exclude_unset=True, exclude={"after", "at", "alike"})
            self._differs(looking.at, words, f"{expected.alike} orders", f"{so} orders")

    def _differs(self, at: datetime, what: str, expected: str, found: str) -> None:
        self.differences.append(Difference(self.name, at, what, expected, found))

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        order = self.order
        return {
            "story": self.name,
            "order": self.number,
            "start": self.script.start.isoformat(),
            "as_expected": self.as_expected,
            "status": order.headline.value if order else None,
            "ending": order.ending.value if order and order.ending else None,
            "differences": [
                {"at": each.at.isoformat(), "what": each.what, "expected": each.expected, "found": each.found}
                for each in self.differences
            ],
            "replies": [
                {"at": at.isoformat(), "kind": kind, **reply.model_dump(mode="json", exclude_defaults=True)}
                for at, kind, reply in self.replies
            ],
            "journal": [
                entry.model_dump(mode="json", exclude={"previous", "hash"}) for entry in self.journal
            ],
        }


def story_differs(differing: list[Played]) -> Refusal:
    """The refusal a rehearsal ends with when stories went otherwise."""
    names = ", ".join(played.name for played in differing)
    return Refusal(
        Code.STORY_DIFFERS,
        Words(
            f"{len(differing)} 个故事与预期不符：{names}",
            f"{len(differing)} stories went otherwise than they expect: {names}",
        ),
    )
