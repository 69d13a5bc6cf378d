"""How long each page takes with 10,000 open and 100,000 closed orders, on both databases: `make bench-pages`.

Times are milliseconds of wall-clock time in the server, all of the page: session, rights, database, template.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from activities.store.database import engine_at, upgrade
from runtime.settings import Settings
from tests.benchmark.pages.addresses import ADDRESSES
from tests.benchmark.pages.filling import CUSTOMERS, fill
from tests.benchmark.pages.measure import Measured, measure, slow
from tests.postgres import ThrowawayPostgres

LIMIT = 150.0
"""Milliseconds that a page may take."""
DATABASES = ("sqlite", "postgresql")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty order database of this kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'orders.db'}"
        return
    with ThrowawayPostgres() as server:
        yield server.url(server.create_database())


def run(kind: str, asked: argparse.Namespace) -> list[Measured]:
    """Fill a database and measure all pages on it."""
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as empty:
        url, filled = asked.url or empty, bool(asked.url)
        upgrade(url)
        engine, now, begun = engine_at(url), datetime.now(UTC), time.perf_counter()
        if not filled:
            fill(engine, now, asked.open, asked.closed, asked.customers)
            _settle(url)
        sys.stdout.write(
            f"{kind}: {asked.open:,} open and {asked.closed:,} closed orders, made in {time.perf_counter() - begun:.0f} s\n"
        )
        settings = Settings(var=Path(folder), database_url=url, temporal_address="127.0.0.1:9")
        wanted = [each for each in ADDRESSES if asked.only in each.name]
        measured = asyncio.run(measure(settings, engine, wanted, now, asked.rounds))
        engine.dispose()
    for each in measured:
        mark = " !" if each.median > asked.limit else " ·" if each.worst > asked.limit else ""
        sys.stdout.write(f"  {each.name:32}{each.median:8.1f}{each.worst:8.1f}  {each.status}{mark}\n")
    return measured


def _settle(url: str) -> None:
    """What PostgreSQL does by itself within minutes: it looks at what came in, which much is read by."""
    if url.startswith("postgresql"):
        with engine_at(url).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("vacuum analyze")


def main() -> int:
    """0 where every page answers within `LIMIT` in the middle of its times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--closed", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--limit", type=float, default=LIMIT, help="milliseconds that a page may take")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database", choices=DATABASES, action="append", default=[])
    parser.add_argument("--only", default="", help="pages whose name has this")
    parser.add_argument("--url", default="", help="a database that is filled already")
    asked = parser.parse_args()
    too_slow = []
    for kind in asked.database or DATABASES:
        too_slow += slow(run(kind, asked), asked.limit)
    sys.stdout.write(f"{len(too_slow)} pages took longer than {asked.limit:.0f} ms, or were no page\n")
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
