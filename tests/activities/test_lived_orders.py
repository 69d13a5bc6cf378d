"""Whole lives of orders go into every table, twice, and come back as they were."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from activities.orders.recording.recorder import Recorder
from activities.orders.recording.shelf import PROJECTED
from activities.orders.views.order_views import show_order
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import changed_rows
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import play
from rehearsal.script import script_of

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
EVERY = int(os.environ.get("EVERY_LIFE", "3"))
"""Each third story in CI, all of them in `make endurance`."""


def test_every_story_is_kept(engine: Engine, tmp_path: Path) -> None:
    company = read_company(STORIES)
    recorder = Recorder(engine)
    filled: set[str] = set()
    for place, path in enumerate(story_files([STORIES])[::EVERY], start=1):
        number = f"20270101-{place:04d}"
        played = play(script_of(read_story(path), company, NOW), number)
        order = played.order
        assert order is not None
        rows, _ = changed_rows(order, {})
        filled |= {row.table for row in rows}
        burst = Burst(
            order=number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=played.journal, rows=rows,
            intentions=order.unsent,
        )  # fmt: skip
        burst = Burst.model_validate_json(burst.model_dump_json())
        assert recorder.record(burst) == recorder.record(burst)
        shown = show_order(engine, number)
        assert shown.journal == played.journal
        assert shown.order.open_balance == order.open_balance
        assert shown.order.ending == order.ending
        assert [line.quantity for line in shown.lines] == [line.quantity for line in order.request.lines]
        assert len(shown.payments) == len(order.ledger.payments)
        assert {step.key for step in shown.order.steps} == set(order.steps)
    # A table that is missing there would keep the rows of a history that was given up.
    assert "shipments" in filled
    assert filled - {"orders", "order_assignments"} <= set(
        PROJECTED
    )  # who is in charge is kept when it is placed
