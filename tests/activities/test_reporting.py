"""The watch list and the tracking numbers, from a real order database (R12, R13, R19, R34, R35, R73)."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, select, update

from activities.documents.document_store import DocumentStore
from activities.documents.press import Press
from activities.documents.typesetting import Typesetter
from activities.notices.outbox import enter_row
from activities.orders.recording.recorder import Recorder
from activities.reminders.reminder_pages import pause
from activities.reports.report_maker import Reporting, report_of
from activities.reports.report_runs import ReportRun
from activities.store.database import reading, writing
from activities.store.imports import CalendarDayRow, StaffRow, import_calendar_days, import_staff
from models.dossier.journal import FIRST_LINK
from models.dossier.papers_due import Paper
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.reports.report import ReportKind
from models.tables.registry import table
from models.values.calendar import at
from models.values.vocabulary import Language, Role, Words
from tests.activities.test_reminding import TEMPLATES, record
from tests.models.life import MONDAY, Life, line

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


def test_reports_call_people_by_name_and_id(engine: Engine, tmp_path: Path) -> None:
    """R35, R73, R86: the name for who reads it, the id for who looks it up."""
    import_staff(engine, [StaffRow(person="salesperson-1", name="李明", roles=(Role.SALESPERSON,))])
    cash = Life().verified().sheet_out()
    cash.does("payment_received", role=Role.SALESPERSON, amount="1500.00", method="cash", reference="C-1")
    record(engine, tmp_path, cash, number="20270301-0002")
    record(engine, tmp_path, Life().shipped())
    assert lines(engine, DAY)["uncleared cash"] == ["CNY 1500.00, taken by 李明 (salesperson-1)"]
    people, shipped = report_of(engine, ReportKind.WEEKLY_STATISTICS, DAY + timedelta(days=4)).sections
    assert [row[0] for row in people.rows] == [row[2] for row in shipped.rows] == ["李明 (salesperson-1)"]


def test_what_left_today_has_its_tracking_number(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life().shipped())
    kind = ReportKind.TRACKING_NUMBERS
    assert lines(engine, DAY, kind) == {"shipped today": ["德邦物流 DB-1, expected -"]}
    assert lines(engine, DAY + timedelta(days=1), kind) == {"shipped today": []}


def reporting(engine: Engine, folder: Path, language: Language = Language.ZH) -> Reporting:
    typesetter = Typesetter(TEMPLATES, language)
    return Reporting(engine, folder / "reports", language, typesetter, DocumentStore(folder / "documents"))


def test_the_report_is_made_once_on_working_days_and_goes_out(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life().shipped())
    desk, kind = reporting(engine, tmp_path), ReportKind.TRACKING_NUMBERS
    written = desk.write_report(ReportRun(kind=kind, day=DAY))
    assert (written.lines, written.files) == (
        1,
        ["tracking_numbers-2027-03-01.txt", "tracking_numbers-2027-03-01.pdf"],
    )
    text = (tmp_path / "reports" / written.files[0]).read_text()
    assert text.startswith("当日运输单号 2027-03-01")
    assert "DB-1" in text
    assert not desk.write_report(ReportRun(kind=kind, day=DAY)).is_due
    sunday = DAY + timedelta(days=6)
    assert not desk.write_report(ReportRun(kind=ReportKind.WATCH_LIST, day=sunday)).is_due
    empty = desk.write_report(ReportRun(kind=ReportKind.WATCH_LIST, day=DAY))
    assert "（无）" in (tmp_path / "reports" / empty.files[0]).read_text()
    with reading(engine) as connection:
        rows = (
            connection.execute(select(table("outbox")).order_by(table("outbox").c.identity)).mappings().all()
        )
    assert [(row["order_number"], row["identity"]) for row in rows] == [
        ("", "tracking_numbers:2027-03-01"),
        ("", "watch_list:2027-03-01"),
    ]
    assert "DB-1" in rows[0]["zh"]


@pytest.mark.parametrize("language", list(Language))
def test_the_tracking_numbers_of_the_day_are_a_page_to_print(
    engine: Engine, tmp_path: Path, language: Language
) -> None:
    """R73"""
    record(engine, tmp_path, Life().shipped())
    report = report_of(engine, ReportKind.TRACKING_NUMBERS, DAY)
    desk = reporting(engine, tmp_path, language)
    once, again = (desk.files_of(report)[1] for _ in range(2))
    assert (once.name, once.content) == ("tracking_numbers-2027-03-01.pdf", again.content)
    (page,) = pypdfium2.PdfDocument(once.content)
    said = page.get_textpage().get_text_bounded()
    for words in (report.title(language)[1:], "20270301-0001", "红枫包装", "德邦物流", "DB-1", "1 / 1"):
        assert words in said


def test_what_left_after_the_hour_is_in_the_next_list(engine: Engine, tmp_path: Path) -> None:
    """R73: nothing falls between two lists, also not over a weekend."""
    record(engine, tmp_path, Life().shipped())
    for moment, days in (
        (at(DAY, 17, 29), {0}),
        (at(DAY, 17, 30), {1}),
        (at(DAY + timedelta(days=5), 12), {7}),
    ):
        with writing(engine) as connection:
            connection.execute(update(table("shipments")).values(shipped_at=moment))
        found = {
            day
            for day in (0, 1, 4, 7)
            if lines(engine, DAY + timedelta(days=day), ReportKind.TRACKING_NUMBERS)["shipped today"]
        }
        assert found == days


def ship_at(engine: Engine, moment: datetime) -> None:
    """The one shipment left at this moment."""
    with writing(engine) as connection:
        connection.execute(update(table("shipments")).values(shipped_at=moment))


def test_a_list_that_was_never_made_leaves_no_shipment_out(engine: Engine, tmp_path: Path) -> None:
    """R73: away from Friday at five until Monday; what left on Friday is in Monday's list, and in no other."""
    record(engine, tmp_path, Life().shipped())
    desk, kind = reporting(engine, tmp_path), ReportKind.TRACKING_NUMBERS
    thursday, friday, monday, tuesday = (DAY + timedelta(days=days) for days in (3, 4, 7, 8))
    ship_at(engine, at(friday, 15))
    written = [desk.write_report(ReportRun(kind=kind, day=day)).lines for day in (thursday, monday, tuesday)]
    assert written == [0, 1, 0]


