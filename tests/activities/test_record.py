"""The recorder: once, twice, late and diverged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from activities.facts.late_facts import keep_late_fact, late_facts
from activities.orders.recording.recorder import Recorder
from activities.orders.requests import open_request
from activities.orders.views.order_lists import inbox, list_orders
from activities.orders.views.order_views import journal_of, show_order
from activities.store.database import engine_at, reading, upgrade
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.dossier.open_steps import OpenStep
from models.dossier.papers_due import Intention, Paper
from models.dossier.records.recording import Burst, Row
from models.dossier.step_kinds import StepKind
from models.messages.envelope import Envelope
from models.order.order import Order
from models.order.projection import changed_rows, rows_of
from models.order.promise import Promise
from models.policy import Policy
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import PromiseCause, Role
from tests.activities.conftest import NOW, order_request, order_start

NUMBER = "20270105-0001"


@pytest.fixture
def recorder(engine: Engine, tmp_path: Path) -> Recorder:
    return Recorder(engine)


def entries(count: int, after: int = 0, previous: str = FIRST_LINK, words: str = "a") -> list[JournalEntry]:
    made: list[JournalEntry] = []
    for number in range(after + 1, after + count + 1):
        entry = JournalEntry.linked(
            number,
            previous,
            EntryKind.FACT,
            f"{words}/{number}",
            NOW,
            NOW,
            "s-2",
            Role.FINANCE,
            "R53",
            {"n": "1"},
        )
        made.append(entry)
        previous = entry.hash
    return made


def burst(
    made: list[JournalEntry],
    rows: list[Row] | None = None,
    intentions: list[Intention] | None = None,
    epoch: int = 0,
) -> Burst:
    before = (made[0].sequence - 1, made[0].previous) if made else (0, FIRST_LINK)
    return Burst(
        order=NUMBER,
        epoch=epoch,
        after_sequence=before[0],
        after_hash=before[1],
        entries=made,
        rows=rows or [],
        intentions=intentions or [],
    )


def phase(words: str) -> list[Row]:
    return [Row(table="orders", key={"number": NUMBER}, values={"phase": words})]


def intention(identity: str = "receipt:1/中 文") -> Intention:
    return Intention(
        identity=identity, paper=Paper.RECEIPT, to=(Role.CUSTOMER,), zh="已受理", en="taken in", rule="R10",
        created_at=NOW, sequence=1,
    )  # fmt: skip


def lived_order() -> Order:
    start = order_start(NUMBER)
    values = {name: getattr(start, name) for name in type(start).model_fields}
    order = Order(**values, clock=NOW, last_movement=NOW)
    order.promise = Promise()
    order.promise.agree(NOW.date(), NOW.date(), NOW.date(), PromiseCause.FIRST, NOW, NOW, "s-2")
    order.steps["deposit"] = OpenStep(
        key="deposit", kind=StepKind.DEPOSIT, roles=(Role.CUSTOMER, Role.SALESPERSON), rule="R33", since=NOW,
        due=NOW + timedelta(hours=1), values={"amount": "37.51"},
    )  # fmt: skip
    order.note(EntryKind.PLACED, "order")
    return order


def test_a_burst_twice_is_one(recorder: Recorder, engine: Engine) -> None:
    sent = burst(entries(3), phase("intake"))
    first, again = recorder.record(sent), recorder.record(sent)
    assert first == again
    assert (first.sequence, first.diverged) == (3, False)
    assert journal_of(engine, NUMBER) == sent.entries


def test_a_late_duplicate_changes_nothing(recorder: Recorder, engine: Engine) -> None:
    all_of_it = entries(5)
    early = burst(all_of_it[:2], phase("intake"))
    recorder.record(early)
    recorder.record(burst(all_of_it[2:], phase("production")))
    assert not recorder.record(early).diverged
    shown = show_order(engine, NUMBER)
    assert (shown.order.phase, shown.order.sequence) == ("production", 5)
    assert shown.journal == all_of_it


def test_two_at_the_same_moment_are_one(recorder: Recorder, engine: Engine) -> None:
    sent = burst(entries(4), phase("intake"), [intention()])
    with ThreadPoolExecutor(6) as pool:
        saved = list(pool.map(recorder.record, [sent] * 12))
    assert {(s.sequence, s.diverged) for s in saved} == {(4, False)}
    assert len(journal_of(engine, NUMBER)) == 4


def test_another_history_is_told_and_kept_in_a_new_epoch(recorder: Recorder, engine: Engine) -> None:
    old = entries(6)
    order = lived_order()
    recorder.record(burst(old, [*rows_of(order), *phase("production")]))
    other = entries(2, after=3, previous=old[2].hash, words="b")
    told = recorder.record(burst(other, phase("intake")))
    assert (told.diverged, told.sequence, told.hash) == (True, 6, old[-1].hash)
    assert show_order(engine, NUMBER).order.phase == "production"
    saved = recorder.record(burst(other, phase("intake"), epoch=1))
    assert (saved.diverged, saved.sequence) == (False, 5)
    shown = show_order(engine, NUMBER)
    assert shown.journal == old[:3] + other
    assert shown.set_aside == old[3:]
    assert shown.steps == []
    assert recorder.record(burst(old, epoch=0)).diverged


def test_a_gap_is_a_divergence(recorder: Recorder) -> None:
    recorder.record(burst(entries(2)))
    assert recorder.record(burst(entries(1, after=4, previous="f" * 64))).diverged


def test_papers_are_entered_once_by_their_identity(recorder: Recorder, engine: Engine) -> None:
    sent = burst(entries(1), intentions=[intention(), intention("receipt:2")])
    recorder.record(sent)
    recorder.record(sent)
    with reading(engine) as connection:
        rows = connection.execute(select(table("outbox"))).mappings().all()
    assert [row["identity"] for row in rows] == ["receipt:1/中 文", "receipt:2"]
    assert {(row["order_number"], row["routed"], row["document"]) for row in rows} == {(NUMBER, False, None)}


def test_only_changed_rows_are_sent_and_a_closed_step_is_closed(recorder: Recorder, engine: Engine) -> None:
    order = lived_order()
    rows, known = changed_rows(order, {})
    recorder.record(burst(order.unsaved, rows))
    assert changed_rows(order, known) == ([], known)
    assert [step.key for step in inbox(engine, Role.SALESPERSON)] == ["deposit"]
    late = NOW + timedelta(hours=2)
    assert [o.number for o in list_orders(engine, late, waiting_role=Role.CUSTOMER, overdue=True).orders] == [
        NUMBER
    ]
    assert list_orders(engine, NOW, overdue=True).orders == []
    del order.steps["deposit"]
    order.clock = late
    order.note(EntryKind.DONE, "deposit")
    rows, known = changed_rows(order, known)
    assert [row.table for row in rows if row.table == "open_steps"] == ["open_steps"]
    recorder.record(burst(order.unsaved[1:], rows))
    shown = show_order(engine, NUMBER)
    assert shown.steps[0].closed_at == late
    assert inbox(engine, Role.SALESPERSON) == []
    assert changed_rows(order, known) == ([], known)
    assert shown.order.open_balance == order.open_balance
    assert shown.promises[0].promised_to == NOW.date()


def test_an_order_that_was_numbered_is_taken_over(company: Engine, tmp_path: Path) -> None:
    start, _ = open_request(company, order_request(), NOW, Policy())
    assert start.number == NUMBER
    assert not Recorder(company).record(burst(entries(1))).diverged


def test_a_database_that_is_away_is_a_refusal(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gone' / 'orders.db'}"
    recorder = Recorder(engine_at(url))
    with pytest.raises(Refusal) as refused:
        recorder.record(burst(entries(1)))
    assert refused.value.code is Code.NOT_SET_UP
    upgrade(url)
    assert recorder.record(burst(entries(1))).sequence == 1


def test_a_late_fact_is_kept_once(engine: Engine) -> None:
    envelope = Envelope(
        fact_id="bank/1", kind="payment_received", by="bank", role=Role.FINANCE, happened_at=NOW
    )
    now = datetime(2027, 3, 1, tzinfo=UTC)
    assert keep_late_fact(engine, NUMBER, envelope, now)
    assert not keep_late_fact(engine, NUMBER, envelope, now + timedelta(days=1))
    kept = late_facts(engine, NUMBER)
    assert [(fact.envelope.fact_id, fact.received_at) for fact in kept] == [("bank/1", now)]


def test_an_unknown_order_is_refused(engine: Engine) -> None:
    with pytest.raises(Refusal) as refused:
        show_order(engine, "20270105-9999")
    assert refused.value.code is Code.UNKNOWN_ORDER
    assert journal_of(engine, "20270105-9999") == []
