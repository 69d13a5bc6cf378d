"""A cart over devices and time: what changed since it was put in is named, and two are merged at the log-in (R120, R121)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

import pytest
from fastapi import FastAPI

from activities.shop.products import import_products
from activities.stock import warehouse
from activities.store.imports import PriceRow, import_prices
from models.shop.catalogue import ProductRow, SoldAs
from models.stock import desk_acts
from models.values.vocabulary import Unit
from tests.gateway.conftest import caller
from tests.gateway.test_shop import Shopping, shopping, stocked

__all__ = ["shopping"]


@pytest.fixture
async def elsewhere(door: FastAPI, shopping: Shopping) -> AsyncIterator[Shopping]:
    """Another device, on the same shop at the same time."""
    async with caller(door, Accept="text/html") as client:
        yield Shopping(client, shopping.settings, shopping.clock)


def kept(quantity: str) -> str:
    return f'name="quantity" inputmode="decimal" value="{quantity}"'


async def test_two_devices_have_one_cart_after_the_log_in(shopping: Shopping, elsewhere: Shopping) -> None:
    """The larger quantity of what stands in both; what stands in one stays; it is merged once."""
    await shopping.put(quantity="2")
    await shopping.comes("13812345678")
    await elsewhere.put(quantity="5")
    await elsewhere.put("BX/1", "300")
    shopping.clock.later(minutes=2)
    await elsewhere.comes("138 1234 5678")
    for device in (shopping, elsewhere, shopping):
        cart = (await device.get("/shop/cart")).text
        assert kept("5") in cart
        assert kept("300") in cart
        assert kept("7") not in cart
    await elsewhere.send("/shop/cart/change", product="BX/1", remove="yes")
    assert kept("300") not in (await shopping.get("/shop/cart")).text, "the other device sees it"


async def test_a_cart_names_what_is_cheaper_less_or_gone(shopping: Shopping) -> None:
    await shopping.put(quantity="8")
    await shopping.put("BX/1", "100")
    await shopping.comes()
    stocked(shopping.engine, "78.00")
    cheaper = (await shopping.get("/shop/cart")).text
    assert "已降价 ¥80.00 → ¥78.00" in cheaper
    assert "去结算" in cheaper, "a lower price counts at once"
    lost = desk_acts.GoodsCounted(product="HP-80", counted=Decimal(5), reason="盘点")
    warehouse.count(shopping.engine, lost, "store-fan", shopping.clock(), "count-1")
    gone = ProductRow(product="BX/1", sold_as=SoldAs.MADE_TO_ORDER, days=5, shown=False)
    import_products(shopping.engine, [gone])
    changed = (await shopping.get("/shop/cart")).text
    assert "库存不足，现有 5 卷" in changed
    assert "已下架" in changed
    assert "去结算" not in changed
    assert "there are 5 rolls" in (await shopping.get("/shop/cart?language=en")).text
    await shopping.send("/shop/cart/acknowledge")
    cart = (await shopping.get("/shop/cart?language=zh")).text
    assert kept("5") in cart
    assert "BX/1" not in cart
    assert "去结算" in cart


async def test_a_cart_is_there_after_weeks_and_at_the_price_of_then(shopping: Shopping) -> None:
    await shopping.put()
    shopping.clock.later(days=60)
    dearer = PriceRow(
        product="HP-80",
        name="热敏纸",
        unit=Unit.ROLL,
        unit_price=Decimal("90.00"),
        valid_from=date(2026, 1, 1),
    )
    import_prices(shopping.engine, [dearer])
    cart = (await shopping.get("/shop/cart")).text
    assert "已涨价 ¥80.00 → ¥90.00" in cart
    shopping.clock.later(days=91)
    assert "购物车是空的" in (await shopping.get("/shop/cart")).text
