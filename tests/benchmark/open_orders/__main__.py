"""Many open orders on one embedded server, on a file: `make bench-open-orders` (OPEN=20000, WORKERS=2, MINUTES=…).

Wall-clock figures of this machine, as it was loaded; the load is said with them.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmark.lives.processes import working_folder
from tests.benchmark.lives.table import say, tell
from tests.benchmark.open_orders.measure import measure
from tests.benchmark.open_orders.running import Extent


def main() -> int:
    """0 where every order was recorded and every fact answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.open_orders", description=__doc__)
    parser.add_argument("--open", type=int, default=20_000, help="how many orders")
    parser.add_argument(
        "--minutes",
        type=float,
        default=0,
        help="no order is started after so long; 0: all are, however long it takes",
    )
    parser.add_argument(
        "--facts", type=int, default=300, help="told one after the other, to any order and to cached ones"
    )
    parser.add_argument("--without-schedules", action="store_true", help="the nightly jobs are not run")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well, after every step")
    parser.add_argument(
        "--folder",
        type=Path,
        help="keep server and order database here; orders that were begun in it before are not begun anew",
    )
    parser.add_argument("--most-minutes", type=float, help="give all of it up after so long")
    parser.add_argument(
        "--workers", type=int, default=1, choices=range(1, 9), help="so many workers share the orders"
    )
    asked = parser.parse_args()
    extent = Extent(
        asked.open,
        asked.minutes * 60,
        asked.facts,
        asked.workers,
        schedules=not asked.without_schedules,
        file=asked.json,
        most_seconds=asked.most_minutes * 60 if asked.most_minutes else None,
    )
    say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()} on {platform.machine()}")
    if asked.folder is not None:
        asked.folder.mkdir(parents=True, exist_ok=True)
    with nullcontext(asked.folder.absolute()) if asked.folder is not None else working_folder() as folder:
        figures = asyncio.run(measure(folder, extent))
    tell("Open orders", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
