"""Journals of quotes, cases and contracts read as people speak, in both languages: no key of a program stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.cases.case_views import EntryView
from commands.cases.rehearsing import case_scripts
from commands.contracts.rehearsing import contract_scripts
from commands.quotes.rehearsing import quote_scripts
from models.dossier.journal import EntryKind, JournalEntry
from models.forms.sentences.case_sentences import STEPS, case_sentence_of
from rehearsal.beside import on_model
from rehearsal.beside.case_player import CASES
from rehearsal.beside.contract_player import CONTRACTS
from rehearsal.beside.quote_player import QUOTES
from rehearsal.files import read_company, story_files

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
KINDS: dict[str, Any] = {
    "quotes": (QUOTES, quote_scripts),
    "cases": (CASES, case_scripts),
    "contracts": (CONTRACTS, contract_scripts),
}
OF_KEYS = (
    EntryKind.PLACED,
    EntryKind.WAITING,
    EntryKind.DONE,
    EntryKind.OVERDUE,
    EntryKind.ESCALATED,
    EntryKind.ENDED,
)


def entries(folder: str) -> Iterator[tuple[str, JournalEntry]]:
    """Every entry of every story that is about a step, a beginning or an end, with its number."""
    kind, ready = KINDS[folder]
    for script in ready(story_files([STORIES / folder]), read_company(STORIES), NOW):
        played = on_model.play(kind, script)
        for entry in played.journal:
            if entry.kind in OF_KEYS:
                yield played.dossier.number, entry


@pytest.mark.parametrize("folder", KINDS)
def test_no_key_stands_in_a_sentence(folder: str) -> None:
    found = list(entries(folder))
    assert {entry.kind for _, entry in found} >= {EntryKind.PLACED, EntryKind.WAITING, EntryKind.ENDED}
    for number, entry in found:
        said = case_sentence_of(number, entry)
        people = re.sub(r"\b[a-z]+-[a-z]+\b", "", said.zh)  # ids of staff, for which pages put their names
        assert not re.search(r"[A-Za-z]", people), (number, said)
        assert not re.search(r"[一-鿿]|[a-z]_[a-z]|[a-z]:\d", said.en), (number, said)
        assert "order ended" not in said.en or folder == "contracts", said


@pytest.mark.parametrize("folder", KINDS)
def test_every_step_that_is_named_is_one_that_is_waited_for(folder: str) -> None:
    """A name that nothing waits for would be a name for nothing."""
    found = list(entries(folder))
    waited = {entry.subject.partition(":")[0] for _, entry in found if entry.kind is EntryKind.WAITING}
    assert waited - {"decision"} == set(STEPS[found[0][0][0]])


def test_one_key_is_another_step_in_a_quote_than_in_a_case() -> None:
    row = {
        "sequence": 1, "kind": "waiting", "subject": "send:1", "happened_at": NOW, "recorded_at": NOW, "by": "", "role": "system",
        "rule": "R103", "data": {},
    }  # fmt: skip
    said = {
        number: EntryView.model_validate({**row, "case_number": number}).said.en for number in ("Q2", "C2")
    }
    assert said == {
        "Q2": "waiting began: send the offer to the customer",
        "C2": "waiting began: the customer sends the goods back",
    }
