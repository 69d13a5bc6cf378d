"""Every story's order, lived once more from its journal alone: the same order, entry by entry and hash by hash."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.dossier.journal import EntryKind, JournalEntry
from models.messages.reply import Status
from models.values.errors import Code
from models.values.fingerprint import compact
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import play
from rehearsal.script import Telling, script_of
from workflows.procedure import receive
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
    for move in script.moves:
        if isinstance(move, Telling):
            once_more = receive(again.order, move.envelope, again.order.clock)
            before = receive(played.order, move.envelope, played.order.clock)
            assert (once_more.status, once_more.code) == (before.status, before.code)


def test_a_journal_that_is_not_whole_is_lived_by_what_was_said() -> None:
    """Rows that were deleted by hand: the facts that are left count, and the chain is another one."""
    script = script_of(read_story(STORIES / "deposit-in-parts.yaml"), read_company(STORIES), NOW)
    played = play(script)
    journal = kept(played.journal)
    first = next(entry for entry in journal if entry.kind is EntryKind.FACT)
    again = rebuilt(
        script.order_start(played.number),
        [e for e in journal if e.sequence > 1 and e is not first],
        lambda key: False,
    )
    assert not again.exact
    told = {e.data["fact_id"] for e in journal if e.kind is EntryKind.FACT} - {first.data["fact_id"]}
    assert {e.data["fact_id"] for e in again.order.unsaved if e.kind is EntryKind.FACT} <= told
    assert again.order.sequence == len(again.order.unsaved)


def test_a_fact_known_from_the_journal_is_another_one_with_other_content() -> None:
    script = script_of(read_story(STORIES / "deposit-in-parts.yaml"), read_company(STORIES), NOW)
    played = play(script)
    again = rebuilt(script.order_start(played.number), kept(played.journal), lambda key: False)
    paid = next(
        m for m in script.moves if isinstance(m, Telling) and m.envelope["kind"] == "payment_received"
    )
    other = {**paid.envelope, "content": {**paid.envelope["content"], "amount": "1.00"}}
    assert receive(again.order, paid.envelope, again.order.clock).status is Status.KNOWN
    reply = receive(again.order, other, again.order.clock)
    assert (reply.status, reply.code) == (Status.REFUSED, Code.FACT_CONFLICT.value)


def test_a_receipt_of_another_order_is_so_again() -> None:
    """What the order database says of a receipt is asked anew: here another order has it meanwhile (R53)."""
    script = script_of(read_story(STORIES / "deposit-in-parts.yaml"), read_company(STORIES), NOW)
    played = play(script)
    again = rebuilt(script.order_start(played.number), kept(played.journal), lambda key: True)
    assert not again.exact
    assert again.order.ledger.paid == 0
