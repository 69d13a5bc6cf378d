"""What whoever watches the installation wants to know of the business, counted at one moment: open, overdue, slipped, waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, select

from activities.facts.pending_facts import InboxState
from activities.figures import punctuality, standing
from activities.store.database import reading
from models.reports.notice_routes import DeliveryState
from models.reports.report import Window
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.vocabulary import Ending

LATELY = timedelta(days=30)
"""Slips and reminders are counted over so long: a gauge that goes down again when things go well."""


_FAILED = [
    state.value for state in (DeliveryState.NO_ADDRESS, DeliveryState.REJECTED, DeliveryState.UNCERTAIN)
]


@dataclass(frozen=True, slots=True)
class WatchedFigures:
    """Counts at a moment; ages in seconds, 0 where nothing waits."""

    open_by_phase: dict[str, int]
    overdue_by_role: dict[str, int]
    slips_by_cause: dict[str, int]
    reminders_by_level: dict[int, int]
    dead: int
    inbox: int
    inbox_age: float
    outbox_age: float
    """How long the oldest notice that may be sent now has waited."""
    failed_deliveries: dict[str, int]
    """Notices that somebody must look at, by why."""
    desk_steps: int


def watched_figures(engine: Engine, now: datetime) -> WatchedFigures:
    """All of them. `now` is UTC. Raises the refusals of `database.reading`."""
    today = business_date(now)
    with reading(engine) as connection:
        overdue: dict[str, int] = {}
        for each in standing.overdue_by_role(connection, today):
            overdue[each.role] = overdue.get(each.role, 0) + each.steps
        waiting, oldest = _inbox(connection)
        return WatchedFigures(
            open_by_phase=_open_by_phase(connection),
            overdue_by_role=overdue,
            slips_by_cause={
                each.cause: each.moves
                for each in punctuality.slips_by_cause(connection, Window(since=now - LATELY, until=now))
            },
            reminders_by_level=_reminders(connection, now),
            dead=_dead(connection),
            inbox=waiting,
            inbox_age=_age(oldest, now),
            outbox_age=_age(_oldest_delivery(connection, now), now),
            failed_deliveries=_failed_deliveries(connection),
            desk_steps=_desk_steps(connection),
        )


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since is not None else 0.0


def _open_by_phase(connection: Connection) -> dict[str, int]:
    orders = table("orders")
    asked = select(orders.c.phase, func.count()).where(orders.c.ending.is_(None)).group_by(orders.c.phase)
    return {row[0]: row[1] for row in connection.execute(asked)}


def _dead(connection: Connection) -> int:
    orders = table("orders")
    asked = select(func.count()).select_from(orders).where(orders.c.ending == Ending.DEAD.value)
    return int(connection.scalar(asked) or 0)


def _reminders(connection: Connection, now: datetime) -> dict[int, int]:
    reminders = table("reminders")
    since = business_date(now - LATELY)
    asked = select(reminders.c.level, func.count()).where(reminders.c.day > since).group_by(reminders.c.level)
    return {row[0]: row[1] for row in connection.execute(asked)}


def _inbox(connection: Connection) -> tuple[int, datetime | None]:
    inbox = table("inbox")
    asked = select(func.count(), func.min(inbox.c.received_at)).where(
        inbox.c.state == InboxState.WAITING.value
    )
    count, oldest = connection.execute(asked).one()
    return count, oldest


def _oldest_delivery(connection: Connection, now: datetime) -> datetime | None:
    deliveries = table("deliveries")
    asked = select(func.min(deliveries.c.entered_at)).where(
        deliveries.c.state == DeliveryState.WAITING.value, deliveries.c.next_at <= now
    )
    oldest: datetime | None = connection.scalar(asked)
    return oldest


def _failed_deliveries(connection: Connection) -> dict[str, int]:
    deliveries = table("deliveries")
    asked = select(deliveries.c.state, func.count()).where(deliveries.c.state.in_(_FAILED))
    return {row[0]: row[1] for row in connection.execute(asked.group_by(deliveries.c.state))}


def _desk_steps(connection: Connection) -> int:
    steps = table("desk_steps")
    asked = select(func.count()).select_from(steps).where(steps.c.closed_at.is_(None))
    return int(connection.scalar(asked) or 0)
