"""R85: customers log in by a one-time code to an address on file, see the own orders, and nothing of anybody else's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, insert, select

from activities.access.customer_log_ins import LOG_IN_CODES
from activities.access.customer_sessions import end_session
from activities.store.database import engine_at, reading, writing
from activities.store.imports import CustomerRow, import_customers
from models.tables.registry import table
from runtime.link_secret import link_secret
from runtime.settings import Settings
from runtime.worker.post import build_post_office, build_router
from tests.gateway.conftest import caller
from tests.gateway.test_signing import CONTACTS, Clock, recorded
from tests.models.life import SIGNER

MAIL, PHONE = "office@hongfeng.example.com", "138 1234 5678"
OTHERS = "20270301-0099"


@dataclass
class Office:
    """A customer's office at the door, with an order on record; another customer has one too. The server is away."""

    client: httpx.AsyncClient
    settings: Settings
    order: str
    clock: Clock = field(default_factory=Clock)

    @property
    def engine(self) -> object:
        return engine_at(self.settings.database_url)

    async def asks(self, address: str) -> httpx.Response:
        return await self.client.post("/c/login", data={"address": address})

    def code(self) -> str:
        codes = table("customer_codes")
        with reading(engine_at(self.settings.database_url)) as connection:
            newest = connection.scalars(select(codes.c.code_id).order_by(codes.c.made_at.desc())).first()
        return LOG_IN_CODES.code(link_secret(self.settings), str(newest))

    async def gives(self, code: str, address: str = MAIL) -> httpx.Response:
        return await self.client.post("/c/login/code", data={"address": address, "code": code})

    async def comes(self, address: str = MAIL) -> httpx.Response:
        await self.asks(address)
        return await self.gives(self.code(), address)

    def is_on_file(self, email: str) -> None:
        row = CustomerRow(customer="K-1", name="红枫包装", email=email, signer_contacts=CONTACTS)
        import_customers(engine_at(self.settings.database_url), [row])

    def count(self, name: str) -> int:
        with reading(engine_at(self.settings.database_url)) as connection:
            return connection.scalar(select(func.count()).select_from(table(name))) or 0


@pytest.fixture
async def office(door: FastAPI, prepared: Settings) -> AsyncIterator[Office]:
    order, clock = recorded(prepared), Clock()
    engine = engine_at(prepared.database_url)
    orders, requests = table("orders"), table("requests")
    with writing(engine) as connection:
        for rows, key in ((orders, "number"), (requests, "number")):
            row = dict(connection.execute(select(rows).where(rows.c[key] == order)).mappings().one())
            row |= {key: OTHERS, "customer": "K2"}
            row |= {"customer_name": "别家"} if rows is orders else {"request_id": "other"}
            connection.execute(insert(rows).values(row))
    door.state.door.now = clock
    door.state.door._away_until = float("inf")
    async with caller(door, Accept="text/html") as client:
        found = Office(client, prepared, order, clock)
        found.is_on_file(MAIL)
        yield found


async def test_who_gives_the_code_sees_the_own_orders_and_signs(office: Office) -> None:
    assert (await office.client.get("/c/orders")).headers["location"] == "/c/login"
    came = await office.comes()
    assert (came.status_code, came.headers["location"]) == (303, "/c/orders")
    listed = (await office.client.get("/c/orders")).text
    assert office.order in listed
    assert OTHERS not in listed
    path = f"/c/orders/{office.order}"
    page = (await office.client.get(path)).text
    document = re.findall(r"/papers/([0-9a-f]{64})", page)[0]
    form = {"version": "1", "signed_by": SIGNER, "agreed": "yes"}
    assert "请先打开" in (await office.client.post(f"{path}/sign", data=form)).text
    assert (await office.client.get(f"{path}/papers/{document}")).status_code == 200
    assert (await office.client.post(f"{path}/sign", data=form)).status_code == 303
    inbox = table("inbox")
    with reading(engine_at(office.settings.database_url)) as connection:
        (told,) = connection.scalars(select(inbox.c.envelope)).all()
    assert (told["kind"], told["role"], told["by"]) == ("confirmation_returned", "customer", "customer:K-1")


async def test_another_customers_order_is_answered_like_none(office: Office) -> None:
    await office.comes()
    for path in ("", "/papers/" + "0" * 64):
        theirs, none = [await office.client.get(f"/c/orders/{n}{path}") for n in (OTHERS, "20270301-0098")]
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert theirs.text.replace(OTHERS, "N") == none.text.replace("20270301-0098", "N")
    for act in ("sign", "code", "scan", "receipt", "questions", "again"):
        answer = await office.client.post(f"/c/orders/{OTHERS}/{act}", data={"words": "x"})
        assert answer.status_code == 404, act
    assert office.count("desk_steps") == 0


async def test_the_session_is_none_of_the_staffs(office: Office) -> None:
    await office.comes()
    for path in ("/", "/board", f"/orders/{office.order}", "/orders/new"):
        assert (await office.client.get(path)).headers["location"] == "/login", path
    assert (await office.client.get("/v1/orders")).status_code == 401
    name, token = next(iter(office.client.cookies.items()))
    assert name == "customer"
    async with caller(office.client._transport.app, Accept="text/html") as thief:  # type: ignore[attr-defined]
        thief.cookies.set("session", token)
        assert (await thief.get("/")).headers["location"] == "/login"