def test_a_shipment_that_is_told_late_is_in_the_next_list_and_only_there(
    engine: Engine, tmp_path: Path
) -> None:
    """R73: left on Tuesday at four, told at six, after the list of the day was made."""
    life = Life().shipped()
    number = record(engine, tmp_path, life)
    tuesday = DAY + timedelta(days=1)
    ship_at(engine, at(tuesday, 16))
    notice = next(each for each in life.order.unsent if each.paper is Paper.SHIPMENT)
    with writing(engine) as connection:
        enter_row(
            connection, order=number, identity=notice.identity, paper=notice.paper, to=notice.to,
            words=Words(notice.zh, notice.en), rule=notice.rule, created_at=at(tuesday, 18), content=None,
        )  # fmt: skip
    kind = ReportKind.TRACKING_NUMBERS
    days = [DAY + timedelta(days=days) for days in range(4)]
    assert [len(lines(engine, day, kind)["shipped today"]) for day in days] == [0, 0, 1, 0]
    weekly = [report_of(engine, ReportKind.WEEKLY_STATISTICS, DAY + timedelta(days=days)) for days in (4, 11)]
    assert [each.sections[1].count for each in weekly] == [1, 0]


def test_a_week_that_was_never_counted_is_in_the_next_and_the_title_says_from_when(
    engine: Engine, tmp_path: Path
) -> None:
    """R73: away for more than a week; and what left on a Friday after five is within what the title says."""
    record(engine, tmp_path, Life().shipped())
    desk, kind = reporting(engine, tmp_path), ReportKind.WEEKLY_STATISTICS
    first, third = DAY + timedelta(days=4), DAY + timedelta(days=18)
    desk.write_report(ReportRun(kind=kind, day=first))
    ship_at(engine, at(first, 17, 1))
    assert report_of(engine, kind, third).sections[1].count == 1
    assert report_of(engine, kind, third).period == "2027-03-05 17:00 – 2027-03-19 17:00"


