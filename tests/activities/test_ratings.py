"""Ratings: asked for on the working day after, given once, changeable, a low one opens a complaint (R141)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from activities.cases.ratings import (
    SurveyPage,
    ask_for_ratings,
    complaints_due,
    rate,
    rating_of,
    ratings_of,
)
from activities.store.database import reading, writing
from models.cases.rating import Rating, asked_on, changeable_until, is_low
from models.policy import AfterwardsPolicy
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE, Calendar
from models.values.errors import Code, Refusal
from runtime.cases.complaints import open_complaints
from runtime.settings import Settings
from tests.activities.test_opened_cases import ORDER, delivered

POLICY = AfterwardsPolicy()
NEXT = date(2027, 1, 6)
NOON = datetime(2027, 1, 6, 4, tzinfo=UTC)
MINE = ("c-1",)


def asked(engine: Engine, day: date = NEXT) -> int:
    return ask_for_ratings(engine, SurveyPage(day=day), POLICY).asked


def given(engine: Engine, goods: int, merchant: int, words: str = "", now: datetime = NOON) -> None:
    rate(engine, ORDER, MINE, Rating(goods=goods, merchant=merchant, words=words), now, POLICY)


def test_the_working_day_after() -> None:
    """R141: of Friday that is Monday."""
    friday = datetime(2027, 3, 5, 20, tzinfo=BUSINESS_ZONE)
    assert asked_on(friday, Calendar()) == date(2027, 3, 8)
    assert changeable_until(date(2027, 3, 8), POLICY) == datetime(2027, 4, 8, tzinfo=BUSINESS_ZONE)


@pytest.mark.parametrize(
    ("goods", "merchant", "low"), [(3, 3, False), (2, 5, True), (5, 1, True), (5, 5, False)]
)
def test_one_or_two_is_low(goods: int, merchant: int, low: bool) -> None:
    """R141: for either."""
    assert is_low(Rating(goods=goods, merchant=merchant), POLICY) is low


@pytest.mark.postgresql
def test_asked_once_on_the_day_after(company: Engine) -> None:
    """R141: not on the day itself, nor on a holiday, nor twice; the customer is told."""
    delivered(company)
    assert asked(company, date(2027, 1, 5)) == 0
    assert ask_for_ratings(company, SurveyPage(day=date(2027, 1, 9)), POLICY).is_holiday
    assert [asked(company), asked(company), asked(company, date(2027, 1, 7))] == [1, 0, 0]
    outbox = table("outbox")
    with reading(company) as connection:
        rows = connection.execute(select(outbox.c.order_number, outbox.c.roles, outbox.c.zh)).all()
    assert [(row.order_number, row.roles) for row in rows] == [(ORDER, ["customer"])]
    assert "评分" in rows[0].zh


def test_a_day_that_was_missed_is_made_good(company: Engine) -> None:
    """R141: a server that was away for a week asks later."""
    delivered(company)
    assert asked(company, date(2027, 1, 13)) == 1


def test_who_has_everything_is_asked_though_the_bill_is_open(company: Engine) -> None:
    """R141: completed on Tuesday, not settled for weeks."""
    delivered(company)
    done = datetime(2027, 1, 5, 6, tzinfo=UTC)
    with writing(company) as connection:
        connection.execute(update(table("orders")).values(ending=None, ended_at=None, completed_at=done))
    assert [asked(company, date(2027, 1, 5)), asked(company)] == [0, 1]


def test_what_counts_is_when_it_was_completed_and_not_when_it_was_settled(company: Engine) -> None:
    """R141: who was asked then is not asked again weeks later; of long ago nobody is."""
    delivered(company)
    done = datetime(2026, 11, 2, 6, tzinfo=UTC)
    with writing(company) as connection:
        connection.execute(update(table("orders")).values(completed_at=done))
    assert asked(company) == 0


def test_who_cancelled_is_not_asked(company: Engine) -> None:
    """R141: only who got the goods."""
    delivered(company)
    with writing(company) as connection:
        connection.execute(update(table("orders")).values(ending="cancelled"))
    assert asked(company) == 0


@pytest.mark.postgresql
def test_one_rating_changeable_for_thirty_days(company: Engine) -> None:
    """R141: the same again changes nothing; another customer's is none."""
    delivered(company)
    asked(company)
    given(company, 4, 5)
    given(company, 4, 5)
    assert rating_of(company, ORDER, MINE).changes == 0
    given(company, 5, 5, "很好")
    found = rating_of(company, ORDER, MINE)
    assert (found.goods, found.words, found.changes) == (5, "很好", 1)
    with pytest.raises(Refusal) as refused:
        given(company, 3, 3, now=found.until)
    assert refused.value.code is Code.TOO_LATE
    given(company, 3, 3, now=found.until - timedelta(seconds=1))
    with pytest.raises(Refusal) as refused:
        rate(company, ORDER, ("c-2",), Rating(goods=5, merchant=5), NOON, POLICY)
    assert refused.value.code is Code.UNKNOWN_ORDER
    assert ratings_of(company, ("c-2",)) == []


def test_a_low_rating_opens_one_complaint(company: Engine, settings: Settings, database_url: str) -> None:
    """R141: however often it is changed; the house opens it in the customer's name."""
    here = settings.model_copy(update={"database_url": database_url})
    delivered(company)
    asked(company)
    given(company, 3, 3)
    assert complaints_due(company) == []
    given(company, 1, 4, "破了")
    assert [each.order_number for each in complaints_due(company)] == [ORDER]
    assert asyncio.run(open_complaints(here)) == [f"C{ORDER}-1"]
    assert rating_of(company, ORDER, MINE).case_number == f"C{ORDER}-1"
    given(company, 2, 2)
    assert asyncio.run(open_complaints(here)) == []
    requests = table("case_requests")
    with reading(company) as connection:
        start = connection.scalar(select(requests.c.start))
    assert start is not None
    assert (start["request"]["type"], start["request"]["cause"]) == ("complaint", "low_rating")
    assert "破了" in start["request"]["words"]
