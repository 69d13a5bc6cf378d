"""The limits that a rule's entry names are those that its steps really have: each limit gets a length that no other has."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from models.dossier.journal import EntryKind
from models.policy import LimitPolicy
from models.rules.table import RULES
from models.values.calendar import hours_of
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import play
from rehearsal.script import merged, script_of

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
A_LITTLE = Decimal("0.01")

LENGTHS = {
    name: getattr(LimitPolicy(), name) + A_LITTLE * number
    for number, name in enumerate(LimitPolicy.model_fields, start=1)
}
NAMES = {hours_of(hours): f"limits.{name}" for name, hours in LENGTHS.items()}


def met() -> set[tuple[str, str]]:
    """Rule and limit of every step that any story opens."""
    company, found = read_company(STORIES), set[tuple[str, str]]()
    own = {"limits": {name: str(hours) for name, hours in LENGTHS.items()}}
    for path in story_files([STORIES]):
        story = read_story(path)
        story = story.model_copy(update={"policy": merged(story.policy, own)})
        for entry in play(script_of(story, company, NOW)).journal:
            if entry.kind is EntryKind.WAITING:
                length = datetime.fromisoformat(entry.data["due"]) - entry.recorded_at
                if length in NAMES:
                    found.add((entry.rule, NAMES[length]))
    return found


def test_the_limits_of_a_rule_are_those_of_its_steps() -> None:
    found = {(rule, limit) for rule, limit in met() if "limits" not in RULES[rule].switches}
    lived = {rule for rule, _ in found}
    named = {(rule, name) for rule in lived for name in RULES[rule].switches if name.startswith("limits.")}
    assert len(found) > 30
    assert named == found
