"""What comes after the open steps, as a part of the order's page, asked of the order itself."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from temporalio.client import Client

from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER, now
from tests.gateway.test_pages import Person, person, staff

__all__ = ["person", "staff"]


async def test_the_page_tells_what_comes_then_or_that_no_worker_says_so(
    person: Person,
    shop: httpx.AsyncClient,
    prepared: Settings,
    temporal_client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await person.comes("wu")
    monkeypatch.setattr("runtime.delivery.telling.SOON", timedelta(seconds=10))
    async with build_worker(temporal_client, prepared):
        number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
        told = (await person.client.get(f"/orders/{number}/next")).text
        logged = {"fact_id": "c/1", "kind": "contact_logged", "happened_at": now(), "role": "service_clerk"}
        content = {"channel": "phone", "words": "来电"}
        await shop.post(f"/v1/orders/{number}/facts", json={**logged, "content": content})
        page = (await person.client.get(f"/orders/{number}")).text
    assert f'hx-get="/orders/{number}/next"' in page
    assert "没有工人回答" not in told
    places = [
        told.index(words) for words in ("生产交期", "客户签回确认书", "联合检验", "余款到账", "客户提货签收")
    ]
    assert places == sorted(places)
    assert "订单审批" not in told  # asked for already
    monkeypatch.setattr("runtime.delivery.telling.SOON", timedelta(seconds=1))
    silent = await person.client.get(f"/orders/{number}/next")
    assert silent.status_code == 200
    assert "没有工人回答" in silent.text
    assert "签回确认书" not in silent.text
    nobody = await person.client.get("/orders/20200101-0001/next")
    assert nobody.status_code == 404
    await person.client.post("/logout", data={"form_token": await person.token()})
    assert (await person.client.get(f"/orders/{number}/next")).status_code == 303
