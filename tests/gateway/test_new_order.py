"""A new order at the pages: checked as it is typed, placed once, from a form or a file (R10, R12, R20, R85)."""

from __future__ import annotations

import asyncio
import io
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import Workbook
from temporalio.client import Client

from activities.orders.requests import has_begun, start_of
from activities.store.database import engine_at, reading, writing
from models.tables.registry import table
from runtime.settings import Settings
from tests.gateway.test_pages import Person, person, staff
from tests.runtime.files.workbook_files import raw_workbook, sheet_of
from tests.runtime.watching import looks, until

__all__ = ["person", "staff"]
TYPED = {
    "request_id": "door/1", "channel": "fax", "customer": "K1", "contact": "王芳", "lines.0.product": "TP-80",
    "lines.0.specification": "80", "lines.0.quantity": "10", "lines.0.unit": "roll", "lines.0.unit_price": "100.00",
    "payment_terms": "deposit",
}  # fmt: skip
HEADER = "request_id,channel,customer,product,quantity,unit,unit_price\n"


async def form(person: Person, **fields: str) -> dict[str, str]:
    return {"form_token": await person.token("/orders/new"), **TYPED, **fields}


async def write(person: Person, path: str, **fields: str) -> httpx.Response:
    return await person.client.post(path, data=await form(person, **fields))


async def send(person: Person, name: str, content: bytes) -> httpx.Response:
    token = {"form_token": await person.token("/orders/upload")}
    answer = await person.client.post("/orders/upload", data=token, files={"file": (name, content)})
    return await finished(person, answer)


async def finished(person: Person, answer: httpx.Response) -> httpx.Response:
    """The page of an upload when it is over; what was refused at once is the answer itself."""
    if answer.status_code != 303:
        return answer
    page = answer
    async for _ in looks("the upload is over"):
        page = await person.client.get(answer.headers["location"])
        assert page.status_code == 200
        if 'hx-trigger="every 1s"' not in page.text:
            break
    return page


def words_at(text: str, path: str) -> str:
    found = re.search(rf'id="{path.replace(".", "-")}"[^>]*>([^<]*)<', text)
    assert found is not None, path
    return found[1]


def kept(settings: Settings) -> list[str]:
    requests = table("requests")
    with reading(engine_at(settings.database_url)) as connection:
        return [
            str(row["number"])
            for row in connection.execute(requests.select().order_by(requests.c.number)).mappings()
        ]


async def ended(client: Client, *numbers: str) -> None:
    for number in numbers:
        await client.get_workflow_handle(f"order-{number}").terminate()


async def test_only_who_may_place_orders_is_offered_it(person: Person) -> None:
    await person.comes("lin")
    assert "/orders/new" not in (await person.client.get("/")).text
    for path in ("/orders/new", "/orders/upload"):
        assert (await person.client.get(path)).status_code == 403
    assert (
        await person.client.post("/orders/new", data={"form_token": await person.token()})
    ).status_code == 403
    await person.comes("chen")
    assert "/orders/new" in (await person.client.get("/")).text
    shown = (await person.client.get("/orders/new")).text
    for words in ("下单渠道", "客户编号", "允许误差", "运费条款", "照上次填写", "粘贴聊天消息"):
        assert words in shown
    assert "录入人" not in shown
    assert "style=" not in shown
    forged = await person.client.post("/orders/new/check", data={**TYPED, "form_token": "x"})
    assert forged.status_code == 403


