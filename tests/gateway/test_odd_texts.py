"""References with blanks, quotes and signs of a shell: one transfer is booked once, and every card has its form (R53)."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from activities.orders.views.order_views import show_order
from activities.store.database import engine_at
from models.dossier.step_moves import Move
from runtime.delivery.order_handles import order_handle
from runtime.settings import Settings
from tests.gateway.conftest import now
from tests.gateway.test_pages import Person, person, staff
from tests.gateway.test_webhooks import placed
from tests.runtime.watching import looks

__all__ = ["person", "staff"]
REFERENCES = [
    "FT 2027 01",
    "O'Brien's \"7\"",
    "A…B",
    "true",
    '{"a": 1}',
    "$HOME `id`; x",
    "--set amount=9.00",
]


def forms_in(page: str) -> list[dict[str, str]]:
    """The hidden fields of each form of an act, as a browser sends them back."""
    forms = re.findall(r'<form method="post" action="/orders/[^"]+/act"[^>]*>(.*?)</form>', page, re.DOTALL)
    hidden = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
    return [
        {name: html.unescape(value).replace("\n", "\r\n") for name, value in hidden.findall(form)}
        for form in forms
    ]


@pytest.mark.usefixtures("working")
async def test_each_is_confirmed_as_the_one_transfer_that_it_is(
    person: Person, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    handle = order_handle(temporal_client, number)
    for at, reference in enumerate(REFERENCES):
        said: dict[str, Any] = {"amount": "1.50", "reference": reference}
        await handle.execute_update("tell", {
            "fact_id": f"pos/{at}", "kind": "payment_received", "by": "pos", "role": "system", "happened_at": now(), "content": said,
        })  # fmt: skip
    await person.comes("qian")

    async def waiting() -> list[dict[str, str]]:
        page = (await person.client.get(f"/orders/{number}")).text
        return [form for form in forms_in(page) if form["step"].startswith("confirm_payment:")]

    found: list[dict[str, str]] = []
    async for look in looks("each transfer waits"):
        found = await waiting()
        look.saw = found
        if len(found) == len(REFERENCES):
            break
    assert {dict(Move.model_validate_json(form["says"]).says)["reference"] for form in found} == set(
        REFERENCES
    )
    for form in found:
        told = await person.client.post(f"/orders/{number}/act", data={**form, "amount": "1.50"})
        assert told.status_code == 303, (form, told.text)
    async for _ in looks("none waits"):
        if not await waiting():
            break
    view = show_order(engine, number)
    assert sorted(payment.reference for payment in view.payments) == sorted(REFERENCES)
    assert all(payment.confirmed for payment in view.payments)
    assert str(view.order.paid) == "10.50"
    await handle.terminate()


@pytest.mark.usefixtures("working")
async def test_a_form_of_a_step_that_asks_for_another_thing_now_is_not_still_asked(
    person: Person, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    """A form says what it said when it was shown; nothing of a later step is put in its place."""
    number = await placed(shop)
    await person.comes("qian")
    form = {"form_token": await person.token(), "step": "confirm_payment:X", "amount": "1.50"}
    for says in (
        "{",
        '"x"',
        '{"fact": "payment_received", "says": [["reference"]]}',
        '{"fact": "nothing"}',
        '{"of": 1}',
    ):
        refused = await person.client.post(f"/orders/{number}/act", data={**form, "says": says})
        assert refused.status_code == 400, says
    said = Move(fact="payment_received", says=(("reference", "TX 1"),)).as_text()
    assert (await person.client.post(f"/orders/{number}/act", data={**form, "says": said})).status_code == 303
    await order_handle(temporal_client, number).terminate()
