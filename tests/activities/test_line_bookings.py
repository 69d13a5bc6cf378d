"""Whose hours of a machine line are, decided with the burst, on both kinds of database (R151)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from activities.orders.recording.recorder import Recorder
from activities.scheduling.bookings import bookings_in, of_order
from activities.scheduling.hours_free import proposed_instead, require_free
from activities.scheduling.schedule_now import ScheduleNow, schedule_now
from activities.store import imports
from activities.store.database import reading, writing
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Claim
from models.messages.decision_subjects import Subject
from models.policy import SchedulePolicy
from models.scheduling.bookings import Hours, HoursAsked
from models.scheduling.machine_lines import Span
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from tests.activities.test_receipts import Recorded
from tests.models.life import PEOPLE, heard, refused
from tests.models.test_line_bookings import technical
from tests.models.test_machine_lines import at
from workflows.procedure import claim_of, claimed

FIGURES = SchedulePolicy()
HOURS = "08:00-12:00 13:00-17:00"
L1: dict[str, Any] = {
    "line": "L1", "name": "一号分切机", "products": ["TP-80"], "rate": "800", "unit": "roll", "set_up_hours": "1",
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), HOURS),
}  # fmt: skip
TUESDAY, WEDNESDAY = Span(at(2, 8), at(2, 17)), Span(at(3, 8), at(3, 17))


@pytest.fixture
def lines(engine: Engine) -> Engine:
    imports.import_machine_lines(engine, [imports.MachineLineRow.model_validate(L1)])
    return engine


class Making(Recorded):
    """An order that technical has found producible; production's answer is told as its workflow is told it."""

    def __init__(self, engine: Engine, number: str, **changes: Any) -> None:
        self.engine, self.recorder = engine, Recorder(engine)
        self.life = technical(number=number, **changes)
        self.rows = {}
        self.after, self.head, self.epoch = 0, FIRST_LINK, 0
        self.said = 0
        self.save()

    def claim(self, span: Span, machine: str = "L1", line: int = 1) -> tuple[dict[str, Any], Claim]:
        """What production says now, and what the order asks for because of it."""
        self.said += 1
        detail = {
            "production_date": span.begins.date().isoformat(), "quantity": "1000", "machine_line": machine,
            "finished_date": (span.ends.date() + timedelta(days=1)).isoformat(),
            "hours_from": span.begins.isoformat(), "hours_until": span.ends.isoformat(),
        }  # fmt: skip
        content = {
            "subject": "production_date", "outcome": "dated", "line": line, "note_reference": "N-1", "detail": detail,
        }  # fmt: skip
        said = {
            "fact_id": f"ma/{self.said}", "kind": "decision", "by": PEOPLE["production"], "role": Role.PRODUCTION.value,
            "happened_at": self.life.now.isoformat(), "content": content,
        }  # fmt: skip
        claim = claim_of(self.life.order, said, self.life.now)
        assert claim is not None
        return said, claim

    def dated(self, span: Span, machine: str = "L1", line: int = 1) -> bool:
        """Asked for first, then told. Whether it is taken."""
        said, claim = self.claim(span, machine, line)
        gone = claim.key in self.save(claim).elsewhere
        claimed(self.life.order, claim, gone)
        content = said["content"]
        reply = self.life.answer(Subject.PRODUCTION_DATE, "dated", line=line, **content["detail"])
        (refused(reply, Code.CAPACITY_TAKEN.value) if gone else heard(reply))
        self.save()
        return not gone

    def instructed(self) -> None:
        """Up to the production instruction."""
        self.life.decide(Subject.APPROVAL, "approve").sheet_out().signed().paid("1500.00")
        self.life.decide(Subject.THREE_PARTY, "confirm")
        self.save()

    @property
    def hours(self) -> list[tuple[str, Span]]:
        with reading(self.engine) as connection:
            return [(each.state.value, each.span) for each in of_order(connection, self.life.order.number)]


def now_of(engine: Engine, now: datetime) -> ScheduleNow:
    return schedule_now(engine, now, FIGURES)


def test_an_answer_books_tentatively_and_the_instruction_makes_it_firm(lines: Engine) -> None:
    order = Making(lines, "N-1")
    assert order.dated(TUESDAY)
    assert order.hours == [("tentative", TUESDAY)]
    order.instructed()
    assert order.hours == [("firm", TUESDAY)]
    plan = now_of(lines, at(1, 10)).plan()
    proposal = plan.placed["N-1", 1].proposal
    assert proposal is not None
    assert proposal.begins == at(2, 8)


def test_hours_that_are_gone_are_refused_and_nothing_is_changed(lines: Engine) -> None:
    first, second = Making(lines, "N-1"), Making(lines, "N-2")
    assert first.dated(TUESDAY)
    assert not second.dated(Span(at(2, 16), at(3, 17)))
    assert second.hours == []
    assert second.life.order.asked["production_date:1"].outcome is None
    assert second.dated(WEDNESDAY)
    assert [each.key for each in now_of(lines, at(1, 10)).bookings] == [("N-1", 1), ("N-2", 1)]


