"""Customers' credit by command: finance assesses, the list tells, files bring limits (R108, R109)."""

from __future__ import annotations

import json
from pathlib import Path

from activities.store import imports
from activities.store.database import engine_at, upgrade
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.commands.conftest import Desk

FILE = (
    '客户号,名称,信用状况,信用额度\nK-1,红枫,,"50,000"\nK-2,老周,待评估,\nK-3,慢付,limited,\nK-4,快付,,-5\n'
)


async def test_finance_assesses_and_the_list_tells(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    """R108: files bring limits, bad rows are told with their field; who is not of finance is refused."""
    upgrade(settings.database_url)
    engine = engine_at(settings.database_url)
    people = {"qian": Role.FINANCE, "wu": Role.SALES_SUPERVISOR}
    imports.import_staff(
        engine, [imports.StaffRow(person=name, name=name, roles=(role,)) for name, role in people.items()]
    )
    file = tmp_path / "customers.csv"
    file.write_text(FILE, encoding="utf-8")
    code, said, _ = await desk.run("import", "customers", str(file), "--json")
    bad = json.loads(said)["bad"]
    assert code == 3
    assert [(each["row"], each["where"], each["code"]) for each in bad] == [
        (4, "credit_limit", "bad_money"),
        (5, "credit_limit", "bad_money"),
    ]
    assert (await desk.run("assess", "K-2", "--limit", "5000", "--by", "wu"))[0] == 6
    assert (await desk.run("assess", "K-2", "--by", "qian"))[0] == 3
    assert (await desk.run("assess", "K-9", "--limit", "5000", "--by", "qian"))[0] == 4
    assert (await desk.run("assess", "K-2", "--limit", "5,000", "--reason", "年审", "--by", "qian"))[0] == 0
    assert (await desk.run("assess", "K-1", "--prepaid-only", "--by", "qian"))[0] == 0
    customers = json.loads((await desk.run("credit", "--json"))[1])["customers"]
    assert [(each["customer"], each["credit"], each["limit"], each["left"]) for each in customers] == [
        ("K-1", "prepaid_only", "0.00", "0.00"),
        ("K-2", "limited", "5000.00", "5000.00"),
    ]
    assert json.loads((await desk.run("credit", "--unassessed", "--json"))[1])["customers"] == []
    assert (await desk.run("credit", "--held", "--overdue"))[0] == 7
    assert "K-2" in (await desk.run("credit", "老周"))[1]
