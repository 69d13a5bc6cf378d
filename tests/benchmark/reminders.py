"""Reminders of 5,000 open balances, page by page: `make bench-reminders`. Times are wall-clock seconds."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select

from activities.orders.recording.recorder import Recorder
from activities.reminders.reminder_pages import ReminderPage, Reminding
from activities.store.database import engine_at, reading, upgrade, writing
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.tables.registry import table
from tests.models.life import MONDAY, Life

_COPIED = ("orders", "open_steps")


def enter_balances(engine: Engine, count: int) -> None:
    """So many open balances, each of a customer of its own; their notices went out on MONDAY."""
    order = Life().in_warehouse().order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=[], rows=rows_of(order),
        intentions=[],
    )  # fmt: skip
    Recorder(engine).record(burst)
    with writing(engine) as connection:
        for name in _COPIED:
            rows = [dict(row) for row in connection.execute(select(table(name))).mappings()]
            for row in rows:
                key = "number" if name == "orders" else "order_number"
                more = [{**row, key: f"20270301-{n:05}"} for n in range(1, count)]
                if name == "orders":
                    more = [{**each, "customer": f"K-{n:05}"} for n, each in enumerate(more)]
                connection.execute(table(name).insert(), more)


def main() -> int:
    """0 where every customer got one letter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--balances", type=int, default=5000)
    parser.add_argument("--url", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'orders.db'}"
        upgrade(url)
        engine = engine_at(url)
        enter_balances(engine, asked.balances)
        reminding = Reminding(engine, Path(folder) / "no-policy.toml")
        day, after, pages, letters = MONDAY.date() + timedelta(days=3), "", list[float](), 0
        while True:
            before = time.perf_counter()
            done = reminding.remind_page(ReminderPage(day=day, after_customer=after))
            pages.append(time.perf_counter() - before)
            letters += done.letters
            if not done.after_customer:
                break
            after = done.after_customer
        with reading(engine) as connection:
            entered = connection.scalar(select(func.count()).select_from(table("outbox")))
    sys.stdout.write(
        f"{letters} letters for {asked.balances} balances, {len(pages)} pages: {sum(pages):.1f} s in all, "
        f"a page {statistics.median(pages) * 1000:.0f} ms (worst {max(pages) * 1000:.0f} ms)\n"
    )
    return 0 if letters == entered == asked.balances else 1


if __name__ == "__main__":
    sys.exit(main())
