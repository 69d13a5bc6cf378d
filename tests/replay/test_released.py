"""What a release froze is as it was: orders of customers live so, and databases of companies were brought there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from models.values.editions import Edition
from tests.replay import corpus, released
from tests.replay.released import HISTORIES, MIGRATIONS, Frozen, Release, freeze, releases, sums

RELEASED = releases()


@pytest.mark.parametrize("version", RELEASED)
def test_recordings_of_a_release_are_as_they_were(version: str) -> None:
    now = sums(HISTORIES, ".json.gz")
    assert {name: now.get(name) for name in RELEASED[version].recordings} == RELEASED[version].recordings


@pytest.mark.parametrize("version", RELEASED)
def test_migrations_of_a_release_are_as_they_were(version: str) -> None:
    now = sums(MIGRATIONS, ".py")
    assert {name: now.get(name) for name in RELEASED[version].migrations} == RELEASED[version].migrations


@pytest.mark.parametrize("version", RELEASED)
def test_editions_of_a_release_keep_names_and_numbers(version: str) -> None:
    now = {each.name: int(each) for each in Edition}
    assert {name: now.get(name) for name in RELEASED[version].editions} == RELEASED[version].editions


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of two recordings and one migration, of which nothing is released yet."""
    for name in ("histories", "releases", "versions"):
        (tmp_path / name).mkdir()
    (tmp_path / "histories" / "one.json.gz").write_bytes(b"1")
    (tmp_path / "versions" / "0001_first.py").write_bytes(b"1")
    (tmp_path / "versions" / "__init__.py").touch()
    for folder, attribute in (
        ("histories", "HISTORIES"),
        ("releases", "RELEASES"),
        ("versions", "MIGRATIONS"),
    ):
        monkeypatch.setattr(released, attribute, tmp_path / folder)
    monkeypatch.setattr(corpus, "HISTORIES", tmp_path / "histories")
    monkeypatch.setattr(corpus, "MANIFEST", tmp_path / "manifest.json")
    return tmp_path


def test_a_release_freezes_what_came_since_the_one_before(elsewhere: Path) -> None:
    first = freeze("0.2.0")
    assert (set(first.recordings), set(first.migrations)) == ({"one.json.gz"}, {"0001_first.py"})
    (elsewhere / "histories" / "two.json.gz").write_bytes(b"2")
    second = freeze("0.3.0")
    assert (set(second.recordings), second.migrations) == ({"two.json.gz"}, {})
    assert (released.frozen_since("one"), released.frozen_since("two")) == ("0.2.0", "0.3.0")
    with pytest.raises(Frozen):
        freeze("0.2.0")


def test_what_is_frozen_is_not_recorded_anew(elsewhere: Path) -> None:
    name, recorded = next(
        iter(json.loads((Path(corpus.__file__).parent / "manifest.json").read_text()).items())
    )
    shutil.copy(Path(corpus.__file__).parent / "histories" / f"{name}.json.gz", elsewhere / "histories")
    recording, line = corpus.load(name), corpus.Recorded.model_validate(recorded)
    corpus.keep(name, line, recording)  # as long as no release has it
    freeze("0.2.0")
    before = (elsewhere / "histories" / f"{name}.json.gz").read_bytes()
    with pytest.raises(Frozen, match=name):
        corpus.keep(name, line, recording.model_copy(update={"journal": []}))
    assert (elsewhere / "histories" / f"{name}.json.gz").read_bytes() == before
    corpus.keep("another", line, recording)


def test_a_changed_file_is_seen(elsewhere: Path) -> None:
    release: Release = freeze("0.2.0")
    (elsewhere / "histories" / "one.json.gz").write_bytes(b"another life")
    assert sums(released.HISTORIES, ".json.gz") != release.recordings
