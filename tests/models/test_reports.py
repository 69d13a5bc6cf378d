"""For which day a report is made, what it speaks of, and who was late (R73, R79, R86)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.reports.report import PAPERS, Column, Entry, Report, ReportKind, Section, due_day, window_of
from models.reports.responsibility import Record, best_first, exceptional, name_of, records, timed_steps
from models.values.calendar import Calendar, at
from models.values.vocabulary import Language, Role, Words
from tests.models.life import MONDAY, Life

PLAIN = Calendar()
GOLDEN = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),
    make_up_days=frozenset({date(2026, 10, 10)}),
)
"""National Day: Thursday to the Wednesday after; the Saturday after that is worked."""


@pytest.mark.parametrize(
    ("kind", "day", "calendar", "due"),
    [
        (ReportKind.WATCH_LIST, date(2026, 11, 24), PLAIN, date(2026, 11, 24)),
        (ReportKind.WATCH_LIST, date(2026, 11, 28), PLAIN, None),
        (ReportKind.WEEKLY_STATISTICS, date(2026, 11, 27), PLAIN, date(2026, 11, 27)),
        (ReportKind.WEEKLY_STATISTICS, date(2026, 11, 26), PLAIN, date(2026, 11, 20)),
        (ReportKind.WEEKLY_STATISTICS, date(2026, 11, 30), PLAIN, date(2026, 11, 27)),
        (ReportKind.WEEKLY_STATISTICS, date(2026, 9, 30), GOLDEN, date(2026, 9, 30)),
        (ReportKind.WEEKLY_STATISTICS, date(2026, 10, 4), GOLDEN, date(2026, 9, 30)),
        (ReportKind.WEEKLY_STATISTICS, date(2026, 10, 9), GOLDEN, date(2026, 9, 30)),
        (ReportKind.WEEKLY_STATISTICS, date(2026, 10, 10), GOLDEN, date(2026, 10, 10)),
        (ReportKind.MONTHLY_ARCHIVE, date(2026, 11, 1), PLAIN, date(2026, 10, 1)),
        (ReportKind.MONTHLY_ARCHIVE, date(2026, 11, 2), PLAIN, date(2026, 11, 2)),
        (ReportKind.RESPONSIBILITY, date(2026, 10, 7), GOLDEN, date(2026, 9, 1)),
        (ReportKind.RESPONSIBILITY, date(2026, 10, 31), GOLDEN, date(2026, 10, 8)),
    ],
)
def test_the_day_a_report_is_due(kind: ReportKind, day: date, calendar: Calendar, due: date | None) -> None:
    assert due_day(kind, day, calendar) == due


@pytest.mark.parametrize("kind", [ReportKind.WEEKLY_STATISTICS, ReportKind.TRACKING_NUMBERS])
def test_every_moment_is_in_exactly_one_report(kind: ReportKind) -> None:
    """R73: over a holiday of a week and its made-up Saturday, no shipment is lost and none told twice."""
    days = [date(2026, 9, 14) + timedelta(days=n) for n in range(45)]
    due = sorted({found for day in days if (found := due_day(kind, day, GOLDEN)) is not None})
    windows = [window_of(kind, day, GOLDEN) for day in due]
    for before, after in pairwise(windows):
        assert before.until == after.since
    assert windows[-1].until.astimezone().date() in {due[-1]}


def test_a_report_begins_where_the_last_one_that_was_made_ended() -> None:
    """R73: one that was never made, because nobody was there, leaves no gap."""
    thursday, monday = date(2026, 11, 26), date(2026, 11, 30)
    window = window_of(ReportKind.TRACKING_NUMBERS, monday, PLAIN, made=thursday)
    assert (window.since, window.until) == (at(thursday, 17, 30), at(monday, 17, 30))
    weekly = window_of(ReportKind.WEEKLY_STATISTICS, date(2026, 11, 27), PLAIN, made=date(2026, 11, 13))
    assert weekly.of_moments() == "2026-11-13 17:00 – 2026-11-27 17:00"
    months = window_of(ReportKind.MONTHLY_ARCHIVE, date(2027, 1, 4), PLAIN, made=date(2026, 11, 2))
    assert months.of_months() == "2026-11 – 2026-12"


def test_a_list_without_an_hour_of_its_own_goes_from_midnight_to_midnight() -> None:
    window = window_of(ReportKind.WATCH_LIST, date(2026, 11, 30), PLAIN)
    assert (window.since, window.until) == (at(date(2026, 11, 27), 0), at(date(2026, 11, 30), 0))


def test_each_report_goes_out_as_its_own_paper_to_those_who_want_it() -> None:
    """R13, R73, R79, R86"""
    assert {
        kind.value: (paper.value, rule, " ".join(role.value for role in roles))
        for kind, (paper, rule, roles) in PAPERS.items()
    } == {
        "watch_list": ("watch_list", "R13", "service_clerk service_supervisor"),
        "tracking_numbers": ("tracking_numbers", "R73", "salesperson service_clerk"),
        "weekly_statistics": ("weekly_statistics", "R73", "sales_supervisor marketing_director"),
        "monthly_archive": ("monthly_archive", "R79", "service_clerk service_supervisor"),
        "responsibility_report": (
            "responsibility_report",
            "R86",
            "service_supervisor sales_supervisor marketing_director",
        ),
        "weekly_demand": ("weekly_demand", "R126", "sales_supervisor marketing_director"),
        "step_durations": (
            "step_durations",
            "R126",
            "service_supervisor sales_supervisor marketing_director",
        ),
    }


def test_a_month_is_the_calendar_month_before() -> None:
    window = window_of(ReportKind.MONTHLY_ARCHIVE, date(2027, 1, 4), PLAIN)
    assert (window.since, window.until) == (at(date(2026, 12, 1), 0), at(date(2027, 1, 1), 0))
    assert window.of_months() == "2026-12"


def test_a_report_reads_in_both_languages() -> None:
    entry = Entry(order="20270301-0001", customer="红枫", zh="迟了", en="late")
    sections = [
        Section(zh="超期", en="overdue", rule="R13", entries=[entry]),
        Section(zh="空", en="empty", rule="R19"),
    ]
    report = Report(kind=ReportKind.WATCH_LIST, day=MONDAY.date(), sections=sections)
    table = Section(zh="表", en="table", rule="R73", entries=[entry], rows=[["1"], ["2"]])
    assert (table.count, report.count) == (3, 1)
    assert "overdue [R13](1)\n  20270301-0001  红枫  late\n" in report.text(Language.EN)
    assert report.text(Language.ZH).endswith("空 [R19](0)\n （无）\n")


def test_a_table_is_written_row_by_row_under_its_heading() -> None:
    columns = [Column(zh="单号", en="order"), Column(zh="金额", en="amount")]
    rows: list[list[Any]] = [["20270301-0001", 5], ["20270301-0002", None]]
    section = Section(zh="表", en="table", rule="R73", columns=columns, rows=rows)
    report = Report(kind=ReportKind.WEEKLY_STATISTICS, day=MONDAY.date(), sections=[section])
    assert report.text(Language.EN).splitlines() == [
        "weekly statistics of shipped orders 2027-03-01",
        "",
        "table [R73](2)",
        "  order | amount",
        "  20270301-0001 | 5",
        "  20270301-0002 | -",
    ]
    of_a_month = Report(kind=ReportKind.MONTHLY_ARCHIVE, day=MONDAY.date(), period="2027-02", sections=[])
    assert of_a_month.title(Language.EN).endswith(" 2027-02")


def test_what_was_kept_and_what_was_missed_comes_from_the_journal() -> None:
    """R86"""
    life = Life(packing="").later(days=2)
    life.does("details_completed", role=Role.SALESPERSON, changes={"packing": "50 卷一箱"})
    until = MONDAY + timedelta(days=2, hours=1)
    steps = {step.subject: step for step in timed_steps("1", life.order.unsaved, until)}
    details = steps["details"]
    assert (details.kept, details.late, details.rule) == (False, timedelta(days=1), "R12")
    early = timed_steps("1", life.order.unsaved, MONDAY + timedelta(hours=30))
    assert {(step.subject, step.closed, step.late) for step in early} >= {
        ("details", None, timedelta(hours=6))
    }
    (first, *_) = records(steps.values(), lambda step: step.role)
    assert (first.person, first.missed, first.late, first.rules) == (
        details.role,
        1,
        timedelta(days=1),
        {"R12": 1},
    )
    kept = [step for step in steps.values() if step.kept]
    assert sum(record.kept for record in records(kept, lambda step: step.role)) == len(kept)


def test_the_largest_share_kept_comes_first_and_of_the_same_share_who_kept_more() -> None:
    """R86: 3 of 3 before 2 of 2, 99 of 100 after both, 1 of 3 last; who kept nothing is not praised."""
    found = [
        Record("none", kept=0, missed=1),
        Record("third", kept=1, missed=2),
        Record("nearly", kept=99, missed=1),
        Record("two", kept=2),
        Record("three", kept=3),
    ]
    assert [each.person for each in best_first(found)] == ["three", "two", "nearly", "third"]


def test_an_order_that_ends_closes_its_steps() -> None:
    life = Life()
    life.order.note(EntryKind.ENDED, "cancelled")
    assert all(
        step.closed is not None for step in timed_steps("1", life.order.unsaved, MONDAY + timedelta(days=9))
    )


def test_a_step_has_a_name() -> None:
    assert name_of("deposit").zh == "定金到账"
    assert name_of("enter:1/1").zh == "合格品入库"
    assert name_of("decision:technical:1").en == "to be decided: technical feasibility"
    assert name_of("inspect:1:2").zh == "检验"
    assert name_of("recheck:1") == name_of("recheck_promise:1") != Words("recheck:1", "recheck:1")
    assert name_of("collect:1") == name_of("collect_goods:1") != Words("collect:1", "collect:1")
    assert name_of("follow:1") == name_of("follow_shipment:1") != Words("follow:1", "follow:1")
    assert name_of("decision:nothing").zh == "decision:nothing"
    assert name_of("nothing").zh == "nothing"


# --- exceptions and who answers for them -----------------------------------------------------------------------------


def _found(life: Life) -> list[tuple[str, str, tuple[str, ...], str]]:
    """What befell the order: in words, by whom, who answers, by which rule. Roles stand for those who have them."""
    found = exceptional(
        life.order.unsaved, lambda key: Words(f"<{key}>", f"[{key}]"), lambda role: f"the {role}"
    )
    assert [each.happened_at for each in found] == sorted(each.happened_at for each in found)
    return [(each.what.en, each.by, each.answerable, each.rule) for each in found]


def test_an_exception_is_told_once_with_its_owner_and_its_rule() -> None:
    """R42, R47: as the fact says it; the step that waits for it is not another exception."""
    life = Life().in_production()
    life.does("production_exception", exception="E-1", reason="断纸", cause="material", line=1)
    life.does(
        "exception_reported", role=Role.WAREHOUSE, exception="E-2", words="受潮", owner="merchandiser-1"
    )
    assert _found(life.later(days=1)) == [
        ("[production_exception]: 断纸", "production-1", (), "R42"),
        ("[exception_reported]: 受潮", "warehouse-1", ("merchandiser-1",), "R47"),
    ]


def test_an_exception_that_the_order_found_is_its_steps_owners() -> None:
    """R72"""
    life = (
        Life(wanted_date="2027-03-05")
        .in_warehouse()
        .paid("3500.00")
        .decide(Subject.FINANCE_RELEASE, "release")
    )
    (late,) = _found(life.sent(expected_arrival="2027-03-09"))
    assert late[0].startswith("[exception:")
    assert late[1:] == ("", ("the service_clerk",), "R72")


def test_a_liability_is_told_beside_its_exception_with_everyone_who_is_liable() -> None:
    """R61"""
    life = Life().in_warehouse()
    life.does("shipped", shipment="1", carrier="德邦物流", tracking_number="DB-1")
    left, liable = _found(life)
    assert (left[1], left[3]) == ("shipper-1", "R61")
    people = ("salesperson-1", "merchandiser-1", "material_controller-1")
    assert liable == ("liability: shipment-1-without-right ¥3500.00", "", people, "R61")


def test_an_order_without_trouble_has_no_exceptions() -> None:
    assert _found(Life().arrived()) == []
