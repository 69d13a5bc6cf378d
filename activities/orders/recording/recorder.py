"""The recorder: one burst of an order into the order database, in one transaction, as often as it is sent.

What is new is what stands after the sequence that the database has. What stands before must be there with the same
hash; otherwise the stores diverged (a reset, a restored backup): nothing is written, and the workflow sends again
under a new epoch, which is kept beside the old one.

Not every other history is one: a workflow task may be lost with what a local activity had recorded in it (a busy machine,
a killed worker), and is done anew at a later time. Whoever recorded says which attempt it was, and until when all is
certain; so what a lost attempt left is known as such. It goes, and what was said in it is given back.

Nearly every burst begins where the database stands. One update sees that, locks the order and moves it on; whatever
it does not match (a duplicate, a gap, another epoch, an order nobody numbered) is looked at with care.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    RowMapping,
    Update,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)
from temporalio import activity

from activities.facts.signed_facts import HouseKey, unproven
from activities.notices.outbox import enter
from activities.orders.assigning import assign_as_placed
from activities.orders.recording.receipts import settle_receipts
from activities.orders.recording.refused_signals import may_mend, settle_refused, waits_for_a_telling
from activities.orders.recording.shared_books import BOOKS, Books, answer_questions
from activities.orders.recording.shelf import ORDERS, Shelf
from activities.orders.recording.told_again import said_beyond
from activities.reports.daily_reports import close_by_reports
from activities.scheduling.hours_settled import Figures, settle_hours
from activities.store.database import reading, writing
from activities.store.kept_statements import send, send_all
from activities.store.upsert import Insert, TableRow, as_columns, insert_in, insert_into, upsert_all
from activities.webhooks.order_events import enter_events, somebody_listens
from models.dossier.journal import FIRST_LINK, JournalEntry
from models.dossier.records.recording import Burst, Row, Saved
from models.policy import SchedulePolicy
from models.tables.registry import table


class Recorder:
    """Records bursts into one database; what is due to be printed or sent is entered in the outbox with them."""

    def __init__(
        self,
        engine: Engine,
        house_key: HouseKey | None = None,
        books: Books = BOOKS,
        figures: Figures = SchedulePolicy,
    ) -> None:
        """`house_key`: what the programs of the house sign with, asked for only where an order takes signed facts;
        without one nothing counts as signed by the house. `books`: what answers for the books that cases share.
        `figures`: of the plan of the machine lines, asked for only where hours are booked."""
        self._engine, self._house_key, self._books, self._figures = engine, house_key, books, figures

    # An exception thrown into the thread in the middle of a commit would leave the database locked.
    @activity.defn(name="record", no_thread_cancel_exception=True)
    def record(self, burst: Burst) -> Saved:
        """Record the burst; the same burst again changes nothing. All clocks are those of the burst.

        Raises Refusal (`database_unavailable`, `disk_full`, `not_set_up`): the engine tries again.
        """
        with writing(self._engine) as connection:
            saved, is_waited = record_and_look(connection, burst)
            if saved.diverged:
                return saved
            if burst.unheard or is_waited is not False:
                settle_refused(connection, burst)
            elsewhere = self._answers(connection, burst)
            answers = answer_questions(connection, burst, self._books)
            if not elsewhere and not answers:
                return saved
            return saved.model_copy(update={"elsewhere": elsewhere, "answers": answers})

    def _answers(self, connection: Connection, burst: Burst) -> list[str]:
        """What the burst asks for: the claims that it does not get, and the messages whose signature is not good."""
        elsewhere = settle_receipts(connection, burst) + settle_hours(connection, burst, self._figures)
        to_prove = [claim for claim in burst.claims if claim.message]
        return (
            elsewhere + unproven(connection, burst.order, to_prove, self._house_key)
            if to_prove
            else elsewhere
        )


class Standing(NamedTuple):
    """How far an order is recorded, and in which epoch."""

    sequence: int
    hash: str
    epoch: int


def standing_of(engine: Engine, number: str) -> Standing:
    """How far this order is recorded; nothing of one that nobody numbered."""
    orders = table("orders")
    with reading(engine) as connection:
        row = connection.execute(
            select(orders.c.sequence, orders.c.head, orders.c.epoch).where(orders.c.number == number)
        ).first()
    return Standing(0, FIRST_LINK, 0) if row is None else Standing(row.sequence, row.head, row.epoch)


def has_the_order_at(
    connection: Connection, number: str, sequence: int, head: str, shelf: Shelf = ORDERS
) -> bool:
    """Whether the order stands there; until the caller's transaction ends nobody moves it on."""
    orders = table(shelf.heads)
    query = select(orders.c.sequence, orders.c.head).where(orders.c.number == number).with_for_update()
    row = connection.execute(query).first()
    return row is not None and (row.sequence, row.head) == (sequence, head)


