"""What an order would begin with if it were placed now: looked up as for placing, and neither numbered nor kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from activities.orders.assigning import staff_for
from activities.orders.references import customer_file, price_of, reference_of
from activities.store.database import reading
from activities.store.holidays import calendar_around
from models.policy import Policy
from models.request.order_request import OrderRequest
from models.request.order_start import OrderStart
from models.values.calendar import business_date
from models.values.editions import NEWEST

_NO_NUMBER = "-"


def supposed_start(engine: Engine, request: OrderRequest, now: datetime, policy: Policy) -> OrderStart:
    """The start. Raises Refusal(unknown_customer, unknown_product, wrong_unit) as placing does."""
    today = business_date(now)
    with reading(engine) as connection:
        file, area = customer_file(connection, request.customer)
        listed = [price_of(connection, place, line, today) for place, line in enumerate(request.lines)]
        references = tuple(
            reference_of(connection, request.customer, line, price)
            for line, price in zip(request.lines, listed, strict=True)
        )
        return OrderStart(
            number=_NO_NUMBER,
            placed_at=now,
            request=request,
            customer=file,
            references=references,
            staff=staff_for(connection, area, {line.product for line in request.lines}, now),
            policy=policy,
            edition=int(NEWEST),
            calendar=calendar_around(connection, today),
        )
