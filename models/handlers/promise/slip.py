"""The next-day slip 次日下单后延一日 (R34, D20.9(3))."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from models.handlers.money.payments import waits_for_deposit
from models.handlers.promise.promises import move_promise
from models.handlers.promise.sheet import waits_for_sheet
from models.order.order import Order
from models.order.sheet import Sheet
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
    held = order.held_days(policy.end_of_day_minutes)
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
    """R34: bring the promise to where sheets and deposit put it; a late report of an early return corrects it.

    Days that were lost with an earlier version of the sheet stay lost when an amendment makes another one.
    """
    if order.sheet is None or order.is_class_a or order.phase is not order.kind.slips_in:
        return
    for_sheets = sum(_lost_by(order, sheet) for sheet in order.sheets)
    move_promise(order, PromiseCause.CUSTOMER, order.promise.since_agreed(PromiseCause.CUSTOMER, for_sheets))
    if order.policy.slip.deposit_slips and _asks_deposit(order):
        for_deposit = sum(_lost_waiting_for_money(order, sheet) for sheet in order.sheets)
        days = order.promise.since_agreed(PromiseCause.DEPOSIT, for_deposit)
        move_promise(order, PromiseCause.DEPOSIT, days)


def _asks_deposit(order: Order) -> bool:
    """Whether any version that came back clean asks for money before production."""
    return any(sheet.is_clean and _deposit_of(order, sheet) > 0 for sheet in order.sheets)


def _deposit_of(order: Order, sheet: Sheet) -> Decimal:
    """What this version asks for before production: of the one in force what is due now."""
    return order.deposit_due if sheet.voided_at is None else Decimal(sheet.content["deposit"])


def _until(order: Order, sheet: Sheet) -> datetime:
    """The last moment at which this version could lose a day."""
    return min(sheet.voided_at or order.clock, order.clock)


def _back(order: Order, sheet: Sheet, sent_at: datetime) -> datetime:
    until = _until(order, sheet)
    return max(min(sheet.clean_at or until, until), sent_at)


def _lost_by(order: Order, sheet: Sheet) -> int:
    """The days on which this version of the sheet was out and not back."""
    return 0 if sheet.sent_at is None else slip_days(order, sheet.sent_at, _back(order, sheet, sheet.sent_at))


def _lost_waiting_for_money(order: Order, sheet: Sheet) -> int:
    """The further days on which this version was back and its deposit not there."""
    due = _deposit_of(order, sheet)
    if sheet.sent_at is None or not sheet.is_clean or due <= 0:
        return 0
    until = _until(order, sheet)
    paid = (
        min(order.ledger.covered_at(due) or until, until)
        if sheet.voided_at
        else (order.ledger.covered_at(due) or until)
    )
    there = max(paid, _back(order, sheet, sheet.sent_at), sheet.sent_at)
    return slip_days(order, sheet.sent_at, there) - _lost_by(order, sheet)
