"""What an order takes up in the order database: simulated lives recorded whole, the database's size by table.

`make bench-storage` (`--orders 400`). Papers, histories and scans are files elsewhere and stand in docs/scale.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, text

from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading, upgrade
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import changed_rows
from models.policy import Policy
from rehearsal.files import read_company
from rehearsal.simulation.demand import demand_of
from rehearsal.simulation.lives import Life, live
from runtime.settings import ROOT
from tests.postgres import ThrowawayPostgres

BEGINS = date(2030, 1, 7)
_SHOWN = 12


def lives_of(orders: int) -> Iterator[Life]:
    """So many lives, as `simulate` makes them."""
    for at, wanted in enumerate(demand_of(read_company(ROOT / "stories"), orders, 60, 1, BEGINS), start=1):
        yield live(wanted.under(Policy()), f"20300107-{at:05}")


def record(engine: Engine, lives: list[Life]) -> None:
    """Each life in one burst: its journal, its rows, its papers and notices."""
    recorder = Recorder(engine)
    for life in lives:
        order = life.order
        rows, _ = changed_rows(order, {})
        recorder.record(
            Burst(
                order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=life.journal, rows=rows,
                intentions=order.unsent,
            )
        )  # fmt: skip


def sizes_on_sqlite(engine: Engine) -> dict[str, int]:
    """Bytes by table, its indices with it."""
    query = text(
        "select m.tbl_name as name, sum(s.pgsize) as bytes from dbstat s join sqlite_master m on m.name = s.name "
        "group by m.tbl_name"
    )
    with reading(engine) as connection:
        return {row.name: int(row.bytes) for row in connection.execute(query)}


def sizes_on_postgresql(engine: Engine) -> dict[str, int]:
    """Bytes by table, its indices with it."""
    query = text(
        "select relname as name, pg_total_relation_size(oid) as bytes from pg_class where relkind = 'r'"
    )
    with reading(engine) as connection:
        return {row.name: int(row.bytes) for row in connection.execute(query)}


def main(arguments: list[str] | None = None) -> int:
    """Print bytes an order by table, on both databases."""
    parser = argparse.ArgumentParser(prog="tests.benchmark.storage", description=__doc__)
    parser.add_argument("--orders", type=int, default=400)
    asked = parser.parse_args(arguments)
    lives = list(lives_of(asked.orders))
    with tempfile.TemporaryDirectory() as folder, ThrowawayPostgres() as postgres:
        for name, url, sizes in (
            ("SQLite", f"sqlite:///{Path(folder) / 'orders.db'}", sizes_on_sqlite),
            ("PostgreSQL", postgres.url(postgres.create_database()), sizes_on_postgresql),
        ):
            upgrade(url)
            engine = engine_at(url)
            empty = sizes(engine)
            record(engine, lives)
            grown = {table: size - empty.get(table, 0) for table, size in sizes(engine).items()}
            engine.dispose()
            total = sum(grown.values())
            entries = sum(len(life.journal) for life in lives) / len(lives)
            sys.stdout.write(
                f"{name}: {total / len(lives) / 1024:.1f} KiB an order ({len(lives)} orders, {entries:.0f} entries each)\n"
            )
            for table, size in sorted(grown.items(), key=lambda each: -each[1])[:_SHOWN]:
                sys.stdout.write(f"  {size / len(lives):8.0f} bytes an order  {table}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
