"""Pages of the daily duties: the sheet checked item by item, the production report, re-assignment of all that is one's."""

from __future__ import annotations

import re

import httpx
import pytest

from activities.orders.views.order_views import journal_of, show_order
from activities.store.database import engine_at
from models.dossier.journal import EntryKind
from models.order.sheet import CHECKED_FIELDS
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_browser import decided
from tests.gateway.test_pages import Person, person, staff
from tests.runtime.watching import looks

__all__ = ["person", "staff"]
pytestmark = pytest.mark.usefixtures("working")


async def placed(shop: httpx.AsyncClient, boss: httpx.AsyncClient, name: str = "shop/1") -> str:
    number = str((await shop.post("/v1/orders", json={**ORDER, "request_id": name})).json()["order"])
    await decided(boss, number, "technical", "production_date", "approval")
    return number


def waiting(settings: Settings, number: str) -> set[str]:
    return {step.key for step in show_order(engine_at(settings.database_url), number).order.steps}


async def until(settings: Settings, number: str, key: str, *, there: bool) -> None:
    """The order database has come so far."""
    async for look in looks(f"{key} is there: {there}"):
        look.saw = keys = waiting(settings, number)
        if (key in keys) is there:
            return


async def test_the_sheet_is_ticked_item_by_item(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, prepared: Settings
) -> None:
    """R170: what is not ticked is named and every tick is kept; all of them close the step."""
    number = await placed(shop, boss)
    await person.comes("chen")
    assert f'href="/orders/{number}/sheet-check"' in (await person.client.get("/")).text
    page = await person.client.get(f"/orders/{number}/sheet-check")
    assert page.status_code == 200
    for name in CHECKED_FIELDS:
        assert f'name="ok:{name}"' in page.text, name
    assert 'name="ok:line.1"' in page.text
    assert "深圳" in page.text
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token is not None
    form = {"form_token": token[1], "version": "1", "once": "a", "ok:line.1": "yes"}
    half = await person.client.post(f"/orders/{number}/sheet-check", data={**form, "ok:customer": "yes"})
    assert half.status_code == 422
    assert "还没有核对" in half.text
    assert re.search(r'name="ok:customer" value="yes" checked', half.text)
    full = form | {f"ok:{name}": "yes" for name in CHECKED_FIELDS} | {"once": "b"}
    done = await person.client.post(f"/orders/{number}/sheet-check", data=full)
    assert done.status_code == 303, done.text
    await until(prepared, number, "check_sheet:1", there=False)
    facts = [
        entry
        for entry in journal_of(engine_at(prepared.database_url), number)
        if entry.kind is EntryKind.FACT and entry.subject == "sheet_checked"
    ]
    assert [(entry.by, entry.data["content"]["lines"]) for entry in facts] == [("chen", [1])]
    stranger = await person.client.post(f"/orders/{number}/sheet-check", data={**full, "form_token": "x"})
    assert stranger.status_code == 403


async def test_what_differs_makes_a_new_version(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, prepared: Settings
) -> None:
    number = await placed(shop, boss)
    await person.comes("chen")
    form = {
        "form_token": await person.token(f"/orders/{number}/sheet-check"),
        "version": "1",
        "differs:line.1": "yes",
    }
    done = await person.client.post(f"/orders/{number}/sheet-check", data={**form, "words": "八卷"})
    assert done.status_code == 303, done.text
    await until(prepared, number, "details", there=True)


async def test_production_writes_the_days_report_and_nobody_else(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient
) -> None:
    await person.comes("ma")
    page = await person.client.get("/production-report")
    assert page.status_code == 200
    assert "没有欠报的日报" in page.text
    token = await person.token("/production-report")
    empty = await person.client.post("/production-report", data={"form_token": token})
    assert empty.status_code == 409
    nothing = await person.client.post("/production-report", data={"form_token": token, "nothing": "yes"})
    assert nothing.status_code == 303
    await person.comes("chen")
    assert (await person.client.get("/production-report")).status_code == 403


async def test_all_of_a_leavers_orders_go_to_another_with_a_result_for_each(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, prepared: Settings
) -> None:
    """R133: two salespersons have an order each (R131); the one's goes to the other, who then sees it (R85)."""
    first, second = await placed(shop, boss), await placed(shop, boss, "shop/2")
    engine = engine_at(prepared.database_url)
    people = {number: show_order(engine, number).order.salesperson for number in (first, second)}
    assert sorted(people.values()) == ["li", "zhou"], "the second one had none yet"
    mine = next(number for number, who in people.items() if who == "li")
    await person.comes("zhou")
    assert (await person.client.get(f"/orders/{mine}")).status_code == 403
    assert (await person.client.get("/reassign")).status_code == 403
    await person.comes("wu")
    page = await person.client.get("/reassign", params={"person": "li"})
    assert "salesperson" in page.text
    form = {
        "form_token": await person.token("/reassign?person=li"),
        "from": "li",
        "role": "salesperson",
        "reason": "离职",
    }
    assert (
        await person.client.post("/reassign", data={**form, "to": "zhou", "reason": ""})
    ).status_code == 422
    wrong = await person.client.post("/reassign", data={**form, "to": "ma", "once": "w"})
    assert f"/orders/{mine}" in wrong.text
    assert "✗" in wrong.text
    done = await person.client.post("/reassign", data={**form, "to": "zhou", "once": "d"})
    assert "✓" in done.text
    async for _ in looks("it is zhou's"):
        if show_order(engine, mine).order.salesperson == "zhou":
            break
    await person.comes("zhou")
    assert (await person.client.get(f"/orders/{mine}")).status_code == 200
    await person.comes("wu")
    form["form_token"] = await person.token("/reassign")
    none_left = await person.client.post("/reassign", data={**form, "to": "zhou", "once": "e"})
    assert none_left.status_code == 409
