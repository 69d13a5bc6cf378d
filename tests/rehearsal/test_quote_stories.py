"""Every story of a quote holds on the pure model; on the engine: `test_beside_orders_on_the_engine` (R102 to R106)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.quotes.rehearsing import quote_scripts
from models.values.errors import Refusal
from rehearsal.beside.quote_player import PlayedQuote, play_quote
from rehearsal.beside.quote_story import FOLDER, read_quote_story
from rehearsal.files import read_company, story_files

STORIES = Path(__file__).resolve().parents[2] / "stories"
FILES = story_files([STORIES / FOLDER])
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def played(path: Path) -> PlayedQuote:
    (script,) = quote_scripts([path], read_company(STORIES), NOW)
    return play_quote(script)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_story_of_a_quote_holds_on_the_model(path: Path) -> None:
    found = played(path)
    assert found.name == path.stem
    assert found.differences == []


def test_every_story_comes_to_an_end_or_to_its_order() -> None:
    """R103, R104: no quote is left open."""
    for path in FILES:
        quote = played(path).dossier
        assert not quote.lives or quote.accepted is not None, path.name


def test_a_story_that_expects_otherwise_differs(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    text = (STORIES / FOLDER / "below-target.yaml").read_text(encoding="utf-8")
    (folder / "below-target.yaml").write_text(text.replace('"18.75"', '"18.76"'), encoding="utf-8")
    (difference,) = played(folder / "below-target.yaml").differences
    assert (difference.what, difference.expected, difference.found) == ("margin", "18.76", "18.75")


def test_a_fact_that_quotes_do_not_know_is_refused_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        "name: bad\ntitle: {zh: 坏, en: bad}\nevents: [{after: 1h, fact: shipped}]\nexpect: [{after: 2h}]\n"
    )
    with pytest.raises(Refusal) as refused:
        read_quote_story(file)
    assert "bad.yaml" in refused.value.where