def record_burst(connection: Connection, burst: Burst, shelf: Shelf) -> Saved:
    """Record a burst, in the caller's transaction; the same burst again changes nothing."""
    at_once = record_first if _is_first(burst) else record_at_once
    return at_once(connection, burst, shelf) or record_with_care(connection, burst, shelf)


def record_first(connection: Connection, burst: Burst, shelf: Shelf = ORDERS) -> Saved | None:
    """Record the first burst of a case that the database does not have; None for any other, with nothing written.

    The same as `record_with_care`: of a case without a row there is no entry that could be known, and nothing to renew.
    """
    if not _is_first(burst) or not _follows_on(burst):
        return None
    head_row, _ = _with_the_head_apart(burst.rows, burst.order, shelf)
    last, head = _end_of(burst)
    begun = send(
        connection,
        _beginning(connection.dialect.name, shelf),
        {
            "number": burst.order,
            "epoch": burst.epoch,
            "sequence": last,
            "head": head,
            **_attempt_of(burst),
            **as_columns(table(shelf.heads), head_row),
        },
    )
    return _with_the_rest(connection, burst, shelf) if begun.rowcount else None


def _is_first(burst: Burst) -> bool:
    return (burst.epoch, burst.after_sequence, burst.after_hash) == (0, 0, FIRST_LINK)


@lru_cache(maxsize=8)
def _beginning(dialect: str, shelf: Shelf) -> Insert:
    statement = insert_in(dialect, table(shelf.heads)).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)  # of an insert it is not kept otherwise


def record_at_once(connection: Connection, burst: Burst, shelf: Shelf = ORDERS) -> Saved | None:
    """Record a burst that begins exactly where the database stands; None for any other, with nothing written.

    The same as `record_with_care`, because epoch, sequence and head are those that the burst goes on from: no entry
    is an earlier one, the first new one follows the head, no epoch begins, and the order is moved on. Only an entry
    that an earlier epoch already holds under this number may be known; the insert leaves such a one out.
    """
    if not _follows_on(burst):
        return None
    listens = _move_on(connection, burst, shelf, _moving_on_and_asking(shelf)).scalar()
    return None if listens is None else _with_the_rest(connection, burst, shelf, listens=bool(listens))


def record_and_look(connection: Connection, burst: Burst) -> tuple[Saved, bool | None]:
    """Record a burst of an order, and whether steps wait that what it brings may close; None where that was not seen.

    Nearly no order has such a step and nearly every burst asks: the update that moves the order on answers it, too.
    """
    if _is_first(burst) or not _follows_on(burst) or not may_mend(burst):
        return record_burst(connection, burst, ORDERS), None
    seen = _move_on(connection, burst, ORDERS, _moving_on_and_looking()).mappings().first()
    if seen is None:
        return record_with_care(connection, burst, ORDERS), None
    return _with_the_rest(connection, burst, ORDERS, listens=bool(seen["listens"])), bool(seen["waits"])


def _move_on(connection: Connection, burst: Burst, shelf: Shelf, statement: Update) -> CursorResult[Any]:
    last, head = _end_of(burst)
    of_order, _ = _with_the_head_apart(burst.rows, burst.order, shelf)
    return send(
        connection,
        statement,
        {
            "of_order": burst.order,
            "of_epoch": burst.epoch,
            "stands_at": burst.after_sequence,
            "stands_with": burst.after_hash,
            "sequence": last,
            "head": head,
            **_attempt_of(burst),
            **as_columns(table(shelf.heads), of_order),
        },
    )


