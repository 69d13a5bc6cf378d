"""Amounts within texts, as every page, message and list shows them: by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.reports.report import Entry, Report, ReportKind, Section
from models.values.vocabulary import Language
from models.writing.amounts_in_texts import amounts_apart
from models.writing.printed_figures import figure


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("余款到账 ¥6720.00", "余款到账 ¥6,720.00"),
        ("balance of CNY 6720.00 to arrive", "balance of CNY 6,720.00 to arrive"),
        ("余款通知:应付 ¥1234567.8，请付", "余款通知:应付 ¥1,234,567.80，请付"),
        ("CNY 12000, of which CNY -3000.5.", "CNY 12,000.00, of which CNY -3,000.50."),
        ("价目表 ¥0.0385/张", "价目表 ¥0.0385/张"),
        ("¥1234.0385/t", "¥1,234.0385/t"),
        ("¥6,720.00 and CNY 12,345.67", "¥6,720.00 and CNY 12,345.67"),
        ("¥ and CNY and ¥x and ¥1.2.3 and ¥12,34", "¥ and CNY and ¥x and ¥1.2.3 and ¥12,34"),
        ("订单 20270105-0001,1000 卷", "订单 20270105-0001,1000 卷"),
        ("¥١٢٣", "¥١٢٣"),
        ("", ""),
    ],
)
def test_an_amount_in_a_text_has_its_thousands_apart_and_two_decimals(text: str, shown: str) -> None:
    assert amounts_apart(text) == shown
    assert amounts_apart(shown) == shown


def test_no_step_or_paper_says_an_amount_in_another_way() -> None:
    """Every wording with an amount in it becomes right, whatever the order says; a new one too."""
    said = dict.fromkeys(("amount", "total", "before", "after"), "1234567.00")
    for kind in (*StepKind, *Paper):
        for text in (kind.zh, kind.en):
            if not any(f"{sign}{{{name}}}" in text for sign in ("¥", "CNY ") for name in said):
                continue
            filled = text.format_map(_Anything(said))
            assert "1,234,567.00" in amounts_apart(filled), kind
            assert "1234567" not in amounts_apart(filled), kind


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


@pytest.mark.parametrize(
    ("value", "shown"),
    [("6720.00", "6,720.00"), ("0.1", "0.1"), ("1000.000", "1,000"), ("0.0385", "0.0385"), ("-12345.60", "-12,345.60"), ("NaN", "NaN")],
)  # fmt: skip
def test_a_figure_alone_is_money_quantity_or_price_by_its_decimals(value: str, shown: str) -> None:
    assert figure(Decimal(value)) == shown


def test_a_report_shows_them_so_in_sentences_and_in_cells() -> None:
    sections = [
        Section(zh="未清现金", en="cash", rule="R35", entries=[Entry(order="1", customer="甲", zh="¥12345.60,李 收", en="CNY 12345.60")]),
        Section(zh="表", en="table", rule="R73", rows=[["x", Decimal("9900.00"), Decimal("12.5"), 3, None, "责任 ¥5000.00"]]),
    ]  # fmt: skip
    text = Report(kind=ReportKind.WATCH_LIST, day=date(2027, 3, 1), sections=sections).text(Language.ZH)
    assert "¥12,345.60,李 收" in text
    assert "x | 9,900.00 | 12.5 | 3 | - | 责任 ¥5,000.00" in text
