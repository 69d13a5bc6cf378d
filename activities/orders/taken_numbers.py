"""Numbers that the server knows and this database does not: a restored backup forgot them, and they are never given again (R10).

A request whose number turns out to be another order's gets the next free one before anybody is told; an order that is
there without a row gets its request and its row back, from what its workflow was started with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    and_,
    delete,
    exists,
    or_,
    select,
    update,
)

from activities.facts.asked_facts import asked_which
from activities.facts.desk_steps import close_step, open_step
from activities.facts.pending_facts import InboxState
from activities.orders.assigning import keep_assignment
from activities.orders.recording.recorder import Standing
from activities.orders.requests import ANYBODYS, keep_request, next_number, skeleton_of
from activities.orders.sample_credits import note_credit_of_another_number
from activities.orders.unstarted import key_of
from activities.quotes.quoted_lines import note_another_number
from activities.shop.checkouts import note_order_of_another_number
from activities.store.database import reading, writing
from activities.store.upsert import TableRow, insert_into, upsert_all
from models.messages.authors import is_key
from models.messages.envelope import Envelope
from models.order.order import Order
from models.order.projection import rows_of
from models.reports.desk_steps import DeskStepKind, desk_step
from models.request.order_start import OrderStart
from models.tables.registry import table

_RULE = "R10"
_SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request as it is kept: the start of its order, the digest of what was sent, and whose id it has."""

    start: OrderStart
    content: str
    space: str


def kept_request(engine: Engine, start: OrderStart) -> KeptRequest | None:
    """The request of this start as it is kept now, whatever number it has by now; None where nobody kept it."""
    requests = table("requests")
    query = select(requests).where(
        requests.c.request_id == start.request.request_id,
        requests.c.customer == start.customer.customer,
        requests.c.placed_at == start.placed_at,
    )
    with reading(engine) as connection:
        row = connection.execute(query.limit(1)).mappings().first()
    return None if row is None else _kept(row)


def kept_as_now(engine: Engine, kept: KeptRequest) -> KeptRequest:
    """The same request as it is kept now: under another number, or with the start that its order has on the server."""
    with reading(engine) as connection:
        return _kept(connection.execute(select(table("requests")).where(_this(kept))).mappings().one())


def keep_start(engine: Engine, kept: KeptRequest, start: OrderStart) -> None:
    """The request was placed once more after its row was lost: it keeps the start that its order began with."""
    with writing(engine) as connection:
        values = {"placed_at": start.placed_at, "start": start.model_dump(mode="json")}
        connection.execute(
            update(table("requests"))
            .where(_this(kept), table("requests").c.number == start.number)
            .values(values)
        )


def _this(kept: KeptRequest) -> ColumnElement[bool]:
    requests = table("requests")
    return and_(
        requests.c.request_id == kept.start.request.request_id,
        requests.c.customer == kept.start.customer.customer,
        requests.c.space == kept.space,
    )


def kept_under(engine: Engine, number: str) -> KeptRequest | None:
    """The request that is kept under this number; None where there is none."""
    requests = table("requests")
    with reading(engine) as connection:
        row = connection.execute(select(requests).where(requests.c.number == number)).mappings().first()
    return None if row is None else _kept(row)


def _kept(row: RowMapping) -> KeptRequest:
    return KeptRequest(OrderStart.model_validate(row["start"]), row["content_hash"], row["space"])


def day_of(number: str) -> date:
    """The business date in an order's number. Raises ValueError for what is none."""
    return datetime.strptime(number.partition("-")[0], "%Y%m%d").date()  # noqa: DTZ007 - a date and no moment


# --- another number ------------------------------------------------------------------------------------------------


