"""Whether hours that an answer names are still free, and what is proposed where they are not (R151)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.scheduling.outlooks import goods_asked, outlooks_of
from activities.scheduling.schedule_now import ScheduleNow, schedule_in
from activities.store.database import reading
from models.policy import SchedulePolicy
from models.scheduling.bookings import Hours, HoursAsked, hold, hours_taken
from models.scheduling.plan import Owed
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.printed_figures import moment

_WHERE = "content.detail.machine_line"
_NO_LINE = Words("没有机台 {line}", "there is no machine line {line}")
_NOT_MADE = Words("机台 {line} 不做 {product}", "machine line {line} does not make {product}")
_PROPOSED = Words(
    "新建议：机台 {line} {begins} – {ends}，{finished} 成品",
    "Proposed now: machine line {line} {begins} – {ends}, finished {finished}",
)


def require_free(
    engine: Engine, number: str, line: int | None, asked: HoursAsked, figures: SchedulePolicy
) -> None:
    """As of when it was answered; the order's own hours are free for it. `line` None: the order has but one.

    Raises Refusal: unknown_place for a machine line that is none, no_capacity for one that does not make the goods, and
    capacity_taken, with another proposal in its words. Whatever else is wrong with the answer the order says itself.
    """
    with reading(engine) as connection:
        schedule = schedule_in(connection, asked.answered_at, figures)
        goods = goods_asked(connection, {number: None}, asked.answered_at).get(number, [])
        mine = next((each for each in goods if line is None or each.line == line), None)
        if mine is not None and not _are_free(schedule, mine, asked.hours):
            more = _proposed(connection, mine, asked.answered_at, figures)
            raise hours_taken(asked.hours, _WHERE, more)


def proposed_instead(
    engine: Engine, number: str, line: int | None, asked: HoursAsked, figures: SchedulePolicy
) -> Refusal:
    """The refusal of hours that another order had a moment before, with what is proposed now."""
    with reading(engine) as connection:
        goods = goods_asked(connection, {number: None}, asked.answered_at).get(number, [])
        mine = next((each for each in goods if line is None or each.line == line), None)
        more = _proposed(connection, mine, asked.answered_at, figures) if mine is not None else None
        return hours_taken(asked.hours, _WHERE, more)


def _are_free(schedule: ScheduleNow, mine: Owed, hours: Hours) -> bool:
    name = hours.machine_line
    machine = next((each for each in schedule.lines if each.line == name), None)
    if machine is None:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_LINE.filled(line=name), where=_WHERE, rule="R151")
    if not machine.makes(mine.job.product, mine.job.unit):
        words = _NOT_MADE.filled(line=name, product=mine.job.product)
        raise Refusal(Code.NO_CAPACITY, words, where=_WHERE, rule="R151")
    if any(each.key == mine.key and each.hours == hours for each in schedule.bookings):
        return True  # told again
    others = [each for each in schedule.bookings if each.key != mine.key]
    return hold(hours, machine, mine.job, others, schedule.calendar)


def _proposed(connection: Connection, mine: Owed, now: datetime, figures: SchedulePolicy) -> Words | None:
    """In words; None where nothing is proposed."""
    found = outlooks_of(connection, {mine.order: None}, now, figures).get(mine.order, {}).get(mine.line)
    if found is None or found.proposal is None:
        return found.why.words if found is not None and found.why is not None else None
    hours = Hours.to_the_minute(found.proposal.line, found.proposal.span)
    return _PROPOSED.filled(
        line=hours.machine_line,
        begins=moment(hours.span.begins),
        ends=moment(hours.span.ends),
        finished=found.proposal.finished_on,
    )
