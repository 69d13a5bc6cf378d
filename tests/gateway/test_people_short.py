"""People are short on a day, and production decides: by the pages, on the engine (R150, R23)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from activities.orders.views.order_views import show_order
from activities.scheduling.schedule_now import schedule_now
from activities.store.database import engine_at
from activities.store.imports import MachineLineRow, StaffRow, import_machine_lines, import_staff
from models.policy import SchedulePolicy
from models.values.calendar import business_date
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_contracts import decided, sends
from tests.gateway.test_pages import Person, person, staff
from tests.gateway.test_shown_versions import form_in
from tests.runtime.watching import looks

__all__ = ["person", "staff"]
ALWAYS = "00:00-24:00"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LINE: dict[str, Any] = {
    "line": "L1", "name": "一号分切机", "products": ["TP-80"], "rate": "100", "unit": "roll", "crew": "机长 1",
    **dict.fromkeys(DAYS, ALWAYS),
}  # fmt: skip
SHORT = "机长 缺 1 人（需 1，在岗 0）"


@pytest.mark.usefixtures("working")
async def test_people_are_short_and_production_names_a_day_on_which_they_are_there(
    person: Person, staff: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    """The card says who is missing and keeps its proposal; the day that production names is the promise's, and the form asks
    nobody to follow the plan."""
    engine = engine_at(staff.database_url)
    import_machine_lines(engine, [MachineLineRow.model_validate(LINE)])
    import_staff(engine, [StaffRow(person="hand", name="郑强", trades=("机长",), superior="ma")])
    number: str = (await shop.post("/v1/orders?wait=recorded", json=ORDER)).json()["order"]
    await decided(staff, number, "technical", "producible", Role.TECHNICAL, material_note="原纸充足")
    await person.comes("ma")
    assert "人手够" in text_of(await person.client.get("/"))

    today = business_date(datetime.now(UTC))
    away = {"first_day": str(today), "last_day": str(today + timedelta(days=1))}
    told = await sends(person, "/company/person?id=hand", "/company/person/absence", id="hand", **away)
    assert told.status_code == 303, "their superior says so"
    inbox = await person.client.get("/")
    assert SHORT in text_of(inbox)

    form = form_in((await person.client.get(f"/orders/{number}")).text, f"decide {number} production_date")
    later = str(today + timedelta(days=9))
    answered = {
        **form, "outcome": "dated", "detail.clauses_confirmed": "true", "detail.quantity": "10",
        "detail.production_date": str(today + timedelta(days=2)), "detail.finished_date": later,
        "detail.machine_line": "", "detail.hours_from": "", "detail.hours_until": "",
    }  # fmt: skip
    said = await person.client.post(f"/orders/{number}/act", data=answered)
    assert said.status_code == 303, re.findall(r"role=\"alert\".*", said.text)
    assert str(await due(staff, number)) == later

    now = datetime.now(UTC)
    plan = schedule_now(engine, now, SchedulePolicy()).plan()
    (placed,) = plan.placed.values()
    assert placed.proposal is not None
    assert SHORT in text_of(await person.client.get("/schedule")), "it still is said where they are missing"
    assert str(await due(staff, number)) == later, "and nothing moved by looking"


async def due(settings: Settings, number: str) -> date:
    """The day by which production is to be done, once the order database has it."""
    found: date | None = None
    async for _ in looks(f"{number} has a day"):
        found = show_order(engine_at(settings.database_url), number).order.production_due
        if found is not None:
            break
    assert found is not None
    return found


def text_of(answer: httpx.Response) -> str:
    return re.sub(r"<[^>]+>", " ", answer.text)
