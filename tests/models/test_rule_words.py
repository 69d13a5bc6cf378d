"""The table of the rules: those that the company has, each in full, in both languages, with its source and its settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from models.decisions.subjects import SUBJECTS
from models.policy import Policy
from models.reports.balance_reminder import ReminderPolicy
from models.rules import table
from models.rules.documents import DOCUMENTS
from models.rules.table import RULES, rule_words
from tests.rule_names import ALL, BUILT

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("models", "workflows", "activities", "runtime", "gateway", "rehearsal", "commands")
TABLE = Path(table.__file__).parent


def used() -> set[str]:
    """Rules as the code gives them to steps, refusals and journal: a text that is an identifier and nothing else."""
    found: set[str] = set()
    for room in ROOMS:
        for file in (HOUSE / room).rglob("*.py"):
            if TABLE not in file.parents:
                found |= set(re.findall(r'"(R\d+[a-z]?)"', file.read_text(encoding="utf-8")))
    return found


def mentioned() -> set[str]:
    """Rules that the code, its words and the stories name anywhere."""
    files = [file for room in ROOMS for file in (HOUSE / room).rglob("*.py") if TABLE not in file.parents]
    files += [
        *(HOUSE / "stories").glob("*.yaml"),
        *(HOUSE / "gateway").rglob("*.html"),
        HOUSE / "policy.toml",
    ]
    return {
        name for file in files for name in re.findall(r"(?<!\w)R\d\d(?!\d)", file.read_text(encoding="utf-8"))
    }


def test_the_table_has_the_rules_of_the_company() -> None:
    assert list(table.RULES) == ALL
    assert list(RULES) == ALL


def test_every_rule_in_use_is_in_the_table() -> None:
    assert {rule.rule for rule in SUBJECTS.values()} <= used()
    assert used() <= set(BUILT)
    assert mentioned() <= set(ALL)
    assert len(used()) > len(BUILT) // 2


@pytest.mark.parametrize("rule", ALL)
def test_a_title_is_short_and_in_both_languages(rule: str) -> None:
    words = rule_words(rule)
    assert 2 <= len(words.zh) <= 14
    assert 4 <= len(words.en) <= 36


@pytest.mark.parametrize("name", ALL)
def test_a_rule_is_told_in_full_in_both_languages(name: str) -> None:
    rule = table.RULES[name]
    assert rule.name == name
    assert len(rule.text.zh) > len(rule.title.zh)
    assert len(rule.text.en) > len(rule.title.en)
    assert rule.text.zh.endswith("。")
    assert rule.text.en.endswith(".")
    assert not re.search(r"[一-鿿]", rule.text.en + rule.ours.en)
    assert bool(rule.ours.zh) == bool(rule.ours.en)
    assert rule.sources or rule.ours.zh


def settings_of(model: type[BaseModel], before: str = "") -> set[str]:
    """Every section and setting, by its name in the policy file."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(before + name)
        kind: Any = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= settings_of(kind, f"{before}{name}.")
    return found


def test_every_setting_named_is_one_that_the_policy_has() -> None:
    known = settings_of(Policy) | settings_of(ReminderPolicy, "reminders.")
    named = {name: rule.switches for name, rule in table.RULES.items()}
    assert {name: [each for each in switches if each not in known] for name, switches in named.items()} == {
        name: [] for name in ALL
    }


def test_every_setting_of_the_policy_belongs_to_a_rule() -> None:
    """Only its name, how facts are dated and signed, how other shops are told, and how long papers are kept belong to none."""
    known = settings_of(Policy) | settings_of(ReminderPolicy, "reminders.")
    named = {each for rule in table.RULES.values() for each in rule.switches}
    bare = {each for each in known if each not in named and each.partition(".")[0] not in named}
    sections = {each for each in bare if any(other.startswith(f"{each}.") for other in known)}
    webhooks = {
        f"webhooks.{each}"
        for each in ("pauses_seconds", "pause_after_hours", "give_up_after_hours", "keep_days")
    }
    assert (
        bare - sections
        == {
            "version",
            "dating.back_days",
            "dating.ahead_minutes",
            "signed_facts",
            "personal_data.keep_years",
        }
        | webhooks
    )


def test_every_source_is_a_document_of_the_table() -> None:
    assert [document.name for document in DOCUMENTS] == [f"D{n}" for n in range(1, 21)]
    known = {document.name for document in DOCUMENTS}
    assert {source.document for rule in table.RULES.values() for source in rule.sources} <= known
    by_us = {name for name, rule in table.RULES.items() if not rule.sources}
    assert by_us == {f"R{n}" for n in (77, 84, 111, 133, 151, 152, 163)}


def test_what_is_no_rule_has_no_title() -> None:
    assert (rule_words("").zh, rule_words("R999").en) == ("", "")