def test_the_week_is_a_workbook_and_a_picture_made_once_also_when_it_was_missed(
    engine: Engine, tmp_path: Path
) -> None:
    """R73: due on Friday at five; a server that was away until Monday makes it for the Friday."""
    record(engine, tmp_path, Life().shipped())
    desk, kind = reporting(engine, tmp_path), ReportKind.WEEKLY_STATISTICS
    friday, monday = DAY + timedelta(days=4), DAY + timedelta(days=7)
    written = desk.write_report(ReportRun(kind=kind, day=monday))
    assert (written.day, written.is_due) == (friday, True)
    assert not desk.write_report(ReportRun(kind=kind, day=monday + timedelta(days=1))).is_due
    assert [Path(name).suffix for name in written.files] == [".txt", ".xlsx", ".png"]
    book = load_workbook(tmp_path / "reports" / written.files[1])
    assert book.sheetnames == ["按业务员", "已发订单"]
    people = [list(row) for row in book["按业务员"].iter_rows(min_row=3, values_only=True)]
    assert people == [["salesperson-1", 1, 1, 5000, "1/1", "1/1"]]
    assert book["已发订单"]["F3"].value == "DB-1"
    assert (tmp_path / "reports" / written.files[2]).read_bytes().startswith(b"\x89PNG")
    again = report_of(engine, kind, friday + timedelta(days=7))
    assert again.count == 0


def test_a_month_of_delivery_notes_is_one_archive(engine: Engine, tmp_path: Path) -> None:
    """R79"""
    life = Life().shipped()
    number = record(engine, tmp_path, life)
    with writing(engine) as connection:
        for intention in life.order.unsent:
            enter_row(
                connection, order=number, identity=intention.identity, paper=intention.paper, to=intention.to,
                words=Words(intention.zh, intention.en), rule=intention.rule, created_at=intention.created_at,
                content=intention.content,
            )  # fmt: skip
    Press(engine, Typesetter(TEMPLATES, Language.ZH), DocumentStore(tmp_path / "documents")).print_due()
    desk = reporting(engine, tmp_path)
    first = date(2027, 4, 1)
    written = desk.write_report(ReportRun(kind=ReportKind.MONTHLY_ARCHIVE, day=first))
    assert (written.day, written.lines) == (first, 1)
    with zipfile.ZipFile(tmp_path / "reports" / written.files[2]) as file:
        assert file.namelist() == [f"{number}-1.pdf"]
        assert file.read(f"{number}-1.pdf").startswith(b"%PDF")
    assert report_of(engine, ReportKind.MONTHLY_ARCHIVE, date(2027, 5, 3)).count == 0


def test_an_archive_that_lacked_a_note_is_made_again_when_it_is_printed(
    engine: Engine, tmp_path: Path
) -> None:
    """R79: once, as another paper; the one before stays as it went out."""
    life = Life().shipped()
    number = record(engine, tmp_path, life)
    note = next(each for each in life.order.unsent if each.paper is Paper.DELIVERY_NOTE)
    with writing(engine) as connection:
        enter_row(
            connection, order=number, identity=note.identity, paper=note.paper, to=note.to,
            words=Words(note.zh, note.en), rule=note.rule, created_at=note.created_at, content=note.content,
        )  # fmt: skip
    desk, kind, first = reporting(engine, tmp_path), ReportKind.MONTHLY_ARCHIVE, date(2027, 4, 1)

    def on(day: int) -> bool:
        return desk.write_report(ReportRun(kind=kind, day=first + timedelta(days=day))).is_due

    assert [on(0), on(1)] == [True, False]
    Press(engine, Typesetter(TEMPLATES, Language.ZH), DocumentStore(tmp_path / "documents")).print_due()
    assert [on(4), on(5), on(11)] == [True, False, False]
    with zipfile.ZipFile(tmp_path / "reports" / "monthly_archive-2027-04-01.zip") as file:
        assert file.namelist() == [f"{number}-1.pdf"]
    with reading(engine) as connection:
        outbox = table("outbox")
        entered = connection.scalars(select(outbox.c.identity).where(outbox.c.order_number == ""))
        assert sorted(entered) == ["monthly_archive:2027-04-01", "monthly_archive:2027-04-01:2"]


