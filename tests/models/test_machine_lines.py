"""What production is proposed: the line that is done first, in free hours from the material on (R150)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.scheduling.machine_lines import MachineLine, Shift, Span, require_able
from models.scheduling.proposals import Bottleneck, Job, place, propose
from models.values.calendar import BUSINESS_ZONE, Calendar
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit

MORNING, AFTERNOON = Shift(time(8), time(12)), Shift(time(13), time(17))
WEEK = ((MORNING, AFTERNOON),) * 5 + ((),) * 2
PLAIN = Calendar()
MONDAY = date(2027, 3, 1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In March 2027, which begins on a Monday."""
    return datetime(2027, 3, day, hour, minute, tzinfo=BUSINESS_ZONE)


def line(name: str = "L1", **changed: Any) -> MachineLine:
    return MachineLine(
        **{
            "line": name, "name": f"{name} 分切机", "products": frozenset({"TP-80"}), "rate": Decimal(800),
            "unit": Unit.ROLL, "set_up_hours": Decimal(1), "week": WEEK, **changed,
        }
    )  # fmt: skip


BEGIN = at(1, 8)


def job(
    quantity: str = "10000", ready: datetime = BEGIN, product: str = "TP-80", unit: Unit = Unit.ROLL
) -> Job:
    return Job(product, Decimal(quantity), unit, ready)


TUESDAY_NOON = {"L1": [Span(at(1, 8), at(2, 12))]}


def test_the_example_ends_on_thursday_at_half_past_nine_and_is_finished_on_friday() -> None:
    found = propose([line()], job(), TUESDAY_NOON, PLAIN, now=at(1, 8), finish_days=1)
    assert (found.begins, found.ends) == (at(2, 13), at(4, 9, 30))
    assert (found.finished_on, found.bottleneck) == (date(2027, 3, 5), Bottleneck.LINE)


def test_finishing_days_are_working_days() -> None:
    friday = job("800", at(5, 8))
    assert propose([line()], friday, {}, PLAIN, now=at(5, 8), finish_days=1).finished_on == date(2027, 3, 8)
    assert propose([line()], friday, {}, PLAIN, now=at(5, 8), finish_days=0).finished_on == date(2027, 3, 5)
    closed = Calendar(holidays=frozenset({date(2027, 3, 8)}), years=(2027,))
    assert propose([line()], friday, {}, closed, now=at(5, 8), finish_days=1).finished_on == date(2027, 3, 9)


def test_the_line_that_is_done_first_takes_it_and_of_two_alike_the_first_by_name() -> None:
    slow, quick = line("A", rate=Decimal(400)), line("B")
    assert propose([slow, quick], job(), {}, PLAIN, now=at(1, 8), finish_days=1).line == "B"
    taken = {"B": [Span(at(1, 8), at(12, 17))]}
    assert propose([slow, quick], job(), taken, PLAIN, now=at(1, 8), finish_days=1).line == "A"
    assert propose([line("D"), line("C")], job(), {}, PLAIN, now=at(1, 8), finish_days=1).line == "C"


def test_an_order_is_not_set_into_a_gap_that_is_too_short_for_it() -> None:
    taken = {"L1": [Span(at(1, 10), at(1, 12)), Span(at(2, 8), at(2, 10))]}
    found = propose([line()], job("2400"), taken, PLAIN, now=at(1, 8), finish_days=1)
    assert (found.begins, found.ends) == (at(1, 13), at(1, 17)), "four hours fit into the afternoon exactly"
    found = propose([line()], job("2401"), taken, PLAIN, now=at(1, 8), finish_days=1)
    assert (found.begins, found.ends) == (at(2, 10), at(2, 15, 1)), "a minute more does not"


def test_nights_holidays_and_downtimes_only_interrupt() -> None:
    holiday = Calendar(holidays=frozenset({date(2027, 3, 2)}), years=(2027,))
    found = propose([line()], job("6400"), {}, holiday, now=at(1, 8), finish_days=0)
    assert (found.begins, found.ends) == (at(1, 8), at(3, 9))
    standing = line(downtimes=(Span(at(1, 9), at(1, 11)), Span(at(1, 16), at(2, 9))))
    found = propose([standing], job("4000"), {}, PLAIN, now=at(1, 8), finish_days=0)
    assert found.ends == at(2, 10), "one hour, one, three, and one on Tuesday from nine"


def test_a_saturday_that_makes_up_for_a_holiday_is_worked_as_a_monday() -> None:
    made_up = Calendar(make_up_days=frozenset({date(2027, 3, 6)}), years=(2027,))
    found = propose([line()], job("2400", at(6, 8)), {}, made_up, now=at(5, 17), finish_days=0)
    assert (found.begins, found.ends) == (at(6, 8), at(6, 12))


