"""R18, R74, R78, R85: what customers say on the own page: questions, to order again, and that the goods came."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import insert, select

from activities.facts.customer_questions import questions_of
from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading, writing
from gateway.security.customer_links import link_for
from models.customer_links import LinkPurpose
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.messages.goods_contents import DeliveryReceipt
from models.order.projection import rows_of
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from runtime.settings import Settings
from tests.gateway.conftest import caller
from tests.gateway.test_pages import Person, person, staff
from tests.gateway.test_signing import Clock, Visitor, recorded
from tests.models.life import SIGNER, Life, start

__all__ = ["person", "staff"]


def rows(settings: Settings, name: str) -> list[dict[str, Any]]:
    with reading(engine_at(settings.database_url)) as connection:
        return [dict(row) for row in connection.execute(select(table(name))).mappings()]


def said(settings: Settings) -> list[tuple[str, str]]:
    """The facts that were told, for no server is there: kind and words."""
    kept = [row["envelope"] for row in rows(settings, "inbox")]
    return [(each["kind"], each["content"].get("words", "")) for each in kept]


@pytest.fixture
async def visitor(door: FastAPI, staff: Settings) -> AsyncIterator[Visitor]:
    """A customer with the link of a notice. The server is away: what is told is kept."""
    order, clock = recorded(staff), Clock()
    door.state.door.now = clock
    door.state.door._away_until = float("inf")
    async with caller(door, Accept="text/html") as client:
        found = Visitor(client, staff, order, clock)
        found.comes_by(link_for(staff, order, by="chen", purpose=LinkPurpose.ORDER, now=clock()))
        yield found


async def test_a_question_is_a_contact_and_a_step_once_and_its_answer_is_read_on_the_page(
    visitor: Visitor, person: Person
) -> None:
    words = "能不能早两天？我们 100% 急用 'x' <b>"
    for _ in range(2):  # sent twice
        answer = await visitor.client.post(f"{visitor.path}/questions", data={"words": f" {words} "})
        assert answer.headers["location"] == f"{visitor.path}?said=asked"
    assert said(visitor.settings) == [], (
        "the staff keep the contact log: it is written when they have dealt with it"
    )
    (step,) = rows(visitor.settings, "desk_steps")
    assert (step["kind"], step["roles"], step["order_number"]) == (
        "customer_question",
        ["service_clerk"],
        visitor.order,
    )
    (notice,) = [each for each in rows(visitor.settings, "outbox") if each["paper"] == "customer_asked"]
    assert words in notice["zh"]
    assert "正在处理" in (await visitor.page()).text
    assert "<b>" not in (await visitor.page()).text

    await person.comes("chen")
    page = await person.client.get(f"/desk/{step['key']}")
    assert "能不能早两天" in page.text
    form = {"form_token": await person.token(), "answer": "可以，12 号发货"}
    # the order cannot be told now: the answer waits with the clerk
    assert (await person.client.post(f"/desk/{step['key']}", data=form)).status_code in (409, 503)
    assert questions_of(engine_at(visitor.settings.database_url), visitor.order)[0].answer == ""
    visitor.changes(ending="settled", ended_at=visitor.clock())
    assert (await person.client.post(f"/desk/{step['key']}", data=form)).status_code == 303
    shown = (await visitor.page()).text
    assert "可以，12 号发货" in shown
    (told,) = [each for each in rows(visitor.settings, "outbox") if each["paper"] == "answer_to_customer"]
    assert (told["roles"], "可以，12 号发货" in told["zh"]) == (["customer"], True)


async def test_a_question_that_was_left_shows_no_word_of_the_house(visitor: Visitor, person: Person) -> None:
    await visitor.client.post(f"{visitor.path}/questions", data={"words": "在吗"})
    (step,) = rows(visitor.settings, "desk_steps")
    await person.comes("chen")
    visitor.changes(ending="settled", ended_at=visitor.clock())
    form = {"form_token": await person.token(), "leave": "yes", "give_up": "闲聊,不理"}
    assert (await person.client.post(f"/desk/{step['key']}", data=form)).status_code == 303
    assert "闲聊" not in (await visitor.page()).text


async def test_what_is_no_question_is_refused_and_what_was_typed_stays(visitor: Visitor) -> None:
    empty = await visitor.client.post(f"{visitor.path}/questions", data={"words": "  "})
    assert (empty.status_code, "请写下您的问题" in empty.text) == (409, True)
    long = await visitor.client.post(f"{visitor.path}/questions", data={"words": "长" * 1001})
    assert (long.status_code, "长长长" in long.text) == (409, True)
    for number in range(visitor.settings.link_open_steps):
        await visitor.client.post(f"{visitor.path}/questions", data={"words": f"问 {number} 😀"})
    many = await visitor.client.post(f"{visitor.path}/questions", data={"words": "再问"})
    assert (many.status_code, "再问" in many.text) == (429, True)
    assert len(rows(visitor.settings, "desk_steps")) == visitor.settings.link_open_steps


async def test_to_order_again_is_a_wish_that_a_clerk_confirms(visitor: Visitor, person: Person) -> None:
    before = len(rows(visitor.settings, "requests"))
    for _ in range(2):
        answer = await visitor.client.post(f"{visitor.path}/again", data={"changes": ""})
        assert answer.headers["location"].endswith("said=again")
    assert len(rows(visitor.settings, "requests")) == before, "nothing is ordered"
    assert said(visitor.settings) == []
    (step,) = rows(visitor.settings, "desk_steps")
    assert step["kind"] == "reorder"
    await person.comes("chen")
    page = (await person.client.get(f"/desk/{step['key']}")).text
    assert f"/orders/new?again={visitor.order}" in page
    form = {"form_token": await person.token(), "answer": "已下单,编号 20270302-0001"}
    assert (await person.client.post(f"/desk/{step['key']}", data=form)).status_code == 303
    (question,) = questions_of(engine_at(visitor.settings.database_url), visitor.order)
    assert (question.kind, question.answer) == (DeskStepKind.REORDER, "已下单,编号 20270302-0001")


# --- the goods came --------------------------------------------------------------------------------------------------


def photo(size: int = 40) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (size, size), "white").save(content, "PNG")
    return content.getvalue()


@pytest.fixture
async def receiver(visitor: Visitor) -> Visitor:
    """The same customer when the goods have arrived."""
    life = Life().arrived()
    order = life.order
    burst = Burst(
        order=order.number, epoch=1, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
        rows=rows_of(order), intentions=order.unsent,
    )  # fmt: skip
    Recorder(engine_at(visitor.settings.database_url)).record(burst)
    visitor.comes_by(link_for(visitor.settings, visitor.order, now=visitor.clock()))
    return visitor


async def test_the_receipt_says_how_many_and_how_they_are_and_has_a_photo(
    receiver: Visitor, person: Person
) -> None:
    page = (await receiver.page()).text
    assert "请确认收货" in page
    lines = re.findall(r'name="received\.(\d+)"', page)
    assert lines == ["1"]
    form = {
        "shipment": "1",
        "signed_by": SIGNER,
        "condition": "damaged",
        "received.1": "980",
        "remarks": "两箱受潮",
    }
    files = {"photo": ("IMG 1.PNG", photo(), "image/png")}
    for _ in range(2):
        answer = await receiver.client.post(f"{receiver.path}/receipt", data=form, files=files)
        assert answer.headers["location"].endswith("said=yes")
    (envelope,) = [row["envelope"] for row in rows(receiver.settings, "inbox")]
    content = envelope["content"]
    document = content.pop("document")
    assert content == {
        "shipment": "1", "signed_by": SIGNER, "condition": "damaged", "remarks": "两箱受潮",
        "items": [{"line": 1, "quantity": "980"}],
    }  # fmt: skip
    DeliveryReceipt.model_validate(content)
    life = Life().arrived().does("delivery_receipt", **content)
    assert {"exception:short-1", "exception:damaged-1"} <= life.waiting
    (kept,) = (receiver.settings.scans / "read").glob("*.png")
    assert document == f"file/{kept.stem}"
    await person.comes("chen")
    assert (await person.client.get(f"/scans/{kept.stem}")).content == photo()


async def test_a_receipt_without_a_name_or_with_what_is_no_picture_keeps_what_was_typed(
    receiver: Visitor,
) -> None:
    async def sends(name: str = "IMG.png", content: bytes = b"", **form: str) -> str:
        files = {"photo": (name, content, "image/png")} if content else {"photo": ("", b"", "")}
        answer = await receiver.client.post(
            f"{receiver.path}/receipt", data={"shipment": "1", **form}, files=files
        )
        assert answer.status_code == 409
        return answer.text

    assert "请写签收人姓名" in await sends(remarks="门卫代收")
    assert "门卫代收" in await sends(remarks="门卫代收")
    assert "请上传" in await sends("a.exe", b"MZ", signed_by=SIGNER)
    assert "不是能读的" in await sends("a.png", b"no picture", signed_by=SIGNER, remarks="看图")
    assert "现在不需要这一步" in await sends(shipment="2", signed_by=SIGNER)
    assert said(receiver.settings) == []
    assert not list((receiver.settings.scans).glob("read/*"))


async def test_the_staff_open_the_photo_from_the_orders_page(staff: Settings, person: Person) -> None:
    life = Life().arrived().does("delivery_receipt", signed_by=SIGNER, document="file/0123456789abcdef")
    order = life.order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
        rows=rows_of(order), intentions=order.unsent,
    )  # fmt: skip
    engine = engine_at(staff.database_url)
    Recorder(engine).record(burst)
    begun = {
        "request_id": "r", "content_hash": "h", "number": order.number, "customer": "K-1", "placed_at": life.now,
        "start": start(life.placed).model_dump(mode="json"),
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(table("requests")).values(begun))
    await person.comes("chen")
    page = await person.client.get(f"/orders/{order.number}")
    assert page.status_code == 200
    assert 'href="/scans/0123456789abcdef"' in page.text
