"""Acts of people that may still be taken back: kept here for a moment, then told like anything that was kept.

An act is held as it was said, survives a restart, and goes into the inbox of facts in the very transaction in which it
stops being held: it is told once, or was taken back, and never both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Engine, RowMapping, select, update

from activities.facts import pending_facts
from activities.store.database import reading, writing
from activities.store.faults import named_faults
from activities.store.upsert import insert_into
from models.messages.envelope import Envelope
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of, lasting
from models.values.vocabulary import Term, Words

_AT_ONCE = 200
_SHOWN_SIGNS = 32
_GONE = Words(
    "已经生效，不能再撤回；要改请另行办理",
    "it has taken effect and cannot be taken back; put it right by another act",
)
_NO_ACT = Words("没有可以撤回的这一项", "there is no such act to be taken back")


class HeldState(Term):
    """What became of an act that was held."""

    HELD = "held", "待生效", "not told yet"
    PASSED_ON = "passed_on", "已生效", "told"
    TAKEN_BACK = "taken_back", "已撤回", "taken back"


class HeldAct(BaseModel):
    """An act that is or was held. Times UTC."""

    key: str
    order_number: str
    fact_id: str
    person: str
    kind: str
    step: str
    envelope: Envelope
    form: dict[str, str]
    said_at: datetime
    due_at: datetime
    state: HeldState

    @property
    def is_held(self) -> bool:
        """Whether it may still be taken back."""
        return self.state is HeldState.HELD


class Answer(BaseModel):
    """What the order said to an act that was passed on: nothing yet, or whether it took it and why not."""

    is_there: bool = False
    refusal: dict[str, Any] | None = None


def key_of(order: str, fact_id: str) -> str:
    """The name under which an act is held: the same form sent twice is held once."""
    return digest_of([order, fact_id])[:_SHOWN_SIGNS]


def hold(
    engine: Engine,
    order: str,
    envelope: Envelope,
    form: Mapping[str, str],
    step: str,
    address: str,
    said_at: datetime,
    due_at: datetime,
) -> HeldAct:
    """Hold an act until then. The same again is the same act, whatever became of it. Raises Refusal(database_unavailable)."""
    acts, key = table("held_acts"), key_of(order, envelope.fact_id)
    row = {
        "key": key, "order_number": order, "fact_id": envelope.fact_id, "person": envelope.by, "kind": envelope.kind,
        "step": step, "envelope": lasting(envelope), "form": dict(form), "address": address, "said_at": said_at,
        "due_at": due_at, "state": HeldState.HELD.value,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert_into(connection, acts).values(row).on_conflict_do_nothing())
        # said again after it was taken back: now it is meant
        again = (acts.c.key == key) & (acts.c.state == HeldState.TAKEN_BACK.value)
        connection.execute(update(acts).where(again).values(row))
        kept = connection.execute(select(acts).where(acts.c.key == key)).mappings().one()
    return _read(kept)


def _read(row: RowMapping) -> HeldAct:
    return HeldAct.model_validate(
        {**row, "state": next(each for each in HeldState if each.value == row["state"])}
    )


def held_act(engine: Engine, key: str, person: str) -> HeldAct | None:
    """This person's act by its key; None where they have none such."""
    acts = table("held_acts")
    query = select(acts).where(acts.c.key == key, acts.c.person == person)
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
    return _read(row) if row is not None else None


def held_now(engine: Engine, *, order: str = "", person: str = "") -> list[HeldAct]:
    """The acts that may still be taken back, of one order or of one person."""
    acts = table("held_acts")
    wanted: list[ColumnElement[bool]] = [acts.c.state == HeldState.HELD.value]
    if order:
        wanted.append(acts.c.order_number == order)
    if person:
        wanted.append(acts.c.person == person)
    with reading(engine) as connection:
        rows = connection.execute(select(acts).where(*wanted).order_by(acts.c.said_at)).mappings().all()
    return [_read(row) for row in rows]


def take_back(engine: Engine, key: str, person: str, now: datetime) -> HeldAct:
    """Take an act back: it is never told. Raises Refusal(unknown_place) for none of theirs, too_late for one that was told."""
    acts = table("held_acts")
    mine = (acts.c.key == key) & (acts.c.person == person)
    with writing(engine) as connection:
        still = mine & (acts.c.state == HeldState.HELD.value) & (acts.c.due_at > now)
        done = connection.execute(update(acts).where(still).values(state=HeldState.TAKEN_BACK.value)).rowcount
        row = connection.execute(select(acts).where(mine)).mappings().one_or_none()
    if row is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_ACT, where="key")
    act = _read(row)
    if not done and act.state is not HeldState.TAKEN_BACK:
        raise Refusal(Code.TOO_LATE, _GONE, where="key")
    return act


def pass_on(engine: Engine, now: datetime) -> int:
    """Let the acts go whose time to be taken back is over: from now on they are facts to be told. How many went."""
    acts, count = table("held_acts"), 0
    due = (acts.c.state == HeldState.HELD.value) & (acts.c.due_at <= now)
    query = select(acts).where(due).order_by(acts.c.said_at).limit(_AT_ONCE)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    for row in rows:
        with named_faults(f"the act {row['key']}"):
            envelope = Envelope.model_validate(row["envelope"])
        with writing(engine) as connection:
            mine = (acts.c.key == row["key"]) & (acts.c.state == HeldState.HELD.value)
            let_go = update(acts).where(mine).values(state=HeldState.PASSED_ON.value)
            if connection.execute(let_go).rowcount:
                pending_facts.enter(connection, row["order_number"], envelope, now, row["address"])
                count += 1
    return count


def next_due(engine: Engine) -> datetime | None:
    """When the first act is to go; None where none is held."""
    acts = table("held_acts")
    query = select(acts.c.due_at).where(acts.c.state == HeldState.HELD.value).order_by(acts.c.due_at).limit(1)
    with reading(engine) as connection:
        return connection.scalar(query)


def answer_to(engine: Engine, act: HeldAct) -> Answer:
    """What the order said to an act that was passed on."""
    inbox = table("inbox")
    query = select(inbox.c.state, inbox.c.answer).where(
        inbox.c.order_number == act.order_number, inbox.c.fact_id == act.fact_id
    )
    with reading(engine) as connection:
        row = connection.execute(query).mappings().first()
    if row is None or row["answer"] is None:
        return Answer()
    answer: dict[str, Any] = row["answer"]
    return Answer(is_there=True, refusal=answer if answer.get("code") else None)
