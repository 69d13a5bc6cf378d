"""`erase`: it counts and changes nothing, wants an administrator who names themselves, and is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from activities.store.database import engine_at, reading, upgrade, writing
from activities.store.imports import StaffRow, import_staff
from models.tables.registry import table
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.activities.test_erasing import ended_order
from tests.commands.conftest import Desk


@pytest.fixture
def customer(settings: Settings) -> str:
    """A customer with one order, which ended long ago; `guan` is the administrator."""
    upgrade(settings.database_url)
    engine = engine_at(settings.database_url)
    import_staff(engine, [StaffRow(person="guan", name="管", roles=(Role.ADMINISTRATOR,))])
    return ended_order(engine)


def ended_in(settings: Settings, year: int) -> None:
    """As if all orders had ended in this year."""
    orders = table("orders")
    with writing(engine_at(settings.database_url)) as connection:
        ended = connection.scalar(select(orders.c.ended_at))
        assert ended is not None
        connection.execute(update(orders).values(ended_at=ended.replace(year=year)))


async def test_it_counts_then_wants_a_name_then_erases_and_is_kept(
    desk: Desk, settings: Settings, customer: str
) -> None:
    ended_in(settings, 2010)
    code, said, _ = await desk.run("erase", customer)
    assert code == 0
    assert "nothing was changed" in said
    assert (await desk.read("erase", customer))["orders"] == 1
    assert (await desk.run("erase", customer, "--do"))[0] == 3
    assert (await desk.run("erase", customer, "--do", "--by", "chen"))[0] == 6
    code, said, wrong = await desk.run("erase", customer, "--do", "--by", "guan")
    assert code == 0, wrong
    assert "erased" in said
    acts = table("acts")
    with reading(engine_at(settings.database_url)) as connection:
        (kept,) = connection.execute(select(acts.c.person, acts.c.act)).all()
    assert tuple(kept) == ("guan", f"erase {customer}")
    assert (await desk.read("erase", customer))["rows"] == {}


async def test_too_early_and_unknown_are_said(desk: Desk, settings: Settings, customer: str) -> None:
    code, _, wrong = await desk.run("erase", customer, "--do", "--by", "guan")
    assert (code, "personal_data.keep_years" in wrong) == (7, True)
    assert (await desk.run("erase", "K-NOBODY"))[0] == 4
