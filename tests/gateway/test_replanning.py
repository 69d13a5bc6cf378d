"""The week planned anew on its page: looked at, taken over by production, refused where it rests on nothing any more (R150, R151)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from activities.store.database import reading
from models.tables.registry import table
from tests.gateway.test_company_pages import House
from tests.gateway.test_schedule import READERS, house, orders

__all__ = ["house"]
LONG = {"number": "20270226-0001", "quantity": "12000", "due": date(2027, 3, 2), "promised": date(2027, 3, 3)}
SHORT = {"number": "20270226-0002", "due": date(2027, 3, 3), "promised": date(2027, 3, 3)}
LATER = {"number": "20270226-0003", "due": date(2027, 3, 4), "promised": date(2027, 3, 4)}


def fields(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(turn\d+|rests_on)" value="([^"]*)"', text))


def booked(house: House) -> list[tuple[str, str]]:
    bookings = table("line_bookings")
    with reading(house.engine) as connection:
        rows = connection.execute(select(bookings).order_by(bookings.c.begins)).all()
    return [(row.order_number, row.state) for row in rows]


async def test_a_better_week_is_looked_at_and_taken_over(house: House) -> None:
    orders(house, [LONG, SHORT, LATER])
    async with house.as_("is-production") as ma:
        assert 'href="/schedule/replan"' in await ma.reads("/schedule")
        text = await ma.reads("/schedule/replan")
        assert booked(house) == [], "looking books nothing"
        told = re.sub(r"<[^>]+>", " ", text)
        assert re.search(r"先到期的先排\s+2\s+2", told)
        assert re.search(r"重排\s+1\s", told)
        assert (await ma.sends("/schedule/replan", **fields(text))).status_code == 303
        assert [order for order, _ in booked(house)] == [each["number"] for each in (SHORT, LATER, LONG)]
        assert {state for _, state in booked(house)} == {"firm"}
        assert "没有更好的次序" in await ma.reads("/schedule/replan")


async def test_what_rests_on_other_orders_is_refused_and_books_nothing(house: House) -> None:
    orders(house, [LONG, SHORT, LATER])
    async with house.as_("is-production") as ma:
        kept = fields(await ma.reads("/schedule/replan"))
        orders(house, [{"number": "20270226-0004", "due": date(2027, 3, 9)}])
        stale = await ma.sends("/schedule/replan", **kept)
        assert (stale.status_code, "排产的依据已变" in stale.text) == (409, True)
        no_turn = await ma.sends("/schedule/replan", **{**kept, "turn0": "x"})
        assert (no_turn.status_code, "不是排产次序" in no_turn.text) == (400, True)
        fresh = fields(await ma.reads("/schedule/replan"))
        nothing = await ma.sends("/schedule/replan", rests_on=fresh["rests_on"])
        assert nothing.status_code == 409, "nothing to take over is no success"
    assert booked(house) == []


@pytest.mark.parametrize("role", sorted(READERS - {"production"}))
async def test_others_look_and_do_not_take_over(house: House, role: str) -> None:
    orders(house, [LONG, SHORT, LATER])
    async with house.as_(f"is-{role}") as reader:
        text = await reader.reads("/schedule/replan")
        assert "采用这个次序" not in text
        assert (await reader.sends("/schedule/replan", **fields(text))).status_code == 403
    assert booked(house) == []
