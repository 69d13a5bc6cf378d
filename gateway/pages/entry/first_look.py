"""What an order would be if it were placed now: its deposit, its ship date against the window, its first steps (R17, R25, R33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Engine

from activities.entry.supposed_start import supposed_start
from activities.promises.day_loads import DayLoad, loads_between
from models.policy import DayCount, Policy
from models.request.order_draft import Draft
from models.values.calendar import ONE_DAY, business_date
from models.values.errors import Refusal
from models.values.vocabulary import CustomerClass, Words
from workflows.foresight import order_if_placed

_WEEK = 7


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What is told before the order is placed. `ship_by`: the last day to ship within the window (R25)."""

    deposit: Decimal
    customer_class: CustomerClass
    ship_by: date
    beyond: bool
    """The wanted date lies beyond the window: the sales supervisor must agree (R25)."""
    week: tuple[DayLoad, ...]
    """The week of the wanted date, or of the last day to ship."""
    steps: tuple[Words, ...]
    """What is asked first, of whom."""


def first_look(engine: Engine, draft: Draft, now: datetime, policy: Policy) -> FirstLook | None:
    """The order if it were placed now; None while too little of it is written or it would be refused."""
    needed = (
        f"lines.{place}.{name}"
        for place in range(len(draft.request.lines))
        for name in ("product", "quantity", "unit")
    )
    if not draft.has("customer") or not all(draft.has(place) for place in needed):
        return None
    try:
        start = supposed_start(engine, draft.request, now, policy)
    except Refusal:
        return None  # what is wrong stands at its field
    order = order_if_placed(start)
    window = policy.ship_window
    ship_by = order.calendar.days_after(
        business_date(now), window.days, working=window.count is DayCount.WORKING
    )
    day = draft.request.wanted_date or ship_by
    monday = day - day.weekday() * ONE_DAY
    return FirstLook(
        order.deposit_due,
        start.customer.customer_class,
        ship_by,
        draft.request.wanted_date is not None and draft.request.wanted_date > ship_by,
        tuple(loads_between(engine, monday, monday + (_WEEK - 1) * ONE_DAY)),
        tuple(step.words for step in order.steps.values()),
    )
