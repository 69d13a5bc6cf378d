"""What must hold at the end of a run: nothing lost, nothing twice, and every order what the pure model makes of its journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, func, select

from activities.orders.recording.receipts import is_had_by_another
from activities.orders.taken_numbers import kept_under
from activities.orders.views.order_views import journal_of
from activities.store.database import reading
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.messages.reply import Status
from models.tables.registry import table
from models.values.money import ZERO
from rehearsal.simulation.lives import Life
from tests.endure.people import Told
from workflows.rebuilding import rebuilt

_HEARD = (EntryKind.FACT, EntryKind.EARLY, EntryKind.DECIDED)
_TAKEN = (Status.ACCEPTED.value, Status.KNOWN.value, "pending", "early")
_LATER = ("kept_early", "stored")
"""Kept, to be told or to count when its time has come."""


def broken(
    engine: Engine, lives: Sequence[Life], told: Sequence[Told], others: Sequence[str] = ()
) -> list[str]:
    """Everything that is not as it must be, in words; nothing where all is well.

    `others` are the numbers of orders that came another way (`tests.endure.ways_judged`).
    """
    numbers = [*(each.number for each in told), *others]
    found = list(_numbers(engine, numbers))
    for life, each in zip(lives, told, strict=True):
        found += [f"{each.number}: {wrong}" for wrong in _order(engine, life, each)]
    return [*found, *_letters(engine)]


def _numbers(engine: Engine, numbers: list[str]) -> Iterator[str]:
    twice = [number for number, count in Counter(numbers).items() if count > 1]
    if twice:
        yield f"numbers given twice: {twice}"
    with reading(engine) as connection:
        known = connection.scalar(select(func.count()).select_from(table("requests"))) or 0
    if known != len(numbers):
        yield f"{len(numbers)} requests made {known} orders"


def _order(engine: Engine, life: Life, told: Told) -> Iterator[str]:
    kept = kept_under(engine, told.number)
    if kept is None:
        yield "has no request"
        return
    journal = journal_of(engine, told.number)
    yield from chain_breaks(journal)
    yield from fact_faults(journal, told)
    again = rebuilt(kept.start, journal, lambda key: is_had_by_another(engine, told.number, key))
    if not again.exact:
        yield "is not what the model makes of its journal"
    yield from _money(engine, life, told)


def chain_breaks(journal: list[JournalEntry]) -> Iterator[str]:
    """Where an entry does not follow the one before."""
    before = FIRST_LINK
    for place, entry in enumerate(journal, start=1):
        if entry.sequence != place or entry.previous != before:
            yield f"the chain breaks at entry {entry.sequence}"
            return
        before = entry.hash


def fact_faults(journal: list[JournalEntry], told: Told) -> Iterator[str]:
    """A fact that counts twice, one that was taken and must not have been, one that was answered and is not there."""
    heard = Counter(
        (entry.kind, _own_name(entry))
        for entry in journal
        if entry.kind in _HEARD and "fact_id" in entry.data
    )
    known = {_own_name(entry) for entry in journal if "fact_id" in entry.data}
    for (kind, fact), count in heard.items():
        if count > 1 and kind is not EntryKind.DECIDED:
            yield f"{fact} counts {count} times"
        if fact.endswith("-broken"):
            yield f"{fact} was taken"
    for fact, answer in told.answers.items():
        if answer in _TAKEN and fact not in known:
            yield f"{fact} was answered with {answer} and is not in the journal"


def _own_name(entry: JournalEntry) -> str:
    """The fact's id without the name of the key by which it came."""
    return "/".join(str(entry.data["fact_id"]).split("/")[-2:])


def _money(engine: Engine, life: Life, told: Told) -> Iterator[str]:
    """What was paid in facts that were accepted is what stands in the rows, and in the order; what came early, or while the
    order could not be reached, may have counted later.
    """
    sure = _told(life, told, lambda answer: answer in (Status.ACCEPTED, Status.KNOWN))
    at_most = _told(life, told, lambda answer: answer in (*_TAKEN, *_LATER))
    payments, orders = table("payments"), table("orders")
    with reading(engine) as connection:
        rows: list[Any] = list(
            connection.execute(
                select(payments.c.amount).where(payments.c.order_number == told.number)
            ).scalars()
        )
        paid = connection.execute(select(orders.c.paid).where(orders.c.number == told.number)).scalar()
    booked = sum(rows, ZERO)
    if not sure <= booked <= at_most:
        yield f"{sure} to {at_most} was told and {booked} is booked"
    if (paid or ZERO) > booked:
        yield f"{paid} counts and {booked} is booked"


def _told(life: Life, told: Told, counts: Callable[[str], bool]) -> Decimal:
    return sum(
        (
            Decimal(str(telling.envelope["content"]["amount"]))
            for telling in life.told
            if telling.envelope["kind"] in ("payment_received", "collection_remitted")
            and counts(told.answers.get(str(telling.envelope["fact_id"]), ""))
        ),
        ZERO,
    )


def _letters(engine: Engine) -> Iterator[str]:
    """Each notice of an order once to each addressee, whatever way it went; and every paper that was due is printed."""
    deliveries = table("deliveries")
    again = (
        select(deliveries.c.order_number, deliveries.c.identity, deliveries.c.addressee)
        .where(deliveries.c.sent_at.is_not(None))
        .group_by(deliveries.c.order_number, deliveries.c.identity, deliveries.c.addressee)
        .having(func.count() > 1)
    )
    outbox = table("outbox")
    unprinted = select(func.count()).where(
        outbox.c.content.is_not(None), outbox.c.document.is_(None), outbox.c.problem.is_(None)
    )
    with reading(engine) as connection:
        for row in connection.execute(again):
            yield f"{row.order_number}: {row.identity} went to {row.addressee} more than once"
        waiting = connection.scalar(unprinted) or 0
    if waiting:
        yield f"{waiting} papers were never printed"
