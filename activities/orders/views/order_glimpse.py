"""What of an order is seen at a glance, beside a step that waits: whose it is, and its goods."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel
from sqlalchemy import Engine, select

from activities.orders.views.order_views import LineView
from activities.orders.views.shown_versions import shown_in
from activities.store.database import reading
from models.forms.shown import OrderShown
from models.tables.registry import table


class Glance(BaseModel):
    """The few things of an order that a list of steps shows beside each step."""

    number: str
    customer_name: str
    lines: list[LineView] = []
    shown: OrderShown | None = None
    """What an act beside the step rests on."""


def glances(engine: Engine, numbers: Iterable[str]) -> dict[str, Glance]:
    """These orders at a glance, by number; one that is not known is left out."""
    orders, lines = table("orders"), table("order_lines")
    wanted = sorted(set(numbers))
    of_orders = select(orders.c.number, orders.c.customer_name).where(orders.c.number.in_(wanted))
    of_lines = (
        select(lines)
        .where(lines.c.order_number.in_(wanted), lines.c.dropped.is_not(True))
        .order_by(lines.c.order_number, lines.c.line)
    )
    with reading(engine) as connection:
        found = {
            row["number"]: Glance.model_validate(dict(row))
            for row in connection.execute(of_orders).mappings()
        }
        for row in connection.execute(of_lines).mappings():
            if row["order_number"] in found:
                found[row["order_number"]].lines.append(LineView.model_validate(dict(row)))
        for number, shown in shown_in(connection, wanted).items():
            found[number].shown = shown
    return found