def _with_the_rest(
    connection: Connection, burst: Burst, shelf: Shelf, *, listens: bool | None = None
) -> Saved:
    """What goes with the case's own row, once that stands where the burst ends; `listens`: whether another shop does."""
    _, others = _with_the_head_apart(burst.rows, burst.order, shelf)
    if burst.entries:
        send_all(
            connection,
            _journaling(connection.dialect.name, shelf),
            [journal_row(burst.order, burst.epoch, entry, shelf) for entry in burst.entries],
        )
        close_by_reports(connection, burst.entries)
    _write_rows(connection, others)
    enter(connection, burst)
    enter_events(connection, burst, listens=listens)
    last, head = _end_of(burst)
    return Saved(sequence=last, hash=head)


def _with_the_head_apart(
    rows: Sequence[Row], number: str, shelf: Shelf
) -> tuple[Mapping[str, Any], Sequence[Row]]:
    """What the first row says of the case itself, to be written as the case is moved on; and the other rows."""
    if rows and rows[0].table == shelf.heads and rows[0].key == {"number": number}:
        return rows[0].values, rows[1:]
    return {}, rows


def _follows_on(burst: Burst) -> bool:
    """Whether the entries are numbered on from where the burst says the database stands, and chained to it."""
    if not burst.entries:
        return True
    first, after = burst.entries[0], burst.after_sequence
    numbers = [entry.sequence for entry in burst.entries]
    return first.previous == burst.after_hash and numbers == list(range(after + 1, after + len(numbers) + 1))


@lru_cache(maxsize=4)
def _moving_on(shelf: Shelf) -> Update:
    # What it sets are the columns that are given with it.
    orders = table(shelf.heads)
    return update(orders).where(
        orders.c.number == bindparam("of_order"),
        orders.c.epoch == bindparam("of_epoch"),
        orders.c.sequence == bindparam("stands_at"),
        orders.c.head == bindparam("stands_with"),
    )


@lru_cache(maxsize=4)
def _moving_on_and_asking(shelf: Shelf) -> Update:
    return _moving_on(shelf).returning(somebody_listens())


@lru_cache(maxsize=1)
def _moving_on_and_looking() -> Update:
    waits = waits_for_a_telling(table(ORDERS.heads).c.number)
    return _moving_on(ORDERS).returning(waits.label("waits"), somebody_listens().label("listens"))


@lru_cache(maxsize=4)
def _journaling(dialect: str, shelf: Shelf) -> Insert:
    known = (shelf.number, "sequence", "hash")
    return insert_in(dialect, table(shelf.journal)).on_conflict_do_nothing(index_elements=known)


def record_with_care(connection: Connection, burst: Burst, shelf: Shelf = ORDERS) -> Saved:
    """Record any burst, after a look at what the database has of it."""
    orders, journal = table(shelf.heads), table(shelf.journal)
    skeleton = {"number": burst.order, "sequence": 0, "head": FIRST_LINK, "epoch": burst.epoch}
    connection.execute(insert_into(connection, orders).values(skeleton).on_conflict_do_nothing())
    stored = (
        connection.execute(
            select(orders.c.sequence, orders.c.head, orders.c.epoch, orders.c.attempt, orders.c.attempt_from)
            .where(orders.c.number == burst.order)
            .with_for_update()
        )
        .mappings()
        .one()
    )
    known = set(
        connection.scalars(
            select(journal.c.hash).where(
                shelf.of(shelf.journal) == burst.order,
                journal.c.hash.in_([entry.hash for entry in burst.entries]),
            )
        )
    )
    if _diverged(burst, stored, known):
        return _another_history(connection, burst, stored, shelf)
    renewed = burst.epoch > stored["epoch"]
    if renewed:
        if burst.done_anew and _is_of_a_lost_attempt(connection, burst, stored, shelf):
            _drop_what_never_was(connection, burst, stored, shelf)
        for name in shelf.projected:
            connection.execute(delete(table(name)).where(shelf.of(name) == burst.order))
        assign_as_placed(connection, burst.order)
    fresh = [entry for entry in burst.entries if entry.hash not in known]
    if fresh:
        connection.execute(
            journal.insert(), [journal_row(burst.order, burst.epoch, entry, shelf) for entry in fresh]
        )
        close_by_reports(connection, fresh)
    last, head = _end_of(burst)
    advanced = connection.execute(
        update(orders)
        .where(
            orders.c.number == burst.order,
            or_(orders.c.epoch < burst.epoch, orders.c.sequence < last),
        )
        .values(sequence=last, head=head, epoch=burst.epoch, **_attempt_of(burst))
    ).rowcount
    # A late duplicate changes nothing: its rows are older than those that are there.
    if advanced or (last, head) == (stored["sequence"], stored["head"]):
        _write_rows(connection, burst.rows)
    enter(connection, burst)
    enter_events(connection, burst)
    return Saved(sequence=last, hash=head)


