"""Goods that are owed, orders that were late, downtimes and lines, on both kinds of database (R150, R152)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text

from activities.orders.recording.recorder import Recorder
from activities.scheduling.downtimes import downtimes, take_back, tell_downtime
from activities.scheduling.finished import days_late_of
from activities.scheduling.line_list import lines_in, unknown_products
from activities.scheduling.owed_goods import owed_goods
from activities.scheduling.schedule_now import schedule_now
from activities.store import imports
from activities.store.absences import end_absence, keep_absence
from activities.store.database import reading, writing
from models.absences import Absence
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.policy import SchedulePolicy
from models.scheduling.confidence import LAST_ORDERS
from models.scheduling.crews import Need
from models.scheduling.machine_lines import Span
from models.scheduling.proposals import Job
from models.tables.registry import table
from models.values.calendar import Calendar
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit
from tests.models.life import Life

NOW = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
TODAY = date(2027, 1, 5)
ZERO = Decimal(0)


def order(connection: Any, number: str, *lines: dict[str, Any], **changed: Any) -> None:
    """An order as the recorder has it, of lines of TP-80."""
    row = {
        "number": number, "sequence": 1, "head": FIRST_LINK, "request_id": number, "customer": "c-1", "customer_name": "甲公司",
        "placed_at": NOW, "phase": "production", "production_due": TODAY, "promised": TODAY,
    }  # fmt: skip
    connection.execute(table("orders").insert().values({**row, **changed}))
    for place, each in enumerate(lines or ({},), start=1):
        goods = {
            "order_number": number, "line": place, "product": "TP-80", "specification": "80", "quantity": Decimal(100),
            "unit": "roll", "amount": ZERO, "passed": ZERO, "entered": ZERO, "shipped": ZERO,
        }  # fmt: skip
        connection.execute(table("order_lines").insert().values({**goods, **each}))


def placed_as(connection: Any, number: str, way: str) -> None:
    """How the order was placed: made, from stock, bought."""
    about = {"request_id": number, "customer": "c-1", "content_hash": "x", "number": number, "placed_at": NOW}
    connection.execute(table("requests").insert().values(start={"request": {"fulfilment": way}}, **about))


def lot(connection: Any, number: str, made: int, scrapped: int = 0, name: str = "1") -> None:
    figures = {"passed": ZERO, "rework": ZERO, "entered": ZERO, "scrap_in_production": ZERO}
    connection.execute(
        table("lots").insert().values(
            order_number=number, line=1, lot=name, made=Decimal(made), scrapped=Decimal(scrapped), place="", produced_by=[],
            inspected_by=[], **figures,
        )
    )  # fmt: skip


def step(connection: Any, number: str, line: int) -> None:
    connection.execute(
        table("open_steps").insert().values(
            order_number=number, key=f"produce:{line}", kind="produce", roles=["production"], people=[], rule="R41", since=NOW,
            due=NOW, blocking=True, zh="", en="", command="",
        )
    )  # fmt: skip


def test_what_is_dated_and_not_made_is_owed(engine: Engine) -> None:
    with writing(engine) as connection:
        order(connection, "1")
        order(connection, "2", {}, {"dropped": True}, {"product": "NCR-3", "unit": "carton"})
        lot(connection, "2", 40)
        lot(connection, "2", 30, 10, "2")
        order(connection, "3", production_due=None)
        order(connection, "4", ending="cancelled")
        order(connection, "5", phase="shipping")
        order(connection, "6")
        lot(connection, "6", 100)
        order(connection, "7", {}, {})  # its first line is reported finished, whatever it is short of
        lot(connection, "7", 90)
        step(connection, "7", 2)
        order(connection, "8", {"unit": "stone"})
        order(connection, "9", phase="confirmation", production_due=TODAY - timedelta(days=1), promised=None)
        for number, way in (
            ("10", "from_stock"),
            ("11", "pre_sale"),
            ("12", "service"),
            ("13", "make_to_order"),
        ):
            order(connection, number, phase="verification", production_due=TODAY + timedelta(days=1))
            placed_as(connection, number, way)
    with reading(engine) as connection:
        found = owed_goods(connection, NOW)
    assert [(each.order, each.line, each.job.quantity) for each in found] == [
        ("9", 1, 100), ("1", 1, 100), ("2", 1, 40), ("2", 3, 100), ("7", 2, 100), ("13", 1, 100),
    ]  # fmt: skip
    assert found[1].job == Job("TP-80", Decimal(100), Unit.ROLL, NOW)
    assert (found[1].customer_name, found[1].due, found[1].promised, found[1].placed_at) == (
        "甲公司", TODAY, TODAY, NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("station", "owed"),
    [("verified", 1000), ("in_production", 1000), ("made", 0), ("in_warehouse", 0)],
)
def test_an_order_as_it_is_lived_is_owed_until_it_is_made(engine: Engine, station: str, owed: int) -> None:
    """Recorded by the product's own recorder, at each station of its life."""
    life = getattr(Life(), station)()
    order = life.order
    Recorder(engine).record(
        Burst(
            order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=rows_of(order),
            intentions=order.unsent,
        )
    )  # fmt: skip
    with reading(engine) as connection:
        assert sum(each.job.quantity for each in owed_goods(connection, life.now)) == owed


