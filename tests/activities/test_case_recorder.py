"""Quotes in the order database: one transaction, each burst once, another history beside the old one (R102, R103)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from activities.cases.case_recorder import CaseRecorder
from activities.quotes.quote_views import show_quote
from activities.store.database import engine_at, reading, upgrade
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.quotes.projection import row_tracker
from models.quotes.quote import Quote
from models.tables.registry import table
from tests.models.quote_life import QuoteLife, costing, sheet


@pytest.fixture
def engine(database_url: str) -> Engine:
    upgrade(database_url)
    return engine_at(database_url)


class Sender:
    """Sends what is unsaved of a quote, as its workflow does."""

    def __init__(self, engine: Engine, quote: Quote) -> None:
        self.recorder, self.quote = CaseRecorder(engine), quote
        self.rows, self.known = row_tracker(quote), dict[str, str]()
        self.sequence, self.head, self.epoch = 0, FIRST_LINK, 0
        self.last: Burst | None = None

    def burst(self) -> Burst:
        changed = self.rows.changed(self.known, self.quote.clock)
        self.rows.sent(changed, self.known)
        self.last = Burst(
            order=self.quote.number,
            epoch=self.epoch,
            after_sequence=self.sequence,
            after_hash=self.head,
            entries=list(self.quote.unsaved[self.sequence :]),
            rows=[each.row for each in changed],
            intentions=list(self.quote.unsent),
        )
        return self.last

    def send(self) -> None:
        saved = self.recorder.record_case(self.burst())
        assert not saved.diverged
        self.sequence, self.head = saved.sequence, saved.hash


def count(engine: Engine, name: str) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table(name))) or 0


def counts(engine: Engine) -> dict[str, int]:
    names = (
        "cases",
        "case_journal",
        "case_steps",
        "case_decisions",
        "quotes",
        "offers",
        "cost_rows",
        "outbox",
    )
    return {name: count(engine, name) for name in names}


def test_a_life_is_recorded_and_every_burst_once(engine: Engine) -> None:
    life = QuoteLife()
    sender = Sender(engine, life.quote)
    sender.send()
    life.cost().offer("3.95")
    sender.send()
    life.decide("approve", life.quote.steps["decision:quote_approval"].roles[0])
    life.send().cost(sheet(rows=costing("30000.00")))
    sender.send()
    before, view = counts(engine), show_quote(engine, life.quote.number)
    assert before["case_journal"] == life.quote.sequence
    assert (before["cost_rows"], before["offers"], before["cases"]) == (5, 1, 1)
    assert (view.stage, view.offers[0].margin, view.standing) == ("offered", "18.75", 1)
    assert [(row.what, str(row.amount)) for row in view.costs] == [("原纸", "30000.00")]
    assert [step.key for step in view.steps] == ["answer:1"]
    assert [(each.subject, each.outcome) for each in view.decisions] == [("quote_approval", "approve")]
    # the same burst again, as a worker that died does: nothing changes
    assert sender.last is not None
    assert not CaseRecorder(engine).record_case(sender.last).diverged
    assert counts(engine) == before


def test_another_history_is_told_of_and_then_kept_beside_the_old_one(engine: Engine) -> None:
    life, other = QuoteLife(), QuoteLife(channel="phone")
    sender = Sender(engine, life.quote)
    sender.send()
    life.cost()
    sender.send()
    saved = CaseRecorder(engine).record_case(Sender(engine, other.quote).burst())
    assert (saved.diverged, saved.sequence) == (True, life.quote.sequence)
    assert [told["kind"] for told in saved.told] == ["cost_sheet_made"]
    anew = Sender(engine, other.quote)
    anew.epoch = 1
    anew.send()
    with reading(engine) as connection:
        epochs: Any = connection.execute(
            select(table("case_journal").c.epoch, func.count()).group_by("epoch").order_by("epoch")
        ).all()
    assert [tuple(row) for row in epochs] == [(0, life.quote.sequence), (1, other.quote.sequence)]
    assert count(engine, "cost_rows") == 0, "rows of the given-up history are gone"
    assert count(engine, "orders") == 0
