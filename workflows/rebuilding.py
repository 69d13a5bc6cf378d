"""An order as its journal tells it: lived once more, each fact at the moment at which it was taken.

Pure. The order is worked out from its state and from what was said, so the same start and the same facts at the same
moments give the same order: steps, slips, decisions, sequence and the chain of hashes. Where a rule was put right since, or
entries are missing, it comes out otherwise from there on (`exact` is False) and is recorded anew in an epoch of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.dossier.exceptions import stores_diverged
from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.receive import remember_as_told
from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import envelope_json, told_with
from models.order.order import Order
from models.request.order_start import OrderStart
from workflows import procedure

Elsewhere = Callable[[str], bool]
"""Whether another order has this receipt (R53), by its key."""
_SAID = frozenset({EntryKind.FACT, EntryKind.EARLY})


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The order, with every entry of its journal still unsaved. `exact`: it is the journal that it was made from."""

    order: Order
    exact: bool


def rebuilt(start: OrderStart, journal: Sequence[JournalEntry], elsewhere: Elsewhere) -> Rebuilt:
    """The order of this start as it was after the last entry; the journal is the one in force, in order."""
    began = journal[0].recorded_at if journal else start.placed_at
    life = _Life(procedure.begin(start, began), journal, elsewhere)
    for entry in journal:
        life.live_through(entry)
    if not life.order.lives:
        # A book answered it after the end, which no entry tells: what ended hears nothing more.
        life.order.questions.clear()
    return Rebuilt(life.order, life.exact)


@dataclass(slots=True)
class _Life:
    order: Order
    journal: Sequence[JournalEntry]
    elsewhere: Elsewhere
    exact: bool = True

    def live_through(self, entry: JournalEntry) -> None:
        """Come to where this entry stands: it followed from what was before, or from time, or it was said."""
        if self._stands(entry):
            return
        procedure.advance(self.order, entry.recorded_at)
        if self._stands(entry):
            return
        if entry.kind in _SAID:
            self._hear(entry)
        elif entry.kind is EntryKind.REFUSED:
            self._note_refused(entry)
        elif entry.kind is EntryKind.REPAIRED:
            self._note_repaired(entry)
        elif entry.kind is EntryKind.BROUGHT_BACK:
            self._note(entry)
        if not self._stands(entry):
            self.exact = False

    def _stands(self, entry: JournalEntry) -> bool:
        """Whether the order has come to it; where it has become another one, only what was said is to be heard."""
        if not self.exact:
            return entry.kind in _SAID and self._has_heard(entry)
        lived = self.order.unsaved
        if entry.sequence > len(lived):
            return False
        if lived[entry.sequence - 1].hash != entry.hash:
            self.exact = False
            return self._stands(entry)
        return True

    def _has_heard(self, entry: JournalEntry) -> bool:
        said = entry.data.get("fact_id")
        return any(
            each.kind in _SAID
            and (each.subject, each.by, each.data.get("fact_id")) == (entry.subject, entry.by, said)
            for each in self.order.unsaved
        )

    def _hear(self, entry: JournalEntry) -> None:
        said = _envelope_of(entry)
        claim = procedure.claim_of(self.order, said, entry.recorded_at)
        if claim is not None:
            procedure.claimed(self.order, claim, self.elsewhere(claim.key))
        procedure.receive(self.order, said, entry.recorded_at)
        if entry.kind is EntryKind.FACT:
            remember_as_told(self.order, FACT_KINDS, said)

    def _note_refused(self, entry: JournalEntry) -> None:
        """What was refused had no effect but its entry, and that the order was looked at."""
        self._note(entry)
        procedure.proceed(self.order)

    def _note(self, entry: JournalEntry) -> None:
        self.order.note(
            entry.kind, entry.subject, at=entry.happened_at, by=entry.by, role=entry.role, rule=entry.rule, **entry.data
        )  # fmt: skip

    def _note_repaired(self, entry: JournalEntry) -> None:
        said = entry.data
        stores_diverged(self.order, said["epoch"], said["database_sequence"], said["database_hash"])


def _envelope_of(entry: JournalEntry) -> dict[str, Any]:
    """What was said, as it would be told again."""
    said = entry.data
    envelope = envelope_json(
        str(said.get("fact_id", "")),
        entry.subject,
        said.get("content", {}),
        by=entry.by,
        role=entry.role,
        happened_at=entry.happened_at,
    )
    return envelope | told_with(said)
