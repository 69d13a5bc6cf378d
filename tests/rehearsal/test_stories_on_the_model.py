"""Every story on the pure model: what it expects holds, at every moment it looks (R10 to R85)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.dossier.journal import FIRST_LINK
from models.values.errors import Code, Refusal
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import play
from rehearsal.script import script_of
from rehearsal.story import Company, Story

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> Company:
    return read_company(STORIES)


@pytest.mark.parametrize("path", story_files([STORIES]), ids=lambda path: path.stem)
def test_story_holds(path: Path, company: Company) -> None:
    story = read_story(path)
    assert story.name == path.stem
    played = play(script_of(story, company, NOW))
    assert [difference.words.en for difference in played.differences] == []
    assert [entry.sequence for entry in played.journal] == list(range(1, len(played.journal) + 1))
    assert [FIRST_LINK, *(entry.hash for entry in played.journal[:-1])] == [
        e.previous for e in played.journal
    ]


def test_a_story_is_the_same_whenever_it_is_played(company: Company) -> None:
    story = read_story(STORIES / "slip-over-weekend.yaml")
    first, second = (play(script_of(story, company, NOW)) for _ in range(2))
    assert first.journal == second.journal


def _with(company: Company, **changes: object) -> list[str]:
    story = read_story(STORIES / "class-b-same-day.yaml").model_dump(mode="json", by_alias=True)
    played = play(script_of(Story.model_validate(story | changes), company, NOW))
    return [difference.words.en for difference in played.differences]


def test_the_player_bites(company: Company) -> None:
    wrong = [
        {
            "after": "5d 3h",
            "status": "dead",
            "promised": "day+6",
            "open_balance": "1.00",
            "waiting": ["recall"],
        }
    ]
    said = _with(company, expect=wrong)
    assert [words.split(":")[0] for words in said] == ["status", "promised", "open_balance", "waiting"]
    assert "expected dead, found awaiting_balance" in said[0]


def test_an_unexpected_refusal_is_a_difference(company: Company) -> None:
    event = {"after": "1m", "fact": "delivery_receipt"}
    said = _with(company, events=[event], expect=[{"after": "2m", "ended": False}])
    assert said[0].startswith("reply to delivery_receipt: expected accepted, found refused")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"events": [{"after": "1h", "course": "nothing"}]}, "no course nothing"),
        ({"order": {"customer": "K-NONE"}}, "no customer K-NONE"),
        ({"start": {"date": "2020-01-01"}}, "future date"),
        ({"order": {"packing": "{box}"}}, "{box}"),
        ({"order": {"lines": [{"line": 1, "product": "X", "quantity": 1, "unit": "roll"}]}}, "no product X"),
        ({"policy": {"slip": {"days": "lunar"}}}, "slip"),
    ],
)
def test_what_does_not_fit_is_said(company: Company, changes: dict[str, object], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        _with(company, **changes)
    assert words in refused.value.words.en
    assert "class-b-same-day" in refused.value.words.zh


def test_a_broken_file_names_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: [")
    with pytest.raises(Refusal) as refused:
        read_story(broken)
    assert refused.value.code is Code.MALFORMED_FILE
    assert "line" in refused.value.words.en


def test_an_unknown_field_names_file_and_field(tmp_path: Path) -> None:
    odd = tmp_path / "odd.yaml"
    odd.write_text("name: odd\ntitle: {zh: a, en: b}\nexpect: [{after: 1h, mood: good}]\n")
    with pytest.raises(Refusal) as refused:
        read_story(odd)
    assert refused.value.code is Code.UNKNOWN_FIELD
    assert "expect.0.mood" in refused.value.where
    assert "odd.yaml" in refused.value.where
