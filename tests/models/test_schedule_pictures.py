"""Lines as they are kept, a week as a picture, what would be if, and the outlook on the card (R150, R152, R153)."""

from __future__ import annotations

import dataclasses
from datetime import date, time
from decimal import Decimal

import pytest

from models.forms.cards import facts_of_schedule as facts
from models.forms.cards.card import Asked
from models.forms.cards.make_card import card_of
from models.forms.cards.order_seen import LineSeen, OrderSeen
from models.messages.decision_subjects import Subject
from models.policy import Policy
from models.scheduling.kept_lines import shifts_of, shifts_text
from models.scheduling.machine_lines import MachineLine, Shift, Span, require_able
from models.scheduling.outlook import Outlook, outlook_of
from models.scheduling.plan import Owed, Plan
from models.scheduling.proposals import Job
from models.scheduling.week_picture import DAY_WIDTH, Block, week_picture
from models.scheduling.what_if import RUSH, if_it_rushes, if_it_stands
from models.values.calendar import Calendar
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit, Words
from models.values.words import InvalidValue
from tests.models.test_machine_lines import BEGIN, MONDAY, PLAIN, WEEK, at, line
from tests.models.test_schedule_plan import DAY, owed, plan

# --- as they are kept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("08:00-12:00 13:00-17:00", "08:00-12:00 13:00-17:00"),
        ("8:00～12:00、13:00—17:00", "08:00-12:00 13:00-17:00"),
        ("08：00至12：00；13：00到24：00", "08:00-12:00 13:00-24:00"),
        ("00:00-24:00", "00:00-24:00"),
    ],
)
def test_shifts_are_read_as_people_write_them(text: str, kept: str) -> None:
    assert shifts_text(shifts_of(text)) == kept
    assert shifts_of(kept) == shifts_of(text)


@pytest.mark.parametrize(
    "text", ["x", "8-12", "08:00", "08:00-12:60", "24:00-25:00", "08:00-12:00 x", "%", "😀"]
)
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        shifts_of(text)


def test_a_line_may_run_round_the_clock() -> None:
    always = line(week=((Shift(time(0), time(0)),),) * 7, set_up_hours=Decimal(0))
    require_able(always)
    found = Plan([always], PLAIN, BEGIN, 0).proposal_for(Job("TP-80", Decimal(800 * 30), Unit.ROLL, BEGIN))
    assert (found.begins, found.ends) == (at(1, 8), at(2, 14))


@pytest.mark.parametrize("shifts", ["20:00-24:00 21:00-22:00", "13:00-17:00 08:00-12:00", "17:00-08:00"])
def test_shifts_that_cross_are_refused(shifts: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_able(line(week=(shifts_of(shifts), *WEEK[1:])))
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "week")


# --- the picture -------------------------------------------------------------------------------------------------


def test_a_week_is_drawn_by_days_with_their_hours() -> None:
    found = plan(owed("1", "8800", 3, 3), owed("2", "10000", 5, 4))
    picture = week_picture(found, MONDAY)
    (row,) = picture.rows
    assert (picture.first_hour, picture.last_hour, len(picture.days)) == (8, 17, 7)
    hour = DAY_WIDTH / 9
    first, second = [bar for bar in row.bars if bar.placed.owed.order == "1"]
    assert first.block == Block(0, DAY_WIDTH), "all of Monday"
    assert second.block == Block(DAY_WIDTH, int(4 * hour)), "Tuesday till noon"
    last = row.bars[-1]
    assert last.block == Block(3 * DAY_WIDTH, int(1.5 * hour)), "Thursday till half past nine"
    assert [bar.placed.is_late for bar in row.bars] == [False, False, True, True, True]
    assert len(row.hours) == 10
    assert [each.owed.order for each in row.placed] == ["1", "2"]


def test_a_week_shows_what_is_in_it_alone_and_when_a_line_stands() -> None:
    stands = line(downtimes=(Span(at(5, 12), at(8, 10)),))
    found = plan(*(owed(str(number), DAY, 20) for number in range(1, 9)), lines=(stands,))
    first, second = (week_picture(found, date(2027, 3, day)).rows[0] for day in (1, 8))
    assert {bar.placed.owed.order for bar in first.bars} == {"1", "2", "3", "4", "5"}
    assert "5" in {bar.placed.owed.order for bar in second.bars}, "goes on after the line stood"
    assert [len(row.down) for row in (first, second)] == [3, 1], "Friday to Sunday, and Monday morning"
    assert week_picture(found, date(2026, 1, 5)).rows[0].bars == []
    assert week_picture(Plan([], PLAIN, BEGIN, 1), MONDAY).rows == []


# --- what would be if --------------------------------------------------------------------------------------------

GOODS = (owed("1", DAY, 2, 2), owed("2", DAY, 3, 3), owed("3", DAY, 4, 9))