async def test_it_is_checked_as_one_types_and_nothing_is_numbered(person: Person, staff: Settings) -> None:
    await person.comes("chen")
    started = (await person.client.post(
        "/orders/new/check", data={"form_token": await person.token("/orders/new"), "request_id": "door/1", "customer": "K"}
    )).text  # fmt: skip
    assert "不在客户档案中" in words_at(started, "wrong-customer")
    assert words_at(started, "wrong-channel") == ""
    text = (await write(
        person, "/orders/new/check", **{"wanted_date": "2020-01-01", "lines.0.unit": "kg", "lines.1.product": "XX",
                                        "lines.1.quantity": "0", "lines.0.specification": "90", "deposit_percent": "130"},
    )).text  # fmt: skip
    assert "已过" in words_at(text, "wrong-wanted_date")
    assert "计价" in words_at(text, "wrong-lines.0.unit")
    assert "不在" in words_at(text, "wrong-lines.1.product")
    assert "大于零" in words_at(text, "wrong-lines.1.quantity")
    assert "100" in words_at(text, "wrong-deposit_percent")
    assert words_at(text, "note-lines.0.specification") == "价目表规格：80"
    fine = (await write(person, "/orders/new/check", **{"lines.0.unit_price": "90"})).text
    assert "R20" in words_at(fine, "note-lines.0.unit_price")
    assert "¥900.00" in fine
    assert "可以下单" in fine
    assert "电话" in fine.partition("R12")[2][:200]
    assert "联系人" not in fine.partition("R12")[2][:200]
    assert kept(staff) == []


async def test_lines_come_and_go_without_a_script(person: Person) -> None:
    await person.comes("chen")
    more = (await write(person, "/orders/new/lines", add="line")).text
    assert "<!doctype html>" in more
    assert 'name="lines.1.quantity"' in more
    assert 'value="100.00"' in more
    less = (await write(person, "/orders/new/lines", **{"remove": "0", "lines.1.product": "NEXT"})).text
    assert 'name="lines.1.quantity"' not in less
    assert 'name="lines.0.product" value="NEXT"' in less
    alone = await person.client.post(
        "/orders/new/lines", data=await form(person, add="line"), headers={"HX-Request": "true"}
    )
    assert "<!doctype html>" not in alone.text
    assert 'name="lines.1.quantity"' in alone.text


@pytest.mark.usefixtures("working")
async def test_a_form_sent_twice_is_one_order_of_the_person_who_sent_it(
    person: Person, staff: Settings, temporal_client: Client
) -> None:
    await person.comes("chen")
    fields = await form(person, entered_by="wu")
    first, second = await asyncio.gather(
        person.client.post("/orders/new", data=fields), person.client.post("/orders/new", data=fields)
    )
    (number,) = kept(staff)
    for answer in (first, second):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"/orders/{number}?said=")
    request = start_of(engine_at(staff.database_url), number).request
    assert (request.entered_by, request.entered_role.value, request.phone) == ("chen", "service_clerk", "")
    page = (await person.client.get(first.headers["location"])).text
    assert "补全或澄清" in page
    other = await person.client.post("/orders/new", data={**fields, "contact": "刘强"})
    assert other.status_code == 409
    assert number in other.text
    assert 'value="刘强"' in other.text
    await ended(temporal_client, number)


async def test_a_refused_form_comes_back_with_everything_that_was_typed(
    person: Person, staff: Settings
) -> None:
    await person.comes("chen")
    refused = await write(
        person, "/orders/new", customer="K9", channel="", special_requirements="<b>防潮</b>"
    )
    assert refused.status_code == 422
    assert "不在客户档案中" in words_at(refused.text, "wrong-customer")
    assert words_at(refused.text, "wrong-channel") == "必填"
    assert "&lt;b&gt;防潮&lt;/b&gt;" in refused.text
    assert 'name="request_id" value="door/1"' in refused.text
    assert kept(staff) == []


