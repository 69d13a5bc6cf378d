"""Samples that a customer tries: in which round they are, and what came of it (R130)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel

from models.messages.decision_subjects import Outcome, Subject
from models.values.calendar import ONE_DAY, business_date, end_of
from models.values.money import ZERO
from models.values.quantity import NOTHING

if TYPE_CHECKING:
    from models.order.order import Order


class OrderSample(BaseModel):
    """The order's own knowledge of a sample. Times UTC."""

    round: int = 1
    """Which one is made or tried now."""
    wish: str = ""
    """What is to be another in a further round, which the supervisor is asked about."""
    result: Outcome | None = None
    """What came of the trial; None while it goes on, and where nobody said anything."""
    tried_at: datetime | None = None
    """When the trial was over, by a word or by silence."""
    reminded: int = 0
    """In which round the customer was last reminded."""


def fee_of(order: Order) -> Decimal:
    """What a sample costs, in CNY: nothing up to so many pieces, else what its lines come to."""
    return ZERO if is_free(order) else order.request.total


def is_free(order: Order) -> bool:
    """Whether there are so few pieces that nothing is asked for them."""
    return sum((line.quantity for line in order.request.lines), NOTHING) <= order.policy.sample.free_pieces


def is_on_trial(order: Order) -> bool:
    """Whether the customer has all of this round and nothing was said of it yet."""
    sample = order.sample
    if sample.tried_at is not None or sample.wish or not order.everything_left:
        return False
    received = [each.delivered_at is not None for each in order.shipments if not each.recalled]
    return bool(received) and all(received)


def trial_ends(order: Order) -> datetime | None:
    """The end of the last day of trial, days on hold left out; None while nothing is tried."""
    if not is_on_trial(order):
        return None
    since = max(each.delivered_at for each in order.shipments if each.delivered_at is not None)
    asked = order.decision(Subject.TRIAL)
    if asked is not None and asked.about_words.get("round") == str(order.sample.round):
        since = max(
            since, asked.asked_at
        )  # nobody is silent before they were asked, however late the receipt was told
    held, day, left = order.held_days(), business_date(since), order.policy.sample.trial_days
    while left:
        day += ONE_DAY
        left -= day not in held
    return end_of(day)


def reminded_when(order: Order) -> datetime | None:
    """When the customer is reminded of a trial that will be over; None where that was done, or nothing is tried."""
    ends = trial_ends(order)
    if ends is None or order.sample.reminded == order.sample.round:
        return None
    return ends - timedelta(days=order.policy.sample.reminder_days)
