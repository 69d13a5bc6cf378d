"""Every rule that is built: in code beside the table, in the pure model's tests, and lived by a story that ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from commands.cases.rehearsing import case_scripts
from commands.contracts.rehearsing import contract_scripts
from commands.quotes.rehearsing import quote_scripts
from models.rules import table
from rehearsal.beside.case_player import play_case
from rehearsal.beside.case_story import FOLDER as CASES
from rehearsal.beside.contract_player import play_contract
from rehearsal.beside.contract_story import FOLDER as CONTRACTS
from rehearsal.beside.quote_player import play_quote
from rehearsal.beside.quote_story import FOLDER
from rehearsal.files import read_company, read_story, story_files
from rehearsal.house.house_story import FOLDER as HOUSE
from rehearsal.house.house_story import read_house_story
from rehearsal.pure import play
from rehearsal.script import script_of
from tests.rule_names import BUILT, WAITING, WITHOUT_STORY

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NO_CODE = {Path(table.__file__).parent}
"""The table and its titles name every rule, and carry none out."""


@cache
def named(*folders: str) -> set[str]:
    """The rules that the modules of these folders name, however deep they stand."""
    found: set[str] = set()
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            if not NO_CODE & {file, *file.parents}:
                found |= set(re.findall(r"(?<!\w)R\d{2,3}(?!\d)", file.read_text(encoding="utf-8")))
    return found


@pytest.fixture(scope="module")
def lived() -> dict[str, set[str]]:
    """Rule -> the stories that live it: those whose journal names it, and those that say that they are about it."""
    company, found = read_company(ROOT / "stories"), dict[str, set[str]]()
    for path in story_files([ROOT / "stories"]):
        story = read_story(path)
        played = play(script_of(story, company, NOW))
        assert played.order is not None
        assert not played.order.lives, f"{path.name} does not end"
        for rule in {entry.rule for entry in played.journal} | set(story.rules):
            found.setdefault(rule, set()).add(story.name)
    for script in quote_scripts([ROOT / "stories" / FOLDER], company, NOW):
        of_quote = play_quote(script)
        for rule in {entry.rule for entry in of_quote.journal} | set(script.story.rules):
            found.setdefault(rule, set()).add(of_quote.name)
    for contract_script in contract_scripts([ROOT / "stories" / CONTRACTS], company, NOW):
        of_contract = play_contract(contract_script)
        for rule in {entry.rule for entry in of_contract.journal} | set(contract_script.story.rules):
            found.setdefault(rule, set()).add(of_contract.name)
    for of_case in map(play_case, case_scripts([ROOT / "stories" / CASES], company, NOW)):
        for rule in {entry.rule for entry in of_case.journal} | set(of_case.script.story.rules):
            found.setdefault(rule, set()).add(of_case.name)
    for of_house in map(read_house_story, story_files([ROOT / "stories" / HOUSE])):
        found |= {rule: found.get(rule, set()) | {of_house.name} for rule in of_house.rules}
    return found


@pytest.mark.parametrize("rule", BUILT)
def test_a_rule_has_its_place_its_test_and_its_story(rule: str, lived: dict[str, set[str]]) -> None:
    rooms = ("models", "workflows", "activities", "runtime", "gateway", "commands")
    assert rule in named(*rooms)
    assert rule in named("tests/models")
    assert bool(lived.get(rule)) == (rule not in WITHOUT_STORY)


def test_what_is_not_built_is_named_nowhere(lived: dict[str, set[str]]) -> None:
    """A rule that gets its place is then moved to those that have a test and a story."""
    rooms = ("models", "workflows", "activities", "runtime", "gateway", "rehearsal", "commands")
    assert named(*rooms) & set(WAITING) == set()
    assert lived.keys() & set(WAITING) == set()


def test_the_search_does_not_find_the_table() -> None:
    assert not named(str(Path(table.__file__).parent.relative_to(ROOT)))
    assert "R10" in Path(table.__file__).with_name("intake.py").read_text(encoding="utf-8")
