"""An order of the shop that nobody paid in time: the provider is asked, it is cancelled, and late money opens it anew (R39)."""

from __future__ import annotations

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.order.kinds.shop import pay_until
from models.order.order import Order
from models.stock.stock_words import StockState
from models.values.calendar import hours_of
from models.values.vocabulary import Ending, Role


def close_key(order: Order) -> str:
    """Under which the provider is asked now whether the order was paid."""
    return f"{order.number}/close:{order.shop.closes}"


def ask_to_close(order: Order) -> None:
    """Ask the provider once whether the order was paid by now; where not, nothing can be paid any more."""
    order.shop.closes += 1
    order.shop.closing = True


def lapse(order: Order) -> None:
    """R39: nobody paid: cancelled, its stock goes back. It stays a while longer, and takes late money."""
    shop, limit = order.shop, pay_until(order) or order.clock
    shop.lapsed_at, shop.announced_at = order.clock, None
    shop.late_until = limit + hours_of(order.policy.shop.late_hours)
    order.pending_ending = Ending.CANCELLED
    order.intend(
        Paper.PAYMENT_LAPSED,
        str(order.sequence),
        (Role.CUSTOMER, Role.SALESPERSON),
        "R39",
        until=limit,
    )


def try_to_reopen(order: Order) -> None:
    """Late money is there: the stock book is asked once more, at the old price."""
    order.pending_ending = None
    order.phase = order.kind.paid_in or order.phase
    order.shop.reopening = True
    stock = order.stock
    stock.state, stock.asked_for, stock.is_firm = StockState.NONE, "", False


def reopened(order: Order) -> None:
    """The goods are to be had: it goes on as if it had been paid in time."""
    shop = order.shop
    shop.reopening, shop.lapsed_at, shop.late_until = False, None, None
    order.note(EntryKind.PHASE, order.phase.value, rule="R39")
    order.intend(
        Paper.ORDER_REOPENED, str(order.sequence), (Role.CUSTOMER, Role.SALESPERSON, Role.WAREHOUSE), "R39"
    )


def give_up(order: Order) -> None:
    """The goods are gone: it stays cancelled, and the late money goes back."""
    shop = order.shop
    shop.reopening, shop.gave_up, shop.paid_at = False, True, None
    order.pending_ending = Ending.CANCELLED
    order.stock.confirmed = False
