"""`documents: contains` in a story means the page that is printed, not the data behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.documents.typesetting import Typesetter
from models.dossier.papers_due import Paper
from models.values.vocabulary import Language
from rehearsal.files import read_company
from rehearsal.printed_page import TEMPLATES, PrintedPage
from rehearsal.pure import play
from rehearsal.script import script_of
from rehearsal.story import Company, Story
from tests.papers.unlike import content_of

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> Company:
    return read_company(STORIES)


def differing(company: Company, document: dict[str, Any], **order: Any) -> list[str]:
    """What differs where the usual order, in the warehouse, has such a document."""
    story = {
        "name": "trial",
        "title": {"zh": "试", "en": "trial"},
        "start": {"weekday": "monday"},
        "order": {"contact": "周联系", "consignee": "郑收货", "fax": "0755-5550999", **order},
        "events": [{"after": "0m", "course": "in_warehouse"}],
        "expect": [{"after": "6d", "documents": [document]}],
    }
    return [each.found for each in play(script_of(Story.model_validate(story), company, NOW)).differences]


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("balance_notice", ["应付余款 ¥3,500.00（人民币 叁仟伍佰元整）", "已付 ¥1,500.00"]),
        ("balance_notice", ["balance due ¥3,500.00"]),
        ("balance_notice", ["业务员：李明"]),
        ("confirmation_sheet", ["收货人 郑收货", "联系人 周联系", "预交日（成品完成） {day+5}"]),
        ("receipt", ["记录人：陈静（客服员）"]),
        ("finished_notice", ["数量 1,000 卷"]),
    ],
)
def test_what_stands_on_the_page_is_found_with_its_label(
    company: Company, paper: str, words: list[str]
) -> None:
    assert differing(company, {"paper": paper, "contains": words, "times": 1}) == []


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("balance_notice", ["应付余款 ¥5,000.00"]),
        ("balance_notice", ["0755-5550999"]),
        ("balance_notice", ["应付余款 ¥3,500.00", "paid ¥1,500.00"]),
        ("confirmation_sheet", ["收货人 周联系"]),
        ("confirmation_sheet", ["约定发货日 {day+6}"]),
        ("confirmation_sheet", ["salesperson"]),
        ("delivery_note", ["1,000 卷"]),
    ],
)
def test_what_only_the_data_have_or_stands_beside_another_label_is_not(
    company: Company, paper: str, words: list[str]
) -> None:
    assert len(differing(company, {"paper": paper, "contains": words})) == 1


def test_a_paper_that_cannot_be_printed_says_nothing_and_its_signs_are_named(company: Company) -> None:
    found = differing(company, {"paper": "receipt", "contains": ["客户原话"]}, packing="好 \U0001f600")
    assert len(found) == 1
    assert "U+1F600" in found[0]


def test_a_hyphen_at_the_end_of_a_line_is_a_hyphen(company: Company) -> None:
    for length in range(3, 12):
        document = {"paper": "confirmation_sheet", "contains": [("x" * length + "-known ") * 14]}
        assert differing(company, document, packing=document["contains"][0]) == []


def test_the_page_that_the_press_made_is_the_one_that_is_read() -> None:
    printed = Typesetter(TEMPLATES, Language.ZH).set(Paper.BALANCE, content_of(Paper.BALANCE))
    other = {**content_of(Paper.BALANCE), "pay_by": "2027-12-31"}
    page = PrintedPage(Paper.BALANCE, other, printed)
    assert page.says(["付款期限：2027-03-11"])
    assert page.says(["pay by: 2027-12-31"])
    assert not page.says(["付款期限：2027-03-11", "pay by: 2027-12-31"])
