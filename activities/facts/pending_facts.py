"""The inbox: facts that were taken while they could not be told, in the order in which they came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, delete, exists, select, true, update

from activities.facts.asked_facts import asked_which, asked_why, event_named, said_of, why_of, words_of
from activities.facts.desk_steps import close_step, open_step
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from activities.store.upsert import insert_into
from models.facts.whose_step import asked_about
from models.messages.authors import known_as
from models.messages.envelope import Envelope
from models.reports.desk_steps import MOST_SHOWN, DeskStepKind, desk_step, step_key
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.fingerprint import canonical, lasting
from models.values.receipts import folded
from models.values.vocabulary import Term

AT_ONCE = 200
MONEY_BACK = "payment_bounced"


class InboxState(Term):
    """What is to be done next with a fact that was kept, or what became of it."""

    WAITING = "waiting", "待转", "waiting to be told"
    TOLD = "told", "已转", "told"
    UNPLACED = "unplaced", "无此订单", "no such order"
    SET_ASIDE = "set_aside", "另行处理", "set aside"


class Kept(BaseModel):
    """A fact in the inbox."""

    number: int
    order_number: str
    envelope: Envelope
    received_at: datetime
    event: str | None = None
    """By which message of which sender it came, `sender/message`; None where it came otherwise."""


def keep(engine: Engine, order: str, envelope: Envelope, now: datetime, address: str = "") -> None:
    """Keep a fact until it can be told; the same one again is kept once. Raises Refusal(database_unavailable)."""
    with writing(engine) as connection:
        enter(connection, order, envelope, now, address)


def keep_unplaced(engine: Engine, order: str, envelope: Envelope, now: datetime, address: str = "") -> None:
    """Keep a fact for an order that nobody knows; a clerk is asked which order is meant."""
    with writing(engine) as connection:
        enter(connection, order, envelope, now, address, InboxState.UNPLACED)
        open_step(connection, asked_which(DeskStepKind.UNPLACED_FACT, envelope, order, now, None))


def enter(
    connection: Connection,
    order: str,
    envelope: Envelope,
    now: datetime,
    address: str,
    state: InboxState = InboxState.WAITING,
    event: str | None = None,
) -> None:
    """Keep a fact, in the caller's transaction, who also asks about one that has no order."""
    row = {
        "order_number": order,
        "fact_id": envelope.fact_id,
        "digest": envelope.digest(),
        "envelope": lasting(envelope),
        "received_at": now,
        "address": address,
        "state": state.value,
        "event": event,
    }
    connection.execute(insert_into(connection, table("inbox")).values(row).on_conflict_do_nothing())


def waits(engine: Engine, order: str) -> bool:
    """Whether a fact for this order waits: what comes now must stand behind it."""
    with reading(engine) as connection:
        return waits_in(connection, order)


def waits_in(connection: Connection, order: str) -> bool:
    """Like `waits`, within the caller's transaction."""
    inbox = table("inbox")
    of_order = (inbox.c.order_number == order) & (inbox.c.state == InboxState.WAITING.value)
    return bool(connection.scalar(select(exists().where(of_order))))


def waiting(engine: Engine, after: int = 0) -> list[Kept]:
    """The first of what waits to be told, the oldest first; only what came after that number.

    A row that cannot be read any more is set aside as a clerk's step.
    """
    inbox = table("inbox")
    query = (
        select(inbox)
        .where(inbox.c.state == InboxState.WAITING.value, inbox.c.number > after)
        .order_by(inbox.c.number)
    )
    with reading(engine) as connection:
        rows = connection.execute(query.limit(AT_ONCE)).mappings().all()
    found: list[Kept] = []
    for row in rows:
        try:
            with named_faults(f"inbox {row['number']}"):
                found.append(Kept.model_validate(dict(row)))
        except Refusal as refusal:
            _set_aside_row(engine, row, refusal)
    return found or (waiting(engine, rows[-1]["number"]) if rows else [])


def set_aside(engine: Engine, kept: Kept, refusal: Refusal, now: datetime, *, told: bool) -> None:
    """It was answered with success and cannot be told, or the order refused it: a clerk is asked, and the rest goes on.

    `told`: whether the order has heard it and said no; else it was never told.
    """
    inbox = table("inbox")
    state = InboxState.TOLD if told else InboxState.SET_ASIDE
    values = {"state": state.value, "answer": refusal.as_json()} | ({"told_at": now} if told else {})
    kind, order = DeskStepKind.REFUSED_FACT, kept.order_number
    with writing(engine) as connection:
        connection.execute(update(inbox).where(inbox.c.number == kept.number).values(values))
        open_step(connection, asked_why(kind, kept.envelope, order, refusal, now, kept.event))


def _set_aside_row(engine: Engine, row: RowMapping, refusal: Refusal) -> None:
    """A row that cannot be read: what can be said of it is said."""
    inbox, raw = table("inbox"), row["envelope"] or {}
    kind, order = str(raw.get("kind") or "-"), row["order_number"]
    what, said = words_of(kind), said_of(kind, raw.get("content"))
    step = desk_step(
        DeskStepKind.REFUSED_FACT,
        f"{known_as(str(raw.get('by', '')), row['fact_id'])}/{order}",
        row["received_at"],
        rule="R47",
        order=order,
        roles=asked_about([kind]),
        given=order,
        fact_id=row["fact_id"],
        digest=row["digest"],
        what_zh=what.zh,
        what_en=what.en,
        said_zh=said.zh,
        said_en=said.en,
        received=canonical(raw)[:MOST_SHOWN],
        **event_named(row["event"]),
        **why_of(refusal),
    )
    with writing(engine) as connection:
        connection.execute(
            update(inbox)
            .where(inbox.c.number == row["number"])
            .values(state=InboxState.SET_ASIDE.value, answer=refusal.as_json())
        )
        open_step(connection, step)


