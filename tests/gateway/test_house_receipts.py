"""Receipts at the pages: recorded once, allocated with the proposal filled in, moved, bounced; for finance alone (R160, R161)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from activities.facts import pending_facts
from activities.money.receipt_lists import find_receipts
from activities.money.receipt_store import keep_receipt
from activities.store.database import writing
from models.money.house_receipt import HouseReceipt
from models.money.receipt_terms import ReceiptState
from models.tables.registry import table
from tests.activities.test_receipts import Recorded
from tests.gateway.test_company_pages import House

ONE, TWO, THREE = (f"20270301-000{number}" for number in (7, 8, 9))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Three living orders of K-1 beside the house's own."""
    made = House(f"sqlite:///{tmp_path / 'orders.db'}", tmp_path)
    for number in (ONE, TWO, THREE):
        Recorded(made.engine, number)
    return made


async def recorded(qian: Any, **fields: str) -> str:
    """A receipt of 12,000.00 for K-1; its number."""
    given = {"customer": "K-1", "amount": "12,000.00", "reference": "TX-70", "bank": "工行", **fields}
    answer = await qian.sends("/money/receipts", **given)
    assert answer.status_code == 303, answer.text
    return str(re.search(r"/money/receipts/(M[0-9-]+)", answer.headers["location"])[1])  # type: ignore[index]


async def test_a_receipt_goes_to_orders_and_the_rest_is_moved_later(house: House) -> None:
    """R160, R161: 12,000.00 = 3,500.00 + 6,200.00 + 2,300.00; what is proposed is filled in."""
    async with house.as_("is-finance") as qian:
        number = await recorded(qian)
        assert "待分配 1 笔" in await qian.reads("/money/receipts?show=waiting")
        page = await qian.reads(f"/money/receipts/{number}")
        assert "先还最早到期的" in page or "正好" in page
        assert re.search(r'name="order0" maxlength="40" value="2027', page)
        path = f"/money/receipts/{number}"
        given = {
            "order0": ONE,
            "amount0": "3,500.00",
            "order1": TWO,
            "amount1": "6,200.00",
            "order2": THREE,
            "amount2": "",
        }
        assert (await qian.sends(path, act="allocated", **given)).status_code == 303
        page = await qian.reads(path)
        for text in ("2,300.00", "有余额", f"/orders/{ONE}", f"{number}/2", "9,700.00"):
            assert text in page, text
        moved = await qian.sends(path, act="moved", order=THREE, amount="2300", reason="客户要求")
        assert moved.status_code == 303
        assert "已分配完" in await qian.reads(path)
        assert number in await qian.reads(f"/money/receipts?q={THREE}")
        assert number in await qian.reads("/money/receipts?q=tx-70")
    told = [kept for kept in pending_facts.waiting(house.engine) if kept.envelope.kind == "payment_received"]
    assert [(kept.order_number, kept.envelope.content["amount"]) for kept in told] == [
        (ONE, "3500.00"),
        (TWO, "6200.00"),
        (THREE, "2300.00"),
    ]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"amount": "0"}, 422),
        ({"amount": "-1"}, 422),
        ({"amount": "1.001"}, 422),
        ({"amount": "一千块"}, 422),
        ({"customer": "K-77"}, 404),
        ({"reference": " "}, 422),
        ({"method": "cash"}, 422),
        ({"paid_at": "2099-01-01 09:00"}, 422),
    ],
)
async def test_what_is_wrong_is_told_on_the_form_and_nothing_is_kept(
    house: House, fields: dict[str, str], status: int
) -> None:
    """R160"""
    async with house.as_("is-finance") as qian:
        given = {"customer": "K-1", "amount": "12000.00", "reference": "TX-70", **fields}
        answer = await qian.sends("/money/receipts", **given)
        assert answer.status_code in (status, 400), (fields, answer.status_code)
        assert 'role="alert"' in answer.text
    assert find_receipts(house.engine) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"order0": ONE, "amount0": "12000.01"}, 409),
        ({"order0": ONE, "amount0": "1", "order1": ONE, "amount1": "1"}, 409),
        ({"order0": "20270301-0099", "amount0": "1"}, 404),
        ({"order0": ONE, "amount0": "0"}, 422),
        ({"order0": ONE, "amount0": "0.001"}, 422),
    ],
)
async def test_an_allocation_that_may_not_be_changes_nothing(
    house: House, fields: dict[str, str], status: int
) -> None:
    """R160: what was typed stays on the form."""
    async with house.as_("is-finance") as qian:
        number = await recorded(qian)
        answer = await qian.sends(f"/money/receipts/{number}", act="allocated", **fields)
        assert answer.status_code in (status, 400), (fields, answer.status_code)
        assert 'role="alert"' in answer.text
        assert f'value="{fields["amount0"]}"' in answer.text
        (found,) = find_receipts(house.engine)
        assert found.state is ReceiptState.UNALLOCATED
        answer = await qian.sends(
            "/money/receipts", customer="K-1", amount="12000", reference="ｔｘ-70", bank="工行"
        )
        assert answer.status_code == 409
        assert number in answer.text


