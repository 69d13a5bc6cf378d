"""Every story, put into its next run before each of its moments: nothing an order knows is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.order.order import Order
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import live_until
from rehearsal.script import Script, Telling, script_of
from workflows.engine.carried import Carried, outcome_of, state_digest
from workflows.procedure import begin, next_deadline, receive

STORIES = Path(__file__).parents[2] / "stories"
NOW = datetime(2027, 1, 4, 1, tzinfo=UTC)


def carried(order: Order) -> Order:
    """The order as the next run gets it."""
    return Carried.model_validate_json(Carried(order=order).model_dump_json()).order


def lived(script: Script, *, through_runs: bool) -> Order:
    """The order at the end of its story."""
    order = begin(script.order_start("20270104-0001"), script.start)
    for move in script.moves:
        if through_runs:
            before, order = order, carried(order)
            assert next_deadline(order) == next_deadline(before)
            assert state_digest(order) == state_digest(before)
        live_until(order, move.at)
        if isinstance(move, Telling):
            receive(order, move.envelope, move.at)
    return order


@pytest.mark.parametrize("path", story_files([STORIES]), ids=lambda path: path.stem)
def test_a_story_in_many_runs_is_the_story_in_one(path: Path) -> None:
    script = script_of(read_story(path), read_company(STORIES), NOW)
    in_one, in_many = lived(script, through_runs=False), lived(script, through_runs=True)
    assert [entry.hash for entry in in_many.unsaved] == [entry.hash for entry in in_one.unsaved]
    assert outcome_of(in_many) == outcome_of(in_one)
