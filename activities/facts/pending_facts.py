"""The inbox: facts that were taken while they could not be told, in the order in which they came (DESIGN §2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, exists, select, update

from activities.facts.desk_steps import open_step
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.handlers.fact_kinds import FACT_KINDS
from models.messages.envelope import Envelope
from models.reports.desk_steps import DeskStepKind, desk_step
from models.tables.registry import table
from models.values.fingerprint import lasting
from models.values.vocabulary import Term

AT_ONCE = 200


class InboxState(Term):
    """Where a kept fact stands."""

    WAITING = "waiting", "待转", "waiting to be told"
    TOLD = "told", "已转", "told"
    UNPLACED = "unplaced", "无此订单", "no such order"


class Kept(BaseModel):
    """A fact in the inbox."""

    number: int
    order_number: str
    envelope: Envelope
    received_at: datetime


def keep(engine: Engine, order: str, envelope: Envelope, now: datetime, address: str = "") -> None:
    """Keep a fact until it can be told; the same one again is kept once. Raises Refusal(database_unavailable)."""
    with writing(engine) as connection:
        enter(connection, order, envelope, now, address)


def keep_unplaced(engine: Engine, order: str, envelope: Envelope, now: datetime, address: str = "") -> None:
    """Keep a fact for an order that nobody knows; a clerk is asked which order is meant."""
    with writing(engine) as connection:
        enter(connection, order, envelope, now, address, InboxState.UNPLACED)


def enter(
    connection: Connection,
    order: str,
    envelope: Envelope,
    now: datetime,
    address: str,
    state: InboxState = InboxState.WAITING,
) -> None:
    """Keep a fact, in the caller's transaction; for one without an order a clerk's step opens."""
    row = {
        "order_number": order,
        "fact_id": envelope.fact_id,
        "digest": envelope.digest(),
        "envelope": lasting(envelope),
        "received_at": now,
        "address": address,
        "state": state.value,
    }
    connection.execute(insert_into(connection, table("inbox")).values(row).on_conflict_do_nothing())
    if state is InboxState.UNPLACED:
        _ask(connection, order, envelope, now)


def _ask(connection: Connection, order: str, envelope: Envelope, now: datetime) -> None:
    known = FACT_KINDS.get(envelope.kind)
    step = desk_step(
        DeskStepKind.UNPLACED_FACT,
        f"{envelope.fact_id}/{order}",
        now,
        rule="R47",
        order=order,
        given=order,
        fact_id=envelope.fact_id,
        what_zh=known.words.zh if known else envelope.kind,
        what_en=known.words.en if known else envelope.kind,
    )
    open_step(connection, step)


def waits(engine: Engine, order: str) -> bool:
    """Whether a fact for this order waits: what comes now must stand behind it."""
    with reading(engine) as connection:
        return waits_in(connection, order)


def waits_in(connection: Connection, order: str) -> bool:
    """The same, in the caller's transaction."""
    inbox = table("inbox")
    of_order = (inbox.c.order_number == order) & (inbox.c.state == InboxState.WAITING.value)
    return bool(connection.scalar(select(exists().where(of_order))))


def waiting(engine: Engine) -> list[Kept]:
    """The first of what waits to be told, the oldest first."""
    inbox = table("inbox")
    query = select(inbox).where(inbox.c.state == InboxState.WAITING.value).order_by(inbox.c.number)
    with reading(engine) as connection:
        return [Kept.model_validate(dict(row)) for row in connection.execute(query.limit(AT_ONCE)).mappings()]


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
        _ask(connection, kept.order_number, kept.envelope, now)


def give_to(engine: Engine, fact_id: str, given: str, order: str) -> None:
    """A clerk says which order a fact was meant for: it is told to that one next."""
    inbox = table("inbox")
    with writing(engine) as connection:
        connection.execute(
            update(inbox)
            .where(
                inbox.c.fact_id == fact_id,
                inbox.c.order_number == given,
                inbox.c.state == InboxState.UNPLACED.value,
            )
            .values(order_number=order, state=InboxState.WAITING.value)
        )
