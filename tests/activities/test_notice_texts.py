"""The words of notices as those who get them read them: the company's templates over what an order or a report says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from activities.notice_texts import NoticeText, NoticeTexts
from models.intentions import Paper
from models.vocabulary import Language, Words
from tests.models.life import Life

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
                "  定金:1,500.00 → 1,800.00",
                "  标签:(无) → 红枫 logo",
                "  第1行数量:1,000 → 1,200",
                "  包装:50 卷一箱 → 散装",
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
