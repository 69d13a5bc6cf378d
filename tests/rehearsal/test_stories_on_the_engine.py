"""Every story on the real engine: workflow, activities and order database, with skipped time, side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import starter

STORIES = Path(__file__).resolve().parents[2] / "stories"


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_all_stories_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path / "var"))
    code = starter.run(["rehearse", str(STORIES), "--json"])
    results = json.loads(capfd.readouterr().out)
    assert {each["story"]: each["differences"] for each in results if not each["as_expected"]} == {}
    assert code == 0
    assert len(results) == len(list(STORIES.glob("*.yaml"))) - 1