def test_who_was_late_by_how_much_and_by_which_rule(engine: Engine, tmp_path: Path) -> None:
    """R86, from the journal as recorded."""
    life = Life(packing="").later(days=2)
    life.does("details_completed", role=Role.SALESPERSON, changes={"packing": "50 卷一箱"})
    order = life.order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
        rows=rows_of(order), intentions=[],
    )  # fmt: skip
    Recorder(engine).record(burst)
    report = report_of(engine, ReportKind.RESPONSIBILITY, date(2027, 4, 1))
    people, departments, best, late, moves, _ = report.sections
    assert any("R12×1" in str(row[4]) for row in people.rows)
    assert ["业务员 · salesperson", 0, 1, Decimal("24.0"), "R12×1"] in departments.rows
    kept = {row[1]: row for row in people.rows if row[1]}
    assert [row[0] for row in best.rows] == list(range(1, len(best.rows) + 1))
    assert len(best.rows) <= len(kept) + 1
    assert all(row[2] for row in best.rows)
    details = next(row for row in late.rows if row[1] == "补全或澄清 · complete or clarify")
    assert (details[3], details[6]) == ("R12", Decimal("24.0"))
    assert moves.rows == []
    assert "responsibility report 2027-03" in report.text(Language.EN)
    files = reporting(engine, tmp_path).files_of(report)
    assert [Path(file.name).suffix for file in files] == [".txt", ".xlsx"]


def test_a_year_nobody_knows_and_a_broken_promise_to_pay_are_on_the_watch_list(
    engine: Engine, tmp_path: Path
) -> None:
    number = record(engine, tmp_path, Life().in_warehouse())
    pause(engine, number, DAY + timedelta(days=1), promised=True, reason="电话承诺", by="li")
    today = lines(engine, DAY + timedelta(days=2))
    assert today["promises to pay that were not kept"] == ["promised for 2027-03-02, CNY 3500.00 open"]
    assert "nobody knows the holidays of 2027" in today["holidays"][0]
    import_calendar_days(engine, [CalendarDayRow(day=date(2027, 10, 1), working=False)])
    assert "holidays" not in lines(engine, DAY + timedelta(days=2))


def test_a_text_that_looks_like_a_formula_stays_a_text(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life().shipped())
    with writing(engine) as connection:
        connection.execute(update(table("shipments")).values(carrier="=HYPERLINK(1)"))
    report = report_of(engine, ReportKind.WEEKLY_STATISTICS, DAY + timedelta(days=4))
    book = load_workbook(io.BytesIO(reporting(engine, tmp_path).files_of(report)[1].content))
    assert book["已发订单"]["E3"].value == "'=HYPERLINK(1)"


def in_two_weeks() -> Life:
    """On account: sheets at 0.0385 in two shipments a week apart, the rolls of the second line with the first of them."""
    sheets = line(1, unit="sheet", quantity="8230", unit_price="0.0385")
    life = Life(
        lines=[sheets, line(2, quantity="100")],
        customer={"customer_class": "A"},
        payment_terms="on_account",
        partial_delivery=True,
    )
    life.verified().sheet_out().signed().does("production_signed", version=1, clerk="service_clerk-1")
    life.made("4115", finished=False).passed("4115").sent("1")
    life.made("100", line=2).passed("100", line=2).sent("2")
    return life.later(days=7).made("4115", lot="2").passed("4115", lot="2").sent("3")