@pytest.mark.usefixtures("working")
async def test_while_the_server_is_away_it_is_numbered_and_begins_later(
    person: Person, door: FastAPI, staff: Settings, temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    await person.comes("chen")
    monkeypatch.setattr("runtime.delivery.forwarding._BEGINNING", timedelta(0))
    door.state.door._away_until = float("inf")
    answer = await write(person, "/orders/new")
    (number,) = kept(staff)
    assert answer.headers["location"] == f"/orders/{number}?said=waiting"
    shown = (await person.client.get(answer.headers["location"])).text
    assert "服务器恢复后" in shown
    assert "尚未开始" in shown
    door.state.door._away_until = 0.0
    await until(lambda: has_begun(engine_at(staff.database_url), number), f"{number} has begun")
    await ended(temporal_client, number)


@pytest.mark.usefixtures("working")
async def test_a_salesperson_is_told_of_an_order_that_will_be_another_ones(
    person: Person, staff: Settings, temporal_client: Client
) -> None:
    with writing(engine_at(staff.database_url)) as connection:
        connection.execute(table("customers").update().values(salesperson="zhou"))
    await person.comes("li")
    assert "zhou" in (await write(person, "/orders/new/check")).text
    placed = await write(person, "/orders/new")
    (number,) = kept(staff)
    assert placed.status_code == 200
    assert number in placed.text
    assert "您看不到" in placed.text
    assert (await person.client.get(f"/orders/{number}")).status_code == 403
    await person.comes("zhou")
    assert "您看不到" not in (await write(person, "/orders/new/check")).text
    assert (await person.client.get(f"/orders/{number}")).status_code == 200
    await ended(temporal_client, number)


def table_file(*rows: str) -> bytes:
    return (HEADER + "\n".join(rows)).encode("gb18030")


@pytest.mark.usefixtures("working")
async def test_a_file_is_placed_but_for_what_is_bad_and_never_twice(
    person: Person, staff: Settings, temporal_client: Client
) -> None:
    await person.comes("chen")
    content = table_file(
        "f/1,fax,K1,TP-80,10,roll,100.00", "f/1,fax,K1,TP-80,-5,roll,100.00", "f/2,fax,K1,TP-80,1,roll,100.00",
        "f/3,fax,K9,TP-80,1,roll,100.00", "f/2,fax,K1,TP-80,2,roll,100.00", ",fax,K1,TP-80,1,roll,1.00",
    )  # fmt: skip
    answer = (await send(person, "订单.csv", content)).text
    (number,) = kept(staff)
    assert f'href="/orders/{number}"' in answer
    bad = re.findall(r"<tr><td>(\d+)</td><td>([^<]*)</td><td>([^<]*)</td><td>([^<]*)", answer)
    assert [(row, request, place) for row, request, place, _ in bad] == [
        ("3", "f/1", "第2行数量"),
        ("5", "f/3", "客户编号"),
    ]
    start = start_of(engine_at(staff.database_url), number)
    assert (len(start.request.lines), start.request.entered_by) == (3, "chen")
    assert "第 7 行没有来单编号，算作第 4 行起的订单（f/2）的一行" in answer
    again = (await send(person, "订单.csv", content)).text
    assert "以前已受理" in again
    await person.comes("li")
    assert "以前已受理" in (await send(person, "orders.csv", content)).text
    assert kept(staff) == [number]
    await ended(temporal_client, number)


async def test_every_kind_of_file_is_read(person: Person, door: FastAPI, staff: Settings) -> None:
    await person.comes("chen")
    door.state.door._away_until = float("inf")
    order: dict[str, Any] = {
        "request_id": "j/1", "channel": "fax", "customer": "K1",
        "lines": [{"line": 1, "product": "TP-80", "quantity": 1, "unit": "roll", "unit_price": 100.5}],
    }  # fmt: skip
    book = Workbook()
    assert book.active is not None
    for row in (HEADER.strip().split(","), ["x/1", "fax", "K1", "TP-80", 2, "roll", 99.5]):
        book.active.append(row)
    sheet = io.BytesIO()
    book.save(sheet)
    for name, content in (
        ("orders.json", json.dumps([order]).encode()), ("orders.yaml", json.dumps([{**order, "request_id": "y/1"}]).encode()),
        ("orders.xlsx", sheet.getvalue()), ("orders.csv", table_file("c/1,fax,K1,TP-80,1,roll,100.00")),
    ):  # fmt: skip
        answer = await send(person, name, content)
        assert "服务器恢复后自动开始" in answer.text, name
    assert len(kept(staff)) == 4


async def test_how_a_file_was_read_is_said_on_the_page(
    person: Person, door: FastAPI, staff: Settings, tmp_path: Path
) -> None:
    await person.comes("chen")
    door.state.door._away_until = float("inf")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["一月订单"])
    for row in (
        HEADER.strip().split(","),
        ["n/1", "fax", "K1", "TP-80", 2, "roll", 99.5],
        ["n/2", "fax", "K1", "TP-80", "=1+1"],
    ):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("说明").append(["x"])
    content = io.BytesIO()
    book.save(content)
    answer = (await send(person, "订单.xlsx", content.getvalue())).text
    for words in (
        "有 1 个隐藏（或筛选掉）的行也读了：3",
        "没有读：说明",
        "标题行是第 2 行",
        "单元格 E4 有公式但没有结果",
    ):
        assert words in answer, words
    assert len(kept(staff)) == 1
    far = '<row r="2"><c r="XFD2"><v>1</v></c></row>'
    refused = await send(person, "远.xlsx", raw_workbook(tmp_path / "f.xlsx", sheet_of(far)).read_bytes())
    assert refused.status_code == 422
    assert "单元格 XFD2 超出上限" in refused.text


