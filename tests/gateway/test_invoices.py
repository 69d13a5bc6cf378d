"""Invoices at the pages: asked for by the customer, issued and taken back by finance, also after the order's end (R162 to R165)."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from activities.archive.archives import archive_order
from activities.documents.document_store import DocumentStore
from activities.store.database import engine_at, writing
from gateway.security.customer_links import link_for
from models.customer_links import LinkPurpose
from models.messages.decision_subjects import Subject
from models.tables.registry import table
from runtime.settings import Settings
from tests.gateway.conftest import caller
from tests.gateway.test_pages import Person, person, staff
from tests.gateway.test_signing import recorded
from tests.models.life import Life, line

__all__ = ["person", "staff"]


def settled() -> Life:
    """12,345 sheets at 0.0385, paid, delivered, settled."""
    sheets = line(1, quantity="12345", unit="sheet", unit_price="0.0385")
    life = Life(lines=[sheets], payment_terms="prepaid", number="20270301-7771")
    life.verified().sheet_out().signed().decide(Subject.SMALL_ORDER, "prepaid", assessment="老客户")
    life.paid("475.28", purpose="whole").decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=1, clerk="service_clerk-1").made("12345").passed("12345")
    life.decide(Subject.FINANCE_RELEASE, "release").sent().does("arrived", place="深圳")
    return life.does("delivery_receipt", signed_by="王芳")


@pytest.fixture
def order(staff: Settings) -> str:
    life = settled()
    assert not life.order.lives
    number = recorded(staff, life)
    with writing(engine_at(staff.database_url)) as connection:  # it has begun under this very request
        connection.execute(update(table("requests")).values(request_id=life.order.request.request_id))
    return number


@pytest.fixture
async def customer(
    door: FastAPI, staff: Settings, order: str
) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """The customer at the own order, by a link."""
    now = settled().now + timedelta(hours=1)
    door.state.door.now = lambda: now
    async with caller(door, Accept="text/html") as client:
        link = link_for(staff, order, by="chen", purpose=LinkPurpose.ORDER, now=now)
        yield client, "/" + link.split("/", 3)[3].partition("?")[0]


async def sends(person: Person, order: str, act: str, **fields: str) -> httpx.Response:
    text = (await person.client.get(f"/invoices/{order}")).text
    token, once = (re.search(rf'name="{name}" value="([^"]+)"', text) for name in ("form_token", "once"))
    given = {
        "form_token": token[1] if token else await person.token(),
        "once": once[1] if once else f"{act}-{sorted(fields.items())}",
        **fields,
    }
    return await person.client.post(f"/invoices/{order}/{act}", data=given)


async def test_a_customer_asks_and_finance_issues_and_takes_back(
    customer: tuple[httpx.AsyncClient, str], person: Person, order: str
) -> None:
    """R162, R163: the order has ended; each act is told to everybody whom it concerns."""
    client, path = customer
    page = (await client.get(path)).text
    assert "申请开票" in page, page[-3000:]
    bad = await client.post(f"{path}/invoice", data={"title": "红枫", "tax_number": "12", "asked": "0"})
    assert bad.status_code == 409
    assert "税号由 15、18 或 20 位" in bad.text
    above = await client.post(f"{path}/invoice", data={"title": "红枫", "amount": "475.29", "asked": "0"})
    assert "最多还可开票 ¥475.28" in above.text
    asked = {
        "title": "红枫包装有限公司",
        "tax_number": "91440300MA5D12345X",
        "invoice_kind": "special",
        "asked": "0",
    }
    for _ in range(2):
        done = await client.post(f"{path}/invoice", data=asked)
        assert done.headers["location"] == f"{path}?said=invoice", done.text
    await person.comes("qian")
    desk = (await person.client.get("/invoices")).text
    assert desk.count("红枫包装有限公司") == 1, "sent twice it is asked for once"
    issued = await sends(person, order, "issue", request="1", amount="475.28", invoice="2444200000001")
    assert issued.headers["location"] == f"/invoices/{order}?said=issue", issued.text
    shown = (await person.client.get(f"/invoices/{order}")).text
    for words in ("2444200000001", "¥475.28", "¥420.60", "¥54.68"):
        assert words in shown, words
    assert "2444200000001" in (await client.get(path)).text
    assert "2444200000001" in (await person.client.get(f"/orders/{order}")).text
    too_much = await sends(
        person, order, "reverse", invoice="2444200000001", red_letter="H-1", reason="错", amount="475.29"
    )
    assert "只剩 ¥475.28 可冲红" in too_much.text
    red = await sends(
        person, order, "reverse", invoice="2444200000001", red_letter="H-1", reason="退货", amount="77.00"
    )
    assert red.status_code == 303, red.text
    shown = (await person.client.get(f"/invoices/{order}")).text
    for words in ("¥-77.00", "¥-68.14", "¥-8.86"):
        assert words in shown or words.replace("¥-", "-¥") in shown, words
    found = (await person.client.get("/invoices?q=H-1")).text
    assert "红字，冲 2444200000001" in found


async def test_who_does_not_issue_is_refused(person: Person, order: str) -> None:
    """R162: finance issues; production sees nothing of it."""
    await person.comes("chen")
    asked = await sends(person, order, "request", title="红枫")
    assert asked.status_code == 303, re.findall(r"role=.alert.>[^<]*", asked.text)
    issued = await sends(person, order, "issue", request="1", invoice="F-1")
    assert issued.status_code == 403
    nothing = await sends(person, order, "burn")
    assert nothing.status_code == 404


async def test_the_provider_issues_a_file(
    door: FastAPI, person: Person, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R162: its number and file are the provider's; asked again it is the same."""
    settings = door.state.door.settings
    door.state.door.settings = settings.model_copy(update={"invoices_by": "file"})
    await person.comes("qian")
    await sends(person, order, "request", title="红枫")
    issued = await sends(person, order, "issue", request="1", by="provider")
    assert issued.status_code == 303, re.findall(r"role=.alert.>[^<]*", issued.text)
    shown = (await person.client.get(f"/invoices/{order}")).text
    document = re.search(r"([0-9a-f]{64}\.json)", shown)
    assert document is not None, shown
    kept = json.loads(DocumentStore(settings.documents).read(document[1]))
    assert (kept["order"], kept["amount"], kept["title"]) == (order, "475.28", "红枫")
    assert kept["invoice"] in shown


async def test_an_archived_order_is_found_and_taken(person: Person, staff: Settings, order: str) -> None:
    """R165: found by a word of it, and the file is the one whose SHA-256 was kept."""
    engine, store = engine_at(staff.database_url), DocumentStore(staff.documents)
    assert archive_order(engine, store, order)
    assert not archive_order(engine, store, order), "once"
    await person.comes("qian")
    assert order in (await person.client.get("/archive?q=tp-80")).text
    assert order not in (await person.client.get("/archive?q=nothing-like-it")).text
    taken = await person.client.get(f"/archive/{order}.zip")
    assert taken.headers["content-type"] == "application/zip"
    digest = hashlib.sha256(taken.content).hexdigest()
    assert digest[:12] in (await person.client.get("/archive")).text
    archive = zipfile.ZipFile(io.BytesIO(taken.content))
    names = archive.namelist()
    assert {"order.json", "journal.jsonl", "money.json", "manifest.json"} <= set(names)
    assert any(name.startswith("papers/confirmation_sheet") for name in names)
    money: dict[str, Any] = json.loads(archive.read("money.json"))
    assert money["payments"][0]["amount"] == "475.28"
    unknown = await person.client.get("/archive/20270301-9999.zip")
    assert unknown.status_code == 404
