"""What production is proposed where it is asked for a day: behind everything that is dated, and how sure it is (R150, R152)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, func, select

from activities.scheduling.finished import days_late_of
from activities.scheduling.schedule_now import schedule_in
from activities.store.faults import each_read
from models.policy import SchedulePolicy
from models.scheduling.outlook import Outlook, outlook_of
from models.scheduling.plan import Owed
from models.scheduling.proposals import Job
from models.tables.registry import table
from models.values.quantity import NOTHING
from models.values.vocabulary import Unit


def outlooks_of(
    connection: Connection, wanted: Mapping[str, date | None], now: datetime, figures: SchedulePolicy
) -> dict[str, dict[int, Outlook]]:
    """By order and line the outlook of these orders, of which the day that their customer wants is given.

    An order stands behind all that are dated, its own lines one after the other. Nothing where there are no machine lines.
    """
    schedule = schedule_in(connection, now, figures) if wanted else None
    if schedule is None or not schedule.lines:
        return {}
    known = schedule.known
    whole, found = schedule.plan(), dict[str, dict[int, Outlook]]()
    asked = goods_asked(connection, wanted, now)
    late = {
        product: days_late_of(connection, product, schedule.calendar)
        for product in sorted({each.job.product for goods in asked.values() for each in goods})
    }
    for number, goods in asked.items():
        plan = (schedule.plan(number) if number in known else whole.branched()).place_all(goods)
        found[number] = {
            each.line: outlook_of(plan, each, late[each.job.product], schedule.house) for each in goods
        }
    return found


def goods_asked(
    connection: Connection, wanted: Mapping[str, date | None], now: datetime
) -> dict[str, list[Owed]]:
    """The goods of these orders that are not made yet."""
    orders, lines, lots = table("orders"), table("order_lines"), table("lots")
    made: dict[tuple[str, int], Decimal] = {
        (number, line): made - scrapped
        for number, line, made, scrapped in connection.execute(
            select(
                lots.c.order_number, lots.c.line, func.sum(lots.c.made, type_=lots.c.made.type),
                func.sum(lots.c.scrapped, type_=lots.c.scrapped.type),
            )
            .where(lots.c.order_number.in_(sorted(wanted)))
            .group_by(lots.c.order_number, lots.c.line)
        )
    }  # fmt: skip

    def read(row: RowMapping) -> Owed:
        number, line = row["number"], row["line"]
        left = row["quantity"] - made.get((number, line), NOTHING)
        job = Job(row["product"], left, Unit(row["unit"]), now)
        return Owed(number, line, row["customer_name"], job, wanted[number], row["placed_at"] or now)

    query = (
        select(
            orders.c.number, orders.c.customer_name, orders.c.placed_at, lines.c.line, lines.c.product, lines.c.quantity,
            lines.c.unit,
        )
        .join(lines, lines.c.order_number == orders.c.number)
        .where(orders.c.number.in_(sorted(wanted)), lines.c.dropped.is_not(True))
        .order_by(orders.c.number, lines.c.line)
    )  # fmt: skip
    found: dict[str, list[Owed]] = {}
    for each in each_read(connection.execute(query).mappings(), read, "goods that are to be dated"):
        if each.job.quantity > 0:
            found.setdefault(each.order, []).append(each)
    return found
