"""A client in another language speaks by signals: what the order refuses of them stands in somebody's inbox (R47)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.common import RawValue

from activities.facts.desk_steps import open_desk_steps
from activities.store.database import engine_at
from models.reports.desk_steps import DeskStep, DeskStepKind
from models.values.vocabulary import Role
from runtime.delivery.order_handles import order_handle
from runtime.settings import Settings
from tests.gateway.conftest import now
from tests.gateway.test_event_steps import card_of
from tests.gateway.test_pages import staff
from tests.gateway.test_webhooks import placed
from tests.runtime.watching import looks

__all__ = ["staff"]


def payment(amount: object, fact_id: str = "pos/1", reference: str = "TX-7") -> dict[str, Any]:
    return {
        "fact_id": fact_id, "kind": "payment_received", "by": "pos", "role": "system", "happened_at": now(),
        "content": {"amount": amount, "reference": reference},
    }  # fmt: skip


async def asked(settings: Settings, count: int) -> list[DeskStep]:
    """The open steps, once there are so many."""
    found: list[DeskStep] = []
    async for look in looks(f"{count} are open"):
        found = open_desk_steps(engine_at(settings.database_url))
        look.saw = found
        if len(found) == count:
            break
    return found


@pytest.mark.usefixtures("working")
async def test_what_is_refused_of_a_signal_is_asked_of_finance_and_told_rightly_it_is_done(
    door: FastAPI, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    number = await placed(shop)
    handle = order_handle(temporal_client, number)
    await handle.signal("payment_received", payment(12.5))
    (step,) = await asked(staff, 1)
    assert (step.kind, step.order_number) == (DeskStepKind.REFUSED_SIGNAL, number)
    assert step.roles == (Role.FINANCE, Role.SERVICE_CLERK)
    assert "12.5" in step.zh
    shown = await card_of(door, step)
    assert "TX-7" in shown
    assert "12.5" in shown
    await handle.signal("payment_received", payment("12.50"))
    await asked(staff, 0)
    await handle.terminate()


@pytest.mark.usefixtures("working")
async def test_what_nobody_can_read_is_asked_about_too_and_an_update_is_answered(
    shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    number = await placed(shop)
    handle = order_handle(temporal_client, number)
    await handle.signal(
        "payment_received", RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"{not"))
    )
    await handle.signal("shipped", args=[1, 2])
    await handle.signal("payment_recieved", payment("5.00", "pos/2"))
    await handle.signal("contact_logged", {"channel": "phone", "words": "x"})
    found = {step.about["fact"]: step for step in await asked(staff, 4)}
    assert set(found) == {"payment_received", "shipped", "payment_recieved", "contact_logged"}
    assert "{not" in found["payment_received"].zh
    assert Role.MATERIAL_CONTROLLER in found["shipped"].roles
    assert found["payment_recieved"].about["fact_id"] == "pos/2"
    reply = await handle.execute_update(
        "tell",
        payment("5.00", "pos/3") | {"content": {"amount": "5.00", "currency": "USD", "reference": "U"}},
    )
    assert reply["status"] == "refused"
    await handle.signal("payment_received", payment("5.00", "pos/2", "TX-9"))
    assert "payment_recieved" not in {step.about["fact"] for step in await asked(staff, 3)}
    await handle.terminate()
