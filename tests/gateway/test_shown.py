"""Money, quantities, days and deadlines as every page writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.pages.shown import (
    amount_text,
    asked_words,
    day_words,
    deadline_words,
    happened_words,
    moment_text,
    outcome_words,
    price_text,
    quantity_text,
    refusal_words,
)
from gateway.shown_names import ShownNames
from models.messages.envelope import read_entered
from models.shop.checkout import CheckoutForm
from models.values.errors import Refusal
from models.values.vocabulary import Words
from models.writing.written_numbers import Manner


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("clerk-chen 确认参加第1行批次1的联合检验", "陈静 确认参加第1行批次1的联合检验"),
        ("clerk-chenyu 与 clerk-chen。", "clerk-chenyu 与 陈静。"),
        ("生产第1行，还差 1000.000 卷", "生产第1行，还差 1,000 卷"),
        ("还差 12.500 卷，¥5.125，80.000mm", "还差 12.5 卷，¥5.125，80.000mm"),
    ],
)  # fmt: skip
def test_a_step_names_people_and_writes_quantities_plainly(text: str, shown: str) -> None:
    names = ShownNames({"clerk-chen": "陈静"})
    assert names.in_words(Words(text, text)) == Words(shown, shown)


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("at_stake", "12005.00", "¥12,005.00", "¥12,005.00"),
        ("offer_amount", "40115.00", "¥40,115.00", "¥40,115.00"),
        ("quantity", "13000.000", "13,000", "13,000"),
        ("prices", "1: 10000.000 × 4.0115 (28400.00)", "1: 10,000 × 4.0115 (28,400.00)", "1: 10,000 × 4.0115 (28,400.00)"),
        ("levels", "legal + finance → marketing_director", "法务 + 财务部 → 营销总监", "legal + finance → marketing director"),
        ("accepted_at", "2027-03-02T04:30:00+00:00", "03-02 12:30", "03-02 12:30"),
        ("valid_until", "2027-08-30", "2027-08-30", "2027-08-30"),
        ("words", "不要 12005.00", "不要 12005.00", "不要 12005.00"),
        ("amount", "none", "none", "none"),
    ],
)  # fmt: skip
def test_what_an_answer_rests_on_reads_as_everything_else(name: str, value: str, zh: str, en: str) -> None:
    assert asked_words(name, value) == Words(zh, en)


@pytest.mark.parametrize(
    ("forged", "zh", "en"),
    [
        (
            {"method": "pigeon"},
            "方式（method）：只能是快递（courier）、物流货运（freight）、货运到付（freight_collect）、自提（pick_up）",
            "method (method): allowed: courier, freight, freight collect (freight_collect), pick-up (pick_up)",
        ),
        (
            {"checkout": "mine"},
            "结算单（checkout）：写法不对：须是 32 个字符，只用 0–9 和 a–f",
            "checkout (checkout): not written as it must be: 32 signs, each of 0 to 9 or a to f",
        ),
    ],
)
def test_a_forged_checkout_is_told_what_is_allowed(forged: dict[str, str], zh: str, en: str) -> None:
    """R122: in words that people know, never in those of the library that reads forms."""
    sent = {"checkout": "0" * 32, "cart_version": 1, "seen_total": "1.00", **forged}
    with pytest.raises(Refusal) as refused:
        read_entered(CheckoutForm, sent, Manner.TYPED)
    assert refusal_words(refused.value.words) == Words(zh, en)


def test_an_answer_reads_by_its_label() -> None:
    assert outcome_words("send_back") == Words("退回业务", "sent back to sales")


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("1000.000", "1,000"), ("2.500", "2.5"), ("0", "0"), ("-0.5", "-0.5"), ("-1200", "-1,200"), ("1E+6", "1,000,000"),
        ("0.001", "0.001"), ("NaN", "NaN"), (None, "-"),
    ],
)  # fmt: skip
def test_a_quantity_has_thousands_and_no_empty_decimals(quantity: str | None, text: str) -> None:
    assert quantity_text(Decimal(quantity) if quantity is not None else None) == text


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_quantity_reads_back_as_itself(quantity: Decimal) -> None:
    text = quantity_text(quantity)
    assert Decimal(text.replace(",", "")) == quantity
    assert not (("." in text) and text.endswith("0"))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("6720", "¥6,720.00"), ("-6720.5", "-¥6,720.50"), ("0", "¥0.00"), ("1234567.891", "¥1,234,567.89"),
        ("NaN", "NaN"), (None, "-"),
    ],
)  # fmt: skip
def test_an_amount_has_thousands_and_two_decimals(amount: str | None, text: str) -> None:
    assert amount_text(Decimal(amount) if amount is not None else None) == text


@pytest.mark.parametrize(
    ("price", "text"), [("5", "¥5.00"), ("0.0385", "¥0.0385"), ("1200.500", "¥1,200.50"), (None, "-")]
)
def test_a_price_keeps_its_decimals(price: str | None, text: str) -> None:
    assert price_text(Decimal(price) if price is not None else None) == text


def test_a_deadline_at_midnight_is_the_end_of_the_day_before() -> None:
    midnight = datetime(2026, 12, 2, 16, tzinfo=UTC)  # 00:00 of the 3rd in business time
    assert (deadline_words(midnight).zh, deadline_words(midnight).en) == (
        "12-02 止",
        "until the end of 12-02",
    )
    later = datetime(2026, 12, 2, 9, 25, tzinfo=UTC)
    assert deadline_words(later).zh == deadline_words(later).en == "12-02 17:25" == moment_text(later)
    assert deadline_words(None).zh == moment_text(None) == "-"


def test_what_a_day_brought_with_its_end_names_that_day() -> None:
    midnight = datetime(2026, 12, 2, 16, tzinfo=UTC)  # 00:00 of the 3rd in business time
    assert (happened_words(midnight).zh, happened_words(midnight).en) == ("12-02 周三", "Wed 12-02")
    later = datetime(2026, 12, 2, 16, 1, tzinfo=UTC)
    assert happened_words(later).zh == happened_words(later).en == "12-03 00:01"
    assert happened_words(None).zh == "-"


def test_a_day_has_its_weekday() -> None:
    assert (day_words(date(2026, 12, 2)).zh, day_words(date(2026, 12, 2)).en) == ("12-02 周三", "Wed 12-02")
    assert day_words(None).zh == "-"
