"""R34, the next-day slip, against a day-by-day reference that knows nothing of how the model counts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role
from tests.models.life import MONDAY, SIGNER, Life, heard, line

HOLIDAYS = [f"2027-05-0{day}" for day in range(1, 6)]
PLACES = st.sampled_from(
    [
        MONDAY,
        MONDAY + timedelta(days=4),  # a Friday
        datetime(2027, 2, 26, 9, 0, tzinfo=BUSINESS_ZONE),  # before a month's end
        datetime(2027, 12, 30, 9, 0, tzinfo=BUSINESS_ZONE),  # before a year's end
        datetime(2028, 2, 28, 9, 0, tzinfo=BUSINESS_ZONE),  # before a leap day
        datetime(2027, 4, 29, 9, 0, tzinfo=BUSINESS_ZONE),  # before a holiday
    ]
)


def day_of(moment: datetime, end_of_day: time | None) -> date:
    """The business day by the clock on the wall."""
    local = moment.astimezone(BUSINESS_ZONE)
    over = end_of_day is not None and local.time() >= end_of_day
    return local.date() + timedelta(days=1 if over else 0)


def slipped_by(
    sent: datetime,
    back: datetime,
    *,
    working: bool = False,
    end_of_day: time | None = None,
    held: tuple[datetime, datetime] | None = None,
) -> int:
    """Walk from the day of sending to the day it came back, one day at a time."""
    day, last, days = day_of(sent, end_of_day), day_of(back, end_of_day), 0
    while day < last:
        day += timedelta(days=1)
        if working and (day.weekday() >= 5 or day.isoformat() in HOLIDAYS):
            continue
        if held is not None and day_of(held[0], end_of_day) < day <= day_of(held[1], end_of_day):
            continue
        days += 1
    return days


@settings(max_examples=60, deadline=None)
@given(
    PLACES,
    st.integers(0, 30 * 24 * 60),
    st.booleans(),
    st.sampled_from([None, time(17, 30)]),
    st.lists(st.integers(0, 10 * 24 * 60), max_size=4),
)
def test_the_promise_slips_as_somebody_who_counts_days_would(
    placed: datetime, minutes: int, working: bool, end_of_day: time | None, looks: list[int]
) -> None:
    ends = 24 * 60 if end_of_day is None else end_of_day.hour * 60 + end_of_day.minute
    slip = {
        "days": "working" if working else "calendar",
        "end_of_day_minutes": ends,
        "deposit_slips": False,
    }
    policy = {"slip": slip, "hanging": {"days": 300}}
    life = Life(placed, policy=policy, calendar={"holidays": HOLIDAYS, "years": [2027]})
    life.verified().sheet_out()
    first, sent = life.promised, life.now
    assert first is not None
    back = sent + timedelta(minutes=minutes)
    for look in sorted(looks):
        moment = sent + timedelta(minutes=look)
        if moment < back:
            life.until(moment)
            assert life.promised == first + timedelta(
                days=slipped_by(sent, moment, working=working, end_of_day=end_of_day)
            )
    life.until(back).signed()
    expected = first + timedelta(days=slipped_by(sent, back, working=working, end_of_day=end_of_day))
    assert life.promised == expected
    assert life.order.promise.production_due == expected
    assert life.order.promise.ship_date == expected
    assert life.order.promise.first_promised == first
    life.later(days=9)
    assert life.promised == expected


@settings(max_examples=30, deadline=None)
@given(PLACES, st.integers(0, 8), st.integers(0, 8))
def test_reported_late_the_promise_is_where_it_would_have_been(
    placed: datetime, back_after: int, told_after: int
) -> None:
    """It counts when it happened; what slipped too far is corrected, nothing deleted."""
    policy = {"slip": {"deposit_slips": False}}
    life = Life(placed, policy=policy)
    life.verified().sheet_out()
    first, sent = life.promised, life.now
    assert first is not None
    happened = sent + timedelta(days=back_after)
    life.until(happened + timedelta(days=told_after))
    history = len(life.order.promise.history)
    life.does("confirmation_returned", version=1, signed_by=SIGNER, happened=happened)
    assert life.promised == first + timedelta(days=slipped_by(sent, happened))
    assert len(life.order.promise.history) == history + (1 if told_after else 0)
    if told_after:
        assert life.causes[-1] == "correction"


def test_three_days_slip_one_by_one_and_are_told() -> None:
    life = Life(MONDAY + timedelta(days=4)).verified().sheet_out()
    life.later(days=3)
    assert life.promised == life.day(8)
    assert life.causes == ["first", "customer", "customer", "customer"]
    assert [e.rule for e in life.entries(EntryKind.PROMISE)][1:] == ["R34"] * 3
    assert len(life.papers("new_promise")) == 3


def test_a_jump_of_days_does_what_each_day_would_have_done() -> None:
    """Three days without anybody looking slip three days, once."""
    slow, quick = (Life().verified().sheet_out() for _ in range(2))
    for _ in range(72):
        slow.later(hours=1)
    quick.later(days=3)
    assert slow.order.promise.history == quick.order.promise.history


def test_a_sheet_that_is_not_sent_slips_nothing() -> None:
    life = Life().verified()
    assert life.later(days=5).promised == life.day(5)


def test_an_illegible_copy_is_sent_again_and_its_days_do_not_count() -> None:
    life = Life().verified().does("sheet_sent", version=1)
    life.later(days=2).does("sheet_received", version=1, legible=False, role=Role.CUSTOMER)
    assert life.promised == life.day(5)
    assert life.causes[-1] == "correction"
    life.sheet_out().later(days=1)
    assert life.promised == life.day(6)


def test_a_faulty_sheet_is_not_back() -> None:
    life = Life().verified().sheet_out()
    life.does("confirmation_returned", version=1, signed_by="")
    life.later(days=2)
    assert life.promised == life.day(7)
    life.signed()
    assert life.promised == life.day(7)


def test_class_a_does_not_slip() -> None:
    life = Life(customer={"customer_class": "A"}).verified().sheet_out()
    assert life.later(days=4).promised == life.day(5)


@pytest.mark.parametrize(("slips", "days"), [(True, 9), (False, 5)])
def test_waiting_for_the_deposit_slips_by_the_switch(slips: bool, days: int) -> None:
    life = Life(policy={"slip": {"deposit_slips": slips}})
    life.verified().sheet_out().signed().later(days=4)
    assert life.promised == life.day(days)
    assert set(life.causes) == ({"first", "deposit"} if slips else {"first"})
    life.paid("1500.00").later(days=3)
    assert life.promised == life.day(days)


def test_sheet_and_deposit_each_cause_their_own_days() -> None:
    life = Life().verified().sheet_out()
    life.later(days=2).signed().later(days=1).paid("1500.00")
    assert life.promised == life.day(8)
    assert life.causes == ["first", "customer", "customer", "deposit"]


def test_a_deposit_reported_late_takes_the_slip_back() -> None:
    life = Life().verified().sheet_out().signed()
    paid_at = life.now
    life.later(days=3)
    assert life.promised == life.day(8)
    life.paid("1500.00", paid_at=paid_at.isoformat())
    assert life.promised == life.day(5)
    assert life.causes[-1] == "correction"


def test_days_on_hold_move_the_promise_once_and_by_their_own_name() -> None:
    life = Life().verified().sheet_out().later(days=1)
    life.does("hold_placed", reason="展会改期").later(days=3).does("hold_released")
    life.later(days=1)
    assert life.promised == life.day(5 + 1 + 3 + 1)
    assert life.order.promise.moved == {"customer": 2, "hold": 3}


def test_after_production_began_nothing_slips() -> None:
    life = Life().in_production().later(days=6)
    assert life.promised == life.day(5)


# --- lost days belong to the promise ---------------------------------------------------------------------------------

ADDRESS = {"address": "深圳市宝安区别处 9 号"}


def _two_days_lost() -> Life:
    life = Life(lines=[line(1), line(2)]).verified().sheet_out().later(days=2)
    assert life.promised == life.day(7)
    return life


def test_days_that_were_lost_stay_lost_when_only_the_address_changes() -> None:
    """R34: two days of slip, then another address: the promise and production's date stay where they are."""
    life = _two_days_lost().does("amendment_requested", changes=ADDRESS, reason="搬迁")
    assert life.order.sheet is not None
    assert (life.order.sheet.version, life.promised) == (2, life.day(7))
    assert life.order.sheet.content["promised"] == life.day(7).isoformat()
    life.sheet_out(2)
    assert (life.promised, life.order.promise.production_due) == (life.day(7), life.day(7))
    life.later(days=1)
    assert (life.promised, life.order.promise.ship_date) == (life.day(8), life.day(8))
    assert life.causes == ["first", "customer", "customer", "customer"]


