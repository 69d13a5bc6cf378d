"""Everything still to be made on the lines: who is due first first, and what a breakdown or a rush order moves (R150, R153)."""

from __future__ import annotations

import dataclasses
import time as clock
from datetime import date, timedelta
from decimal import Decimal

from models.scheduling.machine_lines import Span
from models.scheduling.plan import Owed, Plan, moved
from models.scheduling.proposals import Job
from models.values.errors import Code
from models.values.vocabulary import Unit
from tests.models.test_machine_lines import BEGIN, PLAIN, at, line


def owed(
    order: str, quantity: str, due: int | None, promised: int | None = None, product: str = "TP-80"
) -> Owed:
    return Owed(
        order, 1, "红枫", Job(product, Decimal(quantity), Unit.ROLL, BEGIN),
        date(2027, 3, due) if due else None, BEGIN + timedelta(minutes=int(order)),
        date(2027, 3, promised) if promised else None,
    )  # fmt: skip


def plan(*goods: Owed, lines: tuple[object, ...] = ()) -> Plan:
    return Plan(list(lines) or [line()], PLAIN, BEGIN, 1).place_all(goods)  # type: ignore[arg-type]


DAY = "5600"
"""Seven hours and the set-up: a working day."""


def finished(found: Plan) -> dict[str, date | None]:
    return {
        key[0]: each.proposal.finished_on if each.proposal is not None else None
        for key, each in found.placed.items()
    }


def test_who_is_due_first_is_made_first_and_of_one_day_who_was_placed_first() -> None:
    found = plan(owed("3", DAY, 9), owed("2", DAY, 5), owed("1", DAY, 5), owed("4", DAY, None))
    assert finished(found) == {
        "1": date(2027, 3, 2), "2": date(2027, 3, 3), "3": date(2027, 3, 4), "4": date(2027, 3, 5),
    }  # fmt: skip
    assert found.taken["L1"] == [Span(at(1, 8), at(4, 17))], "nights between are no gaps"


def test_small_goods_fill_a_gap_that_they_fit_into() -> None:
    found = Plan([line()], PLAIN, BEGIN, 0)
    found.taken["L1"] = [Span(at(1, 12), at(1, 15))]
    found.place_all([owed("1", "2400", 5), owed("2", "800", 6)])
    assert [each.proposal.begins for each in found.placed.values() if each.proposal] == [at(1, 8), at(1, 15)]


def test_a_breakdown_moves_what_comes_after_it_and_says_whose_promise_it_endangers() -> None:
    goods = (owed("1", DAY, 2, 2), owed("2", DAY, 3, 3), owed("3", DAY, 4, 9))
    before = plan(*goods)
    assert not any(each.is_late for each in before.placed.values())
    broken = dataclasses.replace(line(), downtimes=(Span(at(2, 8), at(2, 17)),))
    after = plan(*goods, lines=(broken,))
    found = moved(before.placed, after.placed)
    assert [(each.owed.order, each.before, each.after, each.endangers) for each in found] == [
        ("2", date(2027, 3, 3), date(2027, 3, 4), True),
        ("3", date(2027, 3, 4), date(2027, 3, 5), False),
    ]


def test_a_rush_order_moves_others_and_a_second_line_none() -> None:
    goods = (owed("1", DAY, 4, 4), owed("2", DAY, 5, 5))
    rush = owed("9", DAY, 1, 1)
    found = moved(plan(*goods).placed, plan(*goods, rush).placed)
    assert [(each.owed.order, each.endangers) for each in found] == [("1", False), ("2", False)]
    two = (line("L1"), line("L2"))
    found = moved(plan(*goods, lines=two).placed, plan(*goods, rush, lines=two).placed)
    assert [each.owed.order for each in found] == ["2"]


def test_what_no_line_makes_is_named_and_stops_nothing_else() -> None:
    found = plan(owed("1", DAY, 2, product="other"), owed("2", DAY, 3))
    nowhere, somewhere = found.placed["1", 1], found.placed["2", 1]
    assert nowhere.why is not None
    assert (nowhere.why.code, nowhere.is_late) == (Code.NO_CAPACITY, True)
    assert somewhere.proposal is not None


def test_a_thousand_orders_are_planned_in_a_moment() -> None:
    goods = [owed(str(number), "800", 1 + number % 28) for number in range(1000)]
    begun = clock.process_time()
    found = plan(*goods, lines=(line("A"), line("B"), line("C")))
    assert len(found.placed) == 1000
    assert clock.process_time() - begun < 10
