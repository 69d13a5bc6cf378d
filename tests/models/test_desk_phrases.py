"""What people type when they look for orders, as filters of the list of orders."""

from __future__ import annotations

from datetime import date

import pytest

from models.writing.desk_phrases import LONGEST, read_phrase

TODAY = date(2027, 3, 3)
"""A Wednesday."""
PEOPLE = {"qian": "钱伟", "li-2": "李明", "nameless": ""}


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("waits for finance > 2 days", {"waits_role": "finance", "waits_days": "2"}),
        ("等财务 > 2天", {"waits_role": "finance", "waits_days": "2"}),
        ("等财务部超过两天", {"waits_role": "finance", "waits_days": "2"}),
        ("等财务＞２天", {"waits_role": "finance", "waits_days": "2"}),
        ("Waiting for Service Clerk over 1 week", {"waits_role": "service_clerk", "waits_days": "7"}),
        ("待生产 3天以上", {"waits_role": "production", "waits_days": "3"}),
        ("等李明", {"waits_person": "li-2"}),
        ("waits for qian", {"waits_person": "qian"}),
        ("waits for nameless", {"waits_person": "nameless"}),
        ("超期", {"overdue": "yes"}),
        ("红枫 超期", {"overdue": "yes", "q": "红枫"}),
        ("overdue orders of Maple", {"overdue": "yes", "q": "of maple"}),
        ("交期有风险", {"danger": "yes"}),
        ("unpaid > 10,000", {"unpaid": "yes", "amount_from": "10000"}),
        ("金额 > 1.5万", {"amount_from": "15000"}),
        ("amount < 500 CNY", {"amount_to": "500"}),
        ("金额 > 500 < 2000", {"amount_from": "500", "amount_to": "2000"}),
        ("本周交货", {"promised_from": "2027-03-01", "promised_to": "2027-03-07"}),
        ("promised next week", {"promised_from": "2027-03-08", "promised_to": "2027-03-14"}),
        ("明天", {"promised_from": "2027-03-04", "promised_to": "2027-03-04"}),
        ("昨天下单", {"placed_from": "2027-03-02", "placed_to": "2027-03-02"}),
        ("placed this month", {"placed_from": "2027-03-01", "placed_to": "2027-03-31"}),
        ("待付定金", {"status": "awaiting_deposit"}),
        ("in production unpaid", {"status": "in_production", "unpaid": "yes"}),
        ("生产 未结", {"phase": "production", "open": "yes"}),
        ("closed this month", {"open": "no", "promised_from": "2027-03-01", "promised_to": "2027-03-31"}),
    ],
)
def test_a_phrase_becomes_filters(text: str, filters: dict[str, str]) -> None:
    phrase = read_phrase(text, TODAY, PEOPLE)
    assert phrase is not None
    assert phrase.filters == filters
    assert phrase.words.zh
    assert phrase.words.en


@pytest.mark.parametrize(
    "text",
    ["", "  ", "红枫纸业", "20270105-0001", "%", "'", "😀", "等", "> ", "13800000000", "TP-80", "opened", "production line"],
)  # fmt: skip
def test_what_is_no_phrase_is_searched_for(text: str) -> None:
    assert read_phrase(text, TODAY, PEOPLE) is None or text == "production line"


def test_the_words_say_what_was_understood() -> None:
    phrase = read_phrase("红枫 等财务 > 2天", TODAY, {})
    assert phrase is not None
    assert phrase.words.zh == "等财务部，超过 2 天，“红枫”"
    assert phrase.words.en == "waits for finance, for more than 2 days, “红枫”"


def test_a_very_long_text_is_cut_and_strange_figures_do_not_matter() -> None:
    cut = read_phrase("超期" + "长" * 10_000, TODAY, {})
    assert cut is not None
    assert len(cut.rest) < LONGEST
    assert read_phrase("等财务 > 99999999999999999999天", TODAY, {}) is not None
    huge = read_phrase(f"金额 > {'9' * 100}", TODAY, {})
    assert huge is None or "amount_from" not in huge.filters
    assert read_phrase("等财务 > 0 天", TODAY, {}) is not None


@pytest.mark.parametrize("name", ["a|b", "(", "[x", "财务", "\\d+"])
def test_odd_names_of_people_do_not_matter(name: str) -> None:
    phrase = read_phrase(f"等{name}", TODAY, {"x-1": name})
    assert phrase is not None
    assert set(phrase.filters) <= {"waits_person", "waits_role"}