@pytest.mark.parametrize(
    ("ready", "taken", "bottleneck"),
    [
        (at(1, 8), {}, Bottleneck.RUN_TIME),
        (at(9, 8), {}, Bottleneck.MATERIAL),
        (at(1, 8), {"L1": [Span(at(1, 8), at(3, 12))]}, Bottleneck.LINE),
        (at(9, 8), {"L1": [Span(at(1, 8), at(10, 12))]}, Bottleneck.LINE),
        (at(9, 8), {"L1": [Span(at(1, 8), at(1, 9))]}, Bottleneck.MATERIAL),
    ],
)
def test_the_bottleneck_is_what_would_gain_most(
    ready: datetime, taken: dict[str, list[Span]], bottleneck: Bottleneck
) -> None:
    assert (
        propose([line()], job(ready=ready), taken, PLAIN, now=at(1, 8), finish_days=1).bottleneck
        is bottleneck
    )


def test_material_that_was_ready_long_ago_does_not_begin_in_the_past() -> None:
    found = propose([line()], job(ready=at(1, 8)), {}, PLAIN, now=at(3, 10, 30), finish_days=1)
    assert found.begins == at(3, 10, 30)


def test_a_quantity_is_counted_in_the_units_of_the_line() -> None:
    sheets = line(products=frozenset({"A4"}), unit=Unit.SHEET, rate=Decimal(5000), set_up_hours=Decimal(0))
    found = propose([sheets], job("20", product="A4", unit=Unit.REAM), {}, PLAIN, now=at(1, 8), finish_days=0)
    assert found.ends == at(1, 10), "twenty reams are 10,000 sheets"


@pytest.mark.parametrize(
    ("product", "unit", "quantity", "where"),
    [
        ("unknown", Unit.ROLL, "1", "product"),
        ("TP-80", Unit.KILOGRAM, "1", "product"),
        ("TP-80", Unit.ROLL, "99999999", "quantity"),
    ],
)
def test_what_no_line_can_make_is_refused(product: str, unit: Unit, quantity: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose([line()], job(quantity, product=product, unit=unit), {}, PLAIN, now=at(1, 8), finish_days=1)
    assert (refused.value.code, refused.value.where, refused.value.rule) == (Code.NO_CAPACITY, where, "R150")


@pytest.mark.parametrize(
    ("changed", "code", "where"),
    [
        ({"rate": Decimal(0)}, Code.NO_CAPACITY, "rate"),
        ({"rate": Decimal(-1)}, Code.NO_CAPACITY, "rate"),
        ({"set_up_hours": Decimal("-0.5")}, Code.MALFORMED, "set_up_hours"),
        ({"products": frozenset()}, Code.MALFORMED, "products"),
        ({"week": ((),) * 7}, Code.NO_CAPACITY, "week"),
        ({"week": ((AFTERNOON, MORNING),) + ((),) * 6}, Code.MALFORMED, "week"),
        ({"week": ((Shift(time(8), time(8)),),) + ((),) * 6}, Code.MALFORMED, "week"),
        ({"week": ((MORNING, Shift(time(11), time(14))),) + ((),) * 6}, Code.MALFORMED, "week"),
    ],
)
def test_a_line_that_could_make_nothing_is_refused_where_it_comes_in(
    changed: dict[str, Any], code: Code, where: str
) -> None:
    with pytest.raises(Refusal) as refused:
        require_able(line(**changed))
    assert (refused.value.code, refused.value.where) == (code, where)


def test_a_good_line_is_taken() -> None:
    require_able(line())


@settings(max_examples=60, deadline=None)
@given(
    taken=st.lists(st.tuples(st.integers(0, 600), st.integers(1, 90)), max_size=12),
    hours=st.integers(1, 40),
    ready=st.integers(0, 300),
)
def test_a_place_has_room_and_nothing_earlier_has(
    taken: list[tuple[int, int]], hours: int, ready: int
) -> None:
    """Beside a reference that tries every hour."""
    spans, moment = [], at(1, 8)
    for pause, length in taken:
        begins = moment + timedelta(hours=pause % 40)
        moment = begins + timedelta(hours=length)
        spans.append(Span(begins, moment))
    begin, needed, own = at(1, 8) + timedelta(hours=ready), timedelta(hours=hours), line()
    found = place(own, needed, begin, spans, PLAIN)
    assert found is not None
    assert not any(found.meets(each) for each in spans)
    worked = [
        Span(each.begins, min(each.ends, found.ends))
        for each in takewhile(lambda each: each.begins < found.ends, own.hours_from(found.begins, PLAIN))
    ]
    assert sum((each.length for each in worked), timedelta(0)) == needed
    assert found == _by_hours(own, hours, begin, spans)


def _by_hours(own: MachineLine, hours: int, begin: datetime, spans: list[Span]) -> Span:
    first = begin
    while True:
        open_hours, hour = list[datetime](), first
        while len(open_hours) < hours:
            runs = hour.weekday() < 5 and hour.hour in (8, 9, 10, 11, 13, 14, 15, 16)
            if runs:
                open_hours.append(hour)
            hour += timedelta(hours=1)
        whole = Span(open_hours[0], open_hours[-1] + timedelta(hours=1))
        if open_hours[0] == first and not any(whole.meets(each) for each in spans):
            return whole
        first += timedelta(hours=1)
