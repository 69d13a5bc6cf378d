"""Moving the promise 预交日, and telling customer and salesperson (R24, R34, R42)."""

from __future__ import annotations

from datetime import date

from models.dossier.incidents import Trouble
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.order.order import Order
from models.values.vocabulary import PromiseCause, Role

PLAN_CAUSES = {
    "material": PromiseCause.MATERIAL,
    "production": PromiseCause.PRODUCTION,
    "technical": PromiseCause.PRODUCTION,
    "quality": PromiseCause.QUALITY,
}


PREPAID_LIMIT = 0
"""Where the danger of a small prepaid order stands: no line has this number (R38a)."""


def move_promise(order: Order, cause: PromiseCause, days: int, *, by: str = "", reason: str = "") -> None:
    """Set the days that one cause has moved the promise; customer and salesperson see the new date (R34)."""
    change = order.promise.move(cause, days, order.clock, order.clock, by, reason)
    if change is not None:
        tell_promise(order)


def tell_promise(order: Order) -> None:
    """Journal the latest move of the promise and let customer and salesperson know it (R34, R42)."""
    change = order.promise.history[-1]
    order.note(
        EntryKind.PROMISE,
        f"promise:{change.number}",
        by=change.by,
        rule="R34" if change.cause in (PromiseCause.CUSTOMER, PromiseCause.DEPOSIT) else "R24",
        cause=change.cause.value,
        before=str(change.promised_from or ""),
        after=str(change.promised_to),
        production_due=str(change.production_due_to),
        ship_date=str(change.ship_date_to),
    )
    if change.promised_from is not None and change.promised_from != change.promised_to:
        order.intend(
            Paper.NEW_PROMISE,
            str(change.number),
            (Role.CUSTOMER, Role.SALESPERSON),
            "R34",
            before=change.promised_from,
            after=change.promised_to,
            cause=change.cause,
        )


def agree_plan(order: Order, trouble: Trouble, promised: date, by: str) -> None:
    """R42: an emergency plan with a new date; production is held to it as well and the ship date follows."""
    order.promise.agree(
        promised,
        promised,
        max(promised, order.promise.ship_date or promised),
        PLAN_CAUSES.get(trouble.cause, PromiseCause.PRODUCTION),
        order.clock,
        order.clock,
        by,
        trouble.words,
    )
    tell_promise(order)
    # What was agreed about is settled; whether the new date holds is asked anew.
    order.dangers = {
        line: danger
        for line, danger in order.dangers.items()
        if line == PREPAID_LIMIT or order.troubles[danger.trouble].resolved_at is None
    }
