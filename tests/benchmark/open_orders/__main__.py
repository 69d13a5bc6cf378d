"""Many open orders on one embedded server, on a file, with one worker: `make bench-open-orders` (OPEN=20000, MINUTES=…).

Wall-clock figures of this machine, as it was loaded; the load is said with them.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmark.lives.processes import working_folder
from tests.benchmark.lives.table import as_json, say, tell
from tests.benchmark.open_orders.measure import Extent, measure


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
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    asked = parser.parse_args()
    extent = Extent(asked.open, asked.minutes * 60, asked.facts, schedules=not asked.without_schedules)
    say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()} on {platform.machine()}")
    with working_folder() as folder:
        figures = asyncio.run(measure(folder, extent))
    tell("Open orders", figures)
    if asked.json is not None:
        asked.json.write_text(as_json(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
