"""Somebody who means harm in the shop: scripts in names, codes without end, payments of nobody (R120 to R123)."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from limits import RateLimitItemPerHour

from gateway.api.problems import TooOften
from gateway.security.quotas import Quotas
from tests.gateway.test_shop import PLACE, Shopping, ready, shopping

__all__ = ["shopping"]
SCRIPT = "<script>alert(1)</script>"


async def test_scripts_in_names_stand_on_pages_as_they_were_typed(shopping: Shopping) -> None:
    await shopping.put()
    await shopping.comes()
    place = PLACE | {"consignee": SCRIPT, "address": f"深圳市 {SCRIPT}"}
    assert (await shopping.send("/shop/account/address", **place)).status_code == 303
    await shopping.send("/shop/account/invoice", title=SCRIPT, tax_number="1", kind="plain")
    await shopping.send("/shop/account/member", address="x@shop.example.com", name=SCRIPT, right="viewer")
    form, sent = await shopping.checkout()
    assert sent.status_code == 303
    done = f"/shop/done/{form['checkout']}"
    number = re.findall(r"/c/orders/(\d{8}-\d+)", (await shopping.get(done)).text)[0]
    for path in ("/shop/account", done, f"/c/orders/{number}", f"/shop?q={SCRIPT}", f"/shop/p/{SCRIPT}"):
        page = (await shopping.get(path)).text
        assert SCRIPT not in page, path
    assert "&lt;script&gt;" in (await shopping.get("/shop/account")).text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("phone", "abc", "至少 5 个字符"),
        ("address", "广州", "至少 5 个字符"),
        ("consignee", "王" * 61, "最多 60 个字符"),
        ("address", "深" * 301, "最多 300 个字符"),
    ],
)
async def test_an_address_is_refused_in_signs(shopping: Shopping, field: str, typed: str, words: str) -> None:
    """R120: what is wrong and what is allowed; it read "5 entries"."""
    await shopping.comes()
    refused = await shopping.send("/shop/account/address", **{**PLACE, field: typed})
    assert refused.status_code == 400
    assert words in refused.text


async def test_a_robot_has_no_codes_sent_without_end(
    door: FastAPI, shopping: Shopping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty an hour from one network, whatever the minute allows."""
    quotas = Quotas(shopping.settings)
    for _ in range(30):
        quotas.take_code("192.0.2.0")
    with pytest.raises(TooOften) as refused:
        quotas.take_code("192.0.2.0")
    assert 0 < refused.value.after_seconds <= 3600
    assert "{minutes}" not in refused.value.words.zh
    quotas.take_code("198.51.100.0")
    monkeypatch.setattr(door.state.door.quotas, "_codes", RateLimitItemPerHour(3))
    found = [
        (await shopping.send("/shop/login", address=f"a{number}@else.example.com")).status_code
        for number in range(4)
    ]
    assert found == [200, 200, 200, 429]
    assert shopping.count("customer_codes") == 3
    assert (await shopping.send("/shop/login", address="not-an-address")).status_code == 422


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_payment_of_nobody_is_answered_like_none(shopping: Shopping, method: str) -> None:
    for intent in ("P" + "0" * 24 + "-1", "P" + "0" * 24 + "-999999", "x", SCRIPT.replace("/", "")):
        answer = await shopping.client.request(method, f"/shop/pay/{intent}")
        assert answer.status_code in (404, 422), (intent, answer.text)
        assert SCRIPT not in answer.text


async def test_a_cart_holds_no_ten_thousand_and_nothing_below_one(shopping: Shopping) -> None:
    await ready(shopping)
    for quantity in ("10000", "-2", "0.5", "1e3", "２", " "):
        await shopping.send("/shop/cart/change", product="HP-80", quantity=quantity)
        shown = re.findall(
            r'name="quantity" inputmode="decimal" value="(\d+)"', (await shopping.get("/shop/cart")).text
        )
        assert shown in (["2"], ["1"]), (quantity, shown)
    assert (await shopping.put("BX/1", "100001")).status_code in (400, 409, 422)
