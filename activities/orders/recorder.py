"""The recorder: one burst of an order into the order database, in one transaction, as often as it is sent (DESIGN §3).

What is new is what stands after the sequence that the database has. What stands before must be there with the same
hash; otherwise the stores diverged (a reset, a restored backup): nothing is written, and the workflow sends again
under a new epoch, which is kept beside the old one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, or_, select, update
from temporalio import activity

from activities.notices.outbox import enter
from activities.store.database import writing
from activities.store.upsert import insert_into, upsert
from models.dossier.journal import FIRST_LINK, JournalEntry
from models.dossier.recording import Burst, Saved
from models.tables.registry import table

PROJECTED = (
    "order_lines",
    "open_steps",
    "decisions",
    "promises",
    "payments",
    "lots",
    "inspections",
    "releases",
    "shipments",
)
"""Tables whose rows are the order as it is now; a new epoch fills them anew."""


class Recorder:
    """Records bursts into one database; what is due to be printed or sent is entered in the outbox with them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # An exception thrown into the thread in the middle of a commit would leave the database locked.
    @activity.defn(name="record", no_thread_cancel_exception=True)
    def record(self, burst: Burst) -> Saved:
        """Record the burst; the same burst again changes nothing. All clocks are those of the burst.

        Raises Refusal (`database_unavailable`, `disk_full`, `not_set_up`): the engine tries again.
        """
        with writing(self._engine) as connection:
            return _record(connection, burst)


def _record(connection: Connection, burst: Burst) -> Saved:
    orders, journal = table("orders"), table("journal")
    skeleton = {"number": burst.order, "sequence": 0, "head": FIRST_LINK, "epoch": burst.epoch}
    connection.execute(insert_into(connection, orders).values(skeleton).on_conflict_do_nothing())
    stored = (
        connection.execute(
            select(orders.c.sequence, orders.c.head, orders.c.epoch)
            .where(orders.c.number == burst.order)
            .with_for_update()
        )
        .mappings()
        .one()
    )
    known = set(
        connection.scalars(
            select(journal.c.hash).where(
                journal.c.order_number == burst.order,
                journal.c.hash.in_([entry.hash for entry in burst.entries]),
            )
        )
    )
    if _diverged(burst, stored, known):
        return Saved(sequence=stored["sequence"], hash=stored["head"], diverged=True)
    renewed = burst.epoch > stored["epoch"]
    if renewed:
        for name in PROJECTED:
            rows = table(name)
            connection.execute(delete(rows).where(rows.c.order_number == burst.order))
    fresh = [entry for entry in burst.entries if entry.hash not in known]
    if fresh:
        connection.execute(journal.insert(), [_journal_row(burst, entry) for entry in fresh])
    last, head = _end_of(burst)
    advanced = connection.execute(
        update(orders)
        .where(
            orders.c.number == burst.order,
            or_(orders.c.epoch < burst.epoch, orders.c.sequence < last),
        )
        .values(sequence=last, head=head, epoch=burst.epoch)
    ).rowcount
    # A late duplicate changes nothing: its rows are older than those that are there.
    if advanced or (last, head) == (stored["sequence"], stored["head"]):
        for row in burst.rows:
            upsert(connection, table(row.table), row.key, row.values)
    enter(connection, burst)
    return Saved(sequence=last, hash=head)


def _diverged(burst: Burst, stored: RowMapping, known: set[str]) -> bool:
    if burst.epoch != stored["epoch"]:
        return burst.epoch < int(stored["epoch"])
    earlier = [entry for entry in burst.entries if entry.sequence <= stored["sequence"]]
    if any(entry.hash not in known for entry in earlier):
        return True
    later = burst.entries[len(earlier) :]
    if later:
        return later[0].previous != str(stored["head"])
    # Nothing new: then the database must be at least as far as the workflow believes.
    return not earlier and burst.after_sequence > int(stored["sequence"])


def _end_of(burst: Burst) -> tuple[int, str]:
    if burst.entries:
        return burst.entries[-1].sequence, burst.entries[-1].hash
    return burst.after_sequence, burst.after_hash


def _journal_row(burst: Burst, entry: JournalEntry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in type(entry).model_fields}
    values.update(kind=entry.kind.value, role=entry.role.value)
    return {"order_number": burst.order, "epoch": burst.epoch, **values}
