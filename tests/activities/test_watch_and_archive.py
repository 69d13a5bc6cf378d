"""The watch list and the monthly archive by hand: what stands on them, from which day on, and when no longer (R13, R79)."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from activities.documents.document_store import DocumentStore
from activities.documents.press import Press
from activities.documents.typesetting import Typesetter
from activities.notices.outbox import enter_row
from activities.reminders.reminder_pages import pause
from activities.reports.report_files import archive, delivery_notes, listed
from activities.reports.report_maker import report_of
from activities.store.database import reading, writing
from activities.store.imports import CalendarDayRow, import_calendar_days
from models.dossier.papers_due import Paper
from models.reports.report import ReportKind, Window
from models.tables.registry import table
from models.values.calendar import at
from models.values.errors import Refusal
from models.values.vocabulary import Language, Role, Words
from tests.activities.test_reminding import TEMPLATES, record
from tests.models.life import MONDAY, Life

DAY = MONDAY.date()


def on(engine: Engine, days: float) -> dict[str, list[tuple[str, str]]]:
    """The watch list of a day: heading, then order and words."""
    day = DAY + timedelta(days=days)
    report = report_of(engine, ReportKind.WATCH_LIST, day)
    return {each.en: [(entry.order, entry.en) for entry in each.entries] for each in report.sections}


# --- the watch list --------------------------------------------------------------------------------------------------


def test_a_step_is_overdue_on_the_morning_after_its_day(engine: Engine, tmp_path: Path) -> None:
    """R13: due on Tuesday at nine; it is on Wednesday's list, with the hour, and not on Tuesday's."""
    number = record(engine, tmp_path, Life(packing="").later(hours=1))
    assert on(engine, 1)["overdue steps"] == []
    assert on(engine, 2)["overdue steps"] == [(number, "complete or clarify: packing, due 2027-03-02 09:00")]


def test_what_is_done_or_of_an_order_that_ended_is_on_no_list(engine: Engine, tmp_path: Path) -> None:
    done = Life(packing="").later(hours=1)
    done.does("details_completed", role=Role.SALESPERSON, changes={"packing": "x"})
    record(engine, tmp_path, done, number="20270301-0001")
    ended = Life(packing="").later(hours=1).does("cancellation_requested", reason="不要了")
    record(engine, tmp_path, ended, number="20270301-0002")
    overdue = on(engine, 9)["overdue steps"]
    assert not any("complete or clarify" in words for _, words in overdue)
    assert {number for number, _ in overdue} == {"20270301-0001"}


def test_the_most_overdue_stands_first(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life(MONDAY + timedelta(days=1), packing=""), number="20270301-0001")
    record(engine, tmp_path, Life(packing=""), number="20270301-0002")
    numbers = [number for number, words in on(engine, 9)["overdue steps"] if "complete or clarify" in words]
    assert numbers == ["20270301-0002", "20270301-0001"]


def test_owed_papers_are_the_written_order_the_sheet_and_the_shipping_notice(
    engine: Engine, tmp_path: Path
) -> None:
    """R12, R32, R70: from the first day, without waiting for their limits."""
    record(engine, tmp_path, Life(channel="salesperson", in_writing=False), number="20270301-0001")
    class_a = (
        Life(customer={"customer_class": "A"}, payment_terms="on_account")
        .verified()
        .sheet_out()
        .later(days=2)
    )
    record(engine, tmp_path, class_a, number="20270301-0002")
    record(engine, tmp_path, Life().verified().sheet_out(), number="20270301-0003")
    owed = dict(on(engine, 0)["owed papers"])
    assert owed["20270301-0001"] == "hand in the written order"
    assert "sheet" in owed["20270301-0002"]
    assert "20270301-0003" not in owed, "a class B sheet is waited for, not owed"


def test_cash_is_uncleared_until_finance_says_so(engine: Engine, tmp_path: Path) -> None:
    """R35: cash alone; a transfer, or cash that was cleared, is not on the list."""
    for number, method, cleared in (("1", "cash", False), ("2", "bank", False), ("3", "cash", True)):
        life = Life().verified().sheet_out()
        role = Role.SALESPERSON if method == "cash" else Role.FINANCE
        life.does("payment_received", role=role, amount="1500.00", method=method, reference=f"C-{number}")
        if cleared:
            life.does("cash_cleared", reference=f"C-{number}")
        record(engine, tmp_path, life, number=f"20270301-000{number}")
    assert on(engine, 0)["uncleared cash"] == [("20270301-0001", "CNY 1500.00, taken by salesperson-1")]


@pytest.mark.parametrize(("days", "in_danger"), [(2, False), (3, True), (4, True), (5, True), (9, True)])
def test_a_promise_is_in_danger_two_days_before_its_day_and_ever_after(
    engine: Engine, tmp_path: Path, days: int, in_danger: bool
) -> None:
    """R34: promised for Saturday the sixth, five days after Monday."""
    number = record(engine, tmp_path, Life().in_production())
    assert on(engine, days)["promises in danger"] == ([(number, "promised 2027-03-06")] if in_danger else [])


def test_goods_in_the_warehouse_are_in_no_danger(engine: Engine, tmp_path: Path) -> None:
    record(engine, tmp_path, Life().in_warehouse())
    assert on(engine, 9)["promises in danger"] == []


def test_a_hanging_order_is_listed_by_the_day_on_which_it_was_placed(engine: Engine, tmp_path: Path) -> None:
    """R19"""
    number = record(engine, tmp_path, Life(packing="").later(days=15))
    assert on(engine, 15)["hanging orders"] == [(number, "placed 2027-03-01 09:00")]
    record(engine, tmp_path, Life(packing="").later(days=14), number="20270301-0002")
    assert [order for order, _ in on(engine, 15)["hanging orders"]] == [number]


def test_a_promise_to_pay_is_broken_on_the_day_after_it_and_an_exemption_never(
    engine: Engine, tmp_path: Path
) -> None:
    """R51"""
    first = record(engine, tmp_path, Life().in_warehouse())
    second = record(engine, tmp_path, Life().in_warehouse(), number="20270301-0002", customer="K-9")
    pause(engine, first, DAY + timedelta(days=4), promised=True, reason="电话承诺", by="li")
    pause(engine, second, DAY + timedelta(days=4), promised=False, reason="对账", by="qian")
    heading = "promises to pay that were not kept"
    assert on(engine, 4)[heading] == []
    assert on(engine, 5)[heading] == [(first, "promised for 2027-03-05, CNY 3500.00 open")]
    steps = table("open_steps")
    with writing(engine) as connection:
        connection.execute(update(steps).where(steps.c.key == "balance").values(closed_at=MONDAY))
    assert on(engine, 5)[heading] == []


def test_an_unknown_year_is_named_as_soon_as_something_may_be_promised_for_it(engine: Engine) -> None:
    """Sixty days ahead: the second of November is early enough for 2028."""
    import_calendar_days(engine, [CalendarDayRow(day=date(2027, 10, 1), working=False)])
    for day, named in ((date(2027, 11, 1), False), (date(2027, 11, 2), True)):
        report = report_of(engine, ReportKind.WATCH_LIST, day)
        said = [entry.en for each in report.sections if each.en == "holidays" for entry in each.entries]
        assert bool(said) is named
        assert all("2028" in each and "2027" not in each for each in said)


# --- the archive -----------------------------------------------------------------------------------------------------


def entered(engine: Engine, folder: Path, moment: datetime, number: str, *, printed: bool = True) -> str:
    """An order whose delivery note became due at a moment, with its other papers."""
    life = Life().shipped()
    record(engine, folder, life, number=number)
    with writing(engine) as connection:
        for paper in life.order.unsent:
            content = None if paper.content is None else {**paper.content, "number": number}
            enter_row(
                connection, order=number, identity=paper.identity, paper=paper.paper, to=paper.to,
                words=Words(paper.zh, paper.en), rule=paper.rule, created_at=moment, content=content,
            )  # fmt: skip
    if printed:
        Press(engine, Typesetter(TEMPLATES, Language.ZH), DocumentStore(folder / "documents")).print_due(
            number
        )
    return number


MARCH = Window(since=at(date(2027, 3, 1), 0), until=at(date(2027, 4, 1), 0))


def test_the_archive_holds_the_delivery_notes_of_its_month_alone(engine: Engine, tmp_path: Path) -> None:
    """R79: from the first moment to the last, in business time; no other paper."""
    entered(engine, tmp_path, MARCH.since - timedelta(seconds=1), "20270228-0001")
    entered(engine, tmp_path, MARCH.since, "20270301-0001")
    entered(engine, tmp_path, MARCH.until - timedelta(seconds=1), "20270331-0001")
    entered(engine, tmp_path, MARCH.until, "20270401-0001")
    with reading(engine) as connection:
        notes = delivery_notes(connection, MARCH)
    assert [note.name for note in notes] == ["20270301-0001-1.pdf", "20270331-0001-1.pdf"]
    assert [(entry.order, entry.customer, entry.en) for entry in listed(notes).entries] == [
        ("20270301-0001", "红枫包装", "20270301-0001-1.pdf"),
        ("20270331-0001", "红枫包装", "20270331-0001-1.pdf"),
    ]
    report = report_of(engine, ReportKind.MONTHLY_ARCHIVE, date(2027, 4, 1))
    assert (report.period, report.count) == ("2027-03", 2)


def test_each_note_in_the_archive_is_the_one_that_was_printed(engine: Engine, tmp_path: Path) -> None:
    for number in ("20270301-0001", "20270301-0002"):
        entered(engine, tmp_path, MONDAY, number)
    store = DocumentStore(tmp_path / "documents")
    with reading(engine) as connection:
        notes = delivery_notes(connection, MARCH)
        outbox = table("outbox")
        query = select(outbox.c.order_number, outbox.c.document).where(
            outbox.c.paper == Paper.DELIVERY_NOTE.value
        )
        printed = {number: store.read(f"{document}.pdf") for number, document in connection.execute(query)}
    with zipfile.ZipFile(io.BytesIO(archive(notes, store))) as file:
        assert {name: file.read(name) for name in file.namelist()} == {
            f"{number}-1.pdf": content for number, content in printed.items()
        }
    assert archive(notes, store) == archive(notes, store)


def test_a_note_that_is_not_printed_is_listed_as_such_and_not_in_the_file(
    engine: Engine, tmp_path: Path
) -> None:
    entered(engine, tmp_path, MONDAY, "20270301-0001")
    entered(engine, tmp_path, MONDAY, "20270301-0002", printed=False)
    with reading(engine) as connection:
        notes = delivery_notes(connection, MARCH)
    assert [entry.en for entry in listed(notes).entries] == ["20270301-0001-1.pdf", "not printed yet"]
    with zipfile.ZipFile(io.BytesIO(archive(notes, DocumentStore(tmp_path / "documents")))) as file:
        assert file.namelist() == ["20270301-0001-1.pdf"]


def test_a_note_that_cannot_be_read_is_named_in_the_file_and_all_of_them_are_the_stores_trouble(
    engine: Engine, tmp_path: Path
) -> None:
    for number in ("20270301-0001", "20270301-0002"):
        entered(engine, tmp_path, MONDAY, number)
    with reading(engine) as connection:
        first, second = delivery_notes(connection, MARCH)
    store = DocumentStore(tmp_path / "documents")
    (lost,) = (tmp_path / "documents").rglob(f"{second.document}.pdf")
    lost.unlink()
    with zipfile.ZipFile(io.BytesIO(archive([first, second], store))) as file:
        assert file.namelist() == [first.name, "missing.txt"]
        assert file.read("missing.txt").decode().startswith(f"{second.name}: ")
    with pytest.raises(Refusal):
        archive([second], store)
