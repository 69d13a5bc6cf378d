"""A story whose order is not placed at all differs in that one thing; the others are played."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal import engine, pure
from rehearsal.files import read_company, read_story
from rehearsal.script import Script, script_of
from tests.runtime.watching import PATIENCE_SECONDS

STORIES = Path(__file__).resolve().parents[2] / "stories"
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def script(**changes: object) -> Script:
    story = read_story(STORIES / "class-a.yaml")
    changed = story.model_copy(update={"order": {**story.order, **changes}})
    return script_of(changed, read_company(STORIES), NOW)


def test_an_order_too_large_is_refused_on_the_model_as_everywhere() -> None:
    line = script().request.lines[0].model_dump(mode="json") | {
        "quantity": "999999999",
        "unit_price": "99.00",
    }
    played = pure.play(script(lines=[line]))
    (difference,) = played.differences
    assert (difference.what, played.as_expected) == ("place", False)
    assert difference.found.startswith("bad_money")


async def test_on_the_engine_it_stops_no_other_story() -> None:
    class Way:
        async def place(self, told: Script) -> str:
            raise Refusal(Code.TOO_LARGE, Words("过大", "too large"))

    stage = engine.Stage(None, "-", None, Way())  # type: ignore[arg-type]
    async with asyncio.timeout(PATIENCE_SECONDS):
        first, second = await engine.play_all(stage, [script(), script()])
    assert [each.differences[0].found for each in (first, second)] == ["too_large: too large"] * 2
