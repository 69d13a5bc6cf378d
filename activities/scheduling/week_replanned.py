"""A week planned anew: what a better turn of the goods would come to, and production's taking it over (R150, R151)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from activities.scheduling.bookings import keep, locked
from activities.scheduling.schedule_now import schedule_in, schedule_now
from activities.scheduling.week_search import better_turns
from activities.store.database import writing
from models.policy import SchedulePolicy
from models.scheduling.bookings import Booking, BookingState, Hours
from models.scheduling.plan import Turn
from models.scheduling.replanning import WeekReplanned, better_of, require_better, require_the_same, rests_on


def replan(engine: Engine, now: datetime, figures: SchedulePolicy) -> tuple[WeekReplanned, str]:
    """The better plan, where there is one, and the hash of what it rests on. Nothing is changed by asking."""
    found = schedule_now(engine, now, figures)
    plan = found.plan()
    return better_of(plan, found.owed, better_turns(plan, found.owed)), rests_on(plan, found.owed)


def take_over(
    engine: Engine, turns: Sequence[Turn], digest: str, now: datetime, figures: SchedulePolicy
) -> list[Booking]:
    """Book the hours of these turns firmly, so that the plan keeps to them: all of them or none.

    Raises Refusal(stale_version) where what they rest on has changed since, or they are no better than the plain rule;
    nothing is booked then.
    """
    with writing(engine) as connection:
        locked(connection)
        found = schedule_in(connection, now, figures)
        plan = found.plan()
        require_the_same(plan, found.owed, digest)
        better = better_of(plan, found.owed, turns)
        require_better(better)
        after, booked = better.after, []
        for turn in turns:
            placed = after.placed.get(turn.goods)
            if placed is None or placed.proposal is None:
                continue
            hours = Hours.to_the_minute(placed.proposal.line, placed.proposal.span)
            booked.append(Booking(*turn.goods, hours, BookingState.FIRM, now))
        for each in booked:
            keep(connection, each, BookingState.FIRM, now)
        return booked
