"""Every story's order, lived once more from its journal alone: the same order, entry by entry and hash by hash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.dossier.journal import JournalEntry
from models.values.fingerprint import compact
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import play
from rehearsal.script import script_of
from workflows.engine.carried_case import state_digest
from workflows.rebuilding import rebuilt

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def kept(journal: list[JournalEntry]) -> list[JournalEntry]:
    """The journal as a database gives it back."""
    return [JournalEntry.model_validate_json(entry.model_dump_json()) for entry in journal]


@pytest.mark.parametrize("file", story_files([STORIES]), ids=lambda file: file.stem)
def test_a_story_lives_once_more_from_its_journal(file: Path) -> None:
    script = script_of(read_story(file), read_company(STORIES), NOW)
    played = play(script)
    assert played.order is not None
    again = rebuilt(script.order_start(played.number), kept(played.journal), lambda key: False)
    assert again.exact
    assert again.order.unsaved == played.journal
    lived, order = compact(played.order), compact(again.order)
    for each in (lived, order):
        for name in ("clock", "seen", "unsent"):
            del each[name]
    assert order == lived
    assert set(again.order.seen) == set(played.order.seen)
