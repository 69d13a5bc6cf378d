"""The hours of a machine line that production names with its day: all of them or none, and not another order's (R151). Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from models.messages.decision_subjects import ProductionDateDetail
from models.scheduling.bookings import Hours, HoursAsked, hours_taken
from models.scheduling.machine_lines import Span
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

HOURS = ("machine_line", "hours_from", "hours_until")
"""The fields of the answer that name them."""
_DETAIL = "content.detail"
_NOT_WHOLE = Words(
    "机台、开始、结束要么都写，要么都不写",
    "the machine line, its first hour and its last are named together, or none of them",
)
_ENDS_FIRST = Words("机时的结束须晚于开始", "the hours end after they begin")
_OVER = Words("这段机时已经过去", "these hours have passed")
_FINISHED_FIRST = Words(
    "成品日 {finished} 早于机时结束 {ends}", "it is finished {finished}, before its hours end {ends}"
)


def hours_asked(detail: ProductionDateDetail, line: int, answered_at: datetime) -> HoursAsked | None:
    """The hours that an answer asks for goods of a line; None where it names none."""
    if detail.machine_line is None or detail.hours_from is None or detail.hours_until is None:
        return None
    return HoursAsked(
        line, Hours(detail.machine_line, Span(detail.hours_from, detail.hours_until)), answered_at
    )


def require_good_hours(
    detail: ProductionDateDetail, line: int, answered_at: datetime, elsewhere: Collection[str]
) -> None:
    """`elsewhere`: keys of what this order asked for and another has.

    Raises Refusal: missing_field for half of it, contradiction, date_in_past, capacity_taken.
    """
    empty = [name for name in HOURS if getattr(detail, name) is None]
    if len(empty) == len(HOURS):
        return
    asked = hours_asked(detail, line, answered_at)
    if asked is None:
        raise Refusal(Code.MISSING_FIELD, _NOT_WHOLE, where=f"{_DETAIL}.{empty[0]}", rule="R151")
    span = asked.hours.span
    if span.ends <= span.begins:
        raise Refusal(Code.CONTRADICTION, _ENDS_FIRST, where=f"{_DETAIL}.hours_until", rule="R151")
    if span.ends <= answered_at:
        raise Refusal(Code.DATE_IN_PAST, _OVER, where=f"{_DETAIL}.hours_until", rule="R151")
    ends = business_date(span.ends)
    if detail.finished_date < ends:
        words = _FINISHED_FIRST.filled(finished=detail.finished_date, ends=ends)
        raise Refusal(Code.CONTRADICTION, words, where=f"{_DETAIL}.finished_date", rule="R151")
    if asked.key in elsewhere:
        raise hours_taken(asked.hours, f"{_DETAIL}.machine_line")
