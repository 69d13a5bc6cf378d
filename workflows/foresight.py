"""What an order would do by itself, asked of the very rules by letting time pass for a copy of it. Pure; nothing is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.handlers.promise.slip import slips
from models.order.order import Order
from models.order.promise import PromiseChange
from models.request.order_start import OrderStart
from models.values.calendar import business_date, end_of
from models.values.vocabulary import PromiseCause
from workflows import procedure

_OF_A_SLIP = (PromiseCause.CUSTOMER, PromiseCause.DEPOSIT)


@dataclass(frozen=True, slots=True)
class Slip:
    """A move of the promise by the next-day slip (R34): from, to, and what it waits for."""

    before: date
    after: date
    ship_date: date
    cause: PromiseCause
    at: datetime


def slip_tonight(order: Order, now: datetime) -> Slip | None:
    """How the end of this business day moves the promise if nothing comes in before; None where it does not (R34).

    `order` is a copy of one's own: it lives on until then.
    """
    procedure.advance(order, now)
    if not slips(order):
        return None
    known = len(order.promise.history)
    minutes = order.policy.slip.end_of_day_minutes
    procedure.advance(order, end_of(business_date(order.clock, minutes), minutes))
    moves = [move for move in order.promise.history[known:] if _is_slip(move)]
    if not moves or moves[0].promised_from is None:
        return None
    last = moves[-1]
    return Slip(moves[0].promised_from, last.promised_to, last.ship_date_to, last.cause, last.happened_at)


def _is_slip(move: PromiseChange) -> bool:
    return move.cause in _OF_A_SLIP


def order_if_placed(start: OrderStart) -> Order:
    """The order that this start would be, with its first steps open: figures and questions as they would be (R12, R17, R33)."""
    return procedure.begin(start, start.placed_at)
