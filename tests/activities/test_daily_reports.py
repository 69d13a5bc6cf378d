"""The daily production report: asked for once a working day, closed by a report, missed without one (R171)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from activities.facts.desk_steps import open_desk_steps
from activities.orders.recording.recorder import Recorder
from activities.reports.daily_reports import (
    DailyReports,
    being_made,
    missed_in,
    owed_reports,
    report_nothing,
)
from activities.reports.report_maker import report_of
from activities.store.database import reading, writing
from activities.store.imports import CalendarDayRow, StaffRow, import_calendar_days, import_staff
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.reports.production_duty import DutyRun
from models.reports.report import ReportKind, Window
from models.tables.registry import table
from models.values.calendar import ONE_DAY, at
from models.values.vocabulary import Role
from tests.models.life import MONDAY, Life

TUESDAY, WEDNESDAY, SATURDAY = date(2027, 3, 2), date(2027, 3, 3), date(2027, 3, 6)


@pytest.fixture
def factory(engine: Engine) -> Engine:
    """Production has a foreman; one order is being made, one waits for its sheet."""
    import_staff(engine, [StaffRow(person="factory-ma", name="马军", roles=(Role.PRODUCTION,))])
    recorded(engine, Life().in_production(), "20270301-0001")
    recorded(engine, Life().verified(), "20270301-0002")
    return engine


def recorded(engine: Engine, life: Life, number: str) -> None:
    """The order as far as it has come."""
    order = life.order
    order.number = number
    burst = Burst(
        order=number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=rows_of(order),
        intentions=[],
    )  # fmt: skip
    Recorder(engine).record(burst)
    with writing(engine) as connection:
        row = {
            "request_id": number,
            "content_hash": number,
            "number": number,
            "customer": "K-1",
            "placed_at": life.placed,
        }
        connection.execute(insert(table("requests")).values({**row, "start": {}}))


def goes_on(engine: Engine, life: Life, after: int) -> None:
    """What the order has lived since entry `after` is recorded."""
    order = life.order
    entries = [entry for entry in order.unsaved if entry.sequence > after]
    burst = Burst(
        order=order.number, epoch=0, after_sequence=after, after_hash=entries[0].previous, entries=entries,
        rows=rows_of(order), intentions=[],
    )  # fmt: skip
    Recorder(engine).record(burst)


def watch(
    engine: Engine, day: date, hour: int = 8, minute: int = 0, policy: Path = Path("/nowhere.toml")
) -> tuple[bool, list[date]]:
    done = DailyReports(engine, policy).watch_reports(DutyRun(day=day, now=at(day, hour, minute)))
    return done.asked, done.missed


def test_one_step_a_day_names_the_orders_that_are_being_made(factory: Engine) -> None:
    assert watch(factory, TUESDAY) == (True, [])
    (step,) = open_desk_steps(factory, Role.PRODUCTION)
    assert (step.rule, step.roles, step.due) == ("R171", (Role.PRODUCTION,), at(TUESDAY, 18))
    assert step.en == "production report of 2027-03-02; in production: 20270301-0001"
    (owed,) = owed_reports(factory, at(TUESDAY, 12))
    assert (owed.day, owed.orders, owed.people) == (TUESDAY, ["20270301-0001"], ["factory-ma"])
    with reading(factory) as connection:
        outbox = table("outbox")
        told = connection.execute(
            select(outbox.c.roles, outbox.c.en).where(outbox.c.order_number == "")
        ).all()
    assert told == [
        (["production"], "the production report of 2027-03-02 is owed; in production: 20270301-0001")
    ]
    assert watch(factory, TUESDAY, 9) == (False, []), "once"
    assert len(open_desk_steps(factory)) == 1
    (line,) = being_made(factory)
    assert (line.order_number, line.line, line.quantity) == ("20270301-0001", 1, "1000.000")


def test_nothing_is_owed_on_holidays_or_where_nothing_is_made(factory: Engine, engine: Engine) -> None:
    assert watch(factory, SATURDAY) == (False, [])
    import_calendar_days(
        engine, [CalendarDayRow(day=SATURDAY, working=True), CalendarDayRow(day=TUESDAY, working=False)]
    )
    assert watch(factory, TUESDAY) == (False, [])
    assert watch(factory, SATURDAY) == (True, []), "a make-up day"
    with writing(engine) as connection:
        connection.execute(update(table("open_steps")).values(closed_at=at(TUESDAY, 7)))
    assert watch(factory, WEDNESDAY) == (False, [])


def test_orders_to_try_with_are_nobodys_duty(factory: Engine) -> None:
    row = {"number": "20270301-0001", "customer": "K-1", "begun_at": MONDAY, "begun_by": "li"}
    with writing(factory) as connection:
        connection.execute(insert(table("sandbox_orders")).values(row))
    assert watch(factory, TUESDAY) == (False, [])


def test_a_report_closes_its_day_and_earlier_ones_and_no_later_one(engine: Engine) -> None:
    """Told on Wednesday at noon: Monday's and Tuesday's are missed, Wednesday's is in time, Thursday's is asked anew."""
    life = Life().in_production()
    recorded(engine, life, "20270301-0001")
    for day in (MONDAY.date(), TUESDAY, WEDNESDAY):
        assert watch(engine, day)[0]
    sequence = life.order.sequence
    life.until(at(WEDNESDAY, 12)).made("400", finished=False)
    goes_on(engine, life, sequence)
    assert open_desk_steps(engine, Role.PRODUCTION) == []
    assert owed_reports(engine, at(WEDNESDAY, 13)) == []
    with reading(engine) as connection:
        missed = missed_in(connection, Window(since=MONDAY, until=MONDAY + timedelta(days=30)))
    assert [each.day for each in missed] == [MONDAY.date(), TUESDAY]
    assert watch(engine, WEDNESDAY + ONE_DAY) == (True, [])


def test_what_is_told_of_an_earlier_day_leaves_the_later_ones_open(engine: Engine) -> None:
    life = Life().in_production()
    recorded(engine, life, "20270301-0001")
    for day in (TUESDAY, WEDNESDAY):
        assert watch(engine, day)[0]
    sequence = life.order.sequence
    life.until(at(WEDNESDAY, 10)).does("production_reported", happened=at(TUESDAY, 16), made="400")
    goes_on(engine, life, sequence)
    assert [each.day for each in owed_reports(engine, at(WEDNESDAY, 11))] == [WEDNESDAY]


def test_at_six_it_is_missed_and_stays_so_when_it_comes(factory: Engine) -> None:
    assert watch(factory, TUESDAY)[0]
    assert watch(factory, TUESDAY, 17, 59) == (False, [])
    assert watch(factory, TUESDAY, 18, 1) == (False, [TUESDAY])
    assert watch(factory, TUESDAY, 19) == (False, []), "found once"
    assert len(open_desk_steps(factory, Role.PRODUCTION)) == 1, "and still owed"
    assert report_nothing(factory, TUESDAY, at(TUESDAY, 20), "factory-ma") == [TUESDAY]
    assert open_desk_steps(factory) == []
    assert _missed(factory) == [("马军 (factory-ma)", "R171", Decimal("2.0"))]


def test_missed_days_count_in_the_report_of_the_month(factory: Engine) -> None:
    """R86: two days of March without a report, one in time."""
    assert watch(factory, TUESDAY)[0]
    report_nothing(factory, TUESDAY, at(TUESDAY, 17), "factory-ma")
    for day in (WEDNESDAY, date(2027, 3, 4)):
        assert watch(factory, day)[0]
    (person,) = [row for row in _rows(factory, "by person") if row[0] == "马军 (factory-ma)"]
    assert (person[1], person[2], person[4]) == (0, 2, "R171×2")
    missed = [row for row in _rows(factory, "limits that were missed") if row[3] == "R171"]
    assert [(row[0], row[1], row[4]) for row in missed] == [
        ("-", "2027-03-03 的生产日报 · production report of 2027-03-03", WEDNESDAY),
        ("-", "2027-03-04 的生产日报 · production report of 2027-03-04", date(2027, 3, 4)),
    ]


def test_the_hour_is_the_policys(factory: Engine, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[daily_report]\ndue_minutes = 990\n", encoding="utf-8")
    assert watch(factory, TUESDAY, policy=policy)[0]
    assert open_desk_steps(factory)[0].due == at(TUESDAY, 16, 30)


def _rows(engine: Engine, section: str) -> list[list[object]]:
    report = report_of(engine, ReportKind.RESPONSIBILITY, date(2027, 4, 1))
    return [list(row) for each in report.sections if each.en == section for row in each.rows]


def _missed(engine: Engine) -> list[tuple[object, object, object]]:
    found = [row for row in _rows(engine, "limits that were missed") if row[3] == "R171"]
    return [(row[2], row[3], row[6]) for row in found]
