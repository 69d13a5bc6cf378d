"""An order as it is now, lived once more from its journal: pages ask the model itself, and need no server for it."""

from __future__ import annotations

from sqlalchemy import Engine

from activities.orders.recording.receipts import is_had_by_another
from activities.orders.requests import start_of
from activities.orders.views.order_views import journal_of
from models.order.order import Order
from workflows.rebuilding import rebuilt


def order_now(engine: Engine, number: str) -> Order:
    """The order after the last entry that is recorded of it. Raises Refusal(unknown_order)."""
    start = start_of(engine, number)
    journal = journal_of(engine, number)
    return rebuilt(start, journal, lambda key: is_had_by_another(engine, number, key)).order
