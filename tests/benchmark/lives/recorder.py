"""What the recorder costs: the bursts of one life into a database, in a process that does nothing else."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, upgrade
from models.dossier.records.recording import Burst
from tests.benchmark.lives.life import CLASS_B
from tests.benchmark.lives.processes import working_folder
from tests.benchmark.lives.sample import SAMPLED, sample_of
from tests.benchmark.lives.table import Figure, alone, smallest_figure
from tests.benchmark.lives.yardstick import quiet_figure, yardstick
from tests.postgres import ThrowawayPostgres

RUNS = 20
QUICK_RUNS = 2


def another_order(bursts: Sequence[Burst], number: str) -> list[Burst]:
    """The same bursts for another order with receipts of its own. The recorder takes the chain of hashes as it comes."""

    def of_its_own(text: str) -> str:
        return text.replace(SAMPLED, number).replace(f"{CLASS_B}/", f"{CLASS_B}-{number}/")

    return [Burst.model_validate_json(of_its_own(each.model_dump_json())) for each in bursts]


class Recordings(NamedTuple):
    """CPU of this process, wall time, and the yardsticks between, in milliseconds."""

    spent: list[float]
    waited: list[float]
    sticks: list[float]


def record_lives(url: str, bursts: Sequence[Burst], runs: int) -> Recordings:
    """Each life once; one before them is not counted."""
    upgrade(url)
    recorder = Recorder(engine_at(url))
    spent, waited, sticks = [], [], []
    for run in range(runs + 1):
        told = another_order(bursts, f"20270101-{run + 100:04}")
        cpu, before = time.process_time(), time.perf_counter()
        for burst in told:
            saved = recorder.record(burst)
            assert not saved.diverged
        spent.append((time.process_time() - cpu) * 1000)
        waited.append((time.perf_counter() - before) * 1000)
        sticks.append(yardstick())
    engine_at(url).dispose()
    return Recordings(spent[1:], waited[1:], sticks)


def measure(asked: argparse.Namespace) -> list[Figure]:
    """On both databases."""
    runs = QUICK_RUNS if asked.quick else RUNS
    with working_folder() as folder, ThrowawayPostgres() as postgres:
        bursts = sample_of(asked.sample, folder).bursts
        of = f"recorder, {len(bursts)} bursts of an order"
        sqlite = record_lives(f"sqlite:///{folder / 'recorder.db'}", bursts, runs)
        remote = record_lives(postgres.url(postgres.create_database()), bursts, runs)
    return [
        quiet_figure("recorder_sqlite", f"{of}, SQLite", sqlite.spent, sqlite.sticks, must=18, aim=12),
        quiet_figure(
            "recorder_postgresql", f"{of}, PostgreSQL", remote.spent, remote.sticks, must=26, aim=18
        ),
        smallest_figure("recorder_postgresql_wall", f"{of}, PostgreSQL, waited", remote.waited, "ms"),
    ]


def main() -> int:
    """`python -m tests.benchmark.lives.recorder`."""
    return alone(__doc__, measure, ("--sample", {"type": Path, "help": "a life that was lived before"}))


if __name__ == "__main__":
    sys.exit(main())