def try_again(engine: Engine, order: str, fact_id: str, digest: str = "") -> None:
    """What was in the way has been mended: it is told once more, behind what came before it. `digest` tells it from another
    caller's fact of the same id; a step that was opened before that was noted has none."""
    inbox = table("inbox")
    done = (InboxState.SET_ASIDE.value, InboxState.TOLD.value)
    with writing(engine) as connection:
        connection.execute(
            update(inbox)
            .where(inbox.c.order_number == order, inbox.c.fact_id == fact_id, inbox.c.state.in_(done))
            .where(_this(digest))
            .values(state=InboxState.WAITING.value)
        )


def mark_told(engine: Engine, number: int, answer: dict[str, Any] | None, now: datetime) -> None:
    """The order has it: mark it, with what it answered."""
    inbox = table("inbox")
    with writing(engine) as connection:
        connection.execute(
            update(inbox)
            .where(inbox.c.number == number)
            .values(state=InboxState.TOLD.value, told_at=now, answer=answer)
        )


def mark_unplaced(engine: Engine, kept: Kept, now: datetime) -> None:
    """There is no such order: a clerk is asked."""
    inbox = table("inbox")
    with writing(engine) as connection:
        connection.execute(
            update(inbox).where(inbox.c.number == kept.number).values(state=InboxState.UNPLACED.value)
        )
        kind, order = DeskStepKind.UNPLACED_FACT, kept.order_number
        open_step(connection, asked_which(kind, kept.envelope, order, now, kept.event))


def ask_for_receipt(engine: Engine, kept: Kept, now: datetime) -> None:
    """Money came back of which the order knows nothing: it keeps that, and finance is told (R53)."""
    step = asked_why(DeskStepKind.UNKNOWN_RECEIPT, kept.envelope, kept.order_number, None, now, kept.event)
    with writing(engine) as connection:
        open_step(connection, step)


def _this(digest: str) -> ColumnElement[bool]:
    return table("inbox").c.digest == digest if digest else true()


def give_to(
    engine: Engine, fact_id: str, given: str, order: str, digest: str = "", shipment: str = ""
) -> None:
    """A clerk says which order a fact was meant for, and which shipment where it names one: it is told to that one next.

    `digest` as for `try_again`.
    """
    inbox = table("inbox")
    meant = (
        (inbox.c.fact_id == fact_id)
        & (inbox.c.order_number == given)
        & (inbox.c.state == InboxState.UNPLACED.value)
        & _this(digest)
    )
    with writing(engine) as connection:
        for row in connection.execute(select(inbox).where(meant)).mappings().all():
            _give(connection, row, order, shipment)


def _give(connection: Connection, row: RowMapping, order: str, shipment: str) -> None:
    inbox = table("inbox")
    values: dict[str, Any] = {"order_number": order, "state": InboxState.WAITING.value}
    if shipment:
        content = {**row["envelope"].get("content", {}), "shipment": shipment}
        envelope = Envelope.model_validate({**row["envelope"], "content": content})
        values |= {"envelope": lasting(envelope), "digest": envelope.digest()}
    digest = values.get("digest", row["digest"])
    same = (inbox.c.order_number == order) & (inbox.c.fact_id == row["fact_id"]) & (inbox.c.digest == digest)
    if connection.scalar(select(exists().where(same))):
        # that order was told the very same by another way
        values = {"state": InboxState.TOLD.value}
    connection.execute(update(inbox).where(inbox.c.number == row["number"]).values(values))


def place_returns(connection: Connection, sender: str, reference: str, order: str, now: datetime) -> None:
    """Money of this receipt came back before anybody knew whose it was: now that its order is known, it is told there.

    Behind the receipt, which was entered just now.
    """
    inbox = table("inbox")
    query = select(inbox).where(inbox.c.state == InboxState.UNPLACED.value).order_by(inbox.c.number)
    for row in connection.execute(query).mappings().all():
        envelope = _returned(row, sender, reference)
        if envelope is not None:
            connection.execute(delete(inbox).where(inbox.c.number == row["number"]))
            enter(connection, order, envelope, row["received_at"], row["address"], event=row["event"])
            key = step_key(DeskStepKind.UNPLACED_FACT, f"{envelope.known_as()}/{row['order_number']}")
            close_step(connection, key, now, by="system", resolution=order)


def _returned(row: RowMapping, sender: str, reference: str) -> Envelope | None:
    """The sender's word that money of this receipt came back; None for any other row, and one that cannot be read."""
    try:
        with named_faults(f"inbox {row['number']}"):
            envelope = Envelope.model_validate(row["envelope"])
    except Refusal:
        return None
    of_it = folded(str(envelope.content.get("reference", ""))) == folded(reference)
    return envelope if of_it and (envelope.kind, envelope.by) == (MONEY_BACK, sender) else None
