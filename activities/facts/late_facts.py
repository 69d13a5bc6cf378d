"""Facts for orders that had ended: kept, shown, and without effect."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel
from sqlalchemy import Engine, desc, select

from activities.facts.asked_facts import said_of, words_of
from activities.facts.desk_steps import open_step
from activities.shop.refunds_kept import want_back_late
from activities.store.database import reading, writing
from activities.store.faults import each_read
from activities.store.upsert import insert_into
from models.dossier.journal import EntryKind
from models.facts.whose_step import asked_about
from models.messages.envelope import Envelope
from models.reports.desk_steps import MOST_SHOWN, DeskStep, DeskStepKind, desk_step
from models.tables.registry import table
from models.values.fingerprint import canonical, lasting

OF_CASES = frozenset({"after_sales_opened", "after_sales_closed"})
RECEIPT_CONFIRMED = "receipt_confirmed"


class LateFact(BaseModel):
    """A fact for an order that had ended; `received_at` is UTC."""

    order_number: str
    received_at: datetime
    envelope: Envelope


def keep_late_fact(engine: Engine, number: str, envelope: Envelope, now: datetime) -> bool:
    """Keep the fact; False where the same fact is kept already. Money that came through the shop goes back by itself (R39).

    Raises the refusals of `database.writing`.
    """
    facts = table("late_facts")
    with writing(engine) as connection:
        statement = insert_into(connection, facts).values(
            order_number=number,
            fact_id=envelope.fact_id,
            digest=envelope.digest(),
            received_at=now.astimezone(UTC),
            envelope=lasting(envelope),
        )
        kept = connection.execute(statement.on_conflict_do_nothing().returning(facts.c.fact_id)).all()
        if kept and not want_back_late(connection, number, envelope, now):
            open_step(connection, _asked(number, envelope, now))
        return bool(kept)


def was_known_at_the_end(engine: Engine, number: str, kind: str) -> bool:
    """Whether this tells an order that has ended nothing new (R81): that its receipt is confirmed, once it was completed; and
    what stops its clock, which stands for good."""
    if kind in OF_CASES:
        return True
    if kind != RECEIPT_CONFIRMED:
        return False
    journal, orders = table("journal"), table("orders")
    query = (
        select(journal.c.sequence)
        .join(orders, (orders.c.number == journal.c.order_number) & (orders.c.epoch == journal.c.epoch))
        .where(journal.c.order_number == number, journal.c.kind == EntryKind.COMPLETED.value)
        .limit(1)
    )
    with reading(engine) as connection:
        return connection.scalar(query) is not None


def _asked(number: str, envelope: Envelope, now: datetime) -> DeskStep:
    """Somebody must see to it: money for an order that has ended is still somebody's money."""
    words, said = words_of(envelope.kind), said_of(envelope.kind, envelope.content)
    return desk_step(
        DeskStepKind.LATE_FACT,
        f"{number}/{envelope.known_as()}",
        now.astimezone(UTC),
        rule="R47",
        order=number,
        roles=asked_about([envelope.kind]),
        ended=number,
        what_zh=words.zh,
        what_en=words.en,
        said_zh=said.zh,
        said_en=said.en,
        received=canonical(lasting(envelope))[:MOST_SHOWN],
    )


def late_facts(engine: Engine, number: str | None = None) -> list[LateFact]:
    """The late facts of an order, or of all, the newest first."""
    facts = table("late_facts")
    query = select(facts.c.order_number, facts.c.received_at, facts.c.envelope).order_by(
        desc(facts.c.received_at)
    )
    if number is not None:
        query = query.where(facts.c.order_number == number)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    return each_read(rows, lambda row: LateFact.model_validate(dict(row)), "a late fact")
