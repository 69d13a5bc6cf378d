"""Which shipments a report speaks of (R73)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case

from models.dossier.papers_due import Paper
from models.reports.report import Window
from models.tables.registry import table


def left_within(query: Select[Any], window: Window) -> Select[Any]:
    """Only shipments that left in this time, or left before and were told of in it.

    One that is told after the list of its day was made is in the next, in exactly one.
    """
    shipments, outbox = table("shipments"), table("outbox")
    notice = and_(
        outbox.c.order_number == shipments.c.order_number,
        outbox.c.identity == f"{Paper.SHIPMENT.value}:" + shipments.c.shipment,
    )
    told = outbox.c.created_at
    moment = case((told > shipments.c.shipped_at, told), else_=shipments.c.shipped_at)
    return query.outerjoin(outbox, notice).where(moment >= window.since, moment < window.until)
