"""Every story of an after-sales case holds on the pure model, and comes to its end (R141 to R144)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.cases.rehearsing import case_scripts
from models.values.errors import Refusal
from rehearsal.beside.case_player import PlayedCase, play_case
from rehearsal.beside.case_story import FOLDER, read_case_story
from rehearsal.files import read_company, story_files

STORIES = Path(__file__).resolve().parents[2] / "stories"
FILES = story_files([STORIES / FOLDER])
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def played(path: Path) -> PlayedCase:
    (script,) = case_scripts([path], read_company(STORIES), NOW)
    return play_case(script)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_story_of_a_case_holds_and_ends(path: Path) -> None:
    found = played(path)
    assert found.name == path.stem
    assert found.differences == []
    assert not found.dossier.lives


def test_a_story_that_expects_otherwise_differs(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    text = (STORIES / FOLDER / "half-comes-back.yaml").read_text(encoding="utf-8")
    (folder / "half-comes-back.yaml").write_text(
        text.replace('value: "2.51"', 'value: "2.50"'), encoding="utf-8"
    )
    (difference,) = played(folder / "half-comes-back.yaml").differences
    assert (difference.what, difference.expected, difference.found) == ("value", "2.50", "2.51")


def test_a_fact_that_cases_do_not_know_is_refused_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        "name: bad\ntitle: {zh: 坏, en: bad}\nasked: {}\nevents: [{after: 1h, fact: shipped}]\nexpect: [{after: 2h}]\n"
    )
    with pytest.raises(Refusal) as refused:
        read_case_story(file)
    assert "bad.yaml" in refused.value.where
