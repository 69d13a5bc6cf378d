"""Notices of an order, or all of a state: to whom, by which way, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, and_, func, select, update

from activities.facts.desk_steps import close_step
from activities.notices.addresses import address_book
from activities.store.company_changes import TABLES, Changed, Teller, enter_changes, records_before
from activities.store.database import reading, writing
from activities.store.faults import each_read
from models.company.record_changes import ChangeWay, RecordKind
from models.reports.desk_steps import DeskStep
from models.reports.notice_routes import Channel, DeliveryState
from models.tables.registry import table
from models.values.vocabulary import Role
from models.writing.amounts_in_texts import ShownText

_KEY = ("order_number", "identity", "addressee", "channel")


class DeliveryView(BaseModel):
    """One notice to one addressee. Times UTC."""

    order_number: str
    identity: str
    zh: ShownText
    en: ShownText
    addressee: str
    channel: Channel
    address: str
    state: DeliveryState
    attempts: int
    entered_at: datetime
    next_at: datetime
    sent_at: datetime | None
    problem: str | None


def deliveries_of(
    engine: Engine, order: str | None = None, state: DeliveryState | None = None, most: int | None = None
) -> list[DeliveryView]:
    """Deliveries of an order, or of all, the newest last; `most`: only so many of the newest."""
    deliveries, outbox = table("deliveries"), table("outbox")
    same = and_(
        outbox.c.order_number == deliveries.c.order_number, outbox.c.identity == deliveries.c.identity
    )
    query = select(deliveries, outbox.c.zh, outbox.c.en).join(outbox, same)
    if order is not None:
        query = query.where(deliveries.c.order_number == order)
    if state is not None:
        query = query.where(deliveries.c.state == state.value)
    newest = query.order_by(deliveries.c.entered_at.desc(), *(deliveries.c[name].desc() for name in _KEY))
    with reading(engine) as connection:
        rows = connection.execute(newest.limit(most)).mappings().all()
    return each_read(reversed(rows), lambda row: DeliveryView.model_validate(dict(row)), "a delivery")


def paper_counts(engine: Engine) -> tuple[int, int]:
    """How many papers are printed, and how many notices sent."""
    outbox, deliveries = table("outbox"), table("deliveries")
    sent = select(func.count()).where(deliveries.c.state == DeliveryState.SENT.value)
    with reading(engine) as connection:
        printed = connection.scalar(select(func.count()).where(outbox.c.document.is_not(None)))
        return printed or 0, connection.scalar(sent) or 0


def supply_address(engine: Engine, step: DeskStep, address: str, now: datetime, by: str) -> int:
    """Note the address that was missing and send what waited for it; how many notices.

    The customer's file or the person's entry is changed, so that the next notice finds it.
    """
    column = {Channel.EMAIL.value: "email", Channel.FAX.value: "fax"}[step.about["channel"]]
    who = step.about["who"]
    with writing(engine) as connection:
        is_customer = step.about["addressee"] == Role.CUSTOMER.value
        kind, key = (
            (RecordKind.CUSTOMER, {"customer": who}) if is_customer else (RecordKind.PERSON, {"person": who})
        )
        before = records_before(connection, kind, [key]).get(who)
        if before is not None:
            values = {column if is_customer else "email": address}
            where = table(TABLES[kind][0])
            is_it = and_(*(where.c[name] == value for name, value in key.items()))
            connection.execute(update(where).where(is_it).values(values))
            teller = Teller(by, ChangeWay.NOTICE, now)
            enter_changes(connection, [Changed(kind, key, before, values)], teller)
        waiting = _lacking(connection, step)
        for row in waiting:
            _again(connection, row, address, now)
        close_step(connection, step.key, now, by=by, resolution=address)
    return len(waiting)


def _lacking(connection: Connection, step: DeskStep) -> list[dict[str, Any]]:
    """Deliveries that wait for the address of this very person or customer."""
    deliveries = table("deliveries")
    query = select(deliveries).where(
        deliveries.c.state == DeliveryState.NO_ADDRESS.value,
        deliveries.c.addressee == step.about["addressee"],
        deliveries.c.channel == step.about["channel"],
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [
        row
        for row in rows
        if address_book(connection, row["order_number"]).key(row["addressee"]) == step.about["who"]
    ]


def give_up_address(engine: Engine, step: DeskStep, now: datetime, by: str, words: str) -> int:
    """Leave unsent what waited for an address that nobody will supply; how many notices."""
    with writing(engine) as connection:
        waiting = _lacking(connection, step)
        for row in waiting:
            connection.execute(
                update(table("deliveries")).where(_same(row)).values(state=DeliveryState.WITHDRAWN.value)
            )
        close_step(connection, step.key, now, by=by, resolution=words)
    return len(waiting)


def send_again(engine: Engine, step: DeskStep, now: datetime, by: str, address: str | None = None) -> None:
    """Send a notice that was rejected, or that was not sent after all; to another address where one is given."""
    with writing(engine) as connection:
        _again(connection, step.about, address, now)
        close_step(connection, step.key, now, by=by, resolution=address or "again")


def settle(engine: Engine, step: DeskStep, state: DeliveryState, now: datetime, by: str, words: str) -> None:
    """Take a person's word for what became of a notice: it was sent, or it is given up."""
    with writing(engine) as connection:
        values: dict[str, Any] = {"state": state.value}
        if state is DeliveryState.SENT:
            values["sent_at"] = now
        connection.execute(update(table("deliveries")).where(_same(step.about)).values(values))
        close_step(connection, step.key, now, by=by, resolution=words)


def _again(connection: Connection, key: dict[str, Any], address: str | None, now: datetime) -> None:
    values = {"state": DeliveryState.WAITING.value, "next_at": now, "entered_at": now, "attempts": 0}
    if address is not None:
        values["address"] = address
    connection.execute(update(table("deliveries")).where(_same(key)).values(values))


def _same(key: dict[str, Any]) -> Any:
    deliveries = table("deliveries")
    return and_(*(deliveries.c[name] == key[name] for name in _KEY))
