"""What was recorded lives the same life again: commands, messages, journal and state of orders, work of the jobs."""

from __future__ import annotations

import pytest

from tests.replay.corpus import load, manifest
from tests.replay.living import differences, live_again
from tests.replay.released import HISTORIES

RECORDED = manifest()


def test_every_history_has_its_line_and_every_line_its_history() -> None:
    assert set(RECORDED) == {file.name.removesuffix(".json.gz") for file in HISTORIES.iterdir()}


@pytest.mark.parametrize("name", sorted(RECORDED))
async def test_a_recorded_life_is_lived_the_same_again(name: str) -> None:
    recorded, recording = RECORDED[name], load(name)
    lived = await live_again(recorded, recording)
    assert list(differences(recorded, recording, lived)) == []


def test_some_orders_were_continued_as_new() -> None:
    assert any(each.runs > 1 for each in RECORDED.values())
