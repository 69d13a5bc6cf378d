"""How the order database grows month by month: whole lives, burst by burst, so that their rows are changed as often as really.

`make bench-growth` (MONTHS=6, ORDERS=500 a month). After each month: table and index bytes an order of all so far, and rows
that are dead; PostgreSQL vacuums when it thinks it must, as in production. Bytes that rise from month to month would be
growth without an end.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, text

from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading, upgrade
from tests.benchmark.lives.processes import working_folder
from tests.benchmark.lives.recorder import another_order
from tests.benchmark.lives.sample import sample_of
from tests.postgres import ThrowawayPostgres

_POSTGRESQL = """
select coalesce(sum(pg_table_size(relid)), 0) as tables, coalesce(sum(pg_indexes_size(relid)), 0) as indices,
       coalesce(sum(n_dead_tup), 0) as dead from pg_stat_user_tables
"""
_SQLITE = """
select sum(case when m.type = 'table' then s.pgsize else 0 end) as tables,
       sum(case when m.type = 'index' then s.pgsize else 0 end) as indices,
       (select freelist_count from pragma_freelist_count) as dead
from dbstat s join sqlite_master m on m.name = s.name
"""


class Size(NamedTuple):
    """Bytes, and rows (PostgreSQL) or pages (SQLite) that hold nothing any more."""

    tables: int
    indices: int
    dead: int


def size_of(engine: Engine) -> Size:
    """Of all tables."""
    query = _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL
    with reading(engine) as connection:
        row = connection.execute(text(query)).one()
    return Size(int(row.tables), int(row.indices), int(row.dead))


def vacuumed(engine: Engine) -> None:
    """What an operator may do by hand at night; it is not needed."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum")


def grow(url: str, live: Callable[[Recorder, int], None], months: int, orders: int) -> None:
    """Print a line a month."""
    upgrade(url)
    engine = engine_at(url)
    empty, recorder = size_of(engine), Recorder(engine)

    def say(when: str, there: int) -> None:
        now = size_of(engine)
        tables, indices = (now.tables - empty.tables) / there, (now.indices - empty.indices) / there
        sys.stdout.write(
            f"  {when:14} {there:6} orders  tables {tables / 1024:7.1f}  indices {indices / 1024:6.1f} KiB an order"
            f"  dead {now.dead:6}\n"
        )
        sys.stdout.flush()

    sys.stdout.write(f"{engine.dialect.name}\n")
    for month in range(months):
        for place in range(orders):
            live(recorder, month * orders + place)
        say(f"month {month + 1}", (month + 1) * orders)
    if engine.dialect.name == "postgresql":
        vacuumed(engine)
        say("after a vacuum", months * orders)
    engine.dispose()


def main(arguments: list[str] | None = None) -> int:
    """0 when both databases were filled."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.growth", description=__doc__)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--orders", type=int, default=500, help="a month")
    asked = parser.parse_args(arguments)
    with working_folder() as folder, ThrowawayPostgres() as postgres:
        bursts = sample_of(None, folder).bursts

        def live(recorder: Recorder, place: int) -> None:
            for burst in another_order(bursts, f"203{place // 9000:05}-{place % 9000 + 1000:04}"):
                assert not recorder.record(burst).diverged

        for url in (f"sqlite:///{Path(folder) / 'growth.db'}", postgres.url(postgres.create_database())):
            grow(url, live, asked.months, asked.orders)
    return 0


if __name__ == "__main__":
    sys.exit(main())
