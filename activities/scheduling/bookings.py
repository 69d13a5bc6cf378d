"""Hours of machine lines that are booked, in the order database, which alone decides whose they are (R151).

Whoever books locks the machine line first, so of two answers at the same instant one has the hours, on SQLite (which has
one writer at a time) and on PostgreSQL. Tentative hours are anybody's again when their days are over, without a row
changing; what becomes of an order frees its hours by itself, because only goods that are still to be made have any.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, or_, select

from activities.scheduling.owed_goods import MADE, owed_goods
from activities.store.faults import each_read
from activities.store.upsert import upsert
from models.scheduling.bookings import Booking, BookingState, Hours, HoursAsked
from models.scheduling.machine_lines import Span
from models.tables.registry import table

Goods = tuple[str, int]
"""An order and one of its lines."""


def bookings_in(
    connection: Connection, now: datetime, days: int, owed: Collection[Goods] | None = None
) -> list[Booking]:
    """The hours that are taken after this moment: of goods that are still to be made, tentative ones for so many days.

    `owed` are the goods that production has dated, where the caller has read them. One that cannot be read hides no other.
    """
    found = each_read(_rows(connection, now), _read, "hours that are booked")
    live = [(booking, dated) for booking, dated in found if booking.is_live(now, days)]
    if not live:
        return []
    still = {(each.order, each.line) for each in owed_goods(connection, now)} if owed is None else owed
    return [booking for booking, dated in live if not dated or booking.key in still]


def _rows(connection: Connection, now: datetime) -> Sequence[RowMapping]:
    bookings, orders, lines = table("line_bookings"), table("orders"), table("order_lines")
    query = (
        select(bookings, orders.c.production_due)
        .join(orders, orders.c.number == bookings.c.order_number)
        .join(
            lines,
            and_(lines.c.order_number == bookings.c.order_number, lines.c.line == bookings.c.line),
        )
        .where(
            bookings.c.state != BookingState.FREED.value,
            bookings.c.ends > now,
            orders.c.ending.is_(None),
            or_(orders.c.phase.is_(None), orders.c.phase.not_in(MADE)),
            lines.c.dropped.is_not(True),
        )
        .order_by(bookings.c.begins, bookings.c.order_number, bookings.c.line)
    )
    return connection.execute(query).mappings().all()


def _read(row: RowMapping) -> tuple[Booking, bool]:
    """The booking, and whether production has dated all of its order."""
    return booking_of(row), row["production_due"] is not None


def booking_of(row: RowMapping) -> Booking:
    """A booking of its row."""
    hours = Hours(row["machine_line"], Span(row["begins"], row["ends"]))
    return Booking(row["order_number"], row["line"], hours, BookingState(row["state"]), row["answered_at"])


# --- what an answer asks for --------------------------------------------------------------------------------------------


def books(connection: Connection, order: str, asked: HoursAsked, days: int) -> bool:
    """Whether the order has these hours, now that it has asked for them; asking again changes nothing.

    It goes by the answer's own clock: whose days were over when it was given has them no longer.
    """
    if not locked(connection, [asked.hours.machine_line]):
        return False  # nobody has such a line
    own = next((each for each in of_order(connection, order) if each.line == asked.line), None)
    if own is not None and _is_answered_by(own, asked):
        return True
    others = [
        each
        for each in bookings_in(connection, asked.answered_at, days)
        if each.key != (order, asked.line) and each.hours.machine_line == asked.hours.machine_line
    ]
    if any(each.span.meets(asked.hours.span) for each in others):
        return False
    booking = Booking(order, asked.line, asked.hours, BookingState.TENTATIVE, asked.answered_at)
    keep(connection, booking, BookingState.TENTATIVE, asked.answered_at)
    return True


def _is_answered_by(own: Booking, asked: HoursAsked) -> bool:
    """Whether the booking is what this very answer made, also where its goods were placed again since."""
    if own.state is BookingState.FREED or own.answered_at != asked.answered_at:
        return False
    return own.hours == asked.hours or own.state is BookingState.FIRM


def locked(connection: Connection, names: Collection[str] | None = None) -> list[str]:
    """These machine lines, or all, until the transaction ends: nobody else books hours of theirs meanwhile."""
    lines = table("machine_lines")
    query = select(lines.c.line).order_by(lines.c.line).with_for_update()
    if names is not None:
        query = query.where(lines.c.line.in_(sorted(names)))
    return list(connection.scalars(query))


def of_order(connection: Connection, order: str) -> list[Booking]:
    """All that was ever booked for an order, also what was freed; by its lines."""
    return [booking_of(row) for row in connection.execute(_of_order(), {"of_order": order}).mappings()]


@lru_cache(maxsize=1)
def _of_order() -> Select[tuple[Any, ...]]:
    bookings = table("line_bookings")
    return select(bookings).where(bookings.c.order_number == bindparam("of_order")).order_by(bookings.c.line)


def keep(connection: Connection, booking: Booking, state: BookingState, now: datetime) -> None:
    """Enter the booking in this state, in the stead of what the goods had."""
    values = {
        "machine_line": booking.hours.machine_line,
        "begins": booking.span.begins,
        "ends": booking.span.ends,
        "state": state.value,
        "answered_at": booking.answered_at,
        "changed_at": now,
    }
    upsert(connection, table("line_bookings"), {"order_number": booking.order, "line": booking.line}, values)