async def test_no_answer_tells_who_is_known(office: Office) -> None:
    answers = []
    for address in (MAIL, "nobody@elsewhere.example.com"):
        first, second = await office.asks(address), await office.asks(address)
        wrong = await office.gives("000000", address)
        answers.append([(a.status_code, a.text.replace(address, "A")) for a in (first, second, wrong)])
    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [200, 429, 409]
    assert office.count("customer_codes") == 2
    outbox = table("outbox")
    with reading(engine_at(office.settings.database_url)) as connection:
        sent = connection.scalars(select(outbox.c.identity).where(outbox.c.paper == "log_in_code")).all()
    assert len(sent) == 1
    assert (await office.gives(office.code(), "nobody@elsewhere.example.com")).status_code == 409


async def test_a_code_is_good_for_ten_minutes_five_tries_once_and_for_its_address(office: Office) -> None:
    await office.asks(MAIL)
    code = office.code()
    assert (await office.gives(code, PHONE)).status_code == 409
    for _ in range(4):
        assert (await office.gives("x")).status_code == 409
    assert (await office.gives(code)).status_code == 303
    assert (await office.gives(code)).status_code == 409
    office.clock.later(minutes=2)
    await office.asks(MAIL)
    for _ in range(5):
        await office.gives("x")
    assert (await office.gives(office.code())).status_code == 409
    office.clock.later(minutes=2)
    await office.asks(MAIL)
    office.clock.later(minutes=10)
    assert (await office.gives(office.code())).status_code == 409


async def test_so_many_codes_a_day(office: Office) -> None:
    for _ in range(office.settings.link_codes_a_day):
        assert (await office.asks(MAIL)).status_code == 200
        office.clock.later(minutes=2)
    assert (await office.asks(MAIL)).status_code == 429
    office.clock.later(days=1)
    assert (await office.asks(MAIL)).status_code == 200


async def test_an_address_is_known_however_it_is_written_and_what_is_none_is_refused_in_words(
    office: Office,
) -> None:
    for address in (PHONE, "+86 138-1234-5678", "WangFang@Example.com", "8613812345678"):
        assert (await office.comes(address)).status_code == 303, address
        office.clock.later(minutes=2)
    before = office.count("customer_codes")
    for address in ("", "x", "@", "%", "a@b", "1" * 300, "'; drop table", "k-1", "_@_"):
        answer = await office.asks(address)
        assert answer.status_code == 422, address
        assert "请填写邮箱或手机号" in answer.text
    assert (await office.asks("😀@例.公司")).status_code == 200, "an address, and on nobody's file"
    assert office.count("customer_codes") == before + 1


async def test_a_session_ends_with_the_address_with_its_time_and_on_leaving(office: Office) -> None:
    await office.comes()
    office.is_on_file("new@hongfeng.example.com")
    assert (await office.client.get("/c/orders")).status_code == 303
    office.is_on_file(MAIL)
    assert (await office.client.get("/c/orders")).status_code == 200
    office.clock.later(minutes=office.settings.session_idle_minutes + 1)
    assert (await office.client.get("/c/orders")).status_code == 303
    await office.comes()
    late = await office.client.post(f"/c/orders/{office.order}/questions", data={"words": "x"})
    assert late.status_code == 303
    assert (await office.client.post("/c/logout")).headers["location"] == "/c/login"
    end_session(engine_at(office.settings.database_url), "none")
    refused = await office.client.post(f"/c/orders/{office.order}/questions", data={"words": "x"})
    assert refused.status_code == 401
    assert "请登录" in refused.text


async def test_the_code_goes_to_the_address_and_stands_in_no_table(office: Office) -> None:
    await office.asks(MAIL)
    code = office.code()
    build_router(office.settings).route_due(office.clock())
    deliveries = table("deliveries")
    outside = build_post_office(office.settings)
    outside._clock = office.clock
    outside.send_due()
    letters = [each.read_text() for each in (office.settings.var / "outbox").rglob("*log_in_code*")]
    assert any(code in letter for letter in letters)
    with reading(engine_at(office.settings.database_url)) as connection:
        for name in ("customer_codes", "outbox", "deliveries", "acts"):
            assert code not in str(connection.execute(select(table(name))).all()), name
        assert connection.scalar(select(deliveries.c.identity).where(deliveries.c.order_number == ""))


async def test_a_closed_access_stays_closed_and_others_stay_open(office: Office) -> None:
    """Staff may close what a log-in opens, like a link."""
    await office.comes()
    path = f"/c/orders/{office.order}"
    assert (await office.client.get(path)).status_code == 200
    links = table("customer_links")
    with writing(engine_at(office.settings.database_url)) as connection:
        connection.execute(links.update().values(revoked_at=office.clock(), revoked_by="chen"))
    refused = await office.client.get(path)
    assert refused.status_code == 403
    assert "已撤销" in refused.text
    assert (await office.client.get("/c/orders")).status_code == 200