def test_nothing_is_read_whole(engine: Engine) -> None:
    """Orders, lots and lines of living orders along the index of dated ones; finished ones along that of the product."""
    plans: list[str] = []
    with reading(engine) as connection:
        if connection.dialect.name != "sqlite":
            return
        for query in (
            "select number from orders join order_lines on order_number = number where ending is null"
            " and production_due is not null and phase not in ('shipping') order by production_due, number",
            "select lots.line, sum(made) from lots join orders on number = order_number where ending is null"
            " and production_due is not null and phase not in ('shipping') group by order_number, line",
            "select order_number, line from order_lines where product = 'x' order by order_number desc limit 400",
            "select order_number, key from open_steps where kind = 'produce' and closed_at is null",
            "select line from machine_downtimes where taken_back_at is null and line = 'x' and ends > 1",
        ):
            plans += [row[-1] for row in connection.execute(text(f"explain query plan {query}"))]
    assert not [plan for plan in plans if plan.startswith("SCAN") and "INDEX" not in plan], plans


def finished(connection: Any, number: str, late: int, due: date = date(2026, 11, 2), **changed: Any) -> None:
    order(connection, number, {}, phase="settlement", **changed)
    for change, day in enumerate(
        (due, due + timedelta(days=30)), start=1
    ):  # a later dating does not make it on time
        connection.execute(
            table("promises").insert().values(
                order_number=number, change=change, cause="production_dated", promised_to=day, production_due_to=day,
                ship_date_to=day, happened_at=NOW, recorded_at=NOW,
            )
        )  # fmt: skip
    for place, days in enumerate((late - 3, late), start=1):
        connection.execute(
            table("inspections").insert().values(
                order_number=number, inspection=place, line=1, lot="1", passed=Decimal(10), to_rework=ZERO, scrapped=ZERO,
                inspected_by="x", checked_with="y", recorded_at=NOW,
                at=datetime(due.year, due.month, due.day, 6, tzinfo=UTC) + timedelta(days=days),
            )
        )  # fmt: skip


def test_how_late_the_last_orders_of_a_product_were(engine: Engine) -> None:
    with writing(engine) as connection:
        finished(connection, "1", 0)
        finished(connection, "2", 4)
        finished(connection, "3", 7)  # over a week-end: five working days
        finished(connection, "4", -2)
        finished(connection, "5", 1, ending="settled")
        order(connection, "6")  # not finished
    with reading(engine) as connection:
        assert days_late_of(connection, "TP-80", Calendar()) == [5, 4, 1, 0, 0]
        assert days_late_of(connection, "other", Calendar()) == []


