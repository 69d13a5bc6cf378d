"""How long each page takes with 10,000 open and 100,000 closed orders, on both databases: `make bench-pages`.

Times are milliseconds of wall-clock time in the server, all of the page: session, rights, database, template.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
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
from tests.benchmark.pages.bare_tables import copy_into
from tests.benchmark.pages.filling import CUSTOMERS, fill
from tests.benchmark.pages.measure import Measured, measure, slow
from tests.postgres import ThrowawayPostgres

LIMIT = 150.0
"""Milliseconds that a page may take."""
DATABASES = ("sqlite", "postgresql")


@contextmanager
def database(kind: str, folder: Path, filled: Path) -> Iterator[str]:
    """The URL of an order database of this kind with the rows of that SQLite file."""
    if kind == "sqlite":
        shutil.copy(filled, folder / "orders.db")
        yield f"sqlite:///{folder / 'orders.db'}"
        return
    with ThrowawayPostgres() as server:
        url = server.url(server.create_database())
        upgrade(url)
        source = engine_at(f"sqlite:///{filled}")
        copy_into(source, engine_at(url))
        source.dispose()
        with engine_at(url).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("vacuum analyze")  # as it does by itself within minutes
        yield url


def filled_file(asked: argparse.Namespace, folder: Path, now: datetime) -> Path:
    """The SQLite file with all orders: made here, or found where an earlier run has kept it."""
    file = folder / f"orders-{asked.open}-{asked.closed}-{asked.customers}.db"
    if file.exists():
        return file
    made = file.with_suffix(".part")
    made.unlink(missing_ok=True)
    url = f"sqlite:///{made}"
    upgrade(url)
    fill(engine_at(url), now, asked.open, asked.closed, asked.customers)
    with engine_at(url).connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    engine_at(url).dispose()
    made.rename(file)
    return file


def run(kind: str, asked: argparse.Namespace, filled: Path) -> list[Measured]:
    """Fill a database and measure all pages on it."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder), filled) as url:
        engine, now = engine_at(url), datetime.now(UTC)
        sys.stdout.write(
            f"{kind}: {asked.open:,} open and {asked.closed:,} closed orders, ready in {time.perf_counter() - begun:.0f} s, "
            f"load {load()}\n"
        )
        settings = Settings(var=Path(folder), database_url=url, temporal_address="127.0.0.1:9")
        wanted = [each for each in ADDRESSES if asked.only in each.name]
        measured = asyncio.run(measure(settings, engine, wanted, now, asked.rounds))
        engine.dispose()
    sys.stdout.write(f"  {'':32}{'median':>8}{'worst':>8}{'cpu':>8}\n")
    for each in measured:
        mark = " !" if each.median > asked.limit else " ·" if each.worst > asked.limit else ""
        sys.stdout.write(
            f"  {each.name:32}{each.median:8.1f}{each.worst:8.1f}{each.processor:8.1f}  {each.status}{mark}\n"
        )
    return measured


def load() -> str:
    """How many processes wanted the processors in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


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
    parser.add_argument(
        "--keep", type=Path, help="a folder where the orders are kept, and taken from when they are there"
    )
    asked = parser.parse_args()
    too_slow = list[Measured]()
    with tempfile.TemporaryDirectory() as passing:
        folder, begun = asked.keep or Path(passing), time.perf_counter()
        folder.mkdir(parents=True, exist_ok=True)
        filled = filled_file(asked, folder, datetime.now(UTC))
        sys.stdout.write(f"orders made or found in {time.perf_counter() - begun:.0f} s\n")
        for kind in asked.database or DATABASES:
            too_slow += slow(run(kind, asked, filled), asked.limit)
    sys.stdout.write(f"{len(too_slow)} pages took longer than {asked.limit:.0f} ms, or were no page\n")
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
