"""`make endure`: random orders while everything is killed, paused, filled up and put back; a seed says which and in which order.

    python -m tests.endure --seed 7 --orders 200

What was done is counted; a fault that never happened fails the run, as does anything that is not as it must be.
"""

from __future__ import annotations

import argparse
import sys

from tests.endure.faults import OF_PAYING, Fault
from tests.endure.run import Asked, endure
from tests.endure.ways import COURSES


def main(arguments: list[str] | None = None) -> int:
    """0 where every order is what the model says and every fault happened."""
    parser = argparse.ArgumentParser(prog="tests.endure", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument(
        "--ways",
        type=int,
        default=len(COURSES),
        help="quotes, cases, contracts, orders from stock and of the shop",
    )
    parser.add_argument("--no-restore", action="store_true", help="no older copy is put in place")
    asked = parser.parse_args(arguments)
    result = endure(
        Asked(seed=asked.seed, orders=asked.orders, restores=not asked.no_restore, ways=asked.ways)
    )
    left_out = {
        *([Fault.DATABASE_RESTORED] if asked.no_restore else []),
        *(OF_PAYING if asked.ways < len(COURSES) else []),
    }
    wanted = [fault for fault in Fault if fault not in left_out]
    lines = [
        f"seed {result.seed}: {result.orders} orders, {result.facts} facts in {result.seconds:.0f} s",
        *(f"  {count:4} {way}" for way, count in sorted(result.ways.items())),
        *(f"  {count:4} {fault.value}" for fault, count in sorted(result.faults.items())),
        f"answers: {result.answers}",
        f"HTTP: {result.tries}",
        *(f"WRONG {wrong}" for wrong in result.wrong),
        *(f"NEVER HAPPENED {fault}" for fault in result.missing(wanted)),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if result.wrong or result.missing(wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