def test_only_the_last_fifty_count(engine: Engine) -> None:
    with writing(engine) as connection:
        for place in range(LAST_ORDERS + 5):
            finished(
                connection,
                f"{place:03}",
                0 if place < 5 else 1,
                date(2026, 6, 1) + timedelta(weeks=place // 10),
            )
    with reading(engine) as connection:
        assert days_late_of(connection, "TP-80", Calendar()) == [1] * LAST_ORDERS


L1 = imports.MachineLineRow.model_validate(
    {
        "line": "L1",
        "name": "分切机",
        "products": ["P-1", "P-9"],
        "rate": "800",
        "unit": "roll",
        "monday": "08:00-24:00",
    }
)


def test_lines_and_when_they_stand(company: Engine) -> None:
    assert schedule_now(company, NOW, SchedulePolicy()).lines == []
    imports.import_machine_lines(company, [L1])
    span = Span(NOW, NOW + timedelta(hours=4))
    tell_downtime(company, "L1", span, "刀轴", "ma", NOW)
    tell_downtime(company, "L1", span, "刀轴", "ma", NOW)
    with reading(company) as connection:
        (found,) = lines_in(connection, NOW)
        assert (found.rate, found.products, found.downtimes) == (800, {"P-1", "P-9"}, (span,))
        assert lines_in(connection, span.ends)[0].downtimes == ()
    (told,) = downtimes(company, NOW)
    take_back(company, told.number, "ma", NOW)
    assert (downtimes(company, NOW)[0].taken_back_by, downtimes(company, NOW)[0].taken_back_at) == ("ma", NOW)
    assert schedule_now(company, NOW, SchedulePolicy()).lines[0].downtimes == ()
    assert unknown_products(company, ["P-1", "P-9", "P-9"]) == ["P-9"]
    for number, code in ((told.number, Code.ALREADY_DECIDED), (99, Code.UNKNOWN_PLACE)):
        with pytest.raises(Refusal) as refused:
            take_back(company, number, "ma", NOW)
        assert refused.value.code is code
    for wrong, code in (
        (("L2", span), Code.UNKNOWN_PLACE), (("L1", Span(span.ends, NOW)), Code.MALFORMED),
        (("L1", Span(NOW - timedelta(2), NOW)), Code.DATE_IN_PAST),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            tell_downtime(company, *wrong, "x", "ma", NOW)
        assert refused.value.code is code


def test_people_of_the_trades_and_when_they_are_away(company: Engine) -> None:
    """R150: nobody is read where no line asks for anybody; an absence that was ended counts no more."""
    imports.import_machine_lines(company, [L1])
    worker = imports.StaffRow(person="w-1", name="老马", trades=("机长",))
    imports.import_staff(company, [worker])
    assert schedule_now(company, NOW, SchedulePolicy()).house.workers == []
    imports.import_machine_lines(company, [L1.model_copy(update={"crew": "机长 1"})])
    away = Absence(person="w-1", first_day=TODAY, last_day=TODAY)
    number = keep_absence(company, away, "ma", NOW)
    (found,) = schedule_now(company, NOW, SchedulePolicy(shift_hours=12)).house.workers
    assert (found.person, found.trades, found.is_there(TODAY)) == ("w-1", {"机长"}, False)
    assert found.is_there(TODAY + timedelta(days=1))
    with reading(company) as connection:
        assert lines_in(connection, NOW)[0].needs == (Need("机长", 1),)
    end_absence(company, number, "ma", NOW)
    house = schedule_now(company, NOW, SchedulePolicy(shift_hours=12)).house
    assert (house.workers[0].is_there(TODAY), house.shift) == (True, timedelta(hours=12))


def test_a_line_that_cannot_be_read_hides_no_other(company: Engine) -> None:
    imports.import_machine_lines(
        company, [L1, L1.model_copy(update={"line": "L2"}), L1.model_copy(update={"line": "L3"})]
    )
    lines = table("machine_lines")
    with writing(company) as connection:
        connection.execute(lines.update().where(lines.c.line == "L1").values(monday="x"))
        connection.execute(lines.update().where(lines.c.line == "L2").values(rate=ZERO))
    with reading(company) as connection:
        assert [each.line for each in lines_in(connection, NOW)] == ["L3"]