def renumber(
    engine: Engine, kept: KeptRequest, holder: KeptRequest | None, now: datetime, *, shown: bool
) -> KeptRequest:
    """Give this request the next number, and the order that has its number on the server its row back, in one transaction.

    `holder` is that order, None where it is none of this installation. Where another hand has done it a moment earlier,
    nothing is done. `shown`: somebody may have been told the number that is another order's; then a clerk is asked to say
    so, and what people told under it goes with the request.
    """
    requests, was = table("requests"), kept.start.number
    mine = _this(kept)
    with writing(engine) as connection:
        found = connection.execute(select(requests).where(mine)).mappings().one()
        if found["number"] != was:
            return _kept(found)
        day = day_of(was)
        raise_day(connection, day, _place_in_day(was))
        start = kept.start.model_copy(update={"number": next_number(connection, day)})
        connection.execute(
            update(requests).where(mine).values(number=start.number, start=start.model_dump(mode="json"))
        )
        note_another_number(connection, start.request, start.number)
        note_credit_of_another_number(connection, start, kept.start.number)
        connection.execute(insert_into(connection, table("orders")).values(skeleton_of(start)))
        told = note_order_of_another_number(connection, start, was)
        _drop_skeleton(connection, kept.start)
        keep_assignment(connection, start)
        close_step(connection, key_of(was), now, by=_SYSTEM, resolution=start.number)
        if shown or told:
            _tell_of_another_number(connection, was, start, now)
        if holder is not None:
            _take_back(connection, holder, now)
        return KeptRequest(start, kept.content, kept.space)


def _drop_skeleton(connection: Connection, start: OrderStart) -> None:
    """The row under the old number, as long as it says nothing but that this request was numbered."""
    orders, given = table("orders"), table("order_assignments")
    bare = and_(
        orders.c.number == start.number,
        orders.c.sequence == 0,
        orders.c.request_id == start.request.request_id,
        orders.c.customer == start.customer.customer,
    )
    connection.execute(delete(given).where(given.c.order_number.in_(select(orders.c.number).where(bare))))
    connection.execute(delete(orders).where(bare))


def _tell_of_another_number(connection: Connection, was: str, start: OrderStart, now: datetime) -> None:
    step = desk_step(
        DeskStepKind.RENUMBERED,
        start.number,
        now,
        rule=_RULE,
        order=start.number,
        number=start.number,
        was=was,
        customer=start.customer.name,
    )
    open_step(connection, step)
    inbox = table("inbox")
    waiting = select(inbox).where(
        inbox.c.order_number == was,
        inbox.c.state == InboxState.WAITING.value,
        inbox.c.received_at >= start.placed_at,
    )
    for row in connection.execute(waiting).mappings().all():
        this = update(inbox).where(inbox.c.number == row["number"])
        if is_key(str(row["envelope"].get("by", ""))):
            # a program names a number that it has from somewhere: nobody can know which of both orders it means
            connection.execute(this.values(state=InboxState.UNPLACED.value))
            said = Envelope.model_validate(row["envelope"])
            open_step(connection, asked_which(DeskStepKind.UNPLACED_FACT, said, was, now, row["event"]))
        else:
            connection.execute(this.values(order_number=start.number))


def raise_day(connection: Connection, day: date, above: int) -> None:
    """No number up to this one is given on that day any more."""
    numbers = table("day_numbers")
    statement = insert_into(connection, numbers).values(day=day, last=above)
    higher = {"last": above}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["day"], set_=higher, where=numbers.c.last < above)
    )


def misnumbered(engine: Engine) -> list[str]:
    """Numbers under which another order has recorded itself than the one that this database gave them to."""
    requests, orders = table("requests"), table("orders")
    query = (
        select(requests.c.number)
        .join(orders, orders.c.number == requests.c.number)
        .where(
            or_(orders.c.request_id != requests.c.request_id, orders.c.customer != requests.c.customer),
            orders.c.sequence > 0,
        )
        .order_by(requests.c.number)
    )
    with reading(engine) as connection:
        return list(connection.scalars(query))


# --- a row for a workflow --------------------------------------------------------------------------------------------