@pytest.mark.parametrize("days", [0, 1, 3])
@pytest.mark.parametrize(
    "changes", [ADDRESS, {"freight_terms": "buyer_pays"}, {"lines": [{"line": 2, "unit_price": "5.10"}]}]
)
def test_no_amendment_that_leaves_productions_date_alone_gives_days_back(
    days: int, changes: dict[str, Any]
) -> None:
    life = Life(lines=[line(1), line(2)]).verified().sheet_out().later(days=days)
    life.does("amendment_requested", changes=changes, reason="客户要求").later(hours=1)
    assert life.promised == life.day(5 + days)


def test_days_lost_for_the_deposit_stay_lost_too() -> None:
    life = Life().verified().sheet_out().signed().later(days=2)
    assert life.causes[-1] == "deposit"
    life.does("amendment_requested", changes=ADDRESS, reason="搬迁").sheet_out(2).signed(2).paid("1500.00")
    assert life.promised == life.day(7)
    life.later(days=3)
    assert life.promised == life.day(7)


def test_productions_new_date_replaces_the_days_that_were_lost_and_only_its_own_lines() -> None:
    """R34: line 2 is dated anew, earlier; line 1 keeps its date and the days it lost."""
    life = _two_days_lost()
    life.does("amendment_requested", changes={"lines": [{"line": 2, "quantity": "900"}]}, reason="减量")
    life.decide(Subject.TECHNICAL, "producible", line=2, material_note="原纸充足")
    life.decide(
        Subject.PRODUCTION_DATE, "dated", line=2, production_date=life.day(3).isoformat(), quantity="900",
        finished_date=life.day(6).isoformat(),
    )  # fmt: skip
    assert life.promised == life.day(7)
    alone = Life().verified().sheet_out().later(days=2)
    alone.does("amendment_requested", changes={"lines": [{"line": 1, "quantity": "900"}]}, reason="减量")
    alone.verified(finish=6).sheet_out(2)
    assert alone.promised == alone.day(6)


