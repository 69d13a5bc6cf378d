"""What was said, in words: labels instead of codes, figures as people write them, business time."""

from __future__ import annotations

import pytest

from models.facts.fact_kinds import FACT_KINDS
from models.forms.fact_words import said_in_words


@pytest.mark.parametrize(
    ("kind", "content", "zh", "en"),
    [
        ("payment_received", {"amount": "1500.00", "method": "cash", "reference": "SJ-1"},
         "金额=1,500.00 方式=现金 凭证=SJ-1", "amount=1,500.00 method=cash reference=SJ-1"),
        ("inspection_reported", {"passed": "990.000", "labels_right": False}, "合格=990", "passed=990"),
        ("extension_given", {"step": "x", "due": "2026-12-08T01:00:00Z", "reason": "x"}, "新时限=2026-12-08 09:00", "2026-12-08 09:00"),
        ("amendment_requested", {"reason": "加量", "changes": {"lines": [{"line": 1, "quantity": "1200.000"}]}},
         "数量=1,200", "quantity=1,200"),
        ("transit_reported", {"condition": "damaged"}, "状况=破损", "condition=damaged"),
        ("sheet_received", {"version": 1, "legible": False}, "=否", "=no"),
        ("payment_received", {"amount": "not money"}, "金额=not money", "amount=not money"),
        ("nobody_knows", {"words": "x"}, "=x", "=x"),
    ],
)  # fmt: skip
def test_values_are_words(kind: str, content: dict[str, object], zh: str, en: str) -> None:
    said = said_in_words(kind, content)
    assert zh in said.zh
    assert en in said.en


@pytest.mark.parametrize("kind", list(FACT_KINDS))
def test_nothing_said_is_no_words(kind: str) -> None:
    assert said_in_words(kind, {}).zh == ""
