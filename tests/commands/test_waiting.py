"""What a role has to do, at the command line: cut, told that it is cut, and the next page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import starter
from activities.store.database import engine_at, upgrade, writing
from models.tables.registry import table

NUMBERS = [f"20270105-{place:04d}" for place in range(1, 6)]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five orders that wait for the technical staff, the first the most overdue."""
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DINGDAN_DATABASE_URL", url)
    monkeypatch.setenv("DINGDAN_LANGUAGE", "en")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    upgrade(url)
    moment = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
    with writing(engine_at(url)) as connection:
        connection.execute(table("orders").insert(), [{"number": number} for number in NUMBERS])
        steps = [
            {
                "order_number": number, "key": "decision:technical", "kind": "decision", "roles": ["technical"],
                "people": [], "rule": "R21", "since": moment, "due": moment + timedelta(hours=place), "blocking": True,
                "zh": "待决定", "en": "to be decided", "command": "decide",
            }
            for place, number in enumerate(NUMBERS)
        ]  # fmt: skip
        connection.execute(table("open_steps").insert(), steps)


def read(capfd: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert starter.run(["waiting", "technical", *arguments, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_page_after_page_is_the_whole(capfd: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        found = read(capfd, "--most", "2", "--cursor", cursor)
        seen += [step["order_number"] for step in found["steps"]]
        if not (cursor := found["next"]):
            break
        assert len(found["steps"]) == 2
    assert seen == NUMBERS
    whole = read(capfd, "--most", "0")
    assert ([step["order_number"] for step in whole["steps"]], whole["next"]) == (NUMBERS, "")


def test_a_person_is_told_that_there_is_more(capfd: pytest.CaptureFixture[str]) -> None:
    assert starter.run(["waiting", "technical", "--most", "2"]) == 0
    said = capfd.readouterr().out
    assert "there are more" in said
    assert f"--cursor {read(capfd, '--most', '2')['next']}" in said
    assert starter.run(["waiting", "technical"]) == 0
    assert "there are more" not in capfd.readouterr().out


def test_a_cursor_that_no_page_gave_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert starter.run(["waiting", "technical", "--cursor", "xx"]) == 3
    said = capfd.readouterr().err
    assert "malformed" in said
    assert "cursor" in said
