"""The player without any engine: a story on the pure model, at once. Time stops at every deadline, as the timer does."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic

from models.messages.envelope import engine_envelope
from models.messages.reply import Reply
from models.values.errors import Refusal
from models.writing.written_numbers import Manner
from rehearsal.beside.kind import D, S, StoryKind
from rehearsal.beside.played import Played
from workflows import case

DIGEST = "{digest}"
NO_SUCH_VERSION = "0" * 12


def play(kind: StoryKind[D, S], script: S) -> Played[D, S]:
    """The story from its start to its last moment."""
    life = _Life(kind, script)
    played = Played(kind, script, life.dossier)
    for move in script.moves:
        life.live_until(move.at)
        if move.envelope is not None:
            played.told(move, life.tell(with_digest(kind, move.envelope, life.dossier), move.at))
        else:
            played.looked(move, life.dossier, life.dossier.unsaved)
    played.journal = life.dossier.unsaved
    return played


def with_digest(kind: StoryKind[D, S], envelope: dict[str, Any], dossier: D) -> dict[str, Any]:
    """The hash of the version that is named in place of `{digest}`."""
    content = envelope["content"]
    if content.get("digest") != DIGEST:
        return envelope
    found = kind.hash_of(dossier, int(content.get("version", 0)))
    return {**envelope, "content": {**content, "digest": found or NO_SUCH_VERSION}}


def after_its_end(kind: StoryKind[D, S], dossier: D, envelope: dict[str, Any], at: datetime) -> Reply:
    """As a case answers that has ended: what it knows is known, everything else refused, and nothing is written any more."""
    return case.receive(kind.durable.case, dossier.model_copy(deep=True), envelope, at)


class _Life(Generic[D, S]):
    def __init__(self, kind: StoryKind[D, S], script: S) -> None:
        self.kind, self.outside = kind, kind.outside([script])
        self.dossier = kind.begin(script.start, script.begins)
        self.done: set[str] = set()
        self.run_errands(script.begins)

    def live_until(self, moment: datetime) -> None:
        known = self.kind.durable.case
        while (due := case.next_deadline(known, self.dossier)) is not None and due <= moment:
            case.advance(known, self.dossier, due)
            self.run_errands(due)
        case.advance(known, self.dossier, moment)

    def tell(self, envelope: dict[str, Any], at: datetime) -> Reply:
        if not self.dossier.lives:
            return after_its_end(self.kind, self.dossier, envelope, at)
        known = self.kind.durable.case
        try:
            checked = case.check(known, envelope, Manner.SENT)
        except Refusal as refusal:  # as whoever tells by update is refused: at the door, and nothing is kept
            return Reply.refused(refusal, str(envelope["fact_id"]), 0)
        reply = case.receive(known, self.dossier, checked, at)
        self.run_errands(at)
        return reply

    def run_errands(self, now: datetime) -> None:
        """What the case has done for it outside is done at once, each thing once."""
        while (errand := self.kind.durable.errand(self.dossier)) is not None and errand.key not in self.done:
            self.done.add(errand.key)
            came = self.outside[errand.activity](errand.argument)
            said = engine_envelope(came.kind, came.content, f"story-{errand.key}", now)
            case.receive(self.kind.durable.case, self.dossier, said, now)
