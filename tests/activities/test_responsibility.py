"""Who was responsible for what in which month, by hand (R86): each kind, each border of the month, each person."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from activities.orders.recording.recorder import Recorder
from activities.reports.report_maker import report_of
from activities.store.database import writing
from activities.store.imports import StaffRow, import_staff
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.messages.decision_subjects import Subject
from models.order.projection import rows_of
from models.reports.report import Report, ReportKind
from models.tables.registry import table
from models.values.calendar import at
from models.values.vocabulary import Role
from tests.models.life import MONDAY, PEOPLE, Life
from workflows.procedure import receive

APRIL, MAY, JUNE = date(2027, 4, 1), date(2027, 5, 6), date(2027, 6, 1)
"""The first working days: each report speaks of the month before."""


def recorded(engine: Engine, life: Life, number: str = "20270301-0001", **people: str) -> str:
    """The order with its journal and with who is responsible for it."""
    order = life.order.model_copy(deep=True)
    order.number = number
    burst = Burst(
        order=number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=rows_of(order),
        intentions=[],
    )  # fmt: skip
    Recorder(engine).record(burst)
    with writing(engine) as connection:
        connection.execute(
            insert(table("requests")).values(
                request_id=number, content_hash=number, number=number, customer="K-1", placed_at=life.placed,
                start={"staff": {"people": {**PEOPLE, **people}}},
            )
        )  # fmt: skip
    return number


def rows(engine: Engine, section: str, day: date = APRIL) -> list[list[Any]]:
    """The rows of one section of the report that is due on a day."""
    found = {each.en: each for each in _report(engine, day).sections}[section]
    return [list(row) for row in found.rows]


def _report(engine: Engine, day: date) -> Report:
    return report_of(engine, ReportKind.RESPONSIBILITY, day)


def late_details(placed: datetime = MONDAY, days: float = 2) -> Life:
    """The packing was given `days` after the order; the limit is one day."""
    life = Life(placed, packing="").later(days=days)
    return life.does("details_completed", role=Role.SALESPERSON, changes={"packing": "50 卷一箱"})


def details(engine: Engine, day: date) -> list[list[Any]]:
    """The missed limits of details alone."""
    return [row for row in rows(engine, "limits that were missed", day) if row[3] == "R12"]


def test_a_missed_limit_is_the_persons_whose_order_it_is_with_hours_and_days(engine: Engine) -> None:
    """Due on Tuesday at nine, done on Wednesday at half past ten: 25.5 hours."""
    import_staff(engine, [StaffRow(person="sales-li", name="李明", roles=(Role.SALESPERSON,))])
    recorded(engine, late_details(days=2 + 1.5 / 24), salesperson="sales-li")
    assert details(engine, APRIL) == [
        ["20270301-0001", "补全或澄清 · complete or clarify", "李明 (sales-li)", "R12", date(2027, 3, 2),
         date(2027, 3, 3), Decimal("25.5")],
    ]  # fmt: skip
    (li,) = [row for row in rows(engine, "by person") if row[0] == "李明 (sales-li)"]
    assert (li[2], li[3], li[4]) == (1, Decimal("25.5"), "R12×1")


def test_each_persons_steps_are_counted_by_rule_and_the_latest_is_first(engine: Engine) -> None:
    recorded(engine, late_details(), "20270301-0001")
    recorded(engine, late_details(days=3), "20270301-0002")
    recorded(engine, late_details(days=0.5), "20270301-0003", salesperson="sales-bo")
    people = {row[0]: row[1:] for row in rows(engine, "by person")}
    assert people["salesperson-1"][1:] == [2, Decimal("72.0"), "R12×2"]
    assert people["sales-bo"] == [1, 0, Decimal("0.0"), ""]
    hours = [row[3] for row in rows(engine, "by person")]
    assert hours == sorted(hours, reverse=True)
    assert [row[6] for row in details(engine, APRIL)] == [Decimal("48.0"), Decimal("24.0")]


def test_a_role_without_a_person_stands_for_itself(engine: Engine) -> None:
    recorded(engine, late_details(), salesperson="")
    assert details(engine, APRIL)[0][2] == "业务员"


@pytest.mark.parametrize(
    ("closed", "month"),
    [
        (at(date(2027, 3, 31), 23, 59), APRIL),
        (at(date(2027, 4, 1), 0), MAY),
        (at(date(2027, 4, 30), 23, 59), MAY),
        (at(date(2027, 5, 1), 0), JUNE),
    ],
)
def test_a_limit_counts_in_the_month_in_which_it_was_met_at_last(
    engine: Engine, closed: datetime, month: date
) -> None:
    """Business time, to the minute: done a minute before midnight it is of the old month."""
    placed = closed - timedelta(days=3)
    recorded(engine, late_details(placed, days=3))
    done = {day: [row[5] is not None for row in details(engine, day)] for day in (APRIL, MAY, JUNE)}
    assert [day for day, found in done.items() if any(found)] == [month]


def test_what_is_still_open_counts_up_to_the_end_of_the_month_and_again_in_the_next(engine: Engine) -> None:
    """Due on 30 March at nine, open at the end of the month: 39 hours; at the end of April, since it was due: 759."""
    recorded(engine, Life(at(date(2027, 3, 29), 9), packing="").later(days=10))
    assert [row[5:] for row in details(engine, APRIL)] == [[None, Decimal("39.0")]]
    assert [row[5:] for row in details(engine, MAY)] == [[None, Decimal("759.0")]]


def test_an_order_that_ended_before_the_month_is_not_in_its_report(engine: Engine) -> None:
    life = late_details()
    life.does("cancellation_requested", reason="不要了")
    assert life.order.ending is not None
    recorded(engine, life)
    assert details(engine, APRIL)
    assert details(engine, MAY) == []


def test_each_move_of_the_promise_is_named_with_its_cause_and_days(engine: Engine) -> None:
    """R34: two days late with the sheet, three more by production; the first promise itself is no move."""
    life = Life().verified().sheet_out().later(days=2).signed().paid("1500.00")
    recorded(engine, life)
    moves = rows(engine, "moves of the promise")
    assert [(row[1], row[3], row[4], row[5]) for row in moves] == [
        ("客户未回传 · customer's sheet not back", date(2027, 3, 6), date(2027, 3, 7), 1),
        ("客户未回传 · customer's sheet not back", date(2027, 3, 7), date(2027, 3, 8), 1),
    ]
    with writing(engine) as connection:
        connection.execute(update(table("promises")).values(recorded_at=at(date(2027, 4, 1), 0)))
    assert rows(engine, "moves of the promise") == []
    assert len(rows(engine, "moves of the promise", MAY)) == 2


def exceptions(engine: Engine, day: date = APRIL) -> list[list[Any]]:
    """What, by whom, who answers for it, by which rule."""
    return [row[2:] for row in rows(engine, "exceptions and liability", day)]


def test_exceptions_are_named_in_words_with_who_reported_them_and_who_owns_them(engine: Engine) -> None:
    """R42, R47: each once, though the order waits for its resolution as well."""
    import_staff(engine, [StaffRow(person="warehouse-1", name="范伟", roles=(Role.WAREHOUSE,))])
    life = Life().in_production()
    life.does("production_exception", exception="E-1", reason="断纸", cause="material", line=1)
    life.does(
        "exception_reported", role=Role.WAREHOUSE, exception="E-2", words="受潮", owner="merchandiser-1"
    )
    recorded(engine, life)
    assert exceptions(engine) == [
        ["生产异常：断纸 · production exception: 断纸", "production-1", "", "R42"],
        ["异常上报：受潮 · exception reported: 受潮", "范伟 (warehouse-1)", "merchandiser-1", "R47"],
    ]
    assert rows(engine, "exceptions and liability")[0][:2] == ["20270301-0001", MONDAY.date()]
    assert exceptions(engine, MAY) == []


def test_who_is_liable_for_goods_that_left_without_a_release_is_on_record(engine: Engine) -> None:
    """R61: salesperson, merchandiser and material controller, by name; whoever shipped is named beside them."""
    life = Life().in_warehouse()
    life.does("shipped", shipment="1", carrier="德邦物流", tracking_number="DB-1")
    recorded(engine, life)
    found = {row[0].partition("：")[0]: row for row in exceptions(engine)}
    liable = found["责任记录"]
    assert "¥3500.00" in liable[0]
    assert liable[2:] == ["salesperson-1, merchandiser-1, material_controller-1", "R61"]
    assert [row[1] for row in found.values() if row[3] == "R61"] == ["shipper-1", ""]


def test_an_exception_that_nobody_reported_is_named_with_the_owner_of_its_step(engine: Engine) -> None:
    """R72: it will arrive after the day that the customer named; the clerk of the order has it."""
    life = (
        Life(wanted_date="2027-03-05")
        .in_warehouse()
        .paid("3500.00")
        .decide(Subject.FINANCE_RELEASE, "release")
    )
    recorded(engine, life.sent(expected_arrival="2027-03-09"), service_clerk="clerk-chen")
    (late,) = exceptions(engine)
    assert "2027-03-09" in late[0]
    assert late[2:] == ["clerk-chen", "R72"]


def test_the_freight_of_a_dead_order_is_the_guarantors_or_the_companys(engine: Engine) -> None:
    """R76: both ways together."""
    life = Life().arrived().later(days=16)
    life.does("goods_returned", shipment="1", freight_out="60.00", freight_back="45.50")
    recorded(engine, life)
    assert ["责任记录：freight:1 ¥105.50 · liability: freight:1 ¥105.50", "", "company", "R76"] in exceptions(
        engine
    )


def test_an_order_whose_journal_cannot_be_read_is_named_and_the_others_are_counted(engine: Engine) -> None:
    recorded(engine, late_details(), "20270301-0001")
    recorded(engine, late_details(), "20270301-0002")
    journal = table("journal")
    with writing(engine) as connection:
        connection.execute(
            update(journal)
            .where(journal.c.order_number == "20270301-0002", journal.c.kind == "waiting")
            .values(data={})
        )
    assert [row[0] for row in details(engine, APRIL)] == ["20270301-0001"]
    assert [row[0] for row in rows(engine, "orders that could not be counted")] == ["20270301-0002"]


def test_a_liability_that_names_nobody_stops_no_report(engine: Engine) -> None:
    life = Life().in_warehouse()
    life.does("shipped", shipment="1", carrier="德邦物流", tracking_number="DB-1")
    recorded(engine, life)
    recorded(engine, late_details(), "20270301-0002")
    with writing(engine) as connection:
        connection.execute(
            update(table("journal")).where(table("journal").c.kind == "liability").values(data={})
        )
    assert [row[0] for row in rows(engine, "orders that could not be counted")] == ["20270301-0001"]
    assert details(engine, APRIL)


def test_what_was_late_before_a_reassignment_stays_theirs_who_had_it_then(engine: Engine) -> None:
    """R133, R86: the limit passed while salesperson-1 had it; done by the other, it is still the first one's lateness."""
    life = Life(packing="", members={"salesperson": ["salesperson-1", "sales-two"]}).later(days=1.5)
    envelope = {
        "fact_id": "r/1", "kind": "reassigned", "by": "sales_supervisor-1", "role": "sales_supervisor",
        "happened_at": life.now.isoformat(), "content": {"role": "salesperson", "person": "sales-two", "reason": "离职"},
    }  # fmt: skip
    assert receive(life.order, envelope, life.now).status.value == "accepted"
    life.later(days=0.5).does("details_completed", role=Role.SALESPERSON, changes={"packing": "50 卷一箱"})
    recorded(engine, life)
    assert [row[2] for row in details(engine, APRIL)] == ["salesperson-1"]
