"""The inbox: facts that were taken while they could not be told, in the order in which they came."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, exists, select, true, update

from activities.facts.desk_steps import open_step
from activities.store.database import reading, writing
from activities.store.faults import each_read, named_faults
from activities.store.upsert import insert_into
from models.facts.fact_kinds import FACT_KINDS
from models.messages.authors import known_as
from models.messages.envelope import Envelope
from models.reports.desk_steps import DeskStepKind, desk_step
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Role, Term, Words

AT_ONCE = 200
OF_MONEY = frozenset(
    {
        "payment_received",
        "payment_bounced",
        "payment_corrected",
        "collection_remitted",
        "second_telling_settled",
        "money_transferred_out",
        "money_transferred_in",
    }
)
"""Facts that finance is asked about too: money for which an order has no use is still somebody's money."""


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
        ask_which_order(connection, order, envelope, now)


def ask_which_order(connection: Connection, order: str, envelope: Envelope, now: datetime) -> None:
    """A clerk is asked which order a fact is for, in the caller's transaction."""
    words = words_of(envelope.kind)
    step = desk_step(
        DeskStepKind.UNPLACED_FACT,
        f"{envelope.known_as()}/{order}",
        now,
        rule="R47",
        order=order,
        roles=(Role.FINANCE, Role.SERVICE_CLERK) if envelope.kind in OF_MONEY else (Role.SERVICE_CLERK,),
        given=order,
        fact_id=envelope.fact_id,
        digest=envelope.digest(),
        what_zh=words.zh,
        what_en=words.en,
    )
    open_step(connection, step)


def words_of(kind: str) -> Words:
    """What people call a kind of fact; one that nobody knows as it is written."""
    known = FACT_KINDS.get(kind)
    return Words(known.words.zh, known.words.en) if known else Words(kind, kind)


def waits(engine: Engine, order: str) -> bool:
    """Whether a fact for this order waits: what comes now must stand behind it."""
    with reading(engine) as connection:
        return waits_in(connection, order)


def waits_in(connection: Connection, order: str) -> bool:
    """Like `waits`, within the caller's transaction."""
    inbox = table("inbox")
    of_order = (inbox.c.order_number == order) & (inbox.c.state == InboxState.WAITING.value)
    return bool(connection.scalar(select(exists().where(of_order))))


def waiting(engine: Engine, after: int = 0, order: str | None = None) -> list[Kept]:
    """The first of what waits to be told, the oldest first; only what came after that number, and for that order.

    A row that cannot be read any more is set aside as a clerk's step.
    """
    inbox = table("inbox")
    query = (
        select(inbox)
        .where(inbox.c.state == InboxState.WAITING.value, inbox.c.number > after)
        .order_by(inbox.c.number)
    )
    if order is not None:
        query = query.where(inbox.c.order_number == order)
    with reading(engine) as connection:
        rows = connection.execute(query.limit(AT_ONCE)).mappings().all()
    found: list[Kept] = []
    for row in rows:
        try:
            with named_faults(f"inbox {row['number']}"):
                found.append(Kept.model_validate(dict(row)))
        except Refusal as refusal:
            _set_aside_row(engine, row, refusal)
    return found or (waiting(engine, rows[-1]["number"], order) if rows else [])


def set_aside(engine: Engine, kept: Kept, refusal: Refusal, now: datetime, *, told: bool) -> None:
    """It was answered with success and cannot be told, or the order refused it: a clerk is asked, and the rest goes on.

    `told`: whether the order has heard it and said no; else it was never told.
    """
    inbox = table("inbox")
    state = InboxState.TOLD if told else InboxState.SET_ASIDE
    values = {"state": state.value, "answer": refusal.as_json()} | ({"told_at": now} if told else {})
    with writing(engine) as connection:
        connection.execute(update(inbox).where(inbox.c.number == kept.number).values(values))
        said = kept.envelope
        which = _Which(kept.order_number, said.known_as(), said.fact_id, said.digest())
        _ask_about(connection, which, said.kind, refusal, now)


def _set_aside_row(engine: Engine, row: RowMapping, refusal: Refusal) -> None:
    inbox, kind = table("inbox"), (row["envelope"] or {}).get("kind")
    with writing(engine) as connection:
        connection.execute(
            update(inbox)
            .where(inbox.c.number == row["number"])
            .values(state=InboxState.SET_ASIDE.value, answer=refusal.as_json())
        )
        known = known_as(str((row["envelope"] or {}).get("by", "")), row["fact_id"])
        which = _Which(row["order_number"], known, row["fact_id"], row["digest"])
        _ask_about(connection, which, str(kind or "-"), refusal, row["received_at"])


class _Which(NamedTuple):
    """Which fact of the inbox: two callers may have given the same id to theirs."""

    order: str
    known_as: str
    fact_id: str
    digest: str


def _ask_about(connection: Connection, which: _Which, kind: str, refusal: Refusal, now: datetime) -> None:
    words, order = words_of(kind), which.order
    step = desk_step(
        DeskStepKind.REFUSED_FACT,
        f"{which.known_as}/{order}",
        now,
        rule="R47",
        order=order,
        roles=(Role.FINANCE, Role.SERVICE_CLERK) if kind in OF_MONEY else (Role.SERVICE_CLERK,),
        given=order,
        fact_id=which.fact_id,
        digest=which.digest,
        what_zh=words.zh,
        what_en=words.en,
        code=refusal.code.value,
        reason_zh=refusal.words.zh,
        reason_en=refusal.words.en,
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


def told_of(engine: Engine, order: str) -> list[Kept]:
    """What this order was told from here and did not refuse, the oldest first."""
    inbox = table("inbox")
    query = (
        select(inbox)
        .where(inbox.c.order_number == order, inbox.c.state == InboxState.TOLD.value)
        .order_by(inbox.c.number)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    taken = [row for row in rows if "code" not in (row["answer"] or {}) or not row["answer"]["code"]]
    return each_read(taken, lambda row: Kept.model_validate(dict(row)), "a fact that was told")


def tell_again(engine: Engine, numbers: Collection[int]) -> None:
    """Of these it is not known whether their order has heard them: they are told once more."""
    inbox = table("inbox")
    with writing(engine) as connection:
        connection.execute(
            update(inbox).where(inbox.c.number.in_(numbers)).values(state=InboxState.WAITING.value)
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
        # It may belong to another number by now.
        this = (inbox.c.number == kept.number) & (inbox.c.order_number == kept.order_number)
        if connection.execute(update(inbox).where(this).values(state=InboxState.UNPLACED.value)).rowcount:
            ask_which_order(connection, kept.order_number, kept.envelope, now)


def _this(digest: str) -> ColumnElement[bool]:
    return table("inbox").c.digest == digest if digest else true()


def give_to(engine: Engine, fact_id: str, given: str, order: str, digest: str = "") -> None:
    """A clerk says which order a fact was meant for: it is told to that one next. `digest` as for `try_again`."""
    inbox = table("inbox")
    with writing(engine) as connection:
        connection.execute(
            update(inbox)
            .where(
                inbox.c.fact_id == fact_id,
                inbox.c.order_number == given,
                inbox.c.state == InboxState.UNPLACED.value,
                _this(digest),
            )
            .values(order_number=order, state=InboxState.WAITING.value)
        )
