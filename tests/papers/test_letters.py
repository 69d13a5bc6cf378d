"""Letters and reports as those read them who get them: each value in its place, no other there (R30, R34, R51, R72, R73)."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from openpyxl import load_workbook

from activities.documents.typesetting import Typesetter
from activities.notices.notice_texts import NoticeTexts
from activities.reports.report_files import picture_content, workbook
from models.dossier.papers_due import Paper
from models.reports.balance_reminder import Letter, OpenBalance, ReminderPolicy, letters
from models.reports.report import Column, Entry, Report, ReportKind, Section
from models.values.vocabulary import Language, PromiseCause, Words
from rehearsal.printed_page import squeezed
from tests.activities.test_press import TEMPLATES
from tests.papers.checking import faults, leaves
from tests.papers.expected_letters import LETTERS, REMINDER_MAILS, REMINDERS
from tests.papers.reading import read_paper
from tests.papers.unlike import Content, content_of

_TEXTS = {language: NoticeTexts(TEMPLATES.parent / "notices", language) for language in Language}
_PROMISE = Words(Paper.NEW_PROMISE.zh, Paper.NEW_PROMISE.en).filled(
    before="2027-03-08", after="2027-03-09", cause=PromiseCause.CUSTOMER
)


def written(paper: Paper, content: Content, language: Language, **more: Any) -> list[str]:
    """The letter with its subject as first line, line by line."""
    given = {
        "number": "20270301-0001",
        "words": _PROMISE,
        "rule": "R34",
        "is_customer": True,
        "attachments": [],
    }
    text = _TEXTS[language].text_of(paper, {**given, "content": content, **more})
    return [line for each in (text.subject, *text.text.splitlines()) if (line := squeezed(each))]


@cache
def _values() -> frozenset[str]:
    papers = (Paper.SHEET, Paper.BALANCE, Paper.SHIPMENT, Paper.RECALL)
    return frozenset(
        text for paper in papers for path, text in leaves(content_of(paper)) if path[-1] not in ("zh", "en")
    )


def _content(paper: Paper) -> Content:
    return {} if paper is Paper.NEW_PROMISE else content_of(paper)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("paper", LETTERS[Language.ZH])
def test_every_value_of_a_letter_stands_where_it_belongs(paper: Paper, language: Language) -> None:
    page = written(paper, _content(paper), language)
    assert faults(page, LETTERS[language][paper], _values()) == []


_SWAPS: list[tuple[Paper, str, str]] = [
    (Paper.SHEET, "promised", "ship_date"),
    (Paper.SHEET, "total", "deposit"),
    (Paper.SHEET, "contact", "consignee"),
    (Paper.BALANCE, "balance", "bill"),
    (Paper.BALANCE, "bill", "paid"),
    (Paper.BALANCE, "pay_by", "made_at"),
    (Paper.BALANCE, "contact", "consignee"),
    (Paper.SHIPMENT, "consignee", "contact"),
    (Paper.SHIPMENT, "expected_arrival", "shipped_at"),
    (Paper.SHIPMENT, "carrier", "tracking_number"),
]


@pytest.mark.parametrize(("paper", "one", "other"), _SWAPS)
def test_two_values_that_are_swapped_are_noticed(paper: Paper, one: str, other: str) -> None:
    content = _content(paper)
    swapped = {**content, one: content[other], other: content[one]}
    for language in Language:
        assert faults(written(paper, swapped, language), LETTERS[language][paper], _values())


@pytest.mark.parametrize("language", list(Language))
def test_a_notice_names_the_rule_that_it_is_given_and_no_other(language: Language) -> None:
    """R53: to a customer the post office gives none."""
    words = Words("已确认收款 ¥2,600.00", "payment of CNY 2,600.00 is confirmed")
    told = ["\n".join(written(Paper.PAYMENT, {}, language, words=words, rule=rule)) for rule in ("", "R53")]
    assert [re.findall(r"R\d\d", each) for each in told] == [[], ["R53"]]
    assert all("2,600.00" in each and "20270301-0001" in each for each in told)


def test_a_letter_without_a_contact_is_to_the_customer_and_without_a_day_of_arrival_says_so() -> None:
    """R72"""
    content = {**content_of(Paper.SHIPMENT), "consignee": "", "contact": "", "expected_arrival": ""}
    assert written(Paper.SHIPMENT, content, Language.ZH)[1:3] == [
        "红枫包装，您好！",
        "订单20270301-0001已于2027-03-0517:00发出，承运：德邦物流DB-446688，预计到货另告。",
    ]
    assert "expectedsoon." in written(Paper.SHIPMENT, content, Language.EN)[2]
    balance = {**content_of(Paper.BALANCE), "contact": ""}
    assert written(Paper.BALANCE, balance, Language.EN)[1] == "Dear红枫包装,"


# --- reminders -------------------------------------------------------------------------------------------------------


def _reminder(sent: int) -> Letter:
    first: dict[str, Any] = {"customer": "K-1", "customer_name": "红枫", "salesperson": "李明", "sent": sent}
    owed = [
        OpenBalance(order="20270301-0002", amount=Decimal("77.05"), since=date(2027, 3, 4), promise_broken=True,
                    sent_on=date(2027, 3, 8), **first),
        OpenBalance(order="20270301-0001", amount=Decimal("1234.50"), since=date(2027, 3, 1), **first),
    ]  # fmt: skip
    levels = [
        {"day": day, "zh": each.zh, "en": each.en, "told": ["customer"]}
        for day, each in zip((1, 2, 3), ReminderPolicy().levels, strict=True)
    ]
    (letter,) = letters(owed, date(2027, 3, 8), ReminderPolicy.model_validate({"levels": levels}))
    return letter


def _of_letter(content: Content) -> list[str]:
    return [text for path, text in leaves(content) if path[-1] not in ("zh", "en")]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("sent", [0, 1, 2])
def test_a_reminder_names_each_balance_and_their_sum(sent: int, language: Language) -> None:
    """R51, R54: the words of its rung, each order with its own day and amount, who has broken a promise."""
    content = _reminder(sent).content()
    page = read_paper(Typesetter(TEMPLATES, language).set(Paper.REMINDER, content))
    assert faults(page, REMINDERS[language][sent], _of_letter(content)) == []
    content["balances"][0]["amount"], content["total"]["figures"] = "1,311.55", "1,234.50"
    page = read_paper(Typesetter(TEMPLATES, language).set(Paper.REMINDER, content))
    assert faults(page, REMINDERS[language][sent], [])


@pytest.mark.parametrize("language", list(Language))
def test_the_mail_of_a_reminder_says_the_same(language: Language) -> None:
    """R51"""
    content = _reminder(1).content()
    page = written(Paper.REMINDER, content, language)
    assert faults(page, REMINDER_MAILS[language], _of_letter(content)) == []


# --- reports in print ------------------------------------------------------------------------------------------------

_COLUMNS = [
    Column(zh=zh, en=en)
    for zh, en in (
        ("订单", "order"),
        ("客户", "customer"),
        ("承运人", "carrier"),
        ("运单号", "tracking number"),
        ("预计到货", "expected"),
    )
]
_ROWS: list[list[Any]] = [
    ["20270301-0001", "红枫包装", "德邦物流", "DB-446688", date(2027, 3, 9)],
    ["20270301-0002", "白杨商贸", "顺丰速运", "SF-1357", None],
]


def _tracking() -> Report:
    entries = [Entry(order=row[0], customer=row[1], zh="x", en="x", cells=row) for row in _ROWS]
    section = Section(zh="当日发货", en="shipped today", rule="R73", columns=_COLUMNS, entries=entries)
    return Report(kind=ReportKind.TRACKING_NUMBERS, day=date(2027, 3, 5), sections=[section])


@pytest.mark.parametrize("language", list(Language))
def test_the_tracking_numbers_of_the_day_stand_beside_their_orders(language: Language) -> None:
    """R73"""
    page = read_paper(
        Typesetter(TEMPLATES, language).set(Paper.TRACKING_NUMBERS, picture_content(_tracking(), language))
    )
    heading = {
        Language.ZH: ["当日运输单号2027-03-05", "订单 | 客户 | 承运人 | 运单号 | 预计到货"],
        Language.EN: [
            "Trackingnumbersoftheday2027-03-05",
            "order | customer | carrier | trackingnumber | expected",
        ],
    }
    assert page[2:-1] == [
        *heading[language],
        "20270301-0001 | 红枫包装 | 德邦物流 | DB-446688 | 2027-03-09",
        "20270301-0002 | 白杨商贸 | 顺丰速运 | SF-1357 | -",
        {Language.ZH: "共2票", Language.EN: "shipments:2"}[language],
    ]


def test_the_statistics_of_the_week_stand_under_their_headings_in_picture_and_workbook() -> None:
    """R73: one row a salesperson, one a shipment; amounts are numbers, days are days."""
    people = [Column(zh=zh, en=zh) for zh in ("业务员", "订单", "发货", "总额")]
    sections = [
        Section(zh="按业务员", en="by salesperson", rule="R73", columns=people, rows=[["李明", 2, 3, Decimal("8214.57")]]),
        Section(zh="已发订单", en="shipped orders", rule="R73", columns=_COLUMNS, rows=_ROWS),
    ]  # fmt: skip
    report = Report(
        kind=ReportKind.WEEKLY_STATISTICS,
        day=date(2027, 3, 5),
        period="2027-02-26 17:00 – 2027-03-05 17:00",
        sections=sections,
    )
    content = picture_content(report, Language.ZH)
    assert read_paper(Typesetter(TEMPLATES, Language.ZH).set(Paper.STATISTICS, content)) == [
        "华广纸品加工厂·发货周报2027-02-2617:00–2027-03-0517:00",
        "按业务员(1)",
        "业务员 | 订单 | 发货 | 总额",
        "李明 | 2 | 3 | 8,214.57",
        "已发订单(2)",
        "订单 | 客户 | 承运人 | 运单号 | 预计到货",
        "20270301-0001 | 红枫包装 | 德邦物流 | DB-446688 | 2027-03-09",
        "20270301-0002 | 白杨商贸 | 顺丰速运 | SF-1357 | -",
    ]
    book = load_workbook(io.BytesIO(workbook(report, Language.ZH)))
    assert [[cell.value for cell in row] for row in book["按业务员"].iter_rows(min_row=2)] == [
        ["业务员", "订单", "发货", "总额"],
        ["李明", 2, 3, 8214.57],
    ]
    assert book["按业务员"]["D3"].number_format == "#,##0.00"
    shipped = [[cell.value for cell in row] for row in book["已发订单"].iter_rows(min_row=3)]
    assert [row[:4] for row in shipped] == [row[:4] for row in _ROWS]
    assert str(shipped[0][4]).startswith("2027-03-09")