def test_a_later_promise_that_was_agreed_does_not_lose_the_same_days_twice() -> None:
    """R24, R34: what was lost is in the agreed date; the next day that is lost moves it by one."""
    life = _two_days_lost()
    life.decide(Subject.LATER_PROMISE, "confirm", promised=life.day(25).isoformat())
    life.later(hours=1)
    assert (life.promised, life.order.promise.production_due) == (life.day(25), life.day(7))
    life.later(days=1)
    assert (life.promised, life.order.promise.production_due) == (life.day(26), life.day(8))


def test_the_promise_is_by_whoever_named_the_latest_date_and_not_by_who_answered_last() -> None:
    life = Life(lines=[line(1), line(2)])
    for number, finish, by in ((1, 9, "production-late"), (2, 4, "production-early")):
        life.decide(Subject.TECHNICAL, "producible", line=number, material_note="原纸充足")
        said: dict[str, Any] = {
            "production_date": life.day(1).isoformat(),
            "quantity": "1000",
            "finished_date": life.day(finish).isoformat(),
        }
        heard(life.answer(Subject.PRODUCTION_DATE, "dated", line=number, by=by, **said))
    assert (life.promised, life.order.promise.history[0].by) == (life.day(9), "production-late")


@pytest.mark.parametrize(("hour", "days"), [(16, 1), (18, 2)])
def test_a_hold_counts_its_days_by_the_same_end_of_day_as_the_slip(hour: int, days: int) -> None:
    """R34: with a day that ends at 17:30, what is released at 18:00 belongs to the next day, for both."""
    policy = {"slip": {"end_of_day_minutes": 17 * 60 + 30}}
    life = Life(policy=policy).verified().sheet_out().does("hold_placed", reason="展会改期")
    released = datetime.combine(life.day(1), time(hour), BUSINESS_ZONE)
    life.until(released).does("hold_released")
    assert life.order.promise.moved == {"hold": days}
    assert life.promised == life.day(5 + days)
    life.until(released + timedelta(days=1))
    assert life.promised == life.day(5 + days + 1)