def week(engine: Engine, days: int) -> tuple[list[list[Any]], list[list[Any]]]:
    """By salesperson: orders, shipments, amount. By shipment: order, amount, open balance."""
    people, shipped = report_of(engine, ReportKind.WEEKLY_STATISTICS, DAY + timedelta(days=days)).sections
    return [[*row[1:3], str(row[3])] for row in people.rows], [
        [row[0], str(row[10]), str(row[11])] for row in shipped.rows
    ]


def test_a_week_counts_what_was_shipped_in_it_and_billed_for_it_once(engine: Engine, tmp_path: Path) -> None:
    """R73: not the whole order in each week that it ships in, and not once a line or a shipment."""
    life = in_two_weeks()
    number = record(engine, tmp_path, life)
    assert week(engine, 4) == ([[1, 2, "658.43"]], [[number, "158.43", "816.86"], [number, "500.00", "None"]])
    assert week(engine, 11) == ([[1, 1, "158.43"]], [[number, "158.43", "816.86"]])
    assert week(engine, 18) == ([], [])
    assert life.order.bill == Decimal("658.43") + Decimal("158.43")


def test_several_shipments_of_one_order_in_a_week_are_one_order_and_its_balance_stands_there_once(
    engine: Engine, tmp_path: Path
) -> None:
    """R73"""
    number = record(engine, tmp_path, in_two_weeks())
    other = record(engine, tmp_path, Life().shipped(), number="20270301-0002")
    ship_at(engine, at(DAY + timedelta(days=1), 12))
    people, shipped = week(engine, 4)
    assert people == [[2, 4, "5816.86"]]
    assert [row[:2] for row in shipped] == [
        [number, "158.43"], [number, "500.00"], [number, "158.43"], [other, "5000.00"],
    ]  # fmt: skip
    assert [row[2] for row in shipped] == ["816.86", "None", "None", "0.00"]


@pytest.mark.parametrize(("back", "amount"), [({}, "0.00"), ({"1": "400"}, "3000.00")])
def test_goods_that_came_back_from_a_recall_are_not_billed(
    engine: Engine, tmp_path: Path, back: dict[str, str], amount: str
) -> None:
    """R73, R76: counted anew, the week is worth what the customers kept."""
    life = Life().arrived().later(days=20)
    items = [{"line": int(number), "quantity": quantity} for number, quantity in back.items()]
    life.does("goods_returned", shipment="1", freight_out="80.00", freight_back="80.00", items=items)
    number = record(engine, tmp_path, life)
    journaled = [each for each in life.order.unsaved if each.subject == "goods_returned"]
    assert week(engine, 4)[1][0][:2] == [number, "0.00"], "nothing is known of its lines: all of it is back"
    with writing(engine) as connection:
        for entry in journaled:
            values = entry.model_dump(mode="python") | {"order_number": number, "epoch": 0}
            connection.execute(
                table("journal")
                .insert()
                .values(**{**values, "kind": entry.kind.value, "role": entry.role.value})
            )
    assert week(engine, 4) == ([[1, 1, amount]], [[number, amount, str(life.order.open_balance)]])


def test_a_shipment_that_cannot_be_counted_hides_no_other(engine: Engine, tmp_path: Path) -> None:
    """R73: it stands in the table without its amount."""
    bad = record(engine, tmp_path, Life().shipped())
    good = record(engine, tmp_path, Life().shipped(), number="20270301-0002")
    with writing(engine) as connection:
        broken = table("shipments").c.order_number == bad
        connection.execute(update(table("shipments")).where(broken).values(quantities={"1": "many"}))
    people, shipped = week(engine, 4)
    assert people == [[2, 2, "5000.00"]]
    assert [row[:2] for row in shipped] == [[bad, "None"], [good, "5000.00"]]
