"""A file of orders is placed beside the page that shows how far it is; its result can be taken away (R10)."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from gateway.context import Door
from gateway.pages.orders.order_uploads import Upload, Uploads
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings
from tests.gateway.test_new_order import HEADER, ended, finished, kept
from tests.gateway.test_pages import Person, person, staff

__all__ = ["person", "staff"]


async def sent(person: Person, name: str, *rows: str) -> httpx.Response:
    token = {"form_token": await person.token("/orders/upload")}
    content = (HEADER + "\n".join(rows)).encode()
    return await person.client.post("/orders/upload", data=token, files={"file": (name, content)})


async def test_its_result_is_shown_and_taken_away_by_who_sent_it(
    person: Person, staff: Settings, temporal_client: Client
) -> None:
    await person.comes("chen")
    answer = await sent(person, "a.csv", "u/1,fax,K1,TP-80,10,roll,100.00", "=1+1,fax,K9,TP-80,1,roll,100.00")
    assert answer.status_code == 303
    where = answer.headers["location"]
    page = (await finished(person, answer)).text
    (number,) = kept(staff)
    assert number in page
    taken = await person.client.get(f"{where}/result.csv")
    assert taken.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in taken.headers["content-disposition"]
    assert taken.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(taken.content.decode("utf-8-sig")))
    assert head == ["row", "order", "request_id", "customer", "result", "field", "reason"]
    assert rows[0] == ["2", number, "u/1", "红枫", "已受理", "", ""]
    assert rows[1][:6] == ["3", "", "'=1+1", "", "未受理", "客户编号"]
    await person.comes("li")
    for path in (where, f"{where}/result.csv", f"/orders/upload/{'0' * 32}"):
        other = await person.client.get(path)
        assert (other.status_code, "再传一次" in other.text) == (404, True)
    await ended(temporal_client, number)


async def test_how_far_it_is_is_shown_while_it_is_placed(person: Person, door: FastAPI) -> None:
    await person.comes("chen")
    may_end = asyncio.Event()
    upload = Upload("chen", "a.csv", 500)

    async def work() -> None:
        await may_end.wait()
        upload.is_finished = True

    door.state.uploads.begin(upload, work())
    page = (await person.client.get(f"/orders/upload/{upload.key}")).text
    assert "0 / 500" in page
    assert 'hx-trigger="every 1s"' in page
    may_end.set()
    await asyncio.gather(*door.state.uploads._at_work)
    assert 'hx-trigger="every 1s"' not in (await person.client.get(f"/orders/upload/{upload.key}")).text


async def test_only_some_files_are_at_work_at_once_and_the_oldest_results_go() -> None:
    uploads, may_end = Uploads(), asyncio.Event()

    async def work(upload: Upload) -> None:
        await may_end.wait()
        upload.is_finished = True

    async def quick(upload: Upload) -> None:
        upload.is_finished = True

    at_work = [Upload("chen", f"{number}.csv", 1) for number in range(8)]
    for upload in at_work:
        uploads.begin(upload, work(upload))
    with pytest.raises(Refusal) as refused:
        uploads.begin(late := Upload("chen", "late.csv", 1), work(late))
    assert refused.value.code is Code.TOO_MANY_REQUESTS
    may_end.set()
    await asyncio.gather(*uploads._at_work)
    later = [Upload("chen", f"{number}.csv", 1) for number in range(60)]
    for upload in later:
        uploads.begin(upload, quick(upload))
        await asyncio.gather(*uploads._at_work)
    assert uploads.find(later[-1].key, "chen") is later[-1]
    with pytest.raises(Refusal):
        uploads.find(at_work[0].key, "chen")


async def test_a_door_that_closes_says_which_orders_are_still_to_be_placed(
    person: Person, door: FastAPI, staff: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is told as placed that was not even looked at; what is uploaded again is placed once."""
    await person.comes("chen")
    numbered = asyncio.Event()

    async def never(*_: object) -> None:
        numbered.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Door, "number", never)
    answer = await sent(person, "a.csv", *(f"s/{one},fax,K1,TP-80,1,roll,100.00" for one in range(3)))
    await numbered.wait()
    await door.state.uploads.end()
    page = (await person.client.get(answer.headers["location"])).text
    assert page.count("程序停止时尚未受理") == 3
    assert kept(staff) == []


async def test_a_database_that_is_busy_for_a_moment_refuses_no_list(
    person: Person, staff: Settings, temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one that is away once the number is given: the order is kept, and begins by itself."""
    await person.comes("chen")
    number, busy = Door.number, [Refusal(Code.DATABASE_UNAVAILABLE, Words("忙", "busy"))] * 2

    async def sometimes(*given: Any, **named: Any) -> Any:
        if busy:
            raise busy.pop()
        return await number(*given, **named)

    async def away(*_: object) -> Any:
        raise Refusal(Code.DATABASE_UNAVAILABLE, Words("忙", "busy"))

    monkeypatch.setattr("gateway.pages.orders.order_uploads._PAUSES_SECONDS", (0, 0))
    monkeypatch.setattr(Door, "number", sometimes)
    monkeypatch.setattr(Door, "begin", away)
    answer = await sent(person, "a.csv", *(f"b/{one},fax,K1,TP-80,1,roll,100.00" for one in range(3)))
    page = (await finished(person, answer)).text
    assert (len(kept(staff)), page.count("服务器恢复后自动开始"), "未受理" in page) == (3, 3, False)
