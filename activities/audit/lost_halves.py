"""Money that was given and of which the receiving order was not told, as after a restored backup (R53, R161)."""

from __future__ import annotations

from sqlalchemy import Engine, select

from activities.money.receipt_store import mend_parts
from activities.orders.recording.receipts import tell_receivers
from activities.store.database import writing
from models.tables.registry import table
from models.values.vocabulary import Way


def lost_halves(engine: Engine, *, mend: bool) -> list[tuple[str, str]]:
    """Money that one order gave, or finance, and of which the receiving order was not told (a restored backup): how it is
    called, and for which order. That another order was told of money so called is no answer.

    With `mend` it is told now; told twice it is the same fact (R53, R161)."""
    transfers, inbox = table("transfers"), table("inbox")
    came = transfers.alias("came")
    asked = transfers.c.to == ""
    told = (inbox.c.fact_id == "transfer/" + transfers.c.transfer + "/in") & (
        asked | (inbox.c.order_number == transfers.c.to)
    )
    got = (
        (came.c.transfer == transfers.c.transfer)
        & (came.c.way == Way.IN.value)
        & (asked | (came.c.order_number == transfers.c.to))
    )
    lost = select(transfers.c.transfer, transfers.c.order_number, transfers.c.to).where(
        transfers.c.way == Way.OUT.value,
        ~select(inbox.c.number).where(told).exists(),
        ~select(came.c.transfer).where(got).exists(),
    )
    with writing(engine) as connection:
        found = connection.execute(lost).all()
        if mend:
            for giver in sorted({row.order_number for row in found}):
                tell_receivers(connection, giver)
        parts = mend_parts(connection, mend=mend)
    return [(row.transfer, row.to) for row in found] + [(each.part, each.order) for each in parts]