def without_request(engine: Engine, numbers: Sequence[str]) -> list[str]:
    """Those of these numbers, of orders or other cases, under which no request is kept, and whose data were not erased."""
    erased = table("erased_journal")
    known = set[str]()
    with reading(engine) as connection:
        for requests in (table("requests"), table("case_requests")):
            known |= set(connection.scalars(select(requests.c.number).where(requests.c.number.in_(numbers))))
        known |= set(
            connection.scalars(
                select(erased.c.order_number).distinct().where(erased.c.order_number.in_(numbers))
            )
        )
    return [number for number in numbers if number not in known]


def take_back(engine: Engine, lost: KeptRequest, now: datetime) -> bool:
    """Write the request and the row of an order that lives on the server; whether anything was missing.

    A request that was placed once more and has not begun is this order. Where it has begun under another number there are
    two orders of one request, and a clerk is asked. Not to be called for a number that another request has here. What was
    erased stays erased, also while the server still has it.
    """
    erased = table("erased_journal")
    with writing(engine) as connection:
        if connection.scalar(select(exists().where(erased.c.order_number == lost.start.number))):
            return False
        return _take_back(connection, lost, now)


def _take_back(connection: Connection, lost: KeptRequest, now: datetime) -> bool:
    requests, orders = table("requests"), table("orders")
    number = lost.start.number
    raise_day(connection, day_of(number), _place_in_day(number))
    known = connection.scalar(select(exists().where(requests.c.number == number)))
    if not known:
        _keep_taken(connection, lost, now)
    row = insert_into(connection, orders).values(skeleton_of(lost.start)).on_conflict_do_nothing()
    fresh = connection.execute(row.returning(orders.c.number)).all()
    keep_assignment(connection, lost.start)
    return bool(fresh) or not known


def _place_in_day(number: str) -> int:
    return int(number.partition("-")[2])


def _keep_taken(connection: Connection, lost: KeptRequest, now: datetime) -> None:
    start, content, space = lost.start, lost.content, lost.space
    requests, orders = table("requests"), table("orders")
    same_id = and_(
        requests.c.request_id == start.request.request_id, requests.c.customer == start.customer.customer
    )
    again = connection.execute(
        select(requests, orders.c.sequence)
        .outerjoin(orders, orders.c.number == requests.c.number)
        .where(same_id, requests.c.space.in_((space, ANYBODYS)) if space != ANYBODYS else same_id)
        .order_by(requests.c.space.desc())
    ).mappings().first()  # fmt: skip
    if again is None:
        keep_request(connection, start, content, space)
        return
    if again["content_hash"] == content and not again["sequence"]:
        own = and_(same_id, requests.c.space == again["space"])
        values: dict[str, Any] = {
            "number": start.number,
            "placed_at": start.placed_at,
            "start": start.model_dump(mode="json"),
        }
        connection.execute(update(requests).where(own).values(values))
        _drop_skeleton(connection, OrderStart.model_validate(again["start"]))
        return
    keep_request(connection, start, content, f"order:{start.number}")
    step = desk_step(
        DeskStepKind.PLACED_TWICE,
        start.number,
        now,
        rule=_RULE,
        order=start.number,
        number=start.number,
        other=again["number"],
        request=start.request.request_id,
        customer=start.customer.name,
    )
    open_step(connection, step)


def record_closed(engine: Engine, order: Order, standing: Standing) -> None:
    """The rows of an order that has ended and lost them here, as it was in the end; it cannot record itself any more.

    Its journal is not in it: what was recorded before stays with the backup that has it. Nothing is written where the
    order database knows more than the row of a request.
    """
    orders = table("orders")
    bare = (orders.c.number == order.number) & (orders.c.sequence == 0)
    with writing(engine) as connection:
        moved = update(orders).where(bare).values(sequence=standing.sequence, head=standing.hash)
        if connection.execute(moved).rowcount:
            upsert_all(
                connection, (TableRow(table(row.table), row.key, row.values) for row in rows_of(order))
            )
