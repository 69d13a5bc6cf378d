"""The watch list and the tracking numbers, from a real order database (R12, R13, R19, R34, R35, R73)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from activities.reporting import Reporting, ReportRun, report_of
from models.reports import ReportKind
from models.vocabulary import Language, Role
from tests.activities.test_reminding import record
from tests.models.life import MONDAY, Life

DAY = MONDAY.date()


def lines(engine: Engine, day: date, kind: ReportKind = ReportKind.WATCH_LIST) -> dict[str, list[str]]:
    """Heading -> what is said under it."""
    return {each.en: [entry.en for entry in each.entries] for each in report_of(engine, kind, day).sections}


def test_what_must_be_looked_at_is_on_the_list(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life(packing="").later(days=2), number="20270301-0001")
    cash = Life().verified().sheet_out()
    cash.does("payment_received", role=Role.SALESPERSON, amount="1500.00", method="cash", reference="C-1")
    record(engine, tmp_path, cash, number="20270301-0002")
    record(engine, tmp_path, Life(packing="").later(days=16), number="20270301-0003")
    record(engine, tmp_path, Life(channel="salesperson", in_writing=False), number="20270301-0004")
    record(engine, tmp_path, Life().in_production(), number="20270301-0005")
    today = lines(engine, DAY + timedelta(days=2))
    assert any("complete or clarify: packing" in each for each in today["overdue steps"])
    assert today["owed papers"] == ["hand in the written order"]
    assert today["uncleared cash"] == ["CNY 1500.00, taken by salesperson-1"]
    assert len(today["hanging orders"]) == 1
    assert today["promises in danger"] == []
    assert lines(engine, DAY + timedelta(days=4))["promises in danger"] == ["promised 2027-03-06"] * 2


def test_what_left_today_has_its_tracking_number(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life().shipped())
    kind = ReportKind.TRACKING_NUMBERS
    assert lines(engine, DAY, kind) == {"shipped today": ["德邦物流 DB-1, expected -"]}
    assert lines(engine, DAY + timedelta(days=1), kind) == {"shipped today": []}


def test_the_report_is_written_on_working_days(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life().shipped())
    reporting = Reporting(engine, tmp_path / "reports", Language.ZH)
    written = reporting.write_report(ReportRun(kind=ReportKind.TRACKING_NUMBERS, day=DAY))
    assert (written.lines, written.file) == (1, "tracking_numbers-2027-03-01.txt")
    text = (tmp_path / "reports" / written.file).read_text()
    assert text.startswith("当日运输单号 2027-03-01")
    assert "DB-1" in text
    sunday = DAY + timedelta(days=6)
    assert reporting.write_report(ReportRun(kind=ReportKind.WATCH_LIST, day=sunday)).is_holiday
    empty = reporting.write_report(ReportRun(kind=ReportKind.WATCH_LIST, day=DAY))
    assert "(无)" in (tmp_path / "reports" / empty.file).read_text()
