"""`make bench-open-orders` measures everything it says it does. How fast anything was is no matter here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from runtime.server.schedules import JOBS
from tests.benchmark.open_orders import __main__ as bench
from tests.benchmark.open_orders.looks import LOOKS, figure_of

FIGURES = {
    "orders", "taken", "orders_a_second", "worker_memory", "server_memory", "server_file", "orders_file", "any_p50", "any_p99",
    "cached_p50", "cached_p99", "worker_back", "server_back", "worker_cpu", "server_cpu", "job_store-audit_again",
    "facts_a_second", "at_once_p50", "fact_worker_cpu", "fact_server_cpu",
    *(f"{figure_of(each.name)}_{which}" for each in LOOKS for which in ("p50", "worst")),
}  # fmt: skip


@pytest.mark.endurance
@pytest.mark.timeout(300)
def test_three_hundred_open_orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "figures.json"
    monkeypatch.setattr(
        sys, "argv", ["bench", "--open", "300", "--facts", "20", "--workers", "2", "--json", str(file)]
    )
    assert bench.main() == 0
    found = {each["name"]: each["value"] for each in json.loads(file.read_text())}
    assert found["orders"] == 300
    assert FIGURES - set(found) == set()
    assert {"job_store-audit", "job_balance-reminders"} <= set(found) - FIGURES
    assert {name.removeprefix("job_") for name in set(found) - FIGURES} <= {job.name for job in JOBS}
    assert {name for name in FIGURES if not found[name] > 0} == set()
