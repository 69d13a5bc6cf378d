"""`make bench-pages` measures every page that it names. How fast one was is no matter here."""

from __future__ import annotations

import subprocess
import sys

import pytest

from runtime.settings import ROOT
from tests.benchmark.pages.addresses import ADDRESSES


@pytest.mark.slow
@pytest.mark.endurance
def test_every_page_is_there() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmark.pages", "--database", "sqlite", "--open", "30", "--closed", "120",
         "--rounds", "1", "--customers", "60", "--limit", "60000"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [
        line
        for line in done.stdout.splitlines()
        if line.startswith("  ") and "median" not in line and "beside the requests" not in line
    ]
    assert [line[2:34].strip() for line in lines] == [each.name for each in ADDRESSES]
    assert all(line.split()[-1] == "200" for line in lines), done.stdout
