"""How long people take for what an order waits for: our own in working hours, customers and carriers in days."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.dossier.open_steps import OpenStep
from models.dossier.step_kinds import AnyStepKind, StepKind
from models.order.order import Order
from models.values.calendar import at, business_date, end_of
from models.values.vocabulary import Role
from rehearsal.simulation.chances import Chances

OPENS, CLOSES = 8, 18
"""Office hours in business time; a step that opens outside of them is taken up in the next ones."""
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SIGNS = (("0.1", 50), ("0.5", 20), ("1.2", 12), ("2.3", 8), ("4.5", 6), ("9", 4))
"""Days until a signed sheet is back, and how often: half of them within hours."""
_PAYS = (("0.2", 35), ("1", 25), ("3", 20), ("6", 12), ("14", 6), ("40", 2))
_COLLECTS = (("0.5", 40), ("2", 30), ("5", 17), ("10", 8), ("18", 3), ("", 2))
"""Days until arrived goods are collected; the last never are (R73)."""
_DAYS: dict[AnyStepKind, tuple[tuple[str, int], ...]] = {
    StepKind.SHEET_BACK: _SIGNS,
    StepKind.SHEET_OWED: _SIGNS,
    StepKind.CONFIRM_ORDER: _SIGNS,
    StepKind.DEPOSIT: _PAYS,
    StepKind.PREPAYMENT: _PAYS,
    StepKind.BALANCE: _PAYS,
    StepKind.ACCOUNT_BALANCE: (("5", 3), ("20", 4), ("30", 2), ("45", 1)),
    StepKind.COLLECT_GOODS: _COLLECTS,
    StepKind.ARRIVAL: (("1", 3), ("2", 4), ("4", 2), ("6", 1)),
    StepKind.REMITTANCE: (("3", 2), ("7", 2), ("12", 1)),
    StepKind.RECALL: (("4", 2), ("8", 1)),
    StepKind.COMPLETION: (("2", 1), ("", 1)),
}
_LATE = ((-2, 10), (-1, 25), (0, 40), (1, 14), (2, 6), (4, 5))
"""Days that the factory is after the day it named, and how often."""


def done_at(step: OpenStep, order: Order, chances: Chances) -> datetime | None:
    """When somebody does what the step waits for; None where nobody ever does. UTC."""
    if step.kind is StepKind.PRODUCE:
        return _finished(step, order, chances)
    if step.kind in _DAYS:
        days = chances.one_of("days", _DAYS[step.kind])
        return (
            in_office(step.since + float(days) * _DAY * chances.usually("spread", 0.7, 1, 1.5))
            if days
            else None
        )
    by_customer = Role.CUSTOMER in step.roles
    hours = chances.usually("hours", 0.2, 1, 6) if by_customer else chances.usually("hours", 0.1, 1.5, 9)
    return in_office(step.since, hours * _HOUR)


def _finished(step: OpenStep, order: Order, chances: Chances) -> datetime:
    due = order.promise.production_due
    day = (due or business_date(step.since)) + timedelta(days=chances.one_of("late", _LATE))
    return max(in_office(at(day, 11, chances.whole("minute", 0, 59))), in_office(step.since, 4 * _HOUR))


def in_office(moment: datetime, worked: timedelta = timedelta()) -> datetime:
    """The moment at which so much office time has passed since this one. UTC."""
    day, left = business_date(moment), worked
    while True:
        opens, closes = at(day, OPENS), at(day, CLOSES)
        if day.isoweekday() <= 5 and moment < closes:
            begins = max(moment, opens)
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        moment = end_of(day)
        day += _DAY
