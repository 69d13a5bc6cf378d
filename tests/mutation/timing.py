"""A plugin of pytest: how long each test took, so that the quick ones can be asked first."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

_seconds: dict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Setting up counts as well."""
    _seconds[report.nodeid] += report.duration


def pytest_sessionfinish() -> None:
    """Write them down."""
    Path(os.environ["MUTANTS_SECONDS"]).write_text(json.dumps(_seconds))