async def test_a_file_that_is_none_is_refused_as_a_whole(person: Person, staff: Settings) -> None:
    await person.comes("chen")
    many = table_file(*(f"m/{n},fax,K1,TP-80,1,roll,1.00" for n in range(501)))
    refused = {
        "orders.exe": (b"MZ", "orders.exe"), "orders.json": (b"[" * 90_000, "orders.json"), "orders.yaml": (b"[" * 9_000, "orders.yaml"),
        "orders.csv": (many, "501"), "empty.csv": (HEADER.encode(), "没有订单"), "orders.xlsx": (b"PK\x03\x04", "orders.xlsx"),
    }  # fmt: skip
    for name, (content, said) in refused.items():
        answer = await send(person, name, content)
        assert answer.status_code == 422, name
        assert said in answer.text, name
        assert tempfile.gettempdir() not in answer.text, name
    large = await send(person, "orders.csv", b"x" * 5_100_000)
    assert large.status_code == 413
    forged = await person.client.post(
        "/orders/upload", data={"form_token": "x"}, files={"file": ("a.csv", b"a")}
    )
    assert forged.status_code == 403
    assert kept(staff) == []


async def test_a_guarantee_for_more_than_a_small_order_is_refused_at_every_entrance(
    person: Person, shop: httpx.AsyncClient, staff: Settings
) -> None:
    """R38: at the field, with what is allowed; nothing is numbered."""
    await person.comes("chen")
    checked = await write(person, "/orders/new/check", payment_terms="guaranteed")
    assert "prepaid, deposit, on_account" in words_at(checked.text, "wrong-payment_terms")
    assert (await write(person, "/orders/new", payment_terms="guaranteed")).status_code == 422
    order = {"request_id": "g/1", "channel": "fax", "customer": "K1", "payment_terms": "guaranteed", "entered_by": "chen",
             "lines": [{"line": 1, "product": "TP-80", "quantity": "10", "unit": "roll", "unit_price": "100.00"}]}  # fmt: skip
    refused = await shop.post("/v1/orders", json=order)
    assert refused.json()["code"] == "not_offered"
    assert refused.json()["where"] == "payment_terms"
    file = HEADER.replace("\n", ",payment_terms\n") + "g/2,fax,K1,TP-80,10,roll,100.00,guaranteed\n"
    shown = await send(person, "orders.csv", file.encode())
    bad = re.findall(r"<tr><td>(\d+)</td><td>([^<]*)</td><td>([^<]*)</td>", shown.text)
    assert bad == [("2", "g/2", "付款方式")]
    assert kept(staff) == []
