"""Orders that were recorded live the same life again: commands, journal and state; and a canary that this can fail."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.workflow import NondeterminismError

from models import confirming
from tests.replay.corpus import HISTORIES, Recorded, Recording, load, manifest
from tests.replay.living import differences, live_again

RECORDED = manifest()
SLIPPED = "slip-over-weekend"


def test_every_history_has_its_line_and_every_line_its_history() -> None:
    assert set(RECORDED) == {file.name.removesuffix(".json.gz") for file in HISTORIES.iterdir()}


@pytest.mark.parametrize("name", sorted(RECORDED))
async def test_a_recorded_order_lives_the_same_life_again(name: str) -> None:
    recorded, recording = RECORDED[name], load(name)
    lived = await live_again(recorded, recording)
    assert list(differences(recorded, recording, lived)) == []


def test_some_orders_were_continued_as_new() -> None:
    assert any(each.runs > 1 for each in RECORDED.values())


# --- the canary: each kind of change is found ------------------------------------------------------------------------


def known(name: str) -> tuple[Recorded, Recording]:
    """One recording."""
    return RECORDED[name], load(name)


async def test_other_commands_are_found_by_the_replayer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.search_attributes.changed_attributes", lambda order, current: [])
    with pytest.raises(NondeterminismError):
        await live_again(*known(SLIPPED))


async def test_a_changed_rule_is_found_where_the_replayer_is_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands stay the same; another cause in the journal is another life all the same."""
    faults = confirming.slip

    def slower(order: Any) -> None:
        faults(order)
        for change in order.promise.history:
            change.reason = "another rule"

    recorded, recording = known(SLIPPED)
    monkeypatch.setattr("workflows.procedure.slip", slower)
    lived = await live_again(recorded, recording)
    assert [each.split(":")[0] for each in differences(recorded, recording, lived)] == ["state"]


async def test_a_changed_duration_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replay does not compare how long a timer runs; the journal has each due time."""
    from workflows import confirmation

    def slower(order: Any, sheet: Any) -> Any:
        for need in confirmation_goes_out(order, sheet):
            yield type(need)(
                **{**{name: getattr(need, name) for name in need.__slots__}, "hours": need.hours + 1}
            )

    confirmation_goes_out = confirmation._sheet_goes_out
    recorded, recording = known(SLIPPED)
    monkeypatch.setattr("workflows.confirmation._sheet_goes_out", slower)
    lived = await live_again(recorded, recording)
    found = list(differences(recorded, recording, lived))
    assert found[0].startswith("journal entry")
    assert "send_sheet:1" in found[0]
