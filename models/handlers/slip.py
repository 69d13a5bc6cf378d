"""The next-day slip 次日下单后延一日 (R34, D20.9(3))."""

from __future__ import annotations

from datetime import date, datetime

from models.handlers.payments import waits_for_deposit
from models.handlers.promises import move_promise
from models.handlers.sheet import waits_for_sheet
from models.order.order import Order
from models.policy import DayCount
from models.values.calendar import ONE_DAY, business_date
from models.values.vocabulary import PromiseCause


def slip_days(order: Order, sent_at: datetime, until: datetime) -> int:
    """How many days the promise has slipped between sending and `until`.

    The day on which the sheet was sent is free; each further day counts one, calendar or working days by the
    policy. Days on hold are not counted here: a hold moves the promise by itself.
    """
    policy = order.policy.slip
    first = business_date(sent_at, policy.end_of_day_minutes)
    last = business_date(until, policy.end_of_day_minutes)
    held = order.held_days()
    days = [first + n * ONE_DAY for n in range(1, (last - first).days + 1)]
    return sum(1 for day in days if day not in held and _slips_on(order, day))


def _slips_on(order: Order, day: date) -> bool:
    return order.policy.slip.days is DayCount.CALENDAR or order.calendar.is_working_day(day)


def slips(order: Order) -> bool:
    """Whether the end of this day moves the promise (R34)."""
    if order.phase is not order.kind.slips_in or order.is_class_a or order.hold is not None:
        return False
    sheet = order.sheet
    if sheet is None or sheet.sent_at is None:
        return False
    return waits_for_sheet(order) or (order.policy.slip.deposit_slips and waits_for_deposit(order))


def slip(order: Order) -> None:
    """R34: bring the promise to where sheet and deposit put it; a late report of an early return corrects it."""
    sheet = order.sheet
    if sheet is None or order.is_class_a or order.phase is not order.kind.slips_in:
        return
    if sheet.sent_at is None:
        move_promise(order, PromiseCause.CUSTOMER, 0)
        return
    back = min(sheet.clean_at or order.clock, order.clock)
    for_sheet = slip_days(order, sheet.sent_at, max(back, sheet.sent_at))
    move_promise(order, PromiseCause.CUSTOMER, for_sheet)
    if order.policy.slip.deposit_slips and sheet.is_clean and order.deposit_due > 0:
        paid = order.ledger.covered_at(order.deposit_due) or order.clock
        in_all = slip_days(order, sheet.sent_at, max(paid, back, sheet.sent_at))
        move_promise(order, PromiseCause.DEPOSIT, in_all - for_sheet)
