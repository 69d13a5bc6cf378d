"""Numbers that only the server knows any more, and orders that lost their row or their workflow, on both databases (R10, R47)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select, update

from activities.facts import pending_facts
from activities.facts.desk_steps import open_desk_steps
from activities.facts.late_facts import keep_late_fact, late_facts
from activities.orders import lost_orders
from activities.orders.requests import has_begun, open_request, start_of
from activities.orders.taken_numbers import (
    KeptRequest,
    kept_as_now,
    kept_request,
    kept_under,
    misnumbered,
    renumber,
    take_back,
    without_request,
)
from activities.store.database import reading, writing
from models.messages.envelope import Envelope
from models.policy import Policy
from models.reports.desk_steps import DeskStepKind
from models.reports.server_state import ServerState
from models.request.order_start import OrderStart
from models.tables.registry import table
from models.values.vocabulary import Role
from runtime.delivery.server_orders import start_digest
from tests.activities.conftest import NOW, order_request

LATER = NOW + timedelta(hours=1)


def opened(engine: Engine, **changes: Any) -> KeptRequest:
    """A request that is numbered and kept."""
    start, _ = open_request(engine, order_request(**changes), NOW, Policy())
    kept = kept_request(engine, start)
    assert kept is not None
    return kept


def forget(engine: Engine, number: str) -> None:
    """As a restored, older database: the request, its row and that the number was given."""
    with writing(engine) as connection:
        connection.execute(delete(table("requests")).where(table("requests").c.number == number))
        connection.execute(delete(table("orders")).where(table("orders").c.number == number))
        connection.execute(update(table("day_numbers")).values(last=table("day_numbers").c.last - 1))


def rows(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return sorted(connection.scalars(select(table("orders").c.number)))


def fact(fact_id: str, by: str) -> Envelope:
    return Envelope.model_validate({
        "fact_id": fact_id, "kind": "contact_logged", "by": by, "role": Role.SERVICE_CLERK, "happened_at": LATER,
        "content": {"channel": "phone", "words": "x"},
    })  # fmt: skip


def test_a_start_is_the_same_when_it_is_read_again(company: Engine) -> None:
    start, _ = open_request(company, order_request(), NOW, Policy())
    assert start_digest(start_of(company, start.number)) == start_digest(start)


def test_the_number_goes_to_who_has_it_on_the_server(company: Engine) -> None:
    first = opened(company)
    forget(company, first.start.number)
    second = opened(company, request_id="another", customer="c-2")
    assert second.start.number == first.start.number
    moved = renumber(company, second, first, LATER, shown=False)
    assert moved.start.number == "20270105-0002"
    assert rows(company) == [first.start.number, moved.start.number]
    assert kept_under(company, first.start.number) == first
    assert kept_as_now(company, second) == moved
    assert open_desk_steps(company) == []
    # a second hand that comes a moment later changes nothing
    assert renumber(company, second, first, LATER, shown=True) == moved
    assert rows(company) == [first.start.number, moved.start.number]


def test_who_may_have_been_told_the_number_is_told_again(company: Engine) -> None:
    first = opened(company)
    forget(company, first.start.number)
    second = opened(company, request_id="another", customer="c-2")
    for each in (fact("a", "chen"), fact("b", "customer:c-2"), fact("c", "key:bank")):
        pending_facts.keep(company, second.start.number, each, LATER)
    moved = renumber(company, second, first, LATER, shown=True)
    waiting = {kept.envelope.fact_id: kept.order_number for kept in pending_facts.waiting(company)}
    assert waiting == {"a": moved.start.number, "b": moved.start.number}
    assert {step.kind for step in open_desk_steps(company)} == {
        DeskStepKind.RENUMBERED,
        DeskStepKind.UNPLACED_FACT,
    }


def test_an_order_without_a_row_is_taken_back_once(company: Engine) -> None:
    lost = opened(company)
    forget(company, lost.start.number)
    assert without_request(company, [lost.start.number]) == [lost.start.number]
    assert take_back(company, lost, LATER)
    assert not take_back(company, lost, LATER)
    assert kept_under(company, lost.start.number) == lost
    assert rows(company) == [lost.start.number]
    again, new = open_request(company, order_request(), LATER, Policy())
    assert (again, new) == (lost.start, False)
    assert opened(company, request_id="next").start.number == "20270105-0002"


def test_a_request_that_was_placed_again_is_the_order_that_was_lost(company: Engine) -> None:
    lost = opened(company)
    forget(company, lost.start.number)
    opened(company, request_id="between")
    again, new = open_request(company, order_request(), LATER, Policy())
    assert new
    lost = KeptRequest(renumbered(lost.start, "20270105-0007"), lost.content, lost.space)
    assert take_back(company, lost, LATER)
    assert again.number not in rows(company)
    assert kept_as_now(company, lost) == lost
    assert opened(company, request_id="next").start.number == "20270105-0008"


def test_two_orders_of_one_request_are_asked_about(company: Engine) -> None:
    lost = opened(company)
    forget(company, lost.start.number)
    opened(company, request_id="between")
    again, _ = open_request(company, order_request(), LATER, Policy())
    with writing(company) as connection:
        orders = table("orders")
        connection.execute(update(orders).where(orders.c.number == again.number).values(sequence=7))
    lost = KeptRequest(renumbered(lost.start, "20270105-0007"), lost.content, lost.space)
    assert take_back(company, lost, LATER)
    (step,) = open_desk_steps(company)
    assert step.kind is DeskStepKind.PLACED_TWICE
    assert (step.about["number"], step.about["other"]) == ("20270105-0007", again.number)
    assert {again.number, "20270105-0007"} <= set(rows(company))


def renumbered(start: OrderStart, number: str) -> OrderStart:
    return start.model_copy(update={"number": number})


def test_what_another_order_recorded_is_not_this_ones(company: Engine) -> None:
    kept = opened(company)
    orders = table("orders")
    of_order = orders.c.number == kept.start.number
    with writing(company) as connection:
        connection.execute(update(orders).where(of_order).values(sequence=9))
    assert has_begun(company, kept.start.number)
    assert misnumbered(company) == []
    with writing(company) as connection:
        connection.execute(update(orders).where(of_order).values(customer="c-2", request_id="another"))
    assert not has_begun(company, kept.start.number)
    assert misnumbered(company) == [kept.start.number]


def test_a_lost_order_is_a_step_until_it_is_back(company: Engine) -> None:
    number = opened(company).start.number
    for _ in range(2):
        lost_orders.note_lost(
            company, number, ServerState.TERMINATED, LATER, closed_at=datetime(2027, 1, 5, 2, tzinfo=UTC),
            closed_by="somebody@host", reason="tidying up",
        )  # fmt: skip
    (step,) = open_desk_steps(company, Role.OPERATOR)
    assert step.kind is DeskStepKind.LOST_ORDER
    assert all(
        part in step.en for part in (number, "terminated", "somebody@host", "tidying up", "2027-01-05 10:00")
    )
    assert step.command == f"starter.py bring-back {number}"
    assert lost_orders.no_longer_lost(company, number, LATER, "ops", "rebuilt")
    assert open_desk_steps(company) == []


def test_what_was_put_aside_as_late_waits_for_the_order(company: Engine) -> None:
    number = opened(company).start.number
    keep_late_fact(company, number, fact("a", "key:bank"), LATER)
    assert lost_orders.keep_meanwhile(company, number, LATER) == 1
    assert lost_orders.keep_meanwhile(company, number, LATER) == 0
    assert [each.envelope.fact_id for each in pending_facts.waiting(company, order=number)] == ["a"]
    assert (late_facts(company, number), open_desk_steps(company)) == ([], [])


def test_what_was_told_and_is_not_known_is_told_again(company: Engine) -> None:
    number = opened(company).start.number
    for name in ("a", "b", "c"):
        pending_facts.keep(company, number, fact(name, "chen"), LATER)
    a, b, c = pending_facts.waiting(company)
    pending_facts.mark_told(company, a.number, {"status": "stored"}, LATER)
    pending_facts.mark_told(company, b.number, {"status": "refused", "code": "too_late"}, LATER)
    assert [each.number for each in pending_facts.told_of(company, number)] == [a.number]
    pending_facts.tell_again(company, [a.number])
    assert [each.number for each in pending_facts.waiting(company)] == [a.number, c.number]
