"""Orders that have not ended and whose workflow is gone: terminated, deleted, or on a server that never had it (R47).

What is told to such an order is kept in the inbox, and a step of the desk says what happened; an operator brings it back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from activities.facts.desk_steps import close_step, open_step
from activities.facts.pending_facts import InboxState
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.messages.authors import known_as
from models.reports.desk_steps import DeskStepKind, desk_step
from models.reports.server_state import ServerState
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role

_RULE = "R47"


def key_of(number: str) -> str:
    """The key of the step about this order."""
    return f"{DeskStepKind.LOST_ORDER.value}:{number}"


def note_lost(
    engine: Engine,
    number: str,
    state: ServerState,
    now: datetime,
    *,
    closed_at: datetime | None = None,
    closed_by: str = "",
    reason: str = "",
) -> None:
    """A clerk and an operator see what happened to the order's workflow. Doing it again changes nothing.

    `closed_at`, `closed_by` and `reason` are what the server says of its end.
    """
    closed = [
        closed_at.astimezone(BUSINESS_ZONE).isoformat(" ", "minutes") if closed_at is not None else "",
        closed_by,
    ]
    step = desk_step(
        DeskStepKind.LOST_ORDER,
        number,
        now,
        rule=_RULE,
        order=number,
        roles=(Role.SERVICE_CLERK, Role.OPERATOR),
        number=number,
        state=state.value,
        state_zh=state.zh,
        state_en=state.en,
        closed=", ".join(each for each in closed if each) or "-",
        reason=reason or "-",
    )
    with writing(engine) as connection:
        open_step(connection, step)


def no_longer_lost(engine: Engine, number: str, now: datetime, by: str, resolution: str) -> bool:
    """Nothing is to be looked at any more; whether there was a step."""
    with writing(engine) as connection:
        return close_step(connection, key_of(number), now, by=by, resolution=resolution)


def ending_of(engine: Engine, number: str) -> str | None:
    """How the order has ended, as it recorded itself; None while it has not."""
    orders = table("orders")
    with reading(engine) as connection:
        ending: str | None = connection.scalar(select(orders.c.ending).where(orders.c.number == number))
        return ending


def keep_meanwhile(engine: Engine, number: str, now: datetime) -> int:
    """What was put aside as late while the order was only lost waits to be told to it; how many facts."""
    facts, inbox = table("late_facts"), table("inbox")
    with writing(engine) as connection:
        rows = (
            connection.execute(
                select(facts)
                .where(facts.c.order_number == number)
                .order_by(facts.c.received_at, facts.c.fact_id)
            )
            .mappings()
            .all()
        )
        for row in rows:
            kept = {
                name: row[name] for name in ("order_number", "fact_id", "digest", "envelope", "received_at")
            }
            waiting = {**kept, "address": "", "state": InboxState.WAITING.value}
            connection.execute(insert_into(connection, inbox).values(waiting).on_conflict_do_nothing())
            own_id = known_as(str(row["envelope"].get("by", "")), row["fact_id"])
            close_step(
                connection,
                f"{DeskStepKind.LATE_FACT.value}:{number}/{own_id}",
                now,
                by="system",
                resolution="kept",
            )
        connection.execute(facts.delete().where(facts.c.order_number == number))
    return len(rows)