async def test_the_same_form_sent_twice_is_one_act(house: House) -> None:
    """R160"""
    async with house.as_("is-finance") as qian:
        one = await recorded(qian, once="a")
        assert await recorded(qian, once="a") == one
        path = f"/money/receipts/{one}"
        for _ in range(2):
            answer = await qian.sends(path, act="allocated", once="b", order0=ONE, amount0="100")
            assert answer.status_code == 303
    (found,) = find_receipts(house.engine)
    assert str(found.given) == "100.00"


async def test_a_cheque_waits_and_what_bounced_or_was_wrong_stays(house: House) -> None:
    """R53, R160"""
    async with house.as_("is-finance") as qian:
        number = await recorded(qian, method="cheque", reference="C-1")
        path = f"/money/receipts/{number}"
        assert "支票待兑付" in await qian.reads(path)
        assert (await qian.sends(path, act="allocated", order0=ONE, amount0="1")).status_code == 409
        assert (await qian.sends(path, act="cleared")).status_code == 303
        assert (await qian.sends(path, act="allocated", order0=ONE, amount0="1")).status_code == 303
        assert (await qian.sends(path, act="corrected", reason="记错")).status_code == 409
        assert (await qian.sends(path, act="bounced", reason="")).status_code in (400, 422)
        assert (await qian.sends(path, act="bounced", reason="退票")).status_code == 303
        assert "已随收款退回" in await qian.reads(path)
        other = await recorded(qian, reference="TX-9")
        assert (
            await qian.sends(f"/money/receipts/{other}", act="corrected", reason="记错客户")
        ).status_code == 303
        assert (await qian.sends(f"/money/receipts/{other}", act="nothing")).status_code == 400
        assert (await qian.get("/money/receipts/M20270301-0099")).status_code == 404


async def test_a_list_that_leaves_some_off_says_how_many_there_are(house: House) -> None:
    """R160: those that wait the oldest first, so that each comes up."""
    given = {"customer": "K-1", "amount": "1.00", "method": "bank", "by": "qian"}
    with writing(house.engine) as connection:
        for day in range(101):
            at = datetime(2026, 1, 1, 1, tzinfo=UTC) + timedelta(days=day)
            said = {
                "number": f"M-{day:03}",
                "reference": f"B-{day}",
                "at": at,
                "paid_at": at,
                "cleared_at": at,
            }
            keep_receipt(connection, HouseReceipt.model_validate(given | said))
    async with house.as_("is-finance") as qian:
        page = await qian.reads("/money/receipts?show=waiting")
        assert "共 101 笔，先列最早的 100 笔" in page
        assert ("M-000" in page, "M-100" in page) == (True, False)
        page = await qian.reads("/money/receipts")
        assert "只列最近的 100 笔" in page
        assert ("M-000" in page, "M-100" in page) == (False, True)
        assert "共 " not in await qian.reads("/money/receipts?q=M-000")


async def test_others_than_finance_see_nothing_of_it(house: House) -> None:
    """R160"""
    async with house.as_("is-finance") as qian:
        number = await recorded(qian)
    for who in (
        "is-salesperson",
        "is-service_clerk",
        "is-sales_supervisor",
        "is-marketing_director",
        "is-operator",
    ):
        async with house.as_(who) as person:
            for path in ("/money/receipts", f"/money/receipts/{number}"):
                assert (await person.get(path)).status_code == 403
                assert (await person.sends(path, act="allocated")).status_code == 403


async def test_the_statement_shows_receipt_and_balance(house: House) -> None:
    """R160"""
    async with house.as_("is-finance") as qian:
        number = await recorded(qian)
        await qian.sends(f"/money/receipts/{number}", act="allocated", order0=ONE, amount0="3500")
        page = await qian.reads("/company/statement?customer=K-1&first=2027-03-01&last=2027-03-31")
        for text in ("客户余额", f"/money/receipts/{number}", "12,000.00", "8,500.00"):
            assert text in page, text
    with house.engine.connect() as connection:
        acts = connection.execute(select(table("receipt_acts").c.kind)).scalars().all()
    assert sorted(acts) == ["allocated", "recorded"]
