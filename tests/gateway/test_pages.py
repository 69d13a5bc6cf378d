"""The staff's and the customer's pages: who gets in, what is shown, what may be said (R31, R85)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.access.logins import (
    LASTS,
    LOCKED_FOR,
    MOST_FAILURES,
    log_in,
    session_of,
    set_password,
    set_passwords,
)
from activities.store.database import engine_at, reading, writing
from activities.store.imports import StaffRow, import_staff
from gateway.security.customer_links import customer_of, link_for
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.settings import Settings
from runtime.worker.paperwork import build_press
from tests.gateway.conftest import ORDER, caller, now
from tests.runtime.watching import looks

PASSWORD = "correct horse battery"
PEOPLE = {
    "chen": (Role.SERVICE_CLERK,), "lin": (Role.TECHNICAL,), "lin2": (Role.TECHNICAL,), "ma": (Role.PRODUCTION,),
    "wu": (Role.SALES_SUPERVISOR,), "li": (Role.SALESPERSON,), "zhou": (Role.SALESPERSON,), "qian": (Role.FINANCE,),
}  # fmt: skip


@pytest.fixture
async def staff(prepared: Settings) -> Settings:
    """People who may log in."""
    engine = engine_at(prepared.database_url)
    import_staff(engine, [StaffRow(person=name, name=name, roles=roles) for name, roles in PEOPLE.items()])
    set_passwords(engine, list(PEOPLE), PASSWORD)
    return prepared


class Person:
    """Somebody at the pages."""

    def __init__(self, app: FastAPI) -> None:
        self.client = caller(app, Accept="text/html")

    async def comes(self, person: str, password: str = PASSWORD) -> httpx.Response:
        return await self.client.post("/login", data={"person": person, "password": password})

    async def token(self, path: str = "/") -> str:
        text = (await self.client.get(path)).text
        found = re.search(r'name="form_token" value="([^"]+)"', text)
        assert found is not None, text[:500]
        return found[1]


@pytest.fixture
async def person(door: FastAPI, staff: Settings) -> AsyncIterator[Person]:
    someone = Person(door)
    yield someone
    await someone.client.aclose()


async def test_nobody_gets_in_without_logging_in(person: Person) -> None:
    for path in (
        "/",
        "/board",
        "/search",
        "/orders",
        "/orders/papers.pdf?order=1",
        "/orders/20270101-0001",
        "/events",
    ):
        answer = await person.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login"), path
    wrong = await person.comes("chen", "wrong password")
    assert wrong.status_code == 401
    assert "密码不对" in wrong.text
    unknown = await person.comes("nobody")
    assert "密码不对" in unknown.text
    came = await person.comes("chen")
    cookie = came.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    home = await person.client.get("/")
    assert home.status_code == 200
    assert "我的待办" in home.text
    assert "script-src" not in home.headers["content-security-policy"]
    assert "default-src 'self'" in home.headers["content-security-policy"]
    assert "onclick" not in home.text
    assert "My inbox" in (await person.client.get("/?language=en")).text
    token = await person.token()
    assert (await person.client.post("/logout", data={"form_token": "x"})).status_code == 403
    assert (await person.client.post("/logout", data={"form_token": token})).status_code == 303
    assert (await person.client.get("/")).status_code == 303


def test_a_log_in_is_locked_after_failures_and_a_session_ends(staff: Settings) -> None:
    engine, moment = engine_at(staff.database_url), datetime.now(UTC)
    for _ in range(MOST_FAILURES):
        with pytest.raises(Refusal):
            log_in(engine, "lin", "wrong", moment, "-")
    with pytest.raises(Refusal):
        log_in(engine, "lin", PASSWORD, moment, "-")
    token = log_in(engine, "lin", PASSWORD, moment + LOCKED_FOR + timedelta(seconds=1), "-")
    later = moment + LOCKED_FOR + timedelta(minutes=5)
    assert session_of(engine, token, later).caller.roles == (Role.TECHNICAL,)
    for ended in (later + timedelta(hours=3), later + LASTS):
        with pytest.raises(Refusal) as refused:
            session_of(engine, token, ended)
        assert refused.value.code is Code.NOT_SIGNED_IN
    set_password(engine, "lin", "another password")
    with pytest.raises(Refusal):
        session_of(engine, token, later)
    with pytest.raises(Refusal) as refused:
        set_password(engine, "lin", "short")
    assert refused.value.code is Code.MALFORMED
    with reading(engine) as connection:
        stored = connection.exec_driver_sql("select password_hash from logins").scalars().all()
    assert all(each.startswith("$argon2id$") for each in stored)


@pytest.mark.usefixtures("working")
async def test_each_does_the_own_part_from_the_inbox(
    person: Person, door: FastAPI, staff: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("lin")
    inbox = (await person.client.get("/")).text
    assert number in inbox
    assert "红枫" in inbox
    assert "TP-80 80 · 10 卷" in inbox
    assert "R21 书面技术与原料确认" in inbox
    assert "R21 technical note in writing" in (await person.client.get("/?language=en")).text
    await person.client.get("/?language=zh")
    assert "可以生产" in inbox
    page = f"/orders/{number}"
    command = f"decide {number} technical producible/not_producible --note …"
    form = {"form_token": await person.token(), "command": command, "outcome": "producible", "note_reference": "N-1",
            "detail.material_note": "原纸充足", "back": "inbox"}  # fmt: skip
    forged = await person.client.post(f"{page}/act", data={**form, "form_token": "x"})
    assert forged.status_code == 403
    done = await person.client.post(f"{page}/act", data=form)
    assert (done.status_code, done.headers["location"]) == (303, f"/?said=accepted&order={number}")
    assert "已采纳" in (await person.client.get(done.headers["location"])).text
    assert "可以生产" not in (await person.client.get("/")).text
    second = Person(door)
    await second.comes("lin2")
    late = await second.client.post(
        f"{page}/act", data={**form, "form_token": await second.token(), "outcome": "not_producible"}
    )
    assert late.status_code == 409
    assert 'role="alert"' in late.text
    assert re.search(r"lin（技术部）已于 \d\d-\d\d \d\d:\d\d 先作出决定：可以生产", late.text), late.text
    assert "原纸充足" in late.text
    assert '<form method="post" action="/orders' not in late.text
    await second.client.aclose()
    approval = {
        **form,
        "command": f"decide {number} approval approve/send_back --note …",
        "outcome": "approve",
    }
    refused = await person.client.post(f"{page}/act", data=approval)
    assert refused.status_code == 409
    shown = (await person.client.get(page)).text
    assert "原纸充足" in shown or "技术确认" in shown
    assert (await person.client.get(f"{page}/acts/contact_logged")).status_code == 200
    assert (await person.client.get(f"{page}/acts/nothing")).status_code == 422
    assert number in (await person.client.get("/board")).text
    assert number in (await person.client.get("/orders?q=红")).text
    other = Person(door)
    await other.comes("zhou")
    assert (await other.client.get(page)).status_code == 403
    assert number not in (await other.client.get("/orders?q=红")).text
    await other.client.aclose()
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_a_customer_signs_the_own_sheet_and_sees_nothing_else(
    door: FastAPI, staff: Settings, shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client
) -> None:
    """R31, R85: by a link that opens one order; an old version, a changed link and another order open nothing."""
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    today = business_date(datetime.now(UTC))
    finish = str(today + timedelta(days=4))
    for n, (subject, outcome, role, detail) in enumerate(
        (
            ("technical", "producible", "technical", {"material_note": "ok"}),
            ("production_date", "dated", "production",
             {"production_date": str(today), "quantity": "10", "finished_date": finish}),
            ("approval", "approve", "sales_supervisor", {}),
        )
    ):  # fmt: skip
        body = {"fact_id": f"d/{n}", "happened_at": now(), "role": role, "subject": subject, "outcome": outcome,
                "note_reference": "N-1", "detail": detail}  # fmt: skip
        assert (await boss.post(f"/v1/orders/{number}/decisions", json=body)).status_code == 200
    sent = {
        "fact_id": "s/1",
        "kind": "sheet_sent",
        "happened_at": now(),
        "content": {"version": 1},
        "role": "service_clerk",
    }
    assert (await shop.post(f"/v1/orders/{number}/facts", json=sent)).status_code == 200
    build_press(staff).print_due()
    path = "/c/" + link_for(staff, number).rpartition("/")[2]
    async with caller(door, Accept="text/html") as client:
        shown = (await client.get(path)).text
        assert "请签回确认书" in shown
        assert "客户信息备忘录" not in shown
        assert "chen" not in shown
        papers = re.findall(rf"{re.escape(path)}/papers/([0-9a-f]{{64}})", shown)
        pdf = await client.get(f"{path}/papers/{papers[0]}")
        assert pdf.content.startswith(b"%PDF")
        assert (await client.get(f"{path}/papers/{'0' * 64}")).status_code == 404
        changed = path[:-2] + ("AA" if not path.endswith("AA") else "BB")
        assert (await client.get(changed)).status_code == 401
        stale = await client.post(f"{path}/sign", data={"version": "7", "signed_by": "王芳", "agreed": "yes"})
        assert stale.status_code == 409
        unticked = await client.post(f"{path}/sign", data={"version": "1", "signed_by": "王芳"})
        assert "勾选" in unticked.text
        assert f'action="{path}/sign"' in unticked.text
        for seen in (shown, unticked.text, (await client.get(changed)).text):
            assert "王芳" not in seen.replace('value="王芳"', ""), "who signs is nobody's to learn here"
            assert not re.search(r"\bR\d{2,3}\b", seen), "texts to customers carry no rule numbers"
        scan = await client.post(f"{path}/scan", files={"file": ("sheet.exe", b"MZ", "application/pdf")})
        assert scan.status_code == 409
        scan = await client.post(f"{path}/scan", files={"file": ("../../sheet.png", b"\x89PNG", "image/png")})
        assert scan.status_code == 303
        assert [file.name.startswith(f"door-{number}") for file in (staff.scans / "in").iterdir()] == [True]
        for _ in range(4):
            await client.post(f"{path}/scan", files={"file": ("sheet.png", b"\x89PNG", "image/png")})
        full = await client.post(f"{path}/scan", files={"file": ("sheet.png", b"\x89PNG", "image/png")})
        assert (full.status_code, full.headers["Retry-After"]) == (429, "5")
        signed = await client.post(
            f"{path}/sign", data={"version": "1", "signed_by": "王芳", "agreed": "yes"}
        )
        assert signed.headers["location"].endswith("?said=looked")
        async for _ in looks("it is recorded a moment after it was told"):
            if "正在核对" in (await client.get(path)).text:
                break
        view = (await shop.get(f"/v1/orders/{number}/steps")).json()
        looked_at = next(step for step in view if step["kind"] == "verify_signature")
        clean = {"version": 1, "signed_by": "王芳", "document": looked_at["key"].partition(":")[2]}
        body = {"fact_id": "c/1", "kind": "confirmation_returned", "happened_at": now(), "content": clean,
                "role": "service_clerk"}  # fmt: skip
        looked = await shop.post(f"/v1/orders/{number}/facts", json=body, params={"wait": "recorded"})
        assert looked.status_code == 200
        assert "请签回确认书" not in (await client.get(path)).text
        assert (await client.get(f"/orders/{number}")).status_code == 303
        early = await client.post(f"{path}/receipt", data={"shipment": "1", "signed_by": "王芳"})
        assert early.status_code == 409
        unasked = await client.post(f"{path}/scan", files={"file": ("sheet.png", b"\x89PNG", "image/png")})
        assert unasked.status_code == 409
    timeline = (await shop.get(f"/v1/orders/{number}/timeline")).json()
    returned = next(entry for entry in timeline if entry["subject"] == "confirmation_returned")
    assert (returned["by"], returned["role"]) == ("customer:K1", "customer")
    assert returned["data"]["content"]["document"].startswith("link/")
    assert returned["data"]["content"]["link_signature"]["document_sha256"] == papers[0]
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


def test_a_link_is_good_for_its_order_and_not_for_ever(staff: Settings) -> None:
    token = link_for(staff, "20270105-0001").rpartition("/")[2]
    assert customer_of(staff, token).order == "20270105-0001"
    assert (staff.var / "link-secret").stat().st_mode & 0o077 == 0
    with pytest.raises(Refusal) as refused:
        customer_of(staff, token, datetime.now(UTC) + timedelta(days=31))
    assert refused.value.code is Code.NOT_SIGNED_IN
    with writing(engine_at(staff.database_url)) as connection:
        assert connection.execute(table("staff").select()).first() is not None


def steps_for_technical(settings: Settings, count: int) -> list[str]:
    """So many orders that wait for the technical staff, the most overdue first."""
    numbers = [f"20270105-{place:04d}" for place in range(1, count + 1)]
    moment = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
    with writing(engine_at(settings.database_url)) as connection:
        for place, number in enumerate(numbers):
            connection.execute(table("orders").insert().values(number=number, customer="K1"))
            connection.execute(
                table("open_steps").insert().values(
                    order_number=number, key="decision:technical", kind="decision", roles=["technical"], people=[],
                    rule="R21", since=moment, due=moment + timedelta(hours=place), blocking=True, zh="待决定", en="to be decided",
                    command=f"decide {number} technical producible/not_producible --note …",
                )
            )  # fmt: skip
    return numbers


async def test_an_inbox_has_pages_and_hides_nothing(
    person: Person, staff: Settings, shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = steps_for_technical(staff, 5)
    monkeypatch.setattr("gateway.pages.desk.staff_pages.STEPS_ON_A_PAGE", 2)
    await person.comes("lin")
    seen: list[str] = []
    first = "/?tab=mine"
    assert f'hx-get="{first}"' in (await person.client.get("/")).text, "the tab that is read stays"
    path: str | None = first
    while path:
        text = (await person.client.get(unescape(path))).text
        assert ("下一页" in text) == (len(seen) + 2 < len(numbers))
        assert ("第一页" in text) == (path != first)
        assert f'hx-get="{path}"' in text, "what moved is shown on the same page again"
        seen += re.findall(r'<a href="/orders/([^"]+)">', text)
        following = re.search(r'<a href="(/\?tab=mine&amp;cursor=[^"]+)">', text)
        path = following[1] if following else None
    assert seen == numbers
    refused = await person.client.get("/?cursor=xx")
    assert refused.status_code == 400
    assert "cursor" in refused.text

    everything = await shop.get("/v1/inbox/technical")
    assert [step["order_number"] for step in everything.json()] == numbers
    assert "Link" not in everything.headers
    told: list[str] = []
    answer = await shop.get("/v1/inbox/technical", params={"limit": 2})
    while True:
        told += [step["order_number"] for step in answer.json()]
        if "next" not in answer.links:
            break
        assert len(answer.json()) == 2
        answer = await shop.get(answer.links["next"]["url"])
    assert told == numbers
    for wrong in ({"cursor": "xx"}, {"cursor": "a\x00"}):
        assert (await shop.get("/v1/inbox/technical", params=wrong)).status_code == 400
    assert (await shop.get("/v1/inbox/technical", params={"limit": 0})).status_code == 422