def _write_rows(connection: Connection, rows: Iterable[Row]) -> None:
    upsert_all(connection, (TableRow(table(row.table), row.key, row.values) for row in rows))


def _diverged(burst: Burst, stored: RowMapping, known: set[str]) -> bool:
    if burst.epoch != stored["epoch"]:
        return burst.epoch < int(stored["epoch"])
    earlier = [entry for entry in burst.entries if entry.sequence <= stored["sequence"]]
    if any(entry.hash not in known for entry in earlier):
        return True
    later = burst.entries[len(earlier) :]
    if later:
        return later[0].previous != str(stored["head"])
    # Nothing new: then the database must be where the workflow believes it to be, neither behind nor beyond.
    return not earlier and (burst.after_sequence, burst.after_hash) != (
        int(stored["sequence"]),
        str(stored["head"]),
    )


def _another_history(connection: Connection, burst: Burst, stored: RowMapping, shelf: Shelf) -> Saved:
    """What the database has in place of the burst's history, and what was said in it."""
    told, all_of_it = said_beyond(
        connection, burst.order, burst.after_sequence, table(shelf.journal), shelf.number
    )
    return Saved(
        sequence=stored["sequence"],
        hash=stored["head"],
        diverged=True,
        epoch=stored["epoch"],
        unfinished=all_of_it and _is_of_a_lost_attempt(connection, burst, stored, shelf),
        told=told,
    )


def _is_of_a_lost_attempt(connection: Connection, burst: Burst, stored: RowMapping, shelf: Shelf) -> bool:
    """Whether all that the database has beyond this was left by an attempt of the same run of which nobody heard.

    Where the run knew more than it does now, it was set back: that is another history.
    """
    if burst.attempt is None or stored["attempt"] != burst.attempt.run:
        return False
    if burst.after_sequence < int(stored["attempt_from"] or 0):
        return False
    journal = table(shelf.journal)
    here = exists().where(
        shelf.of(shelf.journal) == burst.order,
        journal.c.sequence == burst.after_sequence,
        journal.c.hash == burst.after_hash,
    )
    return burst.after_sequence == 0 or bool(connection.scalar(select(here)))


def _drop_what_never_was(connection: Connection, burst: Burst, stored: RowMapping, shelf: Shelf) -> None:
    journal = table(shelf.journal)
    connection.execute(
        delete(journal).where(
            shelf.of(shelf.journal) == burst.order,
            journal.c.epoch == stored["epoch"],
            journal.c.sequence > burst.after_sequence,
        )
    )


def _attempt_of(burst: Burst) -> dict[str, Any]:
    """Which attempt recorded last, as the order has it from now on."""
    attempt = burst.attempt
    return {
        "attempt": attempt.run if attempt is not None else None,
        "attempt_from": attempt.stood_at if attempt is not None else None,
    }


def _end_of(burst: Burst) -> tuple[int, str]:
    if burst.entries:
        return burst.entries[-1].sequence, burst.entries[-1].hash
    return burst.after_sequence, burst.after_hash


def journal_row(number: str, epoch: int, entry: JournalEntry, shelf: Shelf = ORDERS) -> dict[str, Any]:
    """The entry as a row of the journal."""
    # By name: what a later model adds has no column until a migration makes one.
    return {
        shelf.number: number,
        "epoch": epoch,
        "sequence": entry.sequence,
        "hash": entry.hash,
        "previous": entry.previous,
        "kind": entry.kind.value,
        "subject": entry.subject,
        "happened_at": entry.happened_at,
        "recorded_at": entry.recorded_at,
        "by": entry.by,
        "role": entry.role.value,
        "rule": entry.rule,
        "data": entry.data,
    }
