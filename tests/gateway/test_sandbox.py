"""A sandbox order: its days pass as a newcomer wants them to, and nobody else's do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.documents.printed_papers import entered
from activities.orders.views.order_views import journal_of, show_order
from activities.store.database import engine_at
from commands.desk.order_database import import_company
from gateway.app import create_app
from models.dossier.papers_due import Paper
from models.values.calendar import BUSINESS_ZONE
from rehearsal.files import read_company
from rehearsal.sandbox import MOST_DAYS
from runtime.settings import ROOT, Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER
from tests.gateway.test_pages import Person, person, staff

__all__ = ["person", "staff"]


@pytest.fixture
async def prepared(prepared: Settings) -> Settings:
    """An installation that offers sandbox orders, with the example company in it."""
    import_company(prepared, read_company(ROOT / "stories"))
    return prepared.model_copy(update={"sandbox": True})


@pytest.fixture
async def working(
    prepared: Settings, temporal_client: Client, read_when_answered: None
) -> AsyncIterator[None]:
    """A worker for orders and jobs."""
    async with build_worker(temporal_client, prepared):
        yield


async def _begun(person: Person, start: str) -> str:
    answer = await person.client.post("/sandbox", data={"form_token": await person.token(), "start": start})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).rpartition("/")[2]


async def _skip(person: Person, number: str, days: str) -> httpx.Response:
    return await person.client.post(
        f"/sandbox/{number}/skip", data={"form_token": await person.token(), "days": days}
    )


def _time_on(page: str) -> datetime:
    found = re.search(r"<time>(\d\d-\d\d \d\d:\d\d)</time>", page)
    assert found is not None, page
    now = datetime.now(BUSINESS_ZONE)
    told = datetime.strptime(f"{now.year}-{found[1]}", "%Y-%m-%d %H:%M").replace(tzinfo=BUSINESS_ZONE)
    return told if told > now - timedelta(days=1) else told.replace(year=now.year + 1)


@pytest.mark.usefixtures("working")
async def test_the_promise_slips_while_days_pass_and_what_is_told_happens_at_the_orders_own_time(
    person: Person, prepared: Settings
) -> None:
    await person.comes("chen")
    number = await _begun(person, "sheet_out")
    engine = engine_at(prepared.database_url)
    before = show_order(engine, number).order.promised
    assert (await _skip(person, number, "3")).status_code == 303
    after = show_order(engine, number).order.promised
    assert before is not None
    assert after == before + timedelta(days=3)
    page = (await person.client.get(f"/orders/{number}")).text
    assert "沙盒订单" in page
    own = _time_on(page)
    assert own > datetime.now(UTC) + timedelta(days=3)
    told = {
        "form_token": await person.token(),
        "kind": "contact_logged",
        "channel": "phone",
        "words": "问签回",
        "once": "1",
    }
    assert (await person.client.post(f"/orders/{number}/act", data=told)).status_code == 303
    last = [entry for entry in journal_of(engine, number) if entry.subject == "contact_logged"][-1]
    assert abs(last.happened_at - own) < timedelta(minutes=2)
    # what comes next depends on the hour at which the test runs: a limit that is over, or the night's slip
    for _ in range(6):
        assert (await _skip(person, number, "next")).status_code == 303
        if show_order(engine, number).order.promised != after:
            break
    assert show_order(engine, number).order.promised == before + timedelta(days=4)


@pytest.mark.endurance
@pytest.mark.usefixtures("working")
async def test_reminders_and_a_recall_come_at_the_orders_own_time_and_to_it_alone(
    person: Person, prepared: Settings
) -> None:
    await person.comes("chen")
    unpaid, arrived = await _begun(person, "unpaid"), await _begun(person, "arrived")
    engine = engine_at(prepared.database_url)
    assert (await _skip(person, unpaid, "12")).status_code == 303
    letters = [each for each in entered(engine, unpaid) if each.paper == Paper.REMINDER.value]
    assert letters
    assert (await _skip(person, arrived, "17")).status_code == 303
    assert show_order(engine, arrived).order.headline == "being_recalled"
    assert not [each for each in entered(engine, arrived) if each.paper == Paper.REMINDER.value]


@pytest.mark.usefixtures("working")
async def test_the_time_of_a_real_order_cannot_be_skipped(
    person: Person, shop: httpx.AsyncClient, prepared: Settings
) -> None:
    await person.comes("chen")
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    assert (await _skip(person, number, "1")).status_code == 404
    assert (await _skip(person, "20200101-0001", "next")).status_code == 404
    page = (await person.client.get(f"/orders/{number}")).text
    assert "/skip" not in page
    assert "沙盒订单" not in page


async def test_days_that_are_none_are_refused_in_words(person: Person) -> None:
    await person.comes("chen")
    for days in ("0", str(MOST_DAYS + 1), "-1", "1.5", "", "９", "later", "1" * 5000):
        answer = await _skip(person, "20200101-0001", days)
        assert answer.status_code in (400, 404), (days, answer.status_code)
        assert "Traceback" not in answer.text
    answer = await person.client.post("/sandbox", data={"form_token": await person.token(), "start": "war"})
    assert answer.status_code == 400
    assert (await person.client.post("/sandbox", data={"start": "placed"})).status_code == 403


async def test_an_installation_that_works_for_real_has_no_sandbox(person: Person, door: FastAPI) -> None:
    real = create_app(door.state.door.settings.model_copy(update={"sandbox": False}))
    await person.comes("chen")
    transport = httpx.ASGITransport(app=real)
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://door",
        cookies=person.client.cookies,
        headers={"Accept": "text/html"},
    ) as client:
        assert (await client.get("/sandbox")).status_code == 404
        assert "/sandbox" not in (await client.get("/")).text
        form = {"form_token": await person.token(), "days": "1", "start": "placed"}
        assert (await client.post("/sandbox", data=form)).status_code == 404
        assert (await client.post("/sandbox/20200101-0001/skip", data=form)).status_code == 404
