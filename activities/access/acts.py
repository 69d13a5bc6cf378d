"""Who did what at the door, in which role, from where; and what was answered under a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, func, select, update

from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.access import TOLD
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_AT_WORK = 0
_HELD = "held"
"""The outcome of an act that may still be taken back."""
_AT_ONCE = 500
_LEFT_ALONE = timedelta(minutes=1)
"""How long the first request with a key may be at work; one that was killed is done again after that."""
KEPT_FOR = timedelta(days=7)
"""How long an answer is known again; what is asked again later is done anew, and facts know themselves by their ids."""
MOST_ANSWERS = 50_000
"""How many answers of one caller are kept, the newest."""
_STILL_AT_WORK = Words(
    "同一 Idempotency-Key 的请求还在处理", "the first request with this Idempotency-Key is still at work"
)
_OTHER_CONTENT = Words(
    "此 Idempotency-Key 已用于别的内容", "this Idempotency-Key was used for another content before"
)


class Act(BaseModel):
    """One act. Times UTC. `outcome` is `told`, or the code with which it was refused."""

    at: datetime
    person: str
    role: str
    address: str
    act: str
    order_number: str
    outcome: str
    acted_for: str = ""
    """The absent colleague for whom they did it (R13)."""


def note_act(engine: Engine, act: Act) -> int:
    """Write an act down in a transaction of its own; returns its number, by which `refused_act` finds it."""
    with writing(engine) as connection:
        return enter_act(connection, act)


def enter_act(connection: Connection, act: Act) -> int:
    """Write an act down within the caller's transaction; returns its number."""
    acts, row = table("acts"), act.model_dump() | {"act": act.act[:300]}
    number: int = connection.execute(acts.insert().values(row).returning(acts.c.number)).scalar_one()
    return number


def refused_act(engine: Engine, number: int, outcome: str) -> None:
    """Note on an act that was written down before with which code it was refused."""
    acts = table("acts")
    with writing(engine) as connection:
        connection.execute(acts.update().where(acts.c.number == number).values(outcome=outcome))


def acts_of(engine: Engine, order: str) -> list[Act]:
    """The acts on an order, the oldest first."""
    acts = table("acts")
    query = select(acts).where(acts.c.order_number == order).order_by(acts.c.number)
    with reading(engine) as connection:
        return [Act.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def acts_in_stead(engine: Engine, order: str) -> list[Act]:
    """The acts on an order that somebody did for an absent colleague (R13), the oldest first; not those that were refused
    or taken back."""
    acts = acts_of(engine, order)
    gone = {act.act for act in acts if act.outcome not in (TOLD, _HELD)}
    return [act for act in acts if act.acted_for and act.act not in gone]


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """What was answered before under the same key."""

    status: int
    body: dict[str, Any]


def reserve_answer(engine: Engine, caller: str, key: str, digest: str, now: datetime) -> KnownAnswer | None:
    """The answer given before to the same content; None where the key is this caller's to use now.

    Raises Refusal(request_conflict) where the content was another, or the first one with this key is still at work.
    """
    answers = table("answers")
    row = {
        "caller": caller,
        "key": key,
        "digest": digest,
        "status": _AT_WORK,
        "body": {},
        "created_at": now,
    }
    query = select(answers).where(answers.c.caller == caller, answers.c.key == key)
    with writing(engine) as connection:
        statement = insert_into(connection, answers).values(row).on_conflict_do_nothing()
        if connection.execute(statement.returning(answers.c.key)).all():
            return None
        known = connection.execute(query).mappings().one()
        if known["digest"] != digest:
            raise Refusal(Code.REQUEST_CONFLICT, _OTHER_CONTENT, where="Idempotency-Key")
        if known["status"] != _AT_WORK:
            return KnownAnswer(known["status"], known["body"])
        alone = update(answers).where(
            answers.c.caller == caller,
            answers.c.key == key,
            answers.c.status == _AT_WORK,
            answers.c.created_at <= now - _LEFT_ALONE,
        )
        # of several that try it again at once, one takes it over
        if not connection.execute(alone.values(created_at=now)).rowcount:
            raise Refusal(Code.REQUEST_CONFLICT, _STILL_AT_WORK, where="Idempotency-Key")
    return None


def keep_answer(engine: Engine, caller: str, key: str, answer: KnownAnswer) -> None:
    """Keep what was answered to something that was done, so that the same question has the same answer."""
    answers = table("answers")
    with writing(engine) as connection:
        connection.execute(
            answers.update()
            .where(answers.c.caller == caller, answers.c.key == key)
            .values(status=answer.status, body=answer.body)
        )


def free_answer(engine: Engine, caller: str, key: str) -> None:
    """Give an idempotency key free again, because the request under it had no effect."""
    answers = table("answers")
    with writing(engine) as connection:
        connection.execute(
            answers.delete().where(
                answers.c.caller == caller, answers.c.key == key, answers.c.status == _AT_WORK
            )
        )


def forget_answers(engine: Engine, now: datetime, most: int = MOST_ANSWERS) -> int:
    """Forget answers that are older than KEPT_FOR, and of each caller all but the newest `most`; returns how many."""
    answers = table("answers")
    with writing(engine) as connection:
        gone: int = connection.execute(answers.delete().where(answers.c.created_at < now - KEPT_FOR)).rowcount
        many = select(answers.c.caller).group_by(answers.c.caller).having(func.count() > most)
        for caller in connection.scalars(many).all():
            newest = (
                select(answers.c.created_at, answers.c.key)
                .where(answers.c.caller == caller)
                .order_by(answers.c.created_at.desc(), answers.c.key.desc())
                .offset(most)
            )
            keys = [row.key for row in connection.execute(newest)]
            for first in range(0, len(keys), _AT_ONCE):
                some = answers.c.key.in_(keys[first : first + _AT_ONCE])
                gone += connection.execute(answers.delete().where(answers.c.caller == caller, some)).rowcount
    return gone
