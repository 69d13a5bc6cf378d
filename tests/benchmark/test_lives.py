"""`make bench` measures everything it says it does. How fast anything was is no matter here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.settings import ROOT

WAYS = ("bare", "fair_sqlite", "ours_sqlite", "fair_postgresql", "ours_postgresql")
RATIOS = {
    f"{database}_{of}" for database in ("sqlite", "postgresql") for of in ("fair", "bare", "worker", "server")
}
COSTS = {f"{way}_{part}" for way in WAYS for part in ("worker", "server", "client", "total", "p50")}
OTHERS = {
    "recorder_sqlite", "recorder_postgresql", "model", "large_fact", "memory", "memory_fresh", "replay_7",
    "replay_65", "replay_171", "replay_283", "pile_seconds", "pile_cpu", "pile_end",
}  # fmt: skip


@pytest.mark.slow
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
    assert positive <= set(figures)
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
