"""One cart of goods from stock, goods made to order and samples, through pages, provider and engine: three orders, one payment,
and each goes its own way (R122 to R124, R130).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from temporalio.client import Client

from activities.access.customer_log_ins import LOG_IN_CODES
from activities.shop.refunding import pay_back_due
from activities.stock import warehouse
from activities.store.database import engine_at
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.vocabulary import Role, Unit
from runtime.link_secret import link_secret
from runtime.settings import Settings
from runtime.shop.providers import providers_of
from runtime.worker.workers import build_worker
from tests.gateway.conftest import now, own_key
from tests.gateway.shop_street import Street
from tests.gateway.test_shop import MAIL, PLACE, stocked
from tests.runtime.watching import PATIENCE_SECONDS, looks

pytestmark = pytest.mark.slow


@pytest.fixture
async def street(
    prepared: Settings, tmp_path: Path, temporal_client: Client, read_when_answered: None
) -> AsyncIterator[Street]:
    engine = engine_at(prepared.database_url)
    stocked(engine)
    warehouse.enter_item(engine, desk_acts.NewItem(product="HP-80", unit=Unit.ROLL))
    come = desk_acts.GoodsCome(product="HP-80", quantity=Decimal(60), source=StockMove.OPENING)
    warehouse.receive(engine, come, "store-fan", datetime.now(UTC), "opening")
    own = Street(tmp_path, prepared)
    async with own.open(), build_worker(temporal_client, own.settings):
        yield own


async def log_in(street: Street) -> None:
    await street.shop.post("/shop/login", data={"address": MAIL})
    codes = table("customer_codes")
    (code_id,) = street.rows(select(codes.c.code_id))[0]
    code = LOG_IN_CODES.code(link_secret(street.settings), str(code_id))
    came = await street.shop.post("/shop/login/code", data={"address": MAIL, "code": code})
    assert came.status_code == 303, came.text


async def check_out(street: Street) -> tuple[str, str]:
    """The id of the checkout and where it is paid."""
    page = (await street.shop.get("/shop/checkout")).text
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert form["seen_total"] == "1576.00"
    sent = await street.shop.post("/shop/checkout", data=form | {"agreed": "yes"})
    again = await street.shop.post("/shop/checkout", data=form | {"agreed": "yes"})
    assert sent.status_code == 303, sent.text
    assert again.headers["location"] == sent.headers["location"]
    return form["checkout"], sent.headers["location"].rpartition("/")[2]


async def ordered(street: Street) -> tuple[str, str, tuple[str, str, str]]:
    """The id of the checkout of such a cart, where it is paid, and its orders: from stock, made to order, the sample."""
    for form in (
        {"product": "HP-80", "quantity": "2"},
        {"product": "BX/1", "quantity": "400"},
        {"product": "HP-80", "quantity": "5", "sample": "yes"},
    ):
        assert (await street.shop.post("/shop/cart/put", data=form)).status_code == 303
    await log_in(street)
    await street.shop.post("/shop/account/address", data=PLACE)
    checkout, intent = await check_out(street)
    done = (await street.shop.get(f"/shop/done/{checkout}")).text
    stock, made, sample = dict.fromkeys(re.findall(r"/c/orders/(\d{8}-\d+)", done))
    return checkout, intent, (stock, made, sample)


def shares_of(street: Street, intent: str) -> dict[str, Decimal]:
    """What an intent asks for each order that is still to be paid by it."""
    asked = table("intent_allocations")
    of_it = select(asked).where(asked.c.intent == intent, asked.c.withdrawn_at.is_(None))
    return {row.order_number: row.amount for row in street.rows(of_it)}


async def becomes(
    street: Street, boss: httpx.AsyncClient, order: str, so: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """The order as the desk sees it, when it is so."""
    found: dict[str, Any] = {}
    async for look in looks(f"{order} is so"):
        found = (await boss.get(f"/v1/orders/{order}")).json()
        look.saw = found
        if so(found):
            break
    return found


def desk(street: Street) -> httpx.AsyncClient:
    """Somebody of every role of the house."""
    key = own_key(
        street.settings, "boss", *(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM, Role.SALESPERSON))
    )  # fmt: skip
    return httpx.AsyncClient(
        base_url=street.door,
        headers={"Authorization": f"Bearer {key}"},
        trust_env=False,
        timeout=PATIENCE_SECONDS,
    )


async def test_each_order_of_a_mixed_cart_goes_its_own_way(street: Street) -> None:
    checkout, intent, (stock, made, sample) = await ordered(street)
    shares = shares_of(street, intent)
    assert shares == {stock: Decimal("176.00"), sample: Decimal("400.00")}
    async with desk(street) as boss:
        await street.pays(intent, fault="twice")
        await becomes(street, boss, stock, lambda found: found.get("headline") == "awaiting_acceptance")
        assert (await becomes(street, boss, sample, lambda found: found.get("paid") == "400.00"))[
            "paid"
        ] == "400.00"
        assert "已付清" in (await street.shop.get(f"/shop/done/{checkout}")).text
        said = {
            "fact_id": "refuse/1", "happened_at": now(), "role": "service_clerk", "subject": "merchant_acceptance",
            "outcome": "refuse", "note_reference": "N-1", "detail": {"words": "缺货"},
        }  # fmt: skip
        answer = await boss.post(f"/v1/orders/{stock}/decisions", json=said)
        assert answer.status_code in (200, 201, 202), answer.text
        there = await street.becomes_there(intent, lambda found: found["refunds"])
        assert [each["amount"] for each in there["refunds"]] == ["176.00"], "what the refused order had"
        await becomes(street, boss, stock, lambda found: found.get("ending") == "cancelled")
        left = await becomes(street, boss, sample, lambda found: found.get("paid") == "400.00")
        other = await becomes(street, boss, made, lambda found: found.get("headline") != "cancelled")
        for _ in range(2):
            told = await street.shop.post(f"/shop/orders/{made}/cancel")
            assert told.status_code == 303, f"said twice it is known: {told.text}"
        wish = {
            "kind": "cancellation_requested", "fact_id": "wish/1", "happened_at": now(), "role": "service_clerk",
            "content": {"reason": "做不了"},
        }  # fmt: skip
        answer = await boss.post(f"/v1/orders/{sample}/facts", json=wish)
        assert answer.status_code in (200, 201, 202), answer.text
        there = await street.becomes_there(intent, lambda found: len(found["refunds"]) > 1)
        assert [each["amount"] for each in there["refunds"]] == ["176.00", "400.00"], "each order by itself"
        await becomes(street, boss, sample, lambda found: found.get("ending") == "cancelled")
    assert (left["ending"], other["ending"], other["paid"]) == (None, None, "0.00")
    listed = (await street.shop.get("/shop/orders")).text
    assert all(number in listed for number in (stock, made, sample))
    assert street.steps() == []


async def test_a_sample_that_is_cancelled_unpaid_is_asked_for_no_more(street: Street) -> None:
    """R123: the rest of the cart is to be paid by the next intent; who paid the old one in that moment has the sample's part
    back, and what is paid twice goes back too.
    """
    _, old, (stock, _, sample) = await ordered(street)
    assert (await street.shop.get(f"/shop/pay/{old}")).status_code == 200, (
        "somebody is on the provider's page"
    )
    async with desk(street) as boss:
        assert (await street.shop.post(f"/shop/orders/{sample}/cancel")).status_code == 303
        await becomes(street, boss, sample, lambda found: found.get("ending") == "cancelled")
        assert street.state(old) == "closed"
        assert shares_of(street, old) == {stock: Decimal("176.00")}
        new = f"{old.rpartition('-')[0]}-2"
        assert shares_of(street, new) == {stock: Decimal("176.00")}, "the other one is to be paid still"
        await street.pays(new)
        await becomes(street, boss, stock, lambda found: found.get("headline") == "awaiting_acceptance")
        await street.there.post(f"/pay/{old}", data={"outcome": "pay"})
        refunds = table("intent_refunds")

        def back() -> list[tuple[str, Decimal, str]]:
            return sorted((row.order_number, row.amount, row.state) for row in street.rows(select(refunds)))

        providers, done = providers_of(street.settings), 0
        async for _ in looks("both are paid back"):
            done += await asyncio.to_thread(
                pay_back_due, street.engine, providers, providers.told_at, datetime.now(UTC)
            )
            if done >= 2:
                break
        assert back() == [("", Decimal("176.00"), "done"), (sample, Decimal("400.00"), "done")]
        there = (await street.there.get(f"/v1/intents/{old}")).json()
        assert sorted(each["amount"] for each in there["refunds"]) == ["176.00", "400.00"]
        left = await becomes(street, boss, stock, lambda found: found.get("paid") == "176.00")
        assert left["ending"] is None
    assert street.steps() == []
