"""Machine lines as they are kept: for the plan with the times at which they stand, for pages as rows (R150)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, select

from activities.scheduling.downtimes import standing
from activities.store.database import reading
from activities.store.faults import each_read
from models.scheduling.kept_lines import kept_line
from models.scheduling.machine_lines import MachineLine
from models.tables.registry import table


def lines_in(connection: Connection, since: datetime) -> list[MachineLine]:
    """Every line by its id, with the times after `since` at which it stands. One that cannot be read hides no other."""
    down = standing(connection, since)
    found = each_read(
        _rows(connection),
        lambda row: kept_line(dict(row), tuple(down.get(row["line"], ()))),
        "a machine line",
    )
    return [line for line in found if line.rate > 0]


def line_rows(engine: Engine) -> Sequence[RowMapping]:
    """Every line as it is kept, by its id."""
    with reading(engine) as connection:
        return _rows(connection)


def _rows(connection: Connection) -> Sequence[RowMapping]:
    lines = table("machine_lines")
    return connection.execute(select(lines).order_by(lines.c.line)).mappings().all()


def unknown_products(engine: Engine, products: Iterable[str]) -> list[str]:
    """Those of these products that the price list does not know, in their order."""
    prices, wanted = table("prices"), list(dict.fromkeys(products))
    with reading(engine) as connection:
        known = set(
            connection.scalars(select(prices.c.product).where(prices.c.product.in_(wanted)).distinct())
        )
    return [each for each in wanted if each not in known]
