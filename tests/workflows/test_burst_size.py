"""What goes to the order database in one burst stays far below what the server takes in one payload."""

from __future__ import annotations

from datetime import UTC, datetime

from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.dossier.papers_due import Intention, Paper
from models.dossier.records.changed_rows import Changed
from models.dossier.records.recording import Row
from models.values.vocabulary import Role
from workflows.engine.burst_size import entries_that_fit, rows_that_fit

NOW = datetime(2027, 1, 5, tzinfo=UTC)
MOST = 1_000_000


def entries(count: int, signs: int, kind: EntryKind = EntryKind.FACT) -> list[JournalEntry]:
    """So many entries with so many Chinese signs each."""
    found: list[JournalEntry] = []
    head = FIRST_LINK
    for number in range(1, count + 1):
        entry = JournalEntry.linked(
            number, head, kind, "x", NOW, NOW, "s-1", Role.SERVICE_CLERK, "", {"words": "订" * signs}
        )
        head = entry.hash
        found.append(entry)
    return found


def paper(sequence: int, signs: int) -> Intention:
    """A paper with so many Chinese signs on it."""
    return Intention(
        identity=f"x:{sequence}", paper=Paper.SHEET, to=(), zh="", en="", rule="R30", created_at=NOW,
        sequence=sequence, content={"text": "订" * signs},
    )  # fmt: skip


def row(number: int, signs: int) -> Changed:
    """A row with so many Chinese signs in it."""
    return Changed(
        f"lots|{number}",
        "d",
        Row(table="lots", key={"order_number": "1", "line": number}, values={"place": "订" * signs}),
    )


def size(parts: list[JournalEntry]) -> int:
    """Bytes as JSON."""
    return sum(len(part.model_dump_json().encode()) for part in parts)


def test_few_and_small_entries_go_together() -> None:
    assert entries_that_fit(entries(20, 10, EntryKind.WAITING), [], MOST) == 20


def test_many_small_ones_go_together_too() -> None:
    assert entries_that_fit(entries(400, 10), [], MOST) == 400


def test_large_ones_are_cut_below_the_limit() -> None:
    large = entries(12, 60_000)
    fitting = entries_that_fit(large, [], MOST)
    assert 0 < fitting < 12
    assert size(large[:fitting]) <= MOST < size(large[: fitting + 2])


def test_papers_count_with_the_entry_that_they_are_due_by() -> None:
    small = entries(40, 10)
    assert entries_that_fit(small, [paper(number, 20_000) for number in range(1, 41)], MOST) < 20


def test_one_that_is_larger_than_all_goes_alone() -> None:
    assert entries_that_fit(entries(5, 500_000), [], MOST) == 1
    assert len(rows_that_fit([row(1, 500_000), *(row(n, 10) for n in range(2, 60))], [], [], MOST)) == 1


def test_rows_take_the_room_that_entries_leave() -> None:
    rows = [row(number, 3_000) for number in range(1, 201)]
    alone = rows_that_fit(rows, [], [], MOST)
    beside = rows_that_fit(rows, entries(8, 30_000), [], MOST)
    assert 0 < len(beside) < len(alone) < 200
