"""Receipts by command: recorded once, given to orders as proposed, the rest moved; for finance alone (R160, R161)."""

from __future__ import annotations

import json
from typing import Any

from activities.store import imports
from activities.store.database import engine_at, upgrade
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.activities.test_receipts import Recorded
from tests.commands.conftest import Desk


async def test_a_receipt_from_the_command_line(desk: Desk, settings: Settings) -> None:
    """R160, R161: each refusal with its exit code, and nothing changed by it."""
    upgrade(settings.database_url)
    engine = engine_at(settings.database_url)
    people = {"qian": Role.FINANCE, "li": Role.SALESPERSON}
    imports.import_staff(
        engine, [imports.StaffRow(person=name, name=name, roles=(role,)) for name, role in people.items()]
    )
    imports.import_customers(engine, [imports.CustomerRow(customer="K-1", name="红枫")])
    one, two = (Recorded(engine, f"20270301-000{number}").life.order.number for number in (1, 2))

    async def does(*words: str, by: str = "qian") -> tuple[int, Any]:
        code, said, _ = await desk.run("receipt", *words, "--by", by, "--json")
        return code, json.loads(said) if said.strip() else None

    record = ("record", "K-1", "12,000.00", "TX-70", "--bank", "工行")
    assert (await does(*record, by="li"))[0] == 6
    code, receipt = await does(*record, "--id", "a")
    assert (code, receipt["state"], receipt["rest"]) == (0, "unallocated", "12000.00")
    number = receipt["number"]
    assert (await does(*record, "--id", "a"))[1]["number"] == number
    assert (await does("record", "K-1", "12000", "tx-70"))[0] == 7
    assert (await does("record", "K-1", "1.001", "TX-71"))[0] == 3
    assert (await does("record", "K-9", "1", "TX-71"))[0] == 4
    assert (await does("allocate", number, f"{one}=12000.01"))[0] == 7
    assert (await does("allocate", number, f"{one}=1", f"{one}=1"))[0] == 7
    assert (await does("allocate", number, "20270301-0099=1"))[0] == 4
    assert (await does("allocate", number, one))[0] == 3
    assert [each["number"] for each in (await does("list", "--waiting"))[1]] == [number]
    shown = (await does("show", number))[1]
    assert [each["order"] for each in shown["proposed"]] == [one, two]
    code, given = await does("allocate", number, f"{one}=3500.00", f"{two}=6,200.00")
    assert (code, given["given"], given["rest"]) == (0, "9700.00", "2300.00")
    assert (await does("move", number, one, "2300.01", "--reason", "客户要求"))[0] == 7
    assert (await does("move", number, one, "1000", "--reason", ""))[0] == 3
    code, moved = await does("move", number, one, "1000", "--reason", "客户要求")
    assert (code, moved["rest"]) == (0, "1300.00")
    code, back = await does("refund", number, "300", "--reason", "客户要求")
    assert (code, back["rest"], back["refunded"]) == (0, "1000.00", "300.00")
    assert [each["rest"] for each in (await does("list", "tx-70", "--balance"))[1]] == ["1000.00"]
    assert number in (await desk.run("receipt", "show", number, "--by", "qian"))[1]
