"""Orders of the shop on a real server, paid through the test provider: paid once, refused and paid back, cancelled and closed.

Stories 14 and 15 with everything in between: callback, inbox, workflow, errands, refund.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from activities.stock import warehouse
from activities.store.database import engine_at
from models.stock import desk_acts
from models.values.vocabulary import Role, Unit
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import key_for, now, own_key
from tests.gateway.shop_street import Street
from tests.runtime.watching import PATIENCE_SECONDS, looks

pytestmark = [pytest.mark.slow, pytest.mark.endurance]


def request(number: int) -> dict[str, Any]:
    """An order of the shop: 2 × 100.00, 12.00 for delivery."""
    return {
        "request_id": f"shop-co-{number}", "channel": "website", "customer": "K1", "contact": "王芳", "phone": "1",
        "address": "深圳", "consignee": "王芳", "fulfilment": "shop", "payment_terms": "prepaid", "delivery_method": "courier",
        "lines": [{"line": 1, "product": "TP-80", "specification": "80", "quantity": "2", "unit": "roll", "unit_price": "100.00"}],
        "packing": "箱", "entered_by": "a-1", "entered_role": "customer",
        "shop": {"checkout": f"co-{number}", "account": "a-1", "terms_version": "1", "delivery_fee": "12.00", "seen_total": "212.00"},
    }  # fmt: skip


@pytest.fixture
async def street(
    prepared: Settings, tmp_path: Path, temporal_client: Client, read_when_answered: None
) -> AsyncIterator[Street]:
    engine = engine_at(prepared.database_url)
    warehouse.enter_item(engine, desk_acts.NewItem(product="TP-80", name="热敏纸", unit=Unit.ROLL))
    come = desk_acts.GoodsCome(product="TP-80", quantity=Decimal(100))
    warehouse.receive(engine, come, "is-warehouse", datetime.now(UTC), "come-1")
    own = Street(tmp_path, prepared)
    async with own.open(), build_worker(temporal_client, own.settings):
        yield own


async def placed(street: Street, number: int) -> str:
    key = key_for(street.settings, f"shop-{number}", places_orders=True)
    answer = await street.shop.post(
        "/v1/orders", json=request(number), headers={"Authorization": f"Bearer {key}", "Accept": "*/*"}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["order"])


async def test_paid_refused_and_cancelled(street: Street) -> None:
    key = own_key(
        street.settings,
        "boss",
        *(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM, Role.SALESPERSON)),
    )
    async with httpx.AsyncClient(
        base_url=street.door, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE_SECONDS
    ) as boss:

        async def becomes(order: str, wanted: str) -> dict[str, Any]:
            found: dict[str, Any] = {}
            async for look in looks(f"{order} is {wanted}"):
                found = (await boss.get(f"/v1/orders/{order}")).json()
                look.saw = found.get("headline")
                if found.get("headline") == wanted:
                    break
            return found

        first, second, third = [await placed(street, number) for number in (1, 2, 3)]
        for order in (first, second, third):
            await becomes(order, "awaiting_payment")
        both = {first: Decimal("212.00"), second: Decimal("212.00")}
        intent, alone = street.opened("co-1", both), street.opened("co-3", {third: Decimal("212.00")})

        await street.pays(intent, fault="twice")
        for order in both:
            assert (await becomes(order, "awaiting_acceptance"))["paid"] == "212.00"
        page = (await street.shop.get(f"/shop/pay/{intent}/back")).text
        assert "已收到款项" in page

        said = {
            "fact_id": "refuse/1", "happened_at": now(), "role": "service_clerk", "subject": "merchant_acceptance",
            "outcome": "refuse", "note_reference": "N-1", "detail": {"words": "缺货"},
        }  # fmt: skip
        answer = await boss.post(f"/v1/orders/{first}/decisions", json=said)
        assert answer.status_code in (200, 201, 202), answer.text
        await street.shop.get(f"/shop/pay/{alone}")
        said = {"fact_id": "cancel/1", "happened_at": now(), "role": "customer", "reason": "不要了"}
        portal = key_for(street.settings, "portal", Role.CUSTOMER)
        answer = await boss.post(
            f"/v1/orders/{third}/cancel", json=said, headers={"Authorization": f"Bearer {portal}"}
        )
        assert answer.status_code in (200, 201, 202), answer.text
        there = await street.becomes_there(intent, lambda found: found["refunds"])
        assert [each["amount"] for each in there["refunds"]] == ["212.00"]
        there = await street.becomes_there(alone, lambda found: found["state"] == "closed")
        assert there["payments"] == []
        await becomes(second, "awaiting_acceptance")
        assert street.state(intent) == "paid"
        assert street.state(alone) == "closed"
        assert street.steps() == []
