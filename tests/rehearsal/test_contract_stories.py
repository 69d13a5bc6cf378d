"""Every story of a contract holds on the pure model; on the engine: `test_beside_orders_on_the_engine` (R107)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.contracts.rehearsing import contract_scripts
from models.values.errors import Refusal
from rehearsal.beside.contract_player import PlayedContract, play_contract
from rehearsal.beside.contract_story import FOLDER, read_contract_story
from rehearsal.files import read_company, story_files

STORIES = Path(__file__).resolve().parents[2] / "stories"
FILES = story_files([STORIES / FOLDER])
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def played(path: Path) -> PlayedContract:
    (script,) = contract_scripts([path], read_company(STORIES), NOW)
    return play_contract(script)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_story_of_a_contract_holds_on_the_model(path: Path) -> None:
    found = played(path)
    assert found.name == path.stem
    assert found.differences == []


def test_a_story_that_expects_otherwise_differs(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    text = (STORIES / FOLDER / "signed-by-both.yaml").read_text(encoding="utf-8")
    (folder / "signed-by-both.yaml").write_text(text.replace('"40115.00"', '"40115.01"'), encoding="utf-8")
    (difference,) = played(folder / "signed-by-both.yaml").differences
    assert (difference.what, difference.expected, difference.found) == ("total", "40115.01", "40115.00")


def test_a_fact_that_contracts_do_not_know_is_refused_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        "name: bad\ntitle: {zh: 坏, en: bad}\nevents: [{after: 1h, fact: shipped}]\nexpect: [{after: 2h}]\n"
    )
    with pytest.raises(Refusal) as refused:
        read_contract_story(file)
    assert "bad.yaml" in refused.value.where
