"""Stock at the command line: what the pages do, by the same people (R110, R113)."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.store.database import engine_at, upgrade
from runtime.settings import Settings
from tests.activities.test_stock import ask
from tests.commands.conftest import Desk

STAFF = """
- {person: fan, name: 范, roles: [warehouse]}
- {person: yu, name: 于, roles: [quality]}
- {person: tang, name: 唐, roles: [purchasing]}
- {person: li, name: 李, roles: [salesperson]}
"""


@pytest.fixture
async def warehouse(desk: Desk, settings: Settings, tmp_path: Path) -> Desk:
    upgrade(settings.database_url)
    (tmp_path / "staff.yaml").write_text(STAFF)
    assert (await desk.run("import", "staff", str(tmp_path / "staff.yaml")))[0] == 0
    entered = await desk.run("stock", "enter", "A", "--unit", "roll", "--name", "收银纸", "--by", "fan")
    assert entered[0] == 0, entered
    return desk


async def test_goods_come_are_counted_and_inspected(warehouse: Desk, settings: Settings) -> None:
    """R110, R113: each with who, once for each key; who has no such role is refused."""
    desk, engine = warehouse, engine_at(settings.database_url)
    for _ in range(2):
        received = await desk.run(
            "stock", "receive", "A", "100", "--from", "opening", "--by", "fan", "--key", "k1"
        )
        assert (received[0], "100 of A available" in received[1]) == (0, True)
    assert (await desk.run("stock", "receive", "A", "1", "--by", "li"))[0] == 6
    assert (await desk.run("stock", "receive", "A", "1"))[0] == 3
    assert (await desk.run("stock", "receive", "X", "1", "--by", "fan"))[0] == 4
    ask(engine, "N-1", "reserve", ("A", "80"), firm=True)
    counting = ("stock", "count", "A", "70", "--reason", "盘点", "--by", "fan")
    code, _, err = await desk.run(*counting)
    assert (code, "N-1" in err, "10 fewer than are reserved" in err) == (7, True, True)
    for finer in (("count", "A", "1.0001", "--reason", "盘点"), ("receive", "A", "1.0001")):
        code, _, err = await desk.run("stock", *finer, "--by", "fan")
        assert (code, "bad_quantity" in err, "at most three decimals" in err) == (3, True, True), finer
    assert (await desk.run(*counting, "--sure"))[0] == 0
    assert (await desk.run("stock", "take-back", "A", "5", "--by", "fan"))[0] == 0
    assert (await desk.run("stock", "inspect", "A", "--passed", "6", "--by", "yu"))[0] == 3
    assert (await desk.run("stock", "inspect", "A", "--passed", "4", "--scrapped", "1", "--by", "yu"))[0] == 0
    assert (await desk.run("stock", "correct", "A", "--change=-1", "--reason", "多记", "--by", "fan"))[0] == 0
    expected = ("--day", "2099-01-05", "--reference", "CG-1", "--by", "tang")
    assert (await desk.run("stock", "expect", "A", "50", *expected))[0] == 0
    (item,) = await desk.read("stock", "list")
    assert (item["on_hand"], item["reserved"], item["available"]) == ("73.000", "70.000", "3.000")
    shown = await desk.read("stock", "show", "A")
    assert [row["order_number"] for row in shown["reservations"]] == ["N-1"]
    kinds = [row["kind"] for row in shown["movements"]]
    assert kinds == ["correction", "scrapped", "passed", "returned", "count", "opening"]
    assert (await desk.run("stock", "list", "收银"))[0] == 0
    assert (await desk.run("stock", "show", "A"))[0] == 0
    assert (await desk.run("stock", "show", "B"))[0] == 4
    engine.dispose()
