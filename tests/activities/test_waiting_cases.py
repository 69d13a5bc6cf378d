"""Steps of quotes, contracts and after-sales cases count in the tabs of an inbox like those of orders."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from activities.desk.waiting import Tab, waiting_now
from activities.store.database import writing
from models.tables.registry import table
from tests.activities.conftest import NOW
from tests.activities.test_deputies import desk, each_desk, reader

__all__ = ["desk", "each_desk"]


def case_step(
    engine: Engine, number: str, roles: list[str], people: list[str], due: float, *, done: bool = False
) -> None:
    """A step of a case; `due` in hours from now."""
    case = {"number": number, "kind": "quote", "customer": "c-1", "placed_at": NOW}
    row = {
        "case_number": number, "key": "make_offer", "kind": "make_offer", "roles": roles, "people": people, "rule": "R102",
        "since": NOW, "due": NOW + timedelta(hours=due), "blocking": True, "zh": "报价", "en": "make an offer", "command": "",
        "closed_at": NOW if done else None,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(table("cases").insert().values(case))
        connection.execute(table("case_steps").insert().values(row))


def test_what_waits_at_a_quote_is_counted_for_whom_it_names_or_whose_role_it_is(each_desk: Engine) -> None:
    before = {who: waiting_now(each_desk, NOW).of(reader(each_desk, who), Tab.MINE) for who in ("fang", "fu")}
    case_step(each_desk, "Q20270301-0001", ["finance"], ["fang"], -1)
    case_step(each_desk, "Q20270301-0002", ["finance"], [], 1)
    case_step(each_desk, "Q20270301-0003", ["warehouse"], [], 1)
    case_step(each_desk, "Q20270301-0004", ["finance"], [], 1, done=True)
    now = waiting_now(each_desk, NOW)
    for who, more, late in (("fang", 2, 1), ("fu", 1, 0)):
        found = now.of(reader(each_desk, who), Tab.MINE)
        assert (found.total, found.overdue) == (before[who].total + more, before[who].overdue + late), who
    assert now.of(reader(each_desk, "fang"), Tab.TEAM).total == 0
