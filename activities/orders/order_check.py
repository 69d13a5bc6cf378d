"""What would be refused of an order that is being written, and what it would be compared with. Nothing is numbered or written."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine, RowMapping

from activities.documents.font_signs import require_printable
from activities.orders.assigning import staff_for
from activities.orders.references import (
    customer_file,
    listed_price,
    reference_of,
    require_to_come,
    require_unit,
)
from activities.store.database import reading
from models.policy import Policy
from models.request.amounts import require_line_amount, require_percent, require_total
from models.request.order_draft import Draft
from models.request.order_request import RequestLine
from models.request.order_start import PriceReference
from models.request.start_limits import require_shop_terms, require_small_guarantee
from models.values.calendar import business_date
from models.values.errors import Refusal
from models.values.vocabulary import Role, Words

Found = TypeVar("Found")


@dataclass(slots=True)
class Checked:
    """What was found: problems by place, the price list by place of the line, and who would be the salesperson."""

    problems: dict[str, Words] = field(default_factory=dict)
    references: dict[int, PriceReference] = field(default_factory=dict)
    customer_name: str = ""
    salesperson: str | None = None
    """None while the customer is not known."""

    def look(self, work: Callable[[], Found]) -> Found | None:
        """The result, or None and a problem at its place."""
        try:
            return work()
        except Refusal as refusal:
            if not refusal.where:
                raise
            self.problems.setdefault(refusal.where, refusal.words)
            return None


def check_draft(engine: Engine, draft: Draft, now: datetime, policy: Policy) -> Checked:
    """Look at all that can be read, with the very checks of placing. Raises the refusals of `activities.store.database.reading`."""
    checked, today = Checked(), business_date(now)
    checked.look(lambda: require_printable(draft.request))
    checked.look(lambda: require_to_come(draft.request.wanted_date, today))
    checked.look(partial(require_percent, draft.request.deposit_percent, "deposit_percent"))
    for place, line in enumerate(draft.request.lines):
        if draft.has(f"lines.{place}.quantity") and draft.has(f"lines.{place}.unit_price"):
            checked.look(partial(require_line_amount, line, f"lines.{place}.quantity"))
        at = f"lines.{place}.tolerance_percent"
        checked.look(partial(require_percent, line.tolerance_percent, at))
    if not checked.problems:
        checked.look(lambda: require_total(draft.total))
    counted = all(
        draft.has(f"lines.{place}.{name}")
        for place in range(len(draft.request.lines))
        for name in ("quantity", "unit_price")
    )
    if not checked.problems and counted:
        checked.look(lambda: require_small_guarantee(draft.request, policy.small_order.limit))
    checked.look(lambda: require_shop_terms(draft.request))
    with reading(engine) as connection:
        listed = [
            _line(connection, draft, checked, place, line, today)
            for place, line in enumerate(draft.request.lines)
            if draft.has(f"lines.{place}.product")
        ]
        if draft.has("customer"):
            _customer(
                connection, draft, checked, {price["product"] for price in listed if price is not None}, now
            )
    return checked


def _customer(
    connection: Connection, draft: Draft, checked: Checked, products: Collection[str], now: datetime
) -> None:
    found = checked.look(lambda: customer_file(connection, draft.request.customer))
    if found is not None:
        file, area = found
        checked.customer_name = file.name
        checked.salesperson = staff_for(connection, area, products, now).person(Role.SALESPERSON)


def _line(
    connection: Connection, draft: Draft, checked: Checked, place: int, line: RequestLine, today: date
) -> RowMapping | None:
    """The line's row of the price list; None where it has none, which is a problem then."""
    price = checked.look(lambda: listed_price(connection, place, line, today))
    if price is None:
        return None
    checked.references[place] = reference_of(connection, draft.request.customer, line, price)
    if draft.has(f"lines.{place}.unit"):
        checked.look(lambda: require_unit(place, line, price))
    return price
