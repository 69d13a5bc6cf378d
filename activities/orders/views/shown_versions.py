"""What of orders acts rest on, as it was last recorded: versions, figures, questions, releases (R83)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Connection, select

from models.forms.shown import OrderShown
from models.tables.registry import table


def shown_in(connection: Connection, numbers: Sequence[str]) -> dict[str, OrderShown]:
    """These orders as a page may show them, by number; one that is not known is left out."""
    orders, decisions, releases = table("orders"), table("decisions"), table("releases")
    wanted = select(
        orders.c.number,
        orders.c.request_version,
        orders.c.bill,
        orders.c.open_balance,
        orders.c.sequence,
    )
    found = {
        row["number"]: OrderShown(
            version=row["request_version"],
            bill=row["bill"],
            open_balance=row["open_balance"],
            sequence=row["sequence"],
        )
        for row in connection.execute(wanted.where(orders.c.number.in_(numbers))).mappings()
    }
    asked = select(decisions.c.order_number, decisions.c.key, decisions.c.version).where(
        decisions.c.order_number.in_(numbers), decisions.c.voided_at.is_(None)
    )
    for row in connection.execute(asked.order_by(decisions.c.version)).mappings():
        if row["order_number"] in found:
            found[row["order_number"]].asked[row["key"]] = row["version"]
    granted = select(releases.c.order_number, releases.c.release, releases.c.quantities)
    for row in connection.execute(granted.where(releases.c.order_number.in_(numbers))).mappings():
        if row["order_number"] in found:
            quantities = {int(line): Decimal(quantity) for line, quantity in row["quantities"].items()}
            found[row["order_number"]].releases[row["release"]] = quantities
    return found