def test_a_breakdown_is_only_supposed() -> None:
    now = plan(*GOODS)
    before = dict(now.placed)
    found = if_it_stands(now, GOODS, "L1", Span(at(2, 8), at(2, 17)))
    assert [(each.owed.order, each.endangers) for each in found.moved] == [("2", True), ("3", False)]
    assert [each.owed.order for each in found.endangered] == ["2"]
    assert now.placed == before
    assert now.lines[0].downtimes == ()


def test_a_line_that_stands_for_good_holds_nothing_and_breaks_nothing() -> None:
    two = (line("L1"), line("L2"))
    now = plan(*GOODS, lines=two)
    found = if_it_stands(now, GOODS, "L1", Span(at(2, 8), at(2, 8).replace(year=2099)))
    assert list(found.moved) == [], "the other line takes it on the same day"
    stands = line(downtimes=(Span(at(1, 17), at(2, 8).replace(year=2099)),))
    alone = Plan([stands], PLAIN, BEGIN, 1)
    alone.taken["L1"] = [Span(at(1, 12), at(1, 13))]
    alone.place_all([owed("1", "2400", 5), owed("2", "2400", 5), owed("3", DAY, 5)])
    assert [each.why.code if each.why else None for each in alone.placed.values()] == [
        None,
        None,
        Code.NO_CAPACITY,
    ]


def test_what_no_lifetime_makes_is_refused_and_not_computed() -> None:
    slow = line(rate=Decimal("0.001"))
    found = plan(owed("1", "999999999.999", 5), lines=(slow,)).placed["1", 1]
    assert found.why is not None
    assert found.why.code is Code.NO_CAPACITY


def test_a_rush_order_has_its_place_and_moves_others() -> None:
    now = plan(*GOODS)
    rush = Owed(*RUSH, "", Job("TP-80", Decimal(DAY), Unit.ROLL, BEGIN), MONDAY, BEGIN, MONDAY)
    found = if_it_rushes(now, GOODS, rush)
    assert found.rush is not None
    assert found.rush.proposal is not None
    assert (found.rush.proposal.begins, found.rush.is_late) == (at(1, 8), True)
    assert [(each.owed.order, each.endangers) for each in found.moved] == [
        ("1", True),
        ("2", True),
        ("3", False),
    ]
    none = if_it_rushes(now, GOODS, dataclasses.replace(rush, job=dataclasses.replace(rush.job, product="x")))
    assert (list(none.moved), none.rush is not None and none.rush.proposal) == ([], None)


# --- the card ----------------------------------------------------------------------------------------------------

LATE = [0] * 16 + [1] * 3 + [4]
ASKED = Asked("decision", Subject.PRODUCTION_DATE.value, 1)


def seen(outlook: Outlook | None, wanted: date | None = None) -> OrderSeen:
    goods = LineSeen(1, "TP-80", "80", Decimal(10000), Words("卷", "roll"))
    return OrderSeen(
        "20270301-0002", MONDAY, lines=(goods,), wanted_date=wanted, outlooks={1: outlook} if outlook is not None else {}
    )  # fmt: skip


def example(lines: tuple[MachineLine, ...] = ()) -> Outlook:
    mine = owed("2", "10000", 9)
    return outlook_of(plan(owed("1", "8800", 3), lines=lines).branched().place_all([mine]), mine, LATE)


def test_the_example_as_production_reads_it() -> None:
    card = card_of(seen(example(), date(2027, 3, 4)), ASKED)
    told = {each.words.en: each for each in card.facts}
    assert told["proposed"].value.en == "L1 分切机 03-02 13:00 – 03-04 09:30, finished Fri 03-05"
    assert told["proposed"].marked, "a day after it is wanted"
    assert told["held up by"].value.en == "the line is taken; orders before it: 1, up to 03-02 12:00"
    assert told["how sure"].value.en == "Fri 03-05 80%, Mon 03-08 95%"
    assert "promised" not in told


def test_without_lines_nothing_is_proposed_and_without_history_nothing_is_sure() -> None:
    card = card_of(seen(None), ASKED)
    assert {"proposed", "held up by", "how sure"}.isdisjoint({each.words.en for each in card.facts})
    assert "promised" in {each.words.en for each in card.facts}
    unknown = dataclasses.replace(example(), sure=None)
    fact = facts.how_sure(seen(unknown), ASKED)
    assert fact is not None
    assert "unknown" in fact.value.en


def test_what_no_line_makes_is_said_on_the_card() -> None:
    fact = facts.proposed(seen(example((line(products=frozenset({"x"})),))), ASKED)
    assert fact is not None
    assert (fact.marked, "no machine line makes TP-80" in fact.value.en) == (True, True)


def test_an_order_keeps_no_figure_of_the_plan() -> None:
    assert Policy.model_validate({"schedule": {"finish_days": 3}}).schedule.finish_days == 3
    assert "schedule" not in Policy().model_dump(mode="json")


def test_a_closed_day_is_no_hours() -> None:
    closed = Calendar(holidays=frozenset({MONDAY}), years=(2027,))
    picture = week_picture(Plan([line()], closed, BEGIN, 1).place_all(GOODS), MONDAY)
    assert picture.rows[0].bars[0].block.x == DAY_WIDTH
