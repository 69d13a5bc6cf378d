"""What encrypting all payloads costs a life: the same lives with and without keys, in interleaved rounds on SQLite."""

from __future__ import annotations

import argparse
import asyncio

from tests.benchmark.lives.processes import working_folder
from tests.benchmark.lives.rounds import ENCRYPTED, PLAIN, QUICK, Extent, measure_rounds
from tests.benchmark.lives.sample import sample_of
from tests.benchmark.lives.table import Figure, median_figure, tell

PARTS = ("worker", "server", "client", "total")


def encryption_figures(extent: Extent) -> list[Figure]:
    """CPU with keys beside without, by process."""
    with working_folder() as folder:
        shape = sample_of(None, folder).shape
        rounds = asyncio.run(measure_rounds(folder, shape, extent, (PLAIN, ENCRYPTED)))
    figures = [
        median_figure(
            f"encryption_{part}",
            f"{part}, encrypted / plain, SQLite",
            [getattr(each[ENCRYPTED], part) / getattr(each[PLAIN], part) for each in rounds],
        )
        for part in PARTS
    ]
    more = [each[ENCRYPTED].total - each[PLAIN].total for each in rounds]
    return [*figures, median_figure("encryption_cpu", "encryption: CPU more", more, "ms an order")]


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a few orders, one round: only to see that all works"
    )
    parser.add_argument("--rounds", type=int, default=Extent().rounds)
    asked = parser.parse_args()
    figures = encryption_figures(QUICK if asked.quick else Extent(asked.rounds))
    tell("Encryption", figures)


if __name__ == "__main__":
    main()
