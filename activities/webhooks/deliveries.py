"""What becomes of events at endpoints: what is due, claimed, marked, tried again, given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, and_, exists, or_, select, update

from activities.facts.desk_steps import open_step
from activities.store.database import reading, writing
from activities.webhooks.endpoints import pause_for
from models.policy import WebhookPolicy
from models.reports.desk_steps import DeskStep, DeskStepKind, desk_step
from models.tables.registry import table
from models.values.vocabulary import Role
from models.webhooks.endpoints import (
    STANDS_IN_THE_WAY,
    EndpointState,
    PauseCause,
    SendingState,
    is_hopeless,
    is_to_give_up,
    next_try,
)

LEASE = timedelta(minutes=2)
"""Longer than any endpoint may take: after it whoever was sending has died."""
HEADS_AT_ONCE = 50
PATIENT_FAILURES = 3
"""After so many failures one after another the whole endpoint is left alone for a while, and not every order tries it."""
LONGEST_REST_SECONDS = 900
_RULE = "R85"
_IN_THE_WAY = [state.value for state in STANDS_IN_THE_WAY]


@dataclass(frozen=True, slots=True)
class Head:
    """The first event of an order that an endpoint has not taken."""

    endpoint: str
    number: int
    attempts: int
    first_tried_at: datetime | None
    event: RowMapping


def due_endpoints(engine: Engine, now: datetime) -> list[str]:
    """The endpoints that are to be sent to and have something due."""
    endpoints, deliveries = table("webhook_endpoints"), table("webhook_deliveries")
    due = exists().where(
        deliveries.c.endpoint == endpoints.c.endpoint,
        deliveries.c.state == SendingState.WAITING.value,
        deliveries.c.next_at <= now,
    )
    query = select(endpoints.c.endpoint).where(*_open(now), due).order_by(endpoints.c.endpoint)
    with reading(engine) as connection:
        return list(connection.scalars(query))


def endpoint_now(engine: Engine, endpoint: str, now: datetime) -> RowMapping | None:
    """The endpoint as it is now; None where it is not to be sent to."""
    endpoints = table("webhook_endpoints")
    with reading(engine) as connection:
        query = select(endpoints).where(endpoints.c.endpoint == endpoint, *_open(now))
        return connection.execute(query).mappings().one_or_none()


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    endpoints = table("webhook_endpoints")
    return (
        endpoints.c.state == EndpointState.ACTIVE.value,
        or_(endpoints.c.next_at.is_(None), endpoints.c.next_at <= now),
    )


def heads_due(engine: Engine, endpoint: str, now: datetime) -> list[Head]:
    """For each order the first event that the endpoint has not taken, where it is due now; the oldest first."""
    deliveries, events = table("webhook_deliveries"), table("webhook_events")
    before = deliveries.alias("before")
    query = (
        select(deliveries.c.event, deliveries.c.attempts, deliveries.c.first_tried_at)
        .where(
            deliveries.c.endpoint == endpoint,
            deliveries.c.state == SendingState.WAITING.value,
            deliveries.c.next_at <= now,
            ~exists().where(
                before.c.endpoint == deliveries.c.endpoint,
                before.c.order_number == deliveries.c.order_number,
                before.c.state.in_(_IN_THE_WAY),
                or_(before.c.event < deliveries.c.event, before.c.state == SendingState.SENDING.value),
            ),
        )
        .order_by(deliveries.c.event)
        .limit(HEADS_AT_ONCE)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
        found = connection.execute(select(events).where(events.c.number.in_([row.event for row in rows])))
        by_number = {row["number"]: row for row in found.mappings()}
    return [
        Head(endpoint, row.event, row.attempts, row.first_tried_at, by_number[row.event])
        for row in rows
        if row.event in by_number
    ]


def claim(engine: Engine, head: Head, now: datetime) -> bool:
    """Take it for this process to send; False where another has it, or it is no longer wanted."""
    deliveries = table("webhook_deliveries")
    with writing(engine) as connection:
        claimed = connection.execute(
            update(deliveries)
            .where(_same(head), deliveries.c.state == SendingState.WAITING.value, deliveries.c.next_at <= now)
            .values(
                state=SendingState.SENDING.value,
                attempts=deliveries.c.attempts + 1,
                next_at=now + LEASE,
                first_tried_at=head.first_tried_at or now,
            )
        )
        return bool(claimed.rowcount)


def withhold(engine: Engine, head: Head) -> None:
    """Its service may not read this order any more: it is not sent."""
    deliveries = table("webhook_deliveries")
    with writing(engine) as connection:
        connection.execute(
            update(deliveries)
            .where(_same(head), deliveries.c.state == SendingState.WAITING.value)
            .values(state=SendingState.WITHHELD.value)
        )


def recover(engine: Engine, now: datetime) -> None:
    """What was being sent by a process that died is sent once more: its receiver knows it by its id."""
    deliveries = table("webhook_deliveries")
    lost = and_(deliveries.c.state == SendingState.SENDING.value, deliveries.c.next_at < now)
    with reading(engine) as connection:
        if connection.scalar(select(deliveries.c.event).where(lost).limit(1)) is None:
            return
    with writing(engine) as connection:
        connection.execute(
            update(deliveries)
            .where(lost)
            .values(state=SendingState.WAITING.value, next_at=now, problem="the sender died")
        )


def mark(
    engine: Engine,
    row: RowMapping,
    head: Head,
    *,
    taken: bool,
    problem: str,
    now: datetime,
    policy: WebhookPolicy,
) -> None:
    """Note what became of this attempt, of the event and of the endpoint; one that outlived its claim changes nothing but
    that it was taken after all."""
    deliveries, attempt = table("webhook_deliveries"), head.attempts + 1
    with writing(engine) as connection:
        marking = update(deliveries).where(_same(head))
        if taken:
            connection.execute(
                marking.values(state=SendingState.SENT.value, sent_at=now, next_at=now, problem="")
            )
            _succeeded(connection, row["endpoint"], now)
            return
        gives_up = is_to_give_up(now, head.first_tried_at, policy)
        state = SendingState.GIVEN_UP if gives_up else SendingState.WAITING
        marked = connection.execute(
            marking.where(
                deliveries.c.state == SendingState.SENDING.value, deliveries.c.attempts == attempt
            ).values(state=state.value, next_at=next_try(now, attempt, policy), problem=problem[:300])
        )
        if not marked.rowcount:
            return
        if gives_up:
            open_step(connection, _given_up(row, head, problem, now))
        _failed(connection, row["endpoint"], problem, now, policy)


def _succeeded(connection: Connection, endpoint: str, now: datetime) -> None:
    endpoints = table("webhook_endpoints")
    connection.execute(
        update(endpoints)
        .where(endpoints.c.endpoint == endpoint)
        .values(failures=0, failing_since=None, next_at=None, problem="", sent_at=now)
    )


def _failed(
    connection: Connection, endpoint: str, problem: str, now: datetime, policy: WebhookPolicy
) -> None:
    endpoints = table("webhook_endpoints")
    row = (
        connection.execute(select(endpoints).where(endpoints.c.endpoint == endpoint).with_for_update())
        .mappings()
        .one()
    )
    failures, since = row["failures"] + 1, row["failing_since"] or now
    rest = min(policy.pauses_seconds[0] * 2 ** min(failures - PATIENT_FAILURES, 20), LONGEST_REST_SECONDS)
    connection.execute(
        update(endpoints)
        .where(endpoints.c.endpoint == endpoint)
        .values(
            failures=failures,
            failing_since=since,
            problem=problem[:300],
            next_at=now + timedelta(seconds=rest) if failures >= PATIENT_FAILURES else None,
        )
    )
    if row["state"] == EndpointState.ACTIVE.value and is_hopeless(now, since, policy):
        pause_for(connection, row, PauseCause.FAILS, problem, now)


def pause(engine: Engine, row: RowMapping, cause: PauseCause, problem: str, now: datetime) -> None:
    """Pause an endpoint that cannot be sent to, and tell whose affair it is on the desk."""
    with writing(engine) as connection:
        pause_for(connection, row, cause, problem, now)


def _given_up(row: RowMapping, head: Head, problem: str, now: datetime) -> DeskStep:
    return desk_step(
        DeskStepKind.EVENT_GIVEN_UP, row["endpoint"], now, rule=_RULE, order=head.event["order_number"],
        roles=(Role.ADMINISTRATOR,), endpoint=row["endpoint"], name=row["name"], number=head.event["order_number"],
        event=head.event["event"], after=str((head.event["position"] or 1) - 1), reason=problem[:300],
    )  # fmt: skip


def _same(head: Head) -> ColumnElement[bool]:
    deliveries = table("webhook_deliveries")
    return and_(deliveries.c.endpoint == head.endpoint, deliveries.c.event == head.number)


def sendings_of(engine: Engine, endpoint: str, most: int = 50) -> Sequence[RowMapping]:
    """What became of the newest events at an endpoint, with the events themselves."""
    deliveries, events = table("webhook_deliveries"), table("webhook_events")
    query = (
        select(
            deliveries.c.state, deliveries.c.attempts, deliveries.c.next_at, deliveries.c.sent_at, deliveries.c.problem,
            events.c.position, events.c.order_number, events.c.event, events.c.happened_at,
        )
        .join(events, events.c.number == deliveries.c.event)
        .where(deliveries.c.endpoint == endpoint)
        .order_by(deliveries.c.event.desc())
        .limit(most)
    )  # fmt: skip
    with reading(engine) as connection:
        return connection.execute(query).mappings().all()
