"""How far a service is: what was reported of it, and whether the customer accepted it (R87)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

from models.messages.decision_subjects import Subject
from models.order.completion import stopped_days
from models.values.calendar import ONE_DAY, business_date, end_of

if TYPE_CHECKING:
    from models.order.order import Order

OWN_RULE = "R87"
"""By which the customer's own rejection is an exception."""
WHOLE = 100
"""Per cent: all of it was given."""


class ServiceReport(BaseModel):
    """One report: how much of the service was given, in per cent. Times UTC."""

    percent: int
    at: datetime
    by: str
    words: str = ""
    reason: str = ""
    """Why it is less than was reported before."""


class OrderService(BaseModel):
    """The order's own knowledge of a service that is given. Times UTC."""

    began_at: datetime | None = None
    """When it could begin: sheet and deposit were there (R33)."""
    reports: list[ServiceReport] = []
    """In the order in which they happened."""
    given_at: datetime | None = None
    """When it was reported as given in whole; None again where less of it is given than was thought, or wanted more."""
    accepted_at: datetime | None = None
    by_silence: bool = False
    """Whether nobody said anything about it until the time was over."""

    @property
    def percent(self) -> int:
        """How much of it was given, in per cent, as was last reported."""
        return self.reports[-1].percent if self.reports else 0


def accepted_by_silence_at(order: Order) -> datetime | None:
    """R87: the end of the day to which silence lasts; None where nothing is waited for, or an exception or a case stops the clock.

    Days on which the order was held, or an exception or a case was open, do not count. What the customer rejected stops nothing
    any more once it was done again.
    """
    given, asked = order.service.given_at, order.decision(Subject.ACCEPTANCE)
    if given is None or order.service.accepted_at is not None or _is_stopped(order):
        return None
    stopped = set(stopped_days(order, leaving_out=OWN_RULE)) | order.held_days()
    # nobody is silent before they were asked, however late it was told that all was given
    since = given if asked is None else max(given, asked.asked_at)
    day, left = business_date(since), order.policy.service.acceptance_days
    while left:
        day += ONE_DAY
        left -= day not in stopped
    return end_of(day)


def _is_stopped(order: Order) -> bool:
    """Whether an exception or an after-sales case keeps silence from being an answer now."""
    open_cases = any(each.closed_at is None for each in order.cases.values())
    return open_cases or any(trouble.rule != OWN_RULE for trouble in order.unresolved)
