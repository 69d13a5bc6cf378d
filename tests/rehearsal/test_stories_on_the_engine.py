"""Every story on the real engine: workflow, activities and order database, with skipped time, side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import starter
from rehearsal.files import COMPANY_FILE

STORIES = Path(__file__).resolve().parents[2] / "stories"
PARTS = 9
"""Each with a server of its own: the last of a few long ones would leave processors idle. Two of three in CI."""


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "part",
    [pytest.param(part, marks=pytest.mark.endurance) if part % 3 == 2 else part for part in range(PARTS)],
)
def test_all_stories_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], part: int
) -> None:
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path / "var"))
    stories = sorted(file for file in STORIES.glob("*.yaml") if file.name != COMPANY_FILE)[part::PARTS]
    code = starter.run(["rehearse", *map(str, stories), "--json"])
    results = json.loads(capfd.readouterr().out)
    assert {each["story"]: each["differences"] for each in results if not each["as_expected"]} == {}
    assert code == 0
    assert len(results) == len(stories)
