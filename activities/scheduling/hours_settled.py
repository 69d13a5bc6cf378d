"""What becomes of booked hours as an order moves on, in the transaction that records it (R151).

An answer that is void frees its hours. The production instruction makes them firm; where they had been freed meanwhile, or
have begun without it, the goods are placed again, and the new hours are firm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Update, bindparam, select, update

from activities.scheduling.bookings import books, keep, locked, of_order
from activities.scheduling.schedule_now import schedule_in
from models.dossier.decision_record import key_of
from models.dossier.papers_due import Paper
from models.dossier.records.recording import Burst
from models.messages.decision_subjects import Outcome, ProductionDateDetail, Subject
from models.policy import SchedulePolicy
from models.scheduling.answered_hours import hours_asked
from models.scheduling.bookings import Booking, BookingState, Hours, HoursAsked, are_hours, hours_in
from models.tables.registry import table

Figures = Callable[[], SchedulePolicy]
"""Reads the figures of the plan as the company has them now; asked for only where hours are booked."""
_DECISIONS = "decisions"


def settle_hours(connection: Connection, burst: Burst, figures: Figures) -> list[str]:
    """Bring the order's hours to what the burst says, then answer what it asks: the hours that it does not get."""
    lines = {
        row.values.get("line")
        for row in burst.rows
        if row.table == _DECISIONS and row.values.get("subject") == Subject.PRODUCTION_DATE.value
    }
    for line in sorted(line for line in lines if isinstance(line, int)):
        _settle_answer(connection, burst.order, line, _moment_of(burst), figures)
    if any(each.paper is Paper.INSTRUCTION for each in burst.intentions):
        _make_firm(connection, burst.order, _moment_of(burst), figures)
    asked = sorted(claim.key for claim in burst.claims if are_hours(claim.key))
    return [key for key in asked if not books(connection, burst.order, hours_in(key), figures().booking_days)]


def _moment_of(burst: Burst) -> datetime:
    """The order's own clock, which is that of its last entry."""
    return burst.entries[-1].recorded_at if burst.entries else datetime.now(UTC)


def _settle_answer(connection: Connection, order: str, line: int, now: datetime, figures: Figures) -> None:
    """As the order database has the answer by now: a late duplicate of a burst brings nothing back."""
    asked = _answered(connection, order, line)
    if asked is not None:
        # Taken while the database could not be asked, or lost with a restored backup: its own where nobody has them.
        books(connection, order, asked, figures().booking_days)
        return
    freed = {"state": BookingState.FREED.value, "changed_at": now}
    connection.execute(_freeing(), {"of_order": order, "of_line": line, **freed})


# What every answer of production asks is made once.


@lru_cache(maxsize=1)
def _freeing() -> Update:
    bookings = table("line_bookings")
    return update(bookings).where(
        bookings.c.order_number == bindparam("of_order"),
        bookings.c.line == bindparam("of_line"),
        bookings.c.state != BookingState.FREED.value,
    )


@lru_cache(maxsize=1)
def _newest_answer() -> Select[tuple[Any, ...]]:
    decisions = table(_DECISIONS)
    query = select(decisions.c.outcome, decisions.c.voided_at, decisions.c.answers).where(
        decisions.c.order_number == bindparam("of_order"), decisions.c.key == bindparam("of_key")
    )
    return query.order_by(decisions.c.version.desc()).limit(1)


def _answered(connection: Connection, order: str, line: int) -> HoursAsked | None:
    """The hours of the answer that stands; None for one that is void, open, or names none."""
    one = {"of_order": order, "of_key": key_of(Subject.PRODUCTION_DATE, line)}
    row = connection.execute(_newest_answer(), one).first()
    if row is None or row.voided_at is not None or row.outcome != Outcome.DATED.value or not row.answers:
        return None
    answer = row.answers[-1]
    detail = ProductionDateDetail.model_validate(answer["detail"])
    return hours_asked(detail, line, datetime.fromisoformat(answer["at"]))


def _make_firm(connection: Connection, order: str, now: datetime, figures: Figures) -> None:
    tentative = [each for each in of_order(connection, order) if each.state is BookingState.TENTATIVE]
    if not tentative:
        return
    days = figures().booking_days
    kept = [each for each in tentative if each.is_live(now, days) and each.span.begins >= now]
    for each in kept:
        keep(connection, each, BookingState.FIRM, now)
    lost = [each for each in tentative if each not in kept]
    if lost:
        _place_again(connection, lost, now, figures())


def _place_again(
    connection: Connection, lost: Sequence[Booking], now: datetime, figures: SchedulePolicy
) -> None:
    """Where the plan has the goods now; what it has no place for stays without hours."""
    locked(connection)
    plan = schedule_in(connection, now, figures, but=[each.key for each in lost]).plan()
    for each in lost:
        placed = plan.placed.get(each.key)
        proposal = placed.proposal if placed is not None else None
        if proposal is None:
            keep(connection, each, BookingState.FREED, now)
        else:
            hours = Hours.to_the_minute(proposal.line, proposal.span)
            again = Booking(each.order, each.line, hours, BookingState.FIRM, each.answered_at)
            keep(connection, again, BookingState.FIRM, now)
