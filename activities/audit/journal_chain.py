"""The journal of an order as a chain: which entries are missing or were changed, and writing them back as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, delete, update

from activities.audit.stored_orders import StoredEntry, StoredOrder
from activities.orders.recording.recorder import has_the_order_at, journal_row
from activities.store.database import writing
from activities.store.upsert import insert_into
from models.dossier.journal import FIRST_LINK, JournalEntry
from models.tables.registry import table


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry as a workflow sent it, and in which epoch."""

    epoch: int
    entry: JournalEntry


@dataclass(frozen=True, slots=True)
class Chain:
    """The way back from a head. `gaps`: first and last number of what is missing; `changed`: entries that say something
    else than was written."""

    gaps: tuple[tuple[int, int], ...]
    changed: tuple[StoredEntry, ...]
    wanted: tuple[tuple[int, str], ...]
    """The number and hash of the last entry of each gap."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing and nothing was changed."""
        return not self.gaps and not self.changed


def chain_of(stored: StoredOrder, sequence: int | None = None, head: str | None = None) -> Chain:
    """The journal as it is kept, from its head (or another one) back to its first entry."""
    at, wanted = stored.stands_at if sequence is None or head is None else (sequence, head)
    by_hash = {each.hash: each for each in stored.journal}
    gaps: list[tuple[int, int]] = []
    changed: list[StoredEntry] = []
    ends: list[tuple[int, str]] = []
    while at > 0:
        found = by_hash.get(wanted)
        if found is not None and found.sequence == at:
            if not found.is_as_written:
                changed.append(found)
            at, wanted = at - 1, found.previous
            continue
        below = _below(stored.journal, at)
        gaps.append((below.sequence + 1 if below is not None else 1, at))
        ends.append((at, wanted))
        if below is None:
            break
        at, wanted = below.sequence, below.hash
    else:
        if wanted != FIRST_LINK:
            # Its first entry says that there was one before it.
            gaps.append((0, 0))
    return Chain(tuple(gaps[::-1]), tuple(changed), tuple(ends))


def _below(journal: Sequence[StoredEntry], at: int) -> StoredEntry | None:
    """The newest entry below a gap; of several epochs the latest one goes on."""
    lower = [each for each in journal if each.sequence < at]
    return max(lower, key=lambda each: (each.sequence, each.epoch), default=None)


def missing_entries(stored: StoredOrder, sent: Mapping[str, Sent], at: int, head: str) -> list[Sent] | None:
    """What must be written so that the chain from this head is whole; None where what is missing was not sent either."""
    by_hash = {each.hash: each for each in stored.journal if each.is_as_written}
    found: list[Sent] = []
    wanted = head
    while at > 0:
        kept = by_hash.get(wanted)
        if kept is not None and kept.sequence == at:
            wanted = kept.previous
        else:
            lost = sent.get(wanted)
            if lost is None or lost.entry.sequence != at:
                return None
            found.append(lost)
            wanted = lost.entry.previous
        at -= 1
    return found if wanted == FIRST_LINK else None


def write_entries(
    engine: Engine, stored: StoredOrder, missing: Sequence[Sent], stands_at: tuple[int, str], epoch: int = 0
) -> bool:
    """Write the entries back and let the order stand there; False where it has moved on since it was looked at.

    `epoch` is the one that its workflow is in, where it says so.

    An entry that was changed goes: the one that was written takes its place.
    """
    shelf = stored.kind.shelf
    orders, journal = table(shelf.heads), table(shelf.journal)
    epoch = max([epoch, *(each.epoch for each in missing), *(each.epoch for each in stored.journal)])
    with writing(engine) as connection:
        if not has_the_order_at(connection, stored.number, *stored.stands_at, shelf):
            return False
        for each in stored.journal:
            if not each.is_as_written:
                this = (
                    shelf.of(shelf.journal) == stored.number,
                    journal.c.epoch == each.epoch,
                    journal.c.sequence == each.sequence,
                )
                connection.execute(delete(journal).where(*this))
        for sent in missing:
            row = journal_row(stored.number, sent.epoch, sent.entry, shelf)
            connection.execute(insert_into(connection, journal).values(row).on_conflict_do_nothing())
        sequence, head = stands_at
        values = {"sequence": sequence, "head": head, "attempt": None}
        renewed = {"epoch": epoch} if epoch > (stored.row["epoch"] if stored.row is not None else 0) else {}
        connection.execute(
            update(orders).where(orders.c.number == stored.number).values({**values, **renewed})
        )
        return True
