"""The week's shipments by hand: what each salesperson shipped, for how much, how punctually (R73)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from activities.reports.report_maker import report_of
from activities.store.database import writing
from models.messages.decision_subjects import Subject
from models.reports.report import ReportKind
from models.tables.registry import table
from models.values.calendar import at
from tests.activities.test_reminding import record
from tests.models.life import MONDAY, Life

DAY = MONDAY.date()
FRIDAY = DAY + timedelta(days=4)


def in_two_parts() -> Life:
    """400 leave on Monday, 580 on Tuesday; 20 were scrapped."""
    life = (
        Life(partial_delivery=True)
        .in_production()
        .made("400", lot="L-1", finished=False)
        .passed("400", lot="L-1")
    )
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").sent("1").later(days=1)
    life.made("600", lot="L-2").passed("580", lot="L-2", scrapped="20")
    return life.decide(Subject.FINANCE_RELEASE, "release").sent("2", carrier="顺丰速运")


@pytest.fixture
def shipped(engine: Engine, tmp_path: Path) -> Engine:
    """Three orders of two salespersons; the second was promised for the second of March and left on the fourth."""
    record(engine, tmp_path, in_two_parts(), number="20270301-0001")
    record(engine, tmp_path, Life().shipped(), number="20270301-0002")
    record(engine, tmp_path, Life().shipped(), number="20270301-0003")
    orders, shipments = table("orders"), table("shipments")
    second, third = "20270301-0002", "20270301-0003"
    with writing(engine) as connection:
        connection.execute(
            update(orders)
            .where(orders.c.number == second)
            .values(
                first_promised=DAY + timedelta(days=1),
                promised=DAY + timedelta(days=2),
                total=Decimal("777.70"),
            )
        )
        connection.execute(update(orders).where(orders.c.number == third).values(salesperson="sales-bo"))
        connection.execute(
            update(shipments)
            .where(shipments.c.order_number == second)
            .values(shipped_at=at(DAY + timedelta(days=3), 9))
        )
    return engine


def rows(engine: Engine, day: date) -> tuple[list[list[Any]], list[list[Any]]]:
    """By salesperson, and by shipment."""
    people, shipments = report_of(engine, ReportKind.WEEKLY_STATISTICS, day).sections
    return people.rows, shipments.rows


def test_an_order_in_two_parts_is_one_order_and_two_shipments_and_its_total_counts_once(
    shipped: Engine,
) -> None:
    """Two orders of one salesperson: 5000.00 and 777.70. Two of the three shipments kept the first promise."""
    people, _ = rows(shipped, FRIDAY)
    assert people == [
        ["sales-bo", 1, 1, Decimal("5000.00"), "1/1", "1/1"],
        ["salesperson-1", 2, 3, Decimal("5777.70"), "2/3", "2/3"],
    ]


def test_each_shipment_has_its_own_day_carrier_and_delay_against_both_promises(shipped: Engine) -> None:
    """Left on the fourth: two days after the first promise, one after the one in force."""
    _, shipments = rows(shipped, FRIDAY)
    told = [(row[0], row[3], row[4], row[5], row[6], row[7], row[8], row[9]) for row in shipments]
    saturday = date(2027, 3, 6)
    assert told == [
        ("20270301-0001", DAY, "德邦物流", "DB-1", saturday, saturday, 0, 0),
        ("20270301-0003", DAY, "德邦物流", "DB-1", saturday, saturday, 0, 0),
        ("20270301-0001", date(2027, 3, 2), "顺丰速运", "DB-2", saturday, saturday, 0, 0),
        ("20270301-0002", date(2027, 3, 4), "德邦物流", "DB-1", date(2027, 3, 2), date(2027, 3, 3), 2, 1),
    ]


def test_without_a_promise_nobody_is_late_or_in_time(shipped: Engine) -> None:
    orders = table("orders")
    with writing(shipped) as connection:
        connection.execute(update(orders).values(first_promised=None, promised=None))
    people, shipments = rows(shipped, FRIDAY)
    assert [row[8:10] for row in shipments] == [[None, None]] * 4
    assert [row[4:] for row in people] == [["0/1", "0/1"], ["0/3", "0/3"]]


def test_what_arrived_says_on_which_day_and_the_next_week_has_none_of_it(shipped: Engine) -> None:
    shipments = table("shipments")
    with writing(shipped) as connection:
        moment = at(DAY + timedelta(days=3), 23, 30)
        connection.execute(update(shipments).where(shipments.c.shipment == "2").values(arrived_at=moment))
    assert [row[12] for row in rows(shipped, FRIDAY)[1]] == [None, None, date(2027, 3, 4), None]
    assert rows(shipped, FRIDAY + timedelta(days=7)) == ([], [])
