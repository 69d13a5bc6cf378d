"""The promise calendar: days and loads, tonight's slips by the rule, moving an order to another day (R24, R34, R85)."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from activities.promises.day_loads import entries_on, loads_between, waiting_in
from activities.store.database import engine_at, reading, writing
from models.forms.day_of_order import DayKind
from models.tables.registry import table
from runtime.settings import Settings
from tests.gateway.test_pages import Person, person, staff
from tests.gateway.test_signing import recorded
from tests.models.life import Life

__all__ = ["person", "staff"]


async def shown(person: Person, path: str) -> httpx.Response:
    return await person.client.get(path)


async def test_a_week_by_days_tonight_and_a_move(person: Person, staff: Settings, door: FastAPI) -> None:
    number = recorded(staff)
    life = Life().verified().sheet_out()
    door.state.door.now = lambda: life.now
    await person.comes("chen")
    door.state.door._away_until = float("inf")
    promised = life.promised
    assert promised is not None
    week = await shown(person, f"/calendar?week={promised}")
    assert week.text.count(f'data-order="{number}"') == 3, "promised, due and planned"
    assert f'data-day="{promised}"' in week.text
    assert "1,000 卷" in week.text
    tonight = (await shown(person, "/calendar/tonight")).text
    assert number in tonight
    assert "客户未回传" in tonight
    assert f"{promised + timedelta(days=1):%m-%d}" in tonight
    later = promised + timedelta(days=3)
    move = (await shown(person, f"/calendar/move?order={number}&kind=promised&day={later}")).text
    for words in ("涉及", "业务员", "客户", "同意改为", f'name="detail.promised" value="{later}"'):
        assert words in move, words
    earlier = (
        await shown(person, f"/calendar/move?order={number}&kind=promised&day={promised - timedelta(days=1)}")
    ).text
    assert "acts/amendment_requested" in earlier
    assert "detail.promised" not in earlier
    for path, status in {
        "/calendar?week=xx": 400, "/calendar?week=2027-13-01": 400, "/calendar?week=": 200, "/calendar?week=2199-12-31": 200,
        f"/calendar/move?order={number}&kind=xx": 400, f"/calendar/move?order={number}&day=%27": 400, "/calendar/move?order=x": 404,
        "/calendar/move": 422, f"/calendar/move?order={number}": 200,
    }.items():  # fmt: skip
        assert (await shown(person, path)).status_code == status, path
    await person.comes("ma")
    assert "这不由您说" in (await shown(person, f"/calendar/move?order={number}&day={later}")).text
    await person.comes("zhou")  # a salesperson of other customers
    assert number not in (await shown(person, f"/calendar?week={promised}")).text
    assert number not in (await shown(person, "/calendar/tonight")).text
    assert (await shown(person, f"/calendar/move?order={number}")).status_code == 403


async def test_one_order_that_cannot_be_read_hides_no_other(
    person: Person, staff: Settings, door: FastAPI
) -> None:
    number = recorded(staff)
    life = Life().verified().sheet_out()
    with writing(engine_at(staff.database_url)) as connection:
        copied = connection.execute(table("orders").select()).mappings().one()
        connection.execute(table("orders").insert().values({**copied, "number": "20270301-0009"}))
    door.state.door.now = lambda: life.now
    await person.comes("chen")
    tonight = (await shown(person, "/calendar/tonight")).text
    assert number in tonight
    assert "推算不出" in tonight
    assert "20270301-0009" in tonight


@pytest.mark.postgresql
def test_days_are_read_along_indices(prepared: Settings) -> None:
    """No table is read whole, however many orders there are."""
    engine = engine_at(prepared.database_url)
    day = Life().now.date()
    plans: list[str] = []
    with reading(engine) as connection:
        if connection.dialect.name == "sqlite":
            for column in ("promised", "production_due", "ship_date"):
                query = f"select number from orders where ending is null and {column} >= '{day}' and {column} <= '{day}'"
                plans += [row[-1] for row in connection.execute(text(f"explain query plan {query}"))]
            query = "select number from orders where ending is null and phase in ('confirmation') order by phase, promised"
            plans += [row[-1] for row in connection.execute(text(f"explain query plan {query}"))]
    assert not [plan for plan in plans if plan.startswith("SCAN")], plans
    assert loads_between(engine, day, day + timedelta(days=6))[0].orders == {}
    assert entries_on(engine, DayKind.PROMISED, [day], 5) == {}
    assert waiting_in(engine, ["confirmation"], 5) == []
