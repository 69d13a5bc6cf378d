"""Every rule that the product shows has a title, and every title is of a rule that the company has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.decisions.subjects import SUBJECTS
from models.values.rule_words import RULES, rule_words

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("models", "workflows", "activities", "runtime", "gateway", "rehearsal", "commands")


def used() -> set[str]:
    """Rules as the code gives them to steps, refusals and journal: a text that is an identifier and nothing else."""
    found: set[str] = set()
    for room in ROOMS:
        for file in (HOUSE / room).rglob("*.py"):
            found |= set(re.findall(r'"(R\d+[a-z]?)"', file.read_text(encoding="utf-8")))
    return found


def test_every_rule_in_use_has_words() -> None:
    assert {rule.rule for rule in SUBJECTS.values()} <= used()
    assert used() <= set(RULES)


@pytest.mark.parametrize("rule", list(RULES))
def test_a_title_is_short_and_in_both_languages(rule: str) -> None:
    words = rule_words(rule)
    assert 2 <= len(words.zh) <= 14
    assert 4 <= len(words.en) <= 36


def test_what_is_no_rule_has_no_title() -> None:
    assert (rule_words("").zh, rule_words("R999").en) == ("", "")
