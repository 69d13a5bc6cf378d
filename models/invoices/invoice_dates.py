"""The day that stands on an invoice or a red letter: when it may be (R162, R163)."""

from __future__ import annotations

from datetime import date

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_IN_FUTURE = Words(
    "开票日期 {given} 晚于今天（{today}）", "the invoice is dated {given}, which is after today, {today}"
)
_BEFORE_REQUEST = Words(
    "开票日期 {given} 早于申请日 {first}", "the invoice is dated {given}, before it was asked for on {first}"
)
_BEFORE_INVOICE = Words(
    "红字发票日期 {given} 早于原发票日期 {first}",
    "the red letter is dated {given}, before its invoice of {first}",
)


def invoice_date(given: date | None, *, asked_on: date, today: date) -> date:
    """R162: from the day on which it was asked for to today; not given it is today.

    Business dates. Raises Refusal (in_future, contradiction).
    """
    return _within(given, asked_on, today, _BEFORE_REQUEST, "R162")


def red_letter_date(given: date | None, *, invoiced_on: date, today: date) -> date:
    """R163: from the date of its invoice to today; not given it is today. Raises Refusal (in_future, contradiction)."""
    return _within(given, invoiced_on, today, _BEFORE_INVOICE, "R163")


def _within(given: date | None, first: date, today: date, too_early: Words, rule: str) -> date:
    if given is None:
        return today
    if given > today:
        words = _IN_FUTURE.filled(given=given, today=today)
        raise Refusal(Code.IN_FUTURE, words, where="content.issued_on", rule=rule)
    # What is asked for a little ahead of the clock, near midnight, is asked for today.
    if given < min(first, today):
        words = too_early.filled(given=given, first=first)
        raise Refusal(Code.CONTRADICTION, words, where="content.issued_on", rule=rule)
    return given
