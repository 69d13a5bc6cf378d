"""Orders that have a number and could not begin: set aside as a clerk's step, tried again or given up by a person (R10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, Select, select, update

from activities.facts.desk_steps import close_step, open_step
from activities.store.database import reading, writing
from models.reports.desk_steps import DeskStepKind, desk_step
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.vocabulary import Ending

_RULE = "R10"
_SYSTEM = "system"


def key_of(number: str) -> str:
    """The key of the step about this order."""
    return f"{DeskStepKind.UNSTARTED_ORDER.value}:{number}"


def set_aside(engine: Engine, number: str, refusal: Refusal, now: datetime) -> None:
    """A clerk is asked about it; until then nobody tries to begin it. Doing it again changes nothing."""
    step = desk_step(
        DeskStepKind.UNSTARTED_ORDER,
        number,
        now,
        rule=_RULE,
        order=number,
        number=number,
        code=refusal.code.value,
        reason_zh=refusal.words.zh,
        reason_en=refusal.words.en,
    )
    with writing(engine) as connection:
        open_step(connection, step)


def set_aside_numbers() -> Select[tuple[str]]:
    """The orders that are set aside now, for a query that leaves them out."""
    steps = table("desk_steps")
    return select(steps.c.order_number).where(
        steps.c.kind == DeskStepKind.UNSTARTED_ORDER.value, steps.c.closed_at.is_(None)
    )


def has_begun_after_all(engine: Engine, number: str, now: datetime, by: str = _SYSTEM) -> bool:
    """Nothing is to be looked at any more; whether there was a step. Where there was none nothing is written."""
    steps = table("desk_steps")
    with reading(engine) as connection:
        is_open = (steps.c.key == key_of(number)) & steps.c.closed_at.is_(None)
        if connection.scalar(select(steps.c.key).where(is_open)) is None:
            return False
    with writing(engine) as connection:
        return close_step(connection, key_of(number), now, by=by, resolution="begun")


def give_up(engine: Engine, number: str, now: datetime, *, by: str, reason: str) -> None:
    """It never begins: its number stays, and it counts as cancelled. One that has begun meanwhile is left alone."""
    orders = table("orders")
    with writing(engine) as connection:
        connection.execute(
            update(orders)
            .where(orders.c.number == number, orders.c.sequence == 0)
            .values(ending=Ending.CANCELLED.value, ended_at=now)
        )
        close_step(connection, key_of(number), now, by=by, resolution=reason)
