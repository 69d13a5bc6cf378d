"""Events of orders: entered in the transaction of their burst, given their positions after, read from a position on.

Transactions end in another order than they begin. So an event has no position while it is entered: whoever reads or sends
gives positions to all that are there, one after the other, and whoever read up to a position has missed none before it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, delete, exists, select, update

from activities.store.database import reading, writing
from activities.store.upsert import Insert, insert_in
from models.access import ALL
from models.dossier.records.recording import Burst
from models.tables.registry import table
from models.webhooks.endpoints import EndpointState, SendingState, wants
from models.webhooks.event_table import NewEvent, events_of
from models.webhooks.order_events import message

AT_ONCE = 500
MOST_ON_A_PAGE = 500
_EVENTS = "events"


def enter_events(connection: Connection, burst: Burst, *, listens: bool | None = None) -> None:
    """Enter what a burst tells other shops, in its own transaction; what was entered before stays as it is.

    `listens`: whether an endpoint is registered, where that is known. The update that moves an order on answers it, so that
    where nobody listens a burst costs no statement more.
    """
    if listens is False:
        return
    found = events_of(burst)
    if not found or (listens is None and not connection.scalar(_listening())):
        return
    order = _order_of(connection, burst)
    if order is None:
        return
    now = datetime.now(UTC)
    connection.execute(
        _entering(connection.dialect.name), [_row(order, each, burst.order, now) for each in found]
    )


def somebody_listens() -> ColumnElement[bool]:
    """Whether any endpoint is registered."""
    endpoints = table("webhook_endpoints")
    return exists().where(endpoints.c.state != EndpointState.REMOVED.value)


@lru_cache(maxsize=1)
def _listening() -> Select[tuple[bool]]:
    return select(somebody_listens())


def _order_of(connection: Connection, burst: Burst) -> RowMapping | None:
    """The order that a burst is about, as it stands after it; None for one that nobody recorded."""
    orders, cases = table("orders"), table("order_cases")
    number: Any = burst.order
    if not burst.order[:1].isdigit():
        number = select(cases.c.order_number).where(cases.c.case_number == burst.order).scalar_subquery()
    query = select(
        orders.c.number, orders.c.request_id, orders.c.customer, orders.c.customer_order_number, orders.c.headline,
        orders.c.request_version,
    ).where(orders.c.number == number)  # fmt: skip
    return connection.execute(query).mappings().one_or_none()


@lru_cache(maxsize=2)
def _entering(dialect: str) -> Insert:
    known = ("order_number", "identity")
    return insert_in(dialect, table("webhook_events")).on_conflict_do_nothing(index_elements=known)


def _row(order: RowMapping, event: NewEvent, burst_of: str, now: datetime) -> dict[str, Any]:
    of_a_case = burst_of != order["number"]
    version = order["request_version"] or 1
    identity = f"{event.identity}:{version}" if event.by_version else event.identity
    content = {**event.content, **({"case": burst_of} if of_a_case else {})}
    if event.by_version:
        content["request_version"] = version
    return {
        "order_number": order["number"],
        "identity": f"{burst_of}:{identity}" if of_a_case else identity,
        "event": event.event.value,
        "version": event.version,
        "customer": order["customer"] or "",
        "happened_at": event.happened_at or now,
        "entered_at": now,
        "data": {
            "order": order["number"],
            "request_id": order["request_id"] or "",
            "customer": order["customer"] or "",
            "customer_order_number": order["customer_order_number"] or "",
            "status": order["headline"] or None,
            **content,
        },
    }


# --- positions ---------------------------------------------------------------------------------------------------------


def give_positions(engine: Engine, now: datetime) -> int:
    """Give the events that have none their positions, in the order in which they were entered, and enter for each endpoint
    what it is to be sent; how many there were. Safe to call side by side."""
    events, positions = table("webhook_events"), table("webhook_positions")
    waiting = select(events.c.number).where(events.c.position.is_(None)).limit(1)
    with reading(engine) as connection:
        if connection.scalar(waiting) is None:
            return 0
    with writing(engine) as connection:
        last = connection.scalar(
            select(positions.c.last).where(positions.c.name == _EVENTS).with_for_update()
        )
        rows = (
            connection.execute(
                select(events.c.number, events.c.order_number, events.c.event, events.c.customer)
                .where(events.c.position.is_(None))
                .order_by(events.c.number)
                .limit(AT_ONCE)
            )
            .mappings()
            .all()
        )
        position = last or 0
        for row in rows:
            position += 1
            connection.execute(
                update(events).where(events.c.number == row["number"]).values(position=position)
            )
        connection.execute(update(positions).where(positions.c.name == _EVENTS).values(last=position))
        _enter_deliveries(connection, rows, now)
        return len(rows)


def _enter_deliveries(connection: Connection, rows: Sequence[RowMapping], now: datetime) -> None:
    endpoints = table("webhook_endpoints")
    listening = connection.execute(
        select(endpoints.c.endpoint, endpoints.c.events, endpoints.c.customers).where(
            endpoints.c.state != EndpointState.REMOVED.value
        )
    ).all()
    due = [
        {
            "endpoint": each.endpoint, "event": row["number"], "order_number": row["order_number"],
            "state": SendingState.WAITING.value, "attempts": 0, "next_at": now,
        }
        for row in rows
        for each in listening
        if wants(each.events, each.customers, row["event"], row["customer"])
    ]  # fmt: skip
    if due:
        statement = insert_in(connection.dialect.name, table("webhook_deliveries"))
        connection.execute(statement.on_conflict_do_nothing(index_elements=("endpoint", "event")), due)


# --- reading -----------------------------------------------------------------------------------------------------------


def as_message(row: RowMapping) -> dict[str, Any]:
    """A row as the event that is sent and listed."""
    return message(
        row["order_number"], row["identity"], row["event"], row["version"], row["position"] or 0, row["happened_at"],
        row["data"],
    )  # fmt: skip


def events_after(
    engine: Engine, after: int, customers: Collection[str], *, order: str = "", most: int = 100
) -> list[dict[str, Any]]:
    """The events after a position, of these customers' orders, the oldest first; `order`: of this one alone."""
    events = table("webhook_events")
    query = select(events).where(events.c.position > after).order_by(events.c.position)
    if ALL not in customers:
        query = query.where(events.c.customer.in_(list(customers)))
    if order:
        query = query.where(events.c.order_number == order)
    with reading(engine) as connection:
        return [as_message(row) for row in connection.execute(query.limit(most)).mappings()]


def forget_events(engine: Engine, now: datetime, keep_days: int) -> int:
    """Drop the events that are older than the policy keeps them, with what became of them; how many."""
    events, deliveries = table("webhook_events"), table("webhook_deliveries")
    with reading(engine) as connection:
        numbers = list(
            connection.scalars(
                select(events.c.number)
                .where(events.c.entered_at < now - timedelta(days=keep_days))
                .limit(AT_ONCE)
            )
        )
    if numbers:
        with writing(engine) as connection:
            connection.execute(delete(deliveries).where(deliveries.c.event.in_(numbers)))
            connection.execute(delete(events).where(events.c.number.in_(numbers)))
    return len(numbers)
