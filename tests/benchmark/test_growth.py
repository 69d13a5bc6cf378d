"""`make bench-growth` says a line a month and counts what it says. How large anything is is no matter here."""

from __future__ import annotations

import re

import pytest

from activities.orders.recording.recorder import Recorder
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import changed_rows
from tests.benchmark.growth import grow
from tests.models.life import Life


def test_two_months_of_three_orders(empty_database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    def live(recorder: Recorder, place: int) -> None:
        order = Life(number=f"20270105-{place + 1:04}").order
        rows, _ = changed_rows(order, {})
        recorder.record(
            Burst(
                order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=rows,
                intentions=order.unsent,
            )
        )  # fmt: skip

    grow(empty_database_url, live, months=2, orders=3)
    said = capsys.readouterr().out
    assert re.findall(r"month (\d)\s+(\d) orders", said) == [("1", "3"), ("2", "6")]
    sizes = re.findall(r"tables +([\d.]+) +indices +([\d.]+) KiB", said)
    assert all(float(tables) > 0 for tables, _ in sizes)
    assert ("after a vacuum" in said) is empty_database_url.startswith("postgresql")
