"""Whole lives of orders beside the bare engine, and the other figures of docs/performance.md: `make bench`.

Without arguments everything is measured, which takes some minutes of an otherwise quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.benchmark.lives.client import SIGNALS, UPDATE
from tests.benchmark.lives.processes import in_a_quiet_process, load, working_folder
from tests.benchmark.lives.rounds import QUICK, Extent, history_figures, measure_rounds, ratio_figures
from tests.benchmark.lives.sample import Sample, sample_of
from tests.benchmark.lives.table import Figure, as_json, from_json, say, tell

ROUNDS = "rounds"
WITH_SAMPLE = ("recorder", "replay")
OTHERS = ("recorder", "model", "replay", "memory", "pile")
"""Figures with a module of their own, each measured in a process of its own."""


def rounds_figures(folder: Path, sample: Sample, extent: Extent) -> list[Figure]:
    """The interleaved rounds of one way of telling."""
    say(
        f"\nlives told by {extent.by}: {extent.rounds} rounds of {extent.turns} turns of {extent.orders} orders, shape {sample.shape}"
    )
    room = folder / extent.by
    room.mkdir()
    rounds = asyncio.run(measure_rounds(room, sample.shape, extent))
    figures = ratio_figures(rounds, extent.by)
    if extent.by == UPDATE:
        figures += history_figures(sample.events, sample.actions, rounds)
    return figures


def other_figures(name: str, file: Path, *, quick: bool) -> list[Figure]:
    """The figures of one module."""
    sample = ("--sample", str(file)) if name in WITH_SAMPLE else ()
    return from_json(in_a_quiet_process(name, *(("--quick",) if quick else ()), *sample))


def chosen(parser: argparse.ArgumentParser, asked: Sequence[str]) -> list[str]:
    """The figures asked for; all where none is named."""
    unknown = sorted(set(asked) - {ROUNDS, *OTHERS})
    if unknown:
        parser.error(f"no such figure: {', '.join(unknown)} (choose from {', '.join((ROUNDS, *OTHERS))})")
    return list(asked) or [ROUNDS, *OTHERS]


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.lives", description=__doc__)
    parser.add_argument("figures", nargs="*", help=f"{ROUNDS}, {', '.join(OTHERS)}; all where none is named")
    parser.add_argument("--rounds", type=int, default=Extent().rounds)
    parser.add_argument("--orders", type=int, default=Extent().orders, help="lives side by side in one turn")
    parser.add_argument("--way", choices=[UPDATE, SIGNALS], default=UPDATE, help="how facts are told")
    parser.add_argument(
        "--quick", action="store_true", help="a few orders, one round: only to see that all works"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    asked = parser.parse_args()
    # So that what was started is ended also then; Ctrl-C does so by itself.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    names = chosen(parser, asked.figures)
    extent = (
        replace(QUICK, by=asked.way)
        if asked.quick
        else Extent(asked.rounds, orders=asked.orders, by=asked.way)
    )
    say(f"Python {platform.python_version()} on {platform.machine()}, load {load()}")
    figures: list[Figure] = []
    with working_folder() as folder:
        file = folder / "sample.json"
        sample = sample_of(None, folder) if names != ["model"] else None
        # Quickly nothing is measured that could be believed, so it may run side by side.
        with ThreadPoolExecutor(len(OTHERS)) as places:
            beside = {
                name: places.submit(other_figures, name, file, quick=True)
                for name in names
                if asked.quick and name != ROUNDS
            }
            for name in names:
                if name in beside:
                    found = beside[name].result()
                elif name == ROUNDS and sample is not None:
                    found = rounds_figures(folder, sample, extent)
                else:
                    found = other_figures(name, file, quick=False)
                tell(name, found)
                figures += found
    tell("All figures", figures)
    if asked.json is not None:
        asked.json.write_text(as_json(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
