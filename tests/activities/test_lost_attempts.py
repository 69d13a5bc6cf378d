"""What an attempt left of which nobody heard is told from another history, and two recorders of one order take turns (R47)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text

from activities.orders.recording.recorder import Recorder, record_with_care
from activities.orders.views.order_views import journal_of, show_order
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.dossier.records.recording import Attempt, Burst, Row, Saved
from models.tables.registry import table
from models.values.vocabulary import Role
from tests.activities.conftest import NOW
from tests.runtime.watching import looks

NUMBER = "20270105-0001"
RUN = "run-1"


def chain(
    *subjects: str,
    before: list[JournalEntry] | None = None,
    minutes: int = 0,
    kind: EntryKind = EntryKind.PHASE,
) -> list[JournalEntry]:
    """Entries after those `before`, written down so many minutes later: done anew, each has another hash."""
    made = list(before or [])
    at = NOW + timedelta(minutes=minutes)
    for subject in subjects:
        previous = made[-1].hash if made else FIRST_LINK
        data: dict[str, Any] = {}
        if kind in (EntryKind.FACT, EntryKind.EARLY):
            data = {"fact_id": f"desk/{subject}", "content": {"words": subject}}
        made.append(
            JournalEntry.linked(len(made) + 1, previous, kind, subject, NOW, at, "s-2", Role.SERVICE_CLERK, "R10", data)
        )  # fmt: skip
    return made[len(before or []) :]


def burst(
    entries: list[JournalEntry],
    before: list[JournalEntry] | None = None,
    *,
    run: str = RUN,
    stood_at: int | None = None,
    words: str = "",
    **more: Any,
) -> Burst:
    """What a run sends in a task that began where so many were saved; by default where this burst begins."""
    known = before or []
    at = len(known) if stood_at is None else stood_at
    rows = [Row(table="orders", key={"number": NUMBER}, values={"phase": words})] if words else []
    return Burst(
        order=NUMBER, epoch=more.pop("epoch", 0), after_sequence=len(known),
        after_hash=known[-1].hash if known else FIRST_LINK, entries=entries, rows=rows, intentions=[],
        attempt=Attempt(run=run, stood_at=at), **more,
    )  # fmt: skip


def said(saved: Saved) -> list[str]:
    return [envelope["fact_id"] for envelope in saved.told]


@pytest.fixture
def recorder(engine: Engine) -> Recorder:
    return Recorder(engine)


def test_a_task_that_is_done_anew_is_no_other_history(recorder: Recorder, engine: Engine) -> None:
    """The busy machine: the first task recorded twice, and its answer never reached the server."""
    lost = chain("a", "b", "c")
    recorder.record(burst(lost[:2], words="lost"))
    recorder.record(burst(lost[2:], lost[:2], stood_at=0, words="lost"))
    anew = chain("a", "b", minutes=1)
    found = recorder.record(burst(anew))
    assert (found.diverged, found.unfinished, found.told, found.epoch) == (True, True, [], 0)
    assert journal_of(engine, NUMBER) == lost
    saved = recorder.record(burst(anew, epoch=1, done_anew=True, words="intake"))
    assert (saved.diverged, saved.sequence) == (False, 2)
    shown = show_order(engine, NUMBER)
    assert (shown.journal, shown.set_aside, shown.order.phase) == (anew, [], "intake")


def test_the_attempt_that_was_slow_lands_last_and_changes_nothing(recorder: Recorder, engine: Engine) -> None:
    slow, anew = chain("a", "b"), chain("a", "b", minutes=1)
    assert not recorder.record(burst(anew, words="intake")).diverged
    assert recorder.record(burst(slow, words="lost")).diverged  # nobody hears this answer
    after = chain("c", before=anew)
    assert not recorder.record(burst(after, anew, words="making")).diverged
    assert show_order(engine, NUMBER).journal == anew + after


def test_two_attempts_land_in_turns_and_the_newer_one_stands(recorder: Recorder, engine: Engine) -> None:
    first, second = chain("a", "b", "c", "d"), chain("a", "b", "c", "d", minutes=1)
    recorder.record(burst(first[:2]))
    assert recorder.record(burst(second[:2])).unfinished
    assert (
        recorder.record(burst(first[2:], first[:2], stood_at=0)).diverged is False
    )  # still at work, and lost
    assert not recorder.record(burst(second[:2], epoch=1, done_anew=True)).diverged
    assert recorder.record(burst(first, epoch=0)).diverged
    assert not recorder.record(burst(second[2:], second[:2], epoch=1, stood_at=0)).diverged
    shown = show_order(engine, NUMBER)
    assert (shown.journal, shown.set_aside) == (second, [])


def test_what_was_said_in_a_lost_attempt_is_given_back(recorder: Recorder) -> None:
    """An update that the lost task took, and that the server did not bring again."""
    kept = chain("a")
    recorder.record(burst(kept))
    lost = [*kept, *chain("x", before=kept, kind=EntryKind.FACT)]
    lost += chain("y", before=lost, kind=EntryKind.EARLY)
    lost += chain("x", before=lost, kind=EntryKind.FACT)
    lost += chain("z", before=lost, kind=EntryKind.REFUSED)
    recorder.record(burst(lost[1:], kept))
    found = recorder.record(burst(chain("b", before=kept, minutes=1), kept))
    assert (found.unfinished, said(found)) == (True, ["desk/x", "desk/y"])
    first = found.told[0]
    assert (first["kind"], first["by"], first["role"], first["content"]) == (
        "x", "s-2", "service_clerk", {"words": "x"},
    )  # fmt: skip
    assert first["happened_at"] == NOW.isoformat()


@pytest.mark.parametrize(
    "case", ["set back further", "another run", "another link", "no attempt", "a store that is behind"]
)
def test_another_history_is_still_one(recorder: Recorder, case: str) -> None:
    first = chain("a", "b")
    recorder.record(burst(first))
    second = chain("c", before=first)
    recorder.record(burst(second, first))
    anew, other = chain("b", before=first[:1], minutes=1), chain("o", "o", "o")
    sent = {
        "set back further": burst(anew, first[:1]),
        "another run": burst(chain("d", before=first, minutes=1), first, run="run-2"),
        "another link": burst(chain("d", before=other[:2]), other[:2]),
        "no attempt": burst(chain("d", before=first, minutes=1), first).model_copy(update={"attempt": None}),
        "a store that is behind": burst([], [*first, *second, *chain("e", before=[*first, *second])]),
    }[case]
    found = recorder.record(sent)
    assert (found.diverged, found.unfinished) == (True, False)


def test_what_was_recorded_for_good_is_not_taken_for_a_lost_attempt(
    recorder: Recorder, engine: Engine
) -> None:
    """By a remote activity it stands in the history: whoever does not know it was set back."""
    first = chain("a", "b")
    recorder.record(burst(first).model_copy(update={"attempt": None}))
    assert not recorder.record(burst(chain("c", minutes=1), epoch=0)).unfinished


def test_a_new_epoch_for_another_history_drops_nothing(recorder: Recorder, engine: Engine) -> None:
    first = chain("a", "b", "c")
    recorder.record(burst(first, run="run-0"))
    other = chain("o", before=first[:1], minutes=1)
    # even where it is said to be in place of a lost attempt
    assert not recorder.record(burst(other, first[:1], epoch=1, done_anew=True)).diverged
    shown = show_order(engine, NUMBER)
    assert (shown.journal, shown.set_aside) == ([first[0], *other], first[1:])


def test_a_burst_of_nothing_finds_a_database_that_is_behind_or_beyond(recorder: Recorder) -> None:
    made = chain("a", "b", "c")
    recorder.record(burst(made[:2]))
    assert not recorder.record(burst([], made[:2], words="here")).diverged
    assert recorder.record(burst([], made, words="behind")).diverged
    assert recorder.record(burst([], made[:1], words="beyond")).diverged
    assert recorder.record(burst([], chain("o", "o"), words="elsewhere")).diverged


# --- two at once ----------------------------------------------------------------------------------------------------


def _until_it_waits(engine: Engine) -> None:
    """Until somebody waits for a lock in this PostgreSQL."""
    waiting = text("select count(*) from pg_locks where not granted")
    for _ in looks("somebody waits for the lock of the order"):
        with engine.connect() as connection:
            if connection.scalar(waiting):
                return


def _locked_at(connection: Connection, number: str) -> None:
    orders = table("orders")
    connection.execute(select(orders.c.number).where(orders.c.number == number).with_for_update())


def test_who_looks_with_care_waits_for_whoever_has_the_order(engine: Engine) -> None:
    """Its look must be of what the other one leaves, or both would write an entry of one number."""
    if engine.dialect.name == "sqlite":
        pytest.skip("a writer has the whole database there")
    mine, other = chain("a", "b"), chain("o", "o", "o", minutes=1)
    with writing(engine) as connection:
        skeleton = {"number": NUMBER, "sequence": 0, "head": FIRST_LINK, "epoch": 0}
        connection.execute(insert_into(connection, table("orders")).values(skeleton))

    def record_mine() -> Saved:
        with writing(engine) as connection:
            return record_with_care(connection, burst(mine))

    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            _locked_at(connection, NUMBER)
            late = pool.submit(record_mine)
            _until_it_waits(engine)
            assert not record_with_care(connection, burst(other)).diverged
        answer = late.result(20)
    assert (answer.diverged, answer.sequence, answer.hash) == (True, 3, other[-1].hash)
    assert journal_of(engine, NUMBER) == other
    with reading(engine) as connection:
        kept = list(connection.scalars(select(table("journal").c.hash).order_by(table("journal").c.sequence)))
    assert kept == [entry.hash for entry in other]