def test_of_answers_at_the_same_instant_one_has_the_hours(lines: Engine) -> None:
    """On SQLite and on PostgreSQL, whichever hours they share."""
    orders = [Making(lines, f"N-{place}") for place in range(4)]
    gate = threading.Barrier(len(orders))

    def at_once(order: Making) -> bool:
        begins = at(2, 8) + timedelta(hours=orders.index(order))
        _, claim = order.claim(Span(begins, at(2, 17)))
        gate.wait()
        return not order.save(claim).elsewhere

    with ThreadPoolExecutor(len(orders)) as pool:
        assert sum(pool.map(at_once, orders)) == 1
    with reading(lines) as connection:
        assert len(bookings_in(connection, at(1, 9), 5)) == 1


def test_the_same_answer_told_again_has_what_it_has(lines: Engine) -> None:
    order = Making(lines, "N-1")
    _, claim = order.claim(TUESDAY)
    assert not order.save(claim).elsewhere
    assert not order.save(claim).elsewhere
    assert order.hours == [("tentative", TUESDAY)]


def test_a_line_that_nobody_has_books_nothing(lines: Engine) -> None:
    order = Making(lines, "N-1")
    assert not order.dated(TUESDAY, machine="L9")
    assert order.hours == []


def test_without_an_instruction_hours_are_anybodys_after_their_days(lines: Engine) -> None:
    """And placed again with the instruction, where the plan has the goods by then."""
    first, second = Making(lines, "N-1"), Making(lines, "N-2")
    monday = Span(at(8, 8), at(8, 17))
    assert first.dated(monday)
    second.life.later(days=4)
    assert not second.dated(monday)
    second.life.later(days=1, hours=1)
    assert second.dated(monday), "five days without an instruction"
    assert now_of(lines, at(6, 10)).bookings[0].key == ("N-2", 1)
    second.instructed()
    first.life.later(days=6)
    first.instructed()
    (state, again), (_, theirs) = *first.hours, *second.hours
    assert state == "firm"
    assert theirs == monday
    assert not again.meets(monday)
    assert again.begins >= at(7, 0)


def test_hours_that_began_without_an_instruction_are_placed_again(lines: Engine) -> None:
    order = Making(lines, "N-1")
    assert order.dated(TUESDAY)
    order.life.later(days=2)
    order.instructed()
    ((state, span),) = order.hours
    assert (state, span.begins >= order.life.now) == ("firm", True)


def test_an_answer_that_is_void_frees_its_hours_and_the_next_books_anew(lines: Engine) -> None:
    order, other = Making(lines, "N-1"), Making(lines, "N-2")
    assert order.dated(TUESDAY)
    order.life.does(
        "amendment_requested", changes={"lines": [{"line": 1, "quantity": "900"}]}, reason="客户要求"
    )
    order.save()
    assert order.hours == [("freed", TUESDAY)]
    assert other.dated(TUESDAY)


def test_an_order_that_ends_or_is_made_has_no_hours(lines: Engine) -> None:
    order, other = Making(lines, "N-1"), Making(lines, "N-2")
    assert order.dated(TUESDAY)
    with writing(lines) as connection:
        connection.execute(text("update orders set ending = 'cancelled' where number = 'N-1'"))
    assert now_of(lines, at(1, 10)).bookings == []
    assert other.dated(TUESDAY)


def test_a_later_history_brings_hours_back_where_nobody_has_them(lines: Engine) -> None:
    """R41 of the stores: an order that is recorded anew says what it has; a booking that was lost comes back."""
    order = Making(lines, "N-1")
    assert order.dated(TUESDAY)
    with writing(lines) as connection:
        connection.execute(text("delete from line_bookings"))
    order.life.later(hours=1)
    order.rows = {}
    order.save()
    assert order.hours == [("tentative", TUESDAY)]


def test_whoever_tells_it_looks_first_and_hears_what_is_proposed_instead(lines: Engine) -> None:
    first, second = Making(lines, "N-1"), Making(lines, "N-2")
    assert first.dated(TUESDAY)

    def asked(span: Span, machine: str = "L1") -> HoursAsked:
        return HoursAsked(1, Hours(machine, span), at(1, 9))

    require_free(lines, "N-1", 1, asked(TUESDAY), FIGURES)
    require_free(lines, "N-2", None, asked(WEDNESDAY), FIGURES)
    require_free(lines, "N-9", None, asked(TUESDAY), FIGURES)  # the order itself says that there is none
    with pytest.raises(Refusal) as gone:
        require_free(lines, "N-2", 1, asked(TUESDAY), FIGURES)
    assert (gone.value.code, gone.value.where, gone.value.rule) == (
        Code.CAPACITY_TAKEN, "content.detail.machine_line", "R151",
    )  # fmt: skip
    assert "新建议：机台 L1 2027-03-01 09:00 – 2027-03-01 11:15" in gone.value.words.zh
    assert gone.value.words == proposed_instead(lines, "N-2", 1, asked(TUESDAY), FIGURES).words
    with pytest.raises(Refusal) as unknown:
        require_free(lines, "N-2", 1, asked(TUESDAY, "L9"), FIGURES)
    assert unknown.value.code is Code.UNKNOWN_PLACE
    assert second.hours == []


def test_hours_are_read_along_their_index(lines: Engine) -> None:
    with reading(lines) as connection:
        if connection.dialect.name != "sqlite":
            return
        query = "select * from line_bookings where state <> 'freed' and ends > 1"
        plans = [row[-1] for row in connection.execute(text(f"explain query plan {query}"))]
    assert not [plan for plan in plans if plan.startswith("SCAN")], plans
