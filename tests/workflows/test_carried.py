"""Every story, put into its next run before each of its moments: nothing an order knows is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter

from models.messages.decision_subjects import Subject
from models.order.order import Order
from models.order.projection import changed_rows
from models.request.order_start import OrderStart
from rehearsal.files import read_company, read_story, story_files
from rehearsal.pure import StoryWarehouse, answer, live_until
from rehearsal.script import Script, Stocking, Telling, script_of
from tests.models.life import Life, line
from workflows.engine.carried import Carried, outcome_of, state_digest
from workflows.procedure import begin, next_deadline, receive

STORIES = Path(__file__).parents[2] / "stories"
NOW = datetime(2027, 1, 4, 1, tzinfo=UTC)


def carried(order: Order) -> Order:
    """The order as the next run gets it."""
    return Carried.model_validate_json(Carried(order=order).model_dump_json()).order


def lived(script: Script, *, through_runs: bool) -> Order:
    """The order at the end of its story."""
    order, warehouse = begin(script.order_start("20270104-0001"), script.start), StoryWarehouse(script)
    for move in script.moves:
        if through_runs:
            before, order = order, carried(order)
            assert next_deadline(order) == next_deadline(before)
            assert state_digest(order) == state_digest(before)
        live_until(order, move.at, warehouse.books)
        if isinstance(move, Stocking):
            warehouse.happens(order, move)
        if isinstance(move, Telling):
            receive(order, move.envelope, move.at)
            answer(order, warehouse.books)
    return order


@pytest.mark.parametrize("path", story_files([STORIES]), ids=lambda path: path.stem)
def test_a_story_in_many_runs_is_the_story_in_one(path: Path) -> None:
    script = script_of(read_story(path), read_company(STORIES), NOW)
    in_one, in_many = lived(script, through_runs=False), lived(script, through_runs=True)
    assert [entry.hash for entry in in_many.unsaved] == [entry.hash for entry in in_one.unsaved]
    assert outcome_of(in_many) == outcome_of(in_one)


@pytest.mark.parametrize(
    ("lines", "shipments", "most"),
    [(60, 6, 160 * 1024), pytest.param(200, 20, 512 * 1024, marks=pytest.mark.endurance)],
)
def test_what_a_large_order_carries_stays_small_and_comes_back_whole(
    lines: int, shipments: int, most: int
) -> None:
    """200 lines and 20 shipments within 512 KiB; a small one can be read as it is."""
    life = Life(lines=[line(number) for number in range(1, lines + 1)], partial_delivery=True)
    small = pydantic_data_converter.payload_converter.to_payload(Carried(order=Life().order))
    assert b'"order":{' in small.data
    life.in_production(deposit=str(lines * 1500))
    for shipment in range(shipments):
        for number in range(shipment * 10 + 1, shipment * 10 + 11):
            life.made(line=number).passed(line=number)
        life.paid("35000.00").decide(Subject.FINANCE_RELEASE, "release").sent(str(shipment))
    life.order.unsaved, life.order.unsent = [], []  # as they are between two runs
    carried = Carried(order=life.order)
    _, carried.known_rows = changed_rows(life.order, {})
    travelled = pydantic_data_converter.payload_converter.to_payload(carried)
    assert len(life.order.shipments) == shipments
    assert len(carried.model_dump_json()) < most
    assert len(travelled.data) < most
    back = pydantic_data_converter.payload_converter.from_payload(travelled, OrderStart | Carried)  # type: ignore[arg-type]
    assert isinstance(back, Carried)
    assert back.known_rows == carried.known_rows
    assert state_digest(back.order) == state_digest(life.order)
