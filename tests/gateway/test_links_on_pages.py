"""R31, R85: staff make and revoke customers' links on the order's page, and see what was done by them and what was signed."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from activities.access.customer_links import links_of
from activities.documents.document_store import DocumentStore
from activities.documents.drawings import PNG
from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import rows_of
from models.tables.registry import table
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import caller
from tests.gateway.test_pages import Person, person, staff
from tests.gateway.test_signing import drawn, recorded
from tests.models.life import SIGNER, Life
from tests.models.test_link_signatures import CUSTOMER, PAPER, proof

__all__ = ["person", "staff"]


@pytest.fixture
def number(staff: Settings) -> str:
    """An order whose sheet went out."""
    return recorded(staff)


async def made(someone: Person, number: str, **more: str) -> str:
    """A new link, as the page shows it."""
    form = {"form_token": await someone.token(f"/orders/{number}"), **more}
    answer = await someone.client.post(f"/orders/{number}/links", data=form)
    assert answer.status_code == 200
    return str(re.findall(r'value="http[^"]*(/c/[^"]+)"', answer.text)[0])


async def test_a_link_is_made_shown_once_listed_and_revoked(
    door: FastAPI, staff: Settings, number: str, person: Person
) -> None:
    page = f"/orders/{number}"
    await person.comes("chen")
    path = await made(person, number)
    async with caller(door, Accept="text/html") as customer:
        assert (await customer.get(path)).status_code == 200
        shown = (await person.client.get(page)).text
        assert path.rpartition("/")[2] not in shown, "it is shown once"
        assert "签确认书 · 第 1 版" in shown
        assert "看了订单" in shown
        assert "127.0.0.1" in shown
        (view,) = links_of(engine_at(staff.database_url), number)
        assert (view.link.made_by, view.link.sheet_version) == ("chen", 1)
        revoke = f"{page}/links/{view.link.name}/revoke"
        form = {"form_token": await person.token(page)}
        assert (await person.client.post(revoke, data=form)).status_code == 303
        assert (await customer.get(path)).status_code == 401
    assert "此链接已撤销" in (await person.client.get(page)).text
    assert (await person.client.post(revoke, data=form)).status_code == 404
    assert (await person.client.post(f"{page}/links/{'0' * 16}/revoke", data=form)).status_code == 404
    assert (await person.client.post(f"{page}/links/__%25/revoke", data=form)).status_code == 422
    acts = table("acts")
    with reading(engine_at(staff.database_url)) as connection:
        of_links = select(acts.c.person, acts.c.role, acts.c.act).where(acts.c.act.like("link %"))
        done = connection.execute(of_links).all()
    assert [tuple(each) for each in done] == [
        ("chen", "service_clerk", f"link {view.link.name} made: sign"),
        ("chen", "service_clerk", f"link {view.link.name} revoked"),
    ]


async def test_a_link_only_to_see_the_order(person: Person, staff: Settings, number: str) -> None:
    await person.comes("chen")
    await made(person, number, purpose="order")
    (view,) = links_of(engine_at(staff.database_url), number)
    assert (view.link.purpose.value, view.link.sheet_version) == ("order", None)


@pytest.mark.parametrize("name", ["lin", "qian", "zhou"])
async def test_who_does_not_deal_with_the_customer_makes_none(person: Person, number: str, name: str) -> None:
    """Technical, finance, and another's salesperson."""
    await person.comes(name)
    form = {"form_token": await person.token("/")}
    assert (await person.client.post(f"/orders/{number}/links", data=form)).status_code == 403
    revoke = f"/orders/{number}/links/{'0' * 16}/revoke"
    assert (await person.client.post(revoke, data=form)).status_code == 403
    shown = await person.client.get(f"/orders/{number}")
    assert "生成签字链接" not in shown.text


async def test_what_was_signed_stands_on_the_orders_page(staff: Settings, person: Person) -> None:
    life = Life().verified().sheet_out()
    drawing = DocumentStore(staff.documents).keep(drawn(), PNG)
    for reference, more in (("link/a", {}), ("link/b", {"code_channel": "phone", "code_sent_to": "13…78"})):
        life.does(
            "confirmation_returned", version=1, signed_by=SIGNER, document=reference, role=Role.CUSTOMER, by=CUSTOMER,
            link_signature=proof(life, drawing_sha256=drawing, **more),
        )  # fmt: skip
        if not more:
            assert "verify_signature:link/a" in life.waiting
    number = recorded_life(staff, life)
    await person.comes("chen")
    shown = (await person.client.get(f"/orders/{number}")).text
    for words in (
        PAPER,
        SIGNER,
        "203.0.113.7",
        "203.0.113.8",
        "短信验证码",
        "13…78",
        "待客服核对",
        "验证码已核对",
    ):
        assert words in shown, words
    picture = await person.client.get(f"/orders/{number}/signatures/{drawing}")
    assert (picture.headers["content-type"], picture.content) == ("image/png", drawn())
    assert (await person.client.get(f"/orders/{number}/signatures/{'0' * 64}")).status_code == 404
    assert 'href="/scans/link"' not in shown


def recorded_life(settings: Settings, life: Life) -> str:
    """This order on record in place of the fixture's own."""
    number = recorded(settings)
    order = life.order
    assert order.number == number
    begun = Life().verified().sheet_out().order
    engine = engine_at(settings.database_url)
    later = order.unsaved[len(begun.unsaved) :]
    assert order.unsaved[: len(begun.unsaved)] == begun.unsaved
    last = begun.unsaved[-1]
    burst = Burst(
        order=number, epoch=0, after_sequence=last.sequence, after_hash=last.hash, entries=later, rows=rows_of(order),
        intentions=[],
    )  # fmt: skip
    Recorder(engine).record(burst)
    assert last.hash != FIRST_LINK
    return number
