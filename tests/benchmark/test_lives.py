"""`make bench` measures everything it says it does. How fast anything was is no matter here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from runtime.settings import ROOT
from tests.benchmark.lives.client import BARE
from tests.benchmark.lives.replay import beginning
from tests.benchmark.lives.rounds import WAYS as ALL_WAYS
from tests.benchmark.lives.rounds import Cost, Way, unlike
from tests.benchmark.lives.table import Figure, as_text
from tests.replay.corpus import load

WAYS = ("bare", "fair_sqlite", "ours_sqlite", "fair_postgresql", "ours_postgresql")
RATIOS = {
    f"{database}_{of}" for database in ("sqlite", "postgresql") for of in ("fair", "bare", "worker", "server")
}
COSTS = {f"{way}_{part}" for way in WAYS for part in ("worker", "server", "client", "total", "p50")}
OTHERS = {
    "recorder_sqlite", "recorder_postgresql", "model", "large_fact", "memory", "memory_fresh", "replay_7",
    "replay_65", "replay_171", "replay_283", "pile_seconds", "pile_cpu", "pile_end",
}  # fmt: skip


@pytest.mark.endurance
@pytest.mark.timeout(400)
def test_every_figure_is_there_and_sane(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmark.lives", "--quick", "--json", file],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = {each["name"]: each["value"] for each in json.loads(file.read_text())}
    positive = RATIOS | COSTS | OTHERS | {"fair_bare"}
    assert positive - set(figures) == set()
    assert {name for name in positive if not 0 < figures[name] < 100_000} == set()
    assert {name for name in RATIOS if not 0.2 < figures[name] < 20} == set()
    assert (figures["pile_missing"], figures["pile_failed"]) == (0, 0)
    assert figures["events"] > 100
    assert figures["actions"] > 50
    assert figures["unlike_rounds"] in (0, 1)
    for way in WAYS:
        parts = (figures.get(f"{way}_{part}", 0) for part in ("worker", "server", "client", "database"))
        assert sum(parts) == pytest.approx(figures[f"{way}_total"])
    assert "All figures" in done.stdout


def _round(tasks: float) -> dict[Any, Cost]:
    """A round in which the last way has so many workflow tasks and every other 24; the bare one, which asks nothing, 21."""
    others = dict.fromkeys(ALL_WAYS, Cost(1, 1, 1, 1, 1, 1, 1, 146, 24))
    others[Way(BARE)] = Cost(1, 1, 1, 1, 1, 1, 1, 146, 21)
    return others | {ALL_WAYS[-1]: Cost(1, 1, 1, 1, 1, 1, 1, 146, tasks)}


def test_a_round_that_compares_unlike_lives_says_so() -> None:
    assert not unlike(_round(26))
    assert unlike(_round(27))
    assert unlike(_round(21))


def test_a_figure_says_how_it_stands_to_its_limits() -> None:
    verdicts = [Figure("f", "f", value, must=2, aim=1).verdict for value in (1.0, 1.5, 2.0, 2.1)]
    assert verdicts == ["aim", "must", "must", "above"]
    assert Figure("f", "f", 9).verdict == ""
    table = as_text([Figure("f", "a fact", 42.0, "ms CPU", "smallest of 3", must=12, aim=6)]).splitlines()
    assert [cell.strip() for cell in table[-1].split("|")[1:-1]] == [
        "a fact", "42 ms CPU", "smallest of 3", "12", "6", "above",
    ]  # fmt: skip


def test_a_beginning_ends_where_the_order_stood_still() -> None:
    run = WorkflowHistory.from_json("order", load("class-b-same-day").runs[0])
    names = [EventType.Name(event.event_type) for event in run.events]
    for length in (7, 65, 171):
        cut = len(beginning(run, length).events)
        assert abs(cut - length) <= 8
        assert names[cut] == "EVENT_TYPE_WORKFLOW_TASK_SCHEDULED"
    assert len(beginning(run, 10_000).events) == len(names)
