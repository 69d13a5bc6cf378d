"""What operators see of an order: search attributes, the page's details, the timer's summary."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from temporalio.common import (
    SearchAttributeIndexedValueType,
    SearchAttributePair,
    TypedSearchAttributes,
)

from models.dossier.incidents import Hold
from models.order.order import Order
from models.values.vocabulary import Ending
from tests.workflows.conftest import order_start
from workflows import procedure
from workflows.engine.operator_page import details
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES, changed_attributes
from workflows.engine.step_list import holding_up, shortened, steps_of, timer_summary


def placed() -> Order:
    start = order_start()
    return procedure.begin(start, start.placed_at)


def written(order: Order) -> TypedSearchAttributes:
    """The attributes as the server has them after the first upsert."""
    updates = changed_attributes(order, TypedSearchAttributes.empty)
    return TypedSearchAttributes(
        [SearchAttributePair(update.key, update.value) for update in updates if update.value is not None]
    )


def test_the_server_takes_that_many_of_each_type() -> None:
    counted = Counter(SEARCH_ATTRIBUTES.values())
    assert counted.pop(SearchAttributeIndexedValueType.KEYWORD) <= 10
    assert all(count <= 3 for count in counted.values())
    assert all(name.startswith("Dingdan") for name in SEARCH_ATTRIBUTES)


def test_nothing_is_written_again_that_has_not_changed() -> None:
    order = placed()
    assert changed_attributes(order, written(order)) == []


def test_an_order_that_has_ended_waits_for_nothing() -> None:
    order = placed()
    known = written(order)
    order.ending, order.ended_at = Ending.CANCELLED, order.clock
    updates = {update.key.name: update.value for update in changed_attributes(order, known)}
    assert updates["DingdanStage"] == "cancelled"
    assert updates["DingdanWaitsOn"] is None
    assert updates["DingdanWaitingSince"] is None
    assert "订单已终结：已取消" in details(order, None)
    assert "the order has ended: cancelled" in details(order, None)


def test_a_page_says_what_from_whom_since_when_why_what_then_and_how() -> None:
    order = placed()
    first = holding_up(order)[0]
    page = details(order, procedure.next_deadline(order))
    for part in (first.words.zh, first.words.en, first.rule, f"starter.py {first.command(order.number)}"):
        assert part in page
    assert all(role.zh in page and role.en in page for role in first.roles)
    first.overdue_at = order.clock
    assert "已超期" in details(order, None)


def test_a_hold_and_an_order_that_waits_for_nobody_are_said() -> None:
    order = placed()
    order.holds.append(Hold(placed_at=order.clock, reason="等*客户"))
    assert "等∗客户" in details(order, None)
    order.steps.clear()
    assert "waits for nobody; next deadline –" in details(order, None)


def test_a_summary_names_the_step_and_fits() -> None:
    order = placed()
    deadline = procedure.next_deadline(order)
    assert deadline is not None
    assert len(timer_summary(order, deadline).encode()) <= 390
    assert "the next deadline" in timer_summary(order, deadline + timedelta(days=900))
    assert len(shortened("订单" * 500).encode()) <= 390


def test_steps_are_told_those_that_hold_up_first() -> None:
    steps = steps_of(placed())
    assert steps[0]["blocking"]
    assert steps[0]["command"].startswith(("tell", "decide", "show"))
