"""Stories of the house hold on both kinds of order database, and the pure one on the rules (R122, R131, R133, R150, R152)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import starter
from commands.stories.house import house_scripts, play_on
from models.values.errors import Code, Refusal
from rehearsal.files import read_company, story_files
from rehearsal.house import on_model
from rehearsal.house.house_story import FOLDER, read_house_story
from rehearsal.house.played import PlayedHouse
from runtime.settings import Settings

STORIES = Path(__file__).resolve().parents[2] / "stories"
FILES = story_files([STORIES / FOLDER])
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
PURE = {"ten-thousand-rolls"}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Both kinds of order database."""
    return Settings(var=tmp_path, database_url=database_url)


@pytest.fixture
def own(tables_on_sqlite: Path, tmp_path: Path) -> Settings:
    """The kind of database that is quick to make."""
    (tmp_path / "own.db").write_bytes(tables_on_sqlite.read_bytes())
    return Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path / 'own.db'}")


def changed(folder: Path, name: str, before: str, after: str) -> Path:
    """The story with one thing written otherwise."""
    text = (STORIES / FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert before in text
    (folder / FOLDER).mkdir()
    file = folder / FOLDER / f"{name}.yaml"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    return file


def on_database(settings: Settings, path: Path) -> PlayedHouse:
    (script,) = house_scripts([path], read_company(STORIES), NOW)
    return play_on(settings, script)


def on_rules(path: Path) -> PlayedHouse:
    (script,) = house_scripts([path], read_company(STORIES), NOW)
    return on_model.play(script)


def test_there_are_the_stories_that_are_no_orders_life() -> None:
    assert {path.stem for path in FILES} == {"price-changed", "spread-over-clerks", "ten-thousand-rolls"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_story_of_the_house_holds(path: Path, settings: Settings) -> None:
    played = on_database(settings, path)
    assert played.name == path.stem
    assert played.differences == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_pure_holds_on_the_rules_and_the_rest_says_that_it_was_not_played(path: Path) -> None:
    played = on_rules(path)
    assert (played.was_played, played.differences) == (path.stem in PURE, [])
    assert played.as_json()["as_expected"] is (True if path.stem in PURE else None)


@pytest.mark.parametrize(
    ("name", "before", "after", "what", "expected", "found"),
    [
        ("price-changed", 'sees: "176.00"', 'sees: "175.00"', "events.2 sees", "175.00", "176.00"),
        ("price-changed", "refused: price_changed", "refused: stale_version", "events.4 checks_out", "stale_version", "price_changed"),
        ("price-changed", 'says: ["176.00", "180.00"]', 'says: ["181.00"]', "events.4 says", "181.00", None),
        ("price-changed", 'total: "180.00"', 'total: "176.00"', "events.7 total", "176.00", "180.00"),
        ("price-changed", "becomes: 1", "becomes: 2", "events.7 becomes", "2", "1"),
        ("price-changed", "{after: 12m, orders: 1", "{after: 12m, orders: 2", "expect.2 orders", "2", "1"),
        ("price-changed", "{WD-S: 58}", "{WD-S: 56}", "expect.2 available.WD-S", "56", "58"),
        ("ten-thousand-rolls", "day+3 09:30", "day+3 09:31", "events.1 ends", "2026-12-10 Thu 09:31", "2026-12-10 Thu 09:30"),
        ("ten-thousand-rolls", "day+4: 80", "day+4: 81", "events.1 sure", None, "2026-12-11 Fri: 80, 2026-12-14 Mon: 95"),
        ("ten-thousand-rolls", "late: 0, count: 16", "late: 0, count: 17", "events.1 sure", None, "2026-12-11 Fri: 81, 2026-12-14 Mon: 95"),
    ],
)  # fmt: skip
def test_a_figure_that_is_otherwise_is_a_difference(
    own: Settings,
    tmp_path: Path,
    name: str,
    before: str,
    after: str,
    what: str,
    expected: str | None,
    found: str | None,
) -> None:
    file = changed(tmp_path, name, before, after)
    (difference,) = on_database(own, file).differences
    assert difference.what == what
    assert expected in (None, difference.expected)
    assert found in (None, difference.found)
    if name in PURE:
        (on_paper,) = on_rules(file).differences
        assert on_paper == difference


def test_the_example_of_the_page_holds(own: Settings, tmp_path: Path) -> None:
    page = (STORIES.parent / "docs" / "stories.md").read_text(encoding="utf-8")
    found = re.search(r"## Stories of the house.*?```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    (tmp_path / "example.yaml").write_text(found[1], encoding="utf-8")
    assert on_database(own, tmp_path / "example.yaml").differences == []


def test_other_counts_of_clerks_and_desks_differ(own: Settings, tmp_path: Path) -> None:
    """R131, R133: of eight orders the third clerk has two, and a deputy the three of the second."""
    file = changed(tmp_path, "spread-over-clerks", "{count: 100,", "{count: 8,")
    found = {each.what: each.found for each in on_database(own, file).differences}
    assert found["expect.1 orders"] == "8"
    assert found["expect.1 spread.service_clerk"] == "3, 3, 2"
    assert found["expect.2 desks.assistant-xu"] == "3"


def test_the_command_plays_them_and_ends_with_1_where_a_figure_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path / "var"))
    wrong = changed(tmp_path, "ten-thousand-rolls", "day+7: 95", "day+7: 90")
    for also in ([], ["--model"]):
        assert starter.run(["--language", "en", "rehearse", str(wrong), *also]) == 1
        said = capsys.readouterr()
        assert "expected" in said.out
        assert "Mon: 90, found" in said.out
        assert "ten-thousand-rolls" in said.err
    assert starter.run(["rehearse", str(STORIES / FOLDER), "--model", "--json"]) == 0
    told = {each["story"]: each["as_expected"] for each in json.loads(capsys.readouterr().out)}
    assert told == {"price-changed": None, "spread-over-clerks": None, "ten-thousand-rolls": True}
    assert starter.run(["--language", "en", "rehearse", str(STORIES / FOLDER), "--model"]) == 0
    assert "price-changed: needs an order database and was not played" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("spread: {", "spred: {", "expect.0.spred"),
        ("service_clerk: [34", "clerk: [34", "expect.0.spread"),
        ("count: 100", "count: 0", "events.0.places.count"),
        ("after: 1h, away", "after: soon, away", "events.1.after"),
        ("back: clerk-mo", "comes: clerk-mo", "events.4"),
        ("rules: [R13, R131, R133]", "rules: []", "rules"),
    ],
)
def test_a_file_that_is_written_wrong_is_refused_with_its_place(
    tmp_path: Path, before: str, after: str, where: str
) -> None:
    file = changed(tmp_path, "spread-over-clerks", before, after)
    with pytest.raises(Refusal) as refused:
        read_house_story(file)
    assert refused.value.where.startswith(f"{file}: {where}")


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        (
            "price-changed",
            'sees: "176.00"}',
            'sees: "176.00", acknowledges: true}',
            "an event is one of puts",
        ),
        ("price-changed", 'sees: "176.00"}', 'sees: "176.00", total: "1.00"}', "of checks_out"),
        ("price-changed", 'sees: "176.00"}', 'sees: "176.00", says: ["1"]}', "of what is refused"),
        ("price-changed", 'sees: "176.00"}', 'sees: "176.00", proposes: {line: L1}}', "proposes is of dates"),
        ("ten-thousand-rolls", "day+3 09:30", "thursday 09:30", "day+3 09:30"),
        ("ten-thousand-rolls", "finished: day+4", "finished: friday", "day"),
    ],
)
def test_what_does_not_go_together_is_refused(
    tmp_path: Path, name: str, before: str, after: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read_house_story(changed(tmp_path, name, before, after))
    assert words in refused.value.words.en


@pytest.mark.parametrize(
    ("name", "before", "after", "where"),
    [
        ("spread-over-clerks", "away: {person: clerk-mo", "away: {person: clerk-no", "events.3"),
        ("spread-over-clerks", "back: clerk-mo", "back: clerk-no", "events.5"),
        ("spread-over-clerks", "assistant-xu: 0, supervisor", "assistant-xi: 0, supervisor", "expect.1"),
        ("ten-thousand-rolls", "dates: {product: TP-80", "dates: {product: TP-8", "events.1"),
        ("price-changed", "products: [{product: WD-S", "products: [{product: WD-T", "products"),
    ],
)
def test_whom_and_what_nobody_knows_is_refused(
    tmp_path: Path, name: str, before: str, after: str, where: str
) -> None:
    with pytest.raises(Refusal) as refused:
        on_rules(changed(tmp_path, name, before, after))
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED_FILE, where)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("due: day+2", "due: day-9", "cannot live so"),
        ("rules: [R150, R152]", "rules: [R150]\nunit: carton", "story ten-thousand-rolls: "),
    ],
)
def test_what_there_cannot_be_to_begin_with_is_refused_by_name(
    own: Settings, tmp_path: Path, before: str, after: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        on_database(own, changed(tmp_path, "ten-thousand-rolls", before, after))
    assert words in refused.value.words.en
    assert "ten-thousand-rolls" in refused.value.words.zh
