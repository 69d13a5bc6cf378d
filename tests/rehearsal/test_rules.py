"""Every rule that the order's life carries out: in the code, on the pure model's tests, and lived by a story that ends."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import play
from rehearsal.script import script_of

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
RULES = [
    f"R{number}"
    for first, last in ((10, 13), (15, 25), (28, 28), (30, 38), (40, 47), (50, 54), (60, 62))
    for number in range(first, last + 1)
] + ["R64", "R65", *(f"R{number}" for number in range(70, 80)), "R83", "R84", "R85", "R86"]


def _texts(*folders: str) -> str:
    return "".join(file.read_text() for folder in folders for file in (ROOT / folder).rglob("*.py"))


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
    return found


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_its_place_its_test_and_its_story(rule: str, lived: dict[str, set[str]]) -> None:
    assert rule in _texts("models", "workflows")
    assert rule in _texts("tests/models")
    assert lived.get(rule)
