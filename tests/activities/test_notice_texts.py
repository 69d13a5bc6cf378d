"""The words of notices as those who get them read them: the company's templates over what an order or a report says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from activities.notices.notice_texts import NoticeText, NoticeTexts
from models.documents.customer_texts import told_to_customer
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.reports.balance_reminder import letters
from models.reports.report import Entry, Report, ReportKind, Section
from models.values.vocabulary import Language, Words
from tests.models.life import MONDAY, Life
from tests.models.stock_life import StockLife
from tests.models.test_reminders import POLICY, after, balance

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "notices"


def said(paper: Paper, language: Language = Language.ZH, **values: Any) -> NoticeText:
    """The notice as the post office has it written."""
    given = {"number": "20270301-0001", "words": Words("已确认", "confirmed"), "rule": "R53", "content": {}}
    return NoticeTexts(TEMPLATES, language).text_of(paper, {**given, "attachments": [], **values})


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            Language.ZH,
            [
                "  定金：1,500.00 → 1,800.00",
                "  标签：（无） → 红枫 logo",
                "  第1行数量：1,000 → 1,200",
                "  包装：50 卷一箱 → 散装",
            ],
        ),
        (
            Language.EN,
            [
                "  deposit: 1,500.00 → 1,800.00",
                "  label: (nothing) → 红枫 logo",
                "  line 1: quantity: 1,000 → 1,200",
                "  packing: 50 卷一箱 → 散装",
            ],
        ),
    ],
)
def test_a_new_version_says_what_changed_in_words(language: Language, lines: list[str]) -> None:
    """R30, R83"""
    life = Life(label="", packing="50 卷一箱").confirmed()
    changes = {"packing": "散装", "label": "红枫 logo", "lines": [{"line": 1, "quantity": "1200"}]}
    life.does("amendment_requested", changes=changes, reason="x")
    life.verified()
    content = [each.content for each in life.order.unsent if each.paper is Paper.SHEET][-1]
    text = said(Paper.SHEET, language, content=content).text.splitlines()
    assert [line for line in text if "→" in line] == lines


@pytest.mark.parametrize("language", list(Language))
def test_a_report_has_its_title_once_and_its_lines_once(language: Language) -> None:
    """R13, R73: the title is the subject and nothing else; the text is what follows it."""
    entry = Entry(order="20270301-0001", customer="红枫包装", zh="德邦物流 DB-1", en="德邦物流 DB-1")
    section = Section(zh="当日发货", en="shipped today", rule="R73", entries=[entry])
    report = Report(kind=ReportKind.TRACKING_NUMBERS, day=MONDAY.date(), sections=[section])
    words = Words(report.text(Language.ZH).strip(), report.text(Language.EN).strip())
    notice = said(Paper.TRACKING_NUMBERS, language, number="", words=words)
    assert notice.subject == report.title(language)
    assert (notice.text.count("DB-1"), notice.text.count(report.title(language))) == (1, 0)
    assert notice.text.splitlines()[1] == "  20270301-0001  红枫包装  德邦物流 DB-1"


def test_a_notice_of_several_lines_has_the_first_as_its_subject_and_all_in_its_text() -> None:
    notice = said(Paper.EXCEPTION, words=Words("异常：断纸\n明天再报", "exception: x"))
    assert notice.subject == "订单 20270301-0001：异常：断纸"
    assert notice.text.startswith("异常：断纸\n明天再报\n\n订单：20270301-0001 · 规则：R53")


def test_an_extension_tells_the_customer_the_time_as_clocks_show_it() -> None:
    """R13; the journal keeps the moment as it was given."""
    life = Life(packing="").later(hours=24)
    due = "2027-03-08T01:00:00+00:00"
    life.does("extension_given", step="details", due=due, reason="等客户")
    extension = next(each for each in life.order.unsent if each.paper is Paper.EXTENSION)
    assert (extension.zh, extension.en) == (
        "办理时限延长至 2027-03-08 09:00：等客户",
        "the time limit is extended to 2027-03-08 09:00: 等客户",
    )
    assert (
        life.entries(EntryKind.INTENTION, "extension_notice")[0].data["zh"] == f"办理时限延长至 {due}：等客户"
    )


@pytest.mark.parametrize(
    ("language", "manner"),
    [(Language.ZH, "银行转账至附件通知书所列账户"), (Language.EN, "transfer it to the account")],
)
def test_the_balance_notice_says_until_when_and_how_to_pay(language: Language, manner: str) -> None:
    """R51"""
    life = Life().in_warehouse("980")
    content = next(each.content for each in life.order.unsent if each.paper is Paper.BALANCE)
    text = said(Paper.BALANCE, language, content=content).text
    assert "2027-03-08" in text
    assert manner in text


@pytest.mark.parametrize(
    ("language", "waits"), [(Language.ZH, "款到即发"), (Language.EN, "ship as soon as it has arrived")]
)
@pytest.mark.parametrize("accounts", [(False,), (True,), (True, False)])
def test_a_reminder_says_that_goods_wait_only_where_they_do(
    language: Language, waits: str, accounts: tuple[bool, ...]
) -> None:
    """R51, R54: who owes by contract has the goods already."""
    owed = [balance(str(number), on_account=each) for number, each in enumerate(accounts)]
    (letter,) = letters(owed, after(7), POLICY)
    text = said(Paper.REMINDER, language, content=letter.content()).text
    assert (waits in text) is not all(accounts)


@pytest.mark.parametrize(
    ("language", "thanks"), [(Language.ZH, "感谢您的支持与理解"), (Language.EN, "thank you")]
)
def test_who_waits_for_the_sheet_is_thanked(language: Language, thanks: str) -> None:
    """R13: step 4 tells the customer how long the sheet takes, and thanks them."""
    life = Life()
    told = next(each for each in life.order.unsent if each.paper is Paper.WAITING_TIME)
    words = told_to_customer(Paper.WAITING_TIME, Words(told.zh, told.en))
    assert thanks in words.in_language(language)


@pytest.mark.parametrize(("language", "thanks"), [(Language.ZH, "谢谢"), (Language.EN, "thanks")])
def test_who_gets_the_shipment_notice_is_thanked_for_the_trouble(language: Language, thanks: str) -> None:
    """R72: step 16 has the customer confirm the copy, and thanks them for the trouble."""
    life = Life().shipped()
    content = next(each.content for each in life.order.unsent if each.paper is Paper.SHIPMENT)
    assert thanks in said(Paper.SHIPMENT, language, content=content).text


@pytest.mark.parametrize(("language", "deposit"), [(Language.ZH, "¥1,500.00"), (Language.EN, "CNY 1,500.00")])
def test_who_owes_a_deposit_is_asked_for_it_with_the_sheet(language: Language, deposit: str) -> None:
    """R33: the chart has the customer told to pay it; who owes none reads nothing of it."""
    for terms, owed in (("deposit", True), ("on_account", False)):
        life = Life(payment_terms=terms, customer={"customer_class": "B" if owed else "A"}).verified()
        content = next(each.content for each in life.order.unsent if each.paper is Paper.SHEET)
        assert (deposit in said(Paper.SHEET, language, content=content).text) is owed


@pytest.mark.parametrize(("language", "signed"), [(Language.ZH, "签字盖章"), (Language.EN, "signed by")])
def test_only_what_is_made_to_order_is_to_be_signed(language: Language, signed: str) -> None:
    """R101: of goods from stock the customer is asked to confirm, and reads nothing of a signature or of days that slip."""
    made, stock = Life().verified().order, StockLife().approved().order
    by_switch = StockLife(policy={"sheet": {"from_stock": True}}).approved().order
    for order, asked in ((made, True), (stock, False), (by_switch, True)):
        content = next(each.content for each in order.unsent if each.paper is Paper.SHEET)
        notice = said(Paper.SHEET, language, content=content)
        assert (signed in notice.text) is asked
        assert ("请签回" in notice.subject or "sign and return" in notice.subject) is asked


@pytest.mark.parametrize("language", list(Language))
def test_who_has_not_confirmed_an_order_from_stock_is_reminded_of_just_that(language: Language) -> None:
    """R13, R101"""
    life = StockLife().approved().later(days=2)
    told = next(
        each for each in life.order.unsent if each.paper is Paper.OVERDUE and "confirm_order" in each.identity
    )
    words = told_to_customer(Paper.OVERDUE, Words(told.zh, told.en))
    assert words.in_language(language) in ("请尽快确认订单第 1 版", "please confirm version 1 of your order")
