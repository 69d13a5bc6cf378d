"""Customers' credit at the desk: the list, one customer, finance's assessment (R108, R109)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from activities.credit.assessing import assessments_of
from activities.store import imports
from models.credit.assessment import CreditStanding
from tests.activities.test_credit_book import Lived
from tests.gateway.test_company_pages import House

OVER = "20270301-0008"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """K-1 may owe 10,000.00 and owes 9,000.00; another order of 2,000.00 is held. K-2 is still to be assessed."""
    made = House(f"sqlite:///{tmp_path / 'orders.db'}", tmp_path)
    rows: list[dict[str, Any]] = [
        {
            "customer": "K-1",
            "name": "红枫包装",
            "customer_class": "A",
            "salesperson": "li",
            "credit_limit": "10000.00",
        },
        {"customer": "K-2", "name": "别家", "salesperson": "zhou", "credit": "unassessed"},
    ]
    imports.import_customers(made.engine, [imports.CustomerRow.model_validate(row) for row in rows])
    Lived(made.engine, "20270301-0007", price="9.00").verified()
    assert Lived(made.engine, OVER, price="2.00").verified().held
    return made


async def test_the_list_shows_limits_what_is_bound_and_orders_held(house: House) -> None:
    """R109: figures that one can add up; a salesperson sees the own customers alone (R85)."""
    async with house.as_("is-finance") as qian:
        page = await qian.reads("/credit")
        for text in ("红枫包装", "10,000.00", "9,000.00", "1,000.00", OVER, "别家", "待评估"):
            assert text in page, text
        assert "/credit/customer?id=K-1" not in await qian.reads("/credit?show=unassessed")
        assert "/credit/customer?id=K-1" in await qian.reads("/credit?show=held")
        assert "没有符合的客户" in await qian.reads("/credit?show=overdue")
        assert "=HYPERLINK" in await qian.reads("/credit?q=HYPER")
    async with house.as_("zhou") as zhou:
        page = await zhou.reads("/credit")
        assert "别家" in page
        assert "红枫包装" not in page
        assert (await zhou.get("/credit/customer?id=K-1")).status_code == 403


async def test_finance_assesses_with_a_reason_and_the_history_stays(house: House) -> None:
    """R108: what is unclear is refused on the form, with what was typed; nobody else assesses."""
    async with house.as_("is-finance") as qian:
        path = "/credit/customer?id=K-2"
        for wrong in (
            {"standing": "limited", "limit": "", "reason": "x"},
            {"standing": "limited", "limit": "-1", "reason": "x"},
            {"standing": "limited", "limit": "一千块", "reason": "x"},
            {"standing": "prepaid_only", "limit": "5", "reason": "x"},
            {"standing": "limited", "limit": "5000", "reason": " "},
        ):
            answer = await qian.sends("/credit/assess", id="K-2", **wrong)
            assert answer.status_code in (400, 422), (wrong, answer.status_code)
            assert 'role="alert"' in answer.text
        assert assessments_of(house.engine, "K-2") == []
        done = await qian.sends(
            "/credit/assess", id="K-2", standing="limited", limit="５,000", reason="查过资信"
        )
        assert done.status_code == 303
        assert "查过资信" in await qian.reads(path)
        done = await qian.sends(
            "/credit/assess", id="K-2", standing="prepaid_only", limit="", reason="拖欠别家"
        )
        assert done.status_code == 303
        page = await qian.reads(path)
        assert "5,000.00" in page
        assert "仅限预付" in page
        assert "信用状况" in await qian.reads("/company/customer?id=K-2")
    assert house.row("customers", customer="K-2")["credit"] == CreditStanding.PREPAID_ONLY.value
    assert [each.assessed_by for each in assessments_of(house.engine, "K-2")] == ["is-finance", "is-finance"]
    async with house.as_("wu") as wu:
        refused = await wu.sends("/credit/assess", id="K-2", standing="limited", limit="1", reason="x")
        assert refused.status_code == 403


async def test_a_customer_made_on_the_page_is_to_be_assessed(house: House) -> None:
    """R108: nobody knew them before."""
    async with house.as_("li") as li:
        assert (await li.sends("/company/customer/new", customer="K-9", name="新客")).status_code == 303
    assert house.row("customers", customer="K-9")["credit"] == CreditStanding.UNASSESSED.value
    async with house.as_("is-finance") as qian:
        assert "新客" in await qian.reads("/credit?show=unassessed")
