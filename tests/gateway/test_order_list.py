"""The list of orders at the pages: asked for, counted, kept, taken away, and many orders acted upon at once."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import openpyxl
import pypdfium2
import pytest
from fastapi import FastAPI

from activities.access.logins import log_in_as
from activities.documents.document_store import DocumentStore
from activities.notices.outbox import enter_row
from activities.store.database import engine_at, reading, writing
from activities.store.imports import StaffRow, import_staff
from models.dossier.papers_due import Paper
from models.tables.registry import table
from models.values.vocabulary import Role, Words
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller
from tests.gateway.test_pages import PEOPLE
from tests.gateway.test_scopes import House, house

__all__ = ["house"]
UNKNOWN = "20200101-0001"


def logged_in(app: FastAPI, settings: Settings, person: str) -> httpx.AsyncClient:
    token = log_in_as(engine_at(settings.database_url), person, datetime.now(UTC), "here")
    return caller(app, Cookie=f"session={token}", Accept="text/html")


async def form_token(client: httpx.AsyncClient) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', (await client.get("/account")).text)
    assert found is not None
    return found[1]


@pytest.fixture
def boss(house: House) -> httpx.AsyncClient:
    import_staff(
        engine_at(house.settings.database_url),
        [
            StaffRow(person="wu", name="吴主管", roles=(Role.SALES_SUPERVISOR, Role.PRODUCTION)),
            StaffRow(person="ma", name="马师傅", roles=(Role.PRODUCTION,)),
        ],
    )
    return logged_in(house.app, house.settings, "wu")


async def test_what_is_asked_for_is_shown_and_what_cannot_be_read_is_said(
    house: House, boss: httpx.AsyncClient
) -> None:
    async with boss:
        whole = (await boss.get("/orders")).text
        assert house.own in whole
        assert house.other in whole
        assert re.search(r"共 <b>2</b> 单", whole)
        assert "¥2,000.00" in whole
        one = (await boss.get(f"/orders?q={quote('红枫')}&open=yes")).text
        assert house.own in one
        assert house.other not in one
        assert re.search(r"共 <b>1</b> 单", one)
        none = (await boss.get("/orders?q=%25&customer=K1")).text
        assert "没有符合条件的订单" in none
        for asked in (
            "amount_from=x",
            "status=%3Cscript%3E",
            "placed_from=soon",
            "sort=evil",
            "cursor=evil",
            "kept=nothing",
        ):
            answer = await boss.get(f"/orders?q=keep-me&{asked}")
            assert answer.status_code == 400, asked
            assert 'role="alert"' in answer.text, asked
            assert "<script>" not in answer.text
            assert (await boss.get(f"/board?{asked}")).status_code in (200, 400)
        odd = quote("😀' OR 1=1 -- \\ <b>")
        assert (
            await boss.get(f"/orders?q={odd}&customer={odd}&product={odd}&waits_person={odd}")
        ).status_code == 200
        assert (await boss.get(f"/orders?q={'长' * 3000}")).status_code in (200, 400)
        old = await boss.get("/search?q=a%26b")
        assert (old.status_code, old.headers["location"]) == (303, "/orders?q=a%26b")
        board = (await boss.get(f"/board?q={quote('红枫')}")).text
        assert house.own in board
        assert house.other not in board
        assert "Orders" in (await boss.get("/orders?language=en")).text


async def test_a_view_is_kept_and_found_again(house: House, boss: httpx.AsyncClient) -> None:
    async with boss:
        token = await form_token(boss)
        kept = await boss.post(
            "/orders/views", data={"form_token": token, "name": "我的", "customer": "K1", "sort": "total"}
        )
        assert kept.status_code == 303
        shown = (await boss.get(kept.headers["location"])).text
        assert house.own in shown
        assert house.other not in shown
        assert "我的" in (await boss.get("/orders")).text
        assert house.other in (await boss.get(f"/orders?kept={quote('我的')}&customer=K2")).text
        again = {"form_token": token, "kept": "我的", "name": "他的", "do": "rename"}
        assert (await boss.post("/orders/views", data=again)).status_code == 303
        assert (await boss.get(f"/orders?kept={quote('我的')}")).status_code == 400
        assert (await boss.post("/orders/views", data={**again, "form_token": "x"})).status_code == 403
        assert (await boss.post("/orders/views", data={"form_token": token, "name": " "})).status_code in (
            400,
            422,
        )
        drop = {"form_token": token, "kept": "他的", "do": "drop"}
        assert (await boss.post("/orders/views", data=drop)).status_code == 303
        assert "他的" not in (await boss.get("/orders")).text


async def test_what_is_found_is_taken_away(house: House, boss: httpx.AsyncClient) -> None:
    async with boss:
        answer = await boss.get("/orders/export.xlsx?customer=K1")
        assert "attachment" in answer.headers["content-disposition"]
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["订单号", house.own]
        text = (await boss.get("/orders/export.csv?language=en")).content.decode("utf-8-sig")
        assert {line.split(",")[0] for line in text.strip().splitlines()} == {"order", house.own, house.other}
        assert (await boss.get("/orders/export.csv?amount_to=x")).status_code == 400


async def test_many_are_urged_and_one_that_cannot_be_stops_none(
    house: House, boss: httpx.AsyncClient
) -> None:
    async with boss:
        token = await form_token(boss)
        chosen = {f"o:{number}": "yes" for number in (UNKNOWN, house.own, house.other)}
        done = await boss.post("/orders/many", data={"form_token": token, "act": "urge", **chosen})
        assert done.status_code == 200
        assert "已办 2 单" in done.text
        assert "未办 1 单" in done.text
        assert UNKNOWN in done.text
        again = await boss.post("/orders/many", data={"form_token": token, "act": "urge", **chosen})
        assert "已办 0 单" in again.text
        for wrong, status in (
            ({"act": "evil", **chosen}, 400), ({"act": "urge"}, 400), ({"act": "urge", "o:evil": "yes"}, 400),
            ({"act": "urge", "form_token": "x", **chosen}, 403),
            ({"act": "urge"} | {f"o:20270101-{n:04}": "yes" for n in range(201)}, 413),
        ):  # fmt: skip
            answer = await boss.post("/orders/many", data={"form_token": token, **wrong})
            assert answer.status_code == status, wrong
    with reading(engine_at(house.settings.database_url)) as connection:
        outbox, acts = table("outbox"), table("acts")
        assert connection.execute(outbox.select().where(outbox.c.paper == "step_urged")).rowcount != 0
        assert connection.execute(acts.select().where(acts.c.act == "urge")).first() is not None


async def test_a_salesperson_acts_on_the_own_orders_alone(house: House) -> None:
    async with logged_in(house.app, house.settings, "li") as client:
        token = await form_token(client)
        chosen = {f"o:{number}": "yes" for number in (house.own, house.other)}
        done = await client.post("/orders/many", data={"form_token": token, "act": "urge", **chosen})
        assert "已办 1 单" in done.text
        assert "未办 1 单" in done.text
        assert "别家" not in done.text


async def test_what_many_wait_for_is_handed_over(house: House, boss: httpx.AsyncClient) -> None:
    engine, steps = engine_at(house.settings.database_url), table("open_steps")
    with writing(engine) as connection:
        connection.execute(steps.update().values(people=[], roles=["production"]))
    async with boss:
        token = await form_token(boss)
        chosen = {f"o:{number}": "yes" for number in (house.own, UNKNOWN, house.other)}
        given = {"form_token": token, "act": "assign", "to_person": "ma", "reason": "换班", **chosen}
        done = await boss.post("/orders/many", data=given)
        assert "已办 2 单" in done.text
        nobody = await boss.post("/orders/many", data={**given, "to_person": "li"})
        assert "已办 0 单" in nobody.text
        silent = await boss.post("/orders/many", data={**given, "reason": ""})
        assert "已办 0 单" in silent.text
    with reading(engine) as connection:
        rows = connection.execute(table("step_handovers").select()).mappings().all()
    assert {(row["order_number"], row["to_person"]) for row in rows} == {
        (house.own, "ma"),
        (house.other, "ma"),
    }


async def test_papers_of_many_are_one_file(house: House, boss: httpx.AsyncClient) -> None:
    engine, store = engine_at(house.settings.database_url), DocumentStore(house.settings.documents)
    for number in (house.own, house.other):
        blank = pypdfium2.PdfDocument.new()
        blank.new_page(100, 100 if number == house.own else 200)
        out = io.BytesIO()
        blank.save(out)
        with writing(engine) as connection:
            enter_row(
                connection, order=number, identity="confirmation_sheet:1", paper=Paper.SHEET, to=(Role.CUSTOMER,),
                words=Words("确认书", "sheet"), rule="R30", created_at=datetime.now(UTC), content={"number": number},
            )  # fmt: skip
            outbox = table("outbox")
            connection.execute(
                outbox.update()
                .where(outbox.c.order_number == number)
                .values(document=store.keep(out.getvalue()))
            )
    async with boss:
        token = await form_token(boss)
        chosen = {f"o:{number}": "yes" for number in (house.own, UNKNOWN, house.other)}
        done = await boss.post(
            "/orders/many", data={"form_token": token, "act": "print", "paper": "", **chosen}
        )
        link = re.search(r'href="(/orders/papers\.pdf[^"]+)"', done.text)
        assert link is not None
        path = link[1].replace("&amp;", "&")
        assert UNKNOWN not in path
        answer = await boss.get(path)
        assert answer.headers["content-type"] == "application/pdf"
        assert [round(page.get_height()) for page in pypdfium2.PdfDocument(answer.content)] == [100, 200]
        assert (await boss.get(f"/orders/papers.pdf?order={UNKNOWN}")).status_code == 404
    async with logged_in(house.app, house.settings, "li") as client:
        mine = await client.get(path)
        assert len(pypdfium2.PdfDocument(mine.content)) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("working")
async def test_many_are_approved_each_with_its_own_answer(
    door: FastAPI, prepared: Settings, shop: httpx.AsyncClient
) -> None:
    """Two real orders wait for the supervisor, one is nobody's: two are approved, and the answer is given once."""
    import_staff(
        engine_at(prepared.database_url),
        [StaffRow(person=name, name=name, roles=roles) for name, roles in PEOPLE.items()],
    )
    placed = [
        (await shop.post("/v1/orders", json={**ORDER, "request_id": f"many/{n}"})).json()["order"]
        for n in range(2)
    ]
    async with logged_in(door, prepared, "wu") as boss:
        token = await form_token(boss)
        chosen = {f"o:{number}": "yes" for number in (placed[0], UNKNOWN, placed[1])}
        asked = {"form_token": token, "act": "approve", "once": "one-click", **chosen}
        done = await boss.post("/orders/many", data=asked)
        assert "已办 2 单" in done.text, done.text
        assert "已同意：订单审批" in done.text
        again = await boss.post("/orders/many", data={**asked, "once": "another"})
        assert "已办 0 单" in again.text
    async with logged_in(door, prepared, "qian") as finance:
        token = await form_token(finance)
        refused = await finance.post("/orders/many", data={**asked, "form_token": token})
        assert "已办 0 单" in refused.text
