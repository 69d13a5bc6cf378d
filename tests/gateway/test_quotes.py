"""Quotes at the pages: made by the salesperson, approved in the supervisor's inbox, answered on the customer's page (R102 to R106)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from activities.access.customer_sessions import begin_session
from activities.documents.document_store import DocumentStore
from activities.documents.press import Press
from activities.documents.typesetting import Typesetter
from activities.orders.views.order_views import OrderView, show_order
from activities.quotes.quote_views import QuoteView, list_quotes, show_quote
from activities.store.database import engine_at, reading
from activities.store.imports import CustomerRow, import_customers
from gateway.security.staff_sessions import rules_of
from models.tables.registry import table
from models.values.vocabulary import CustomerClass, Language
from runtime.delivery.placing import place_request
from runtime.settings import Settings
from runtime.worker.post import build_post_office, build_router
from tests.gateway.conftest import ORDER, caller
from tests.gateway.test_pages import Person, person, staff
from tests.runtime.watching import looks, until

__all__ = ["person", "staff"]
pytestmark = pytest.mark.usefixtures("working")
ENQUIRY = {
    "customer": "K1", "channel": "phone", "contact": "王芳", "product0": "SP-9", "specification0": "新品", "unit0": "roll",
    "quantities0": "10000", "payment_terms": "deposit", "packing": "箱",
}  # fmt: skip
COSTS = {"break": "1:10000.000", "kind0": "material", "what0": "原纸", "quantity0": "3605", "measure0": "kg", "rate0": "6.80",
         "basis0": "purchase", "purchased_on0": "2026-01-05", "kind1": "process", "what1": "分切", "quantity1": "14",
         "measure1": "h", "rate1": "180.00", "basis1": "standard", "kind2": "labour", "what2": "人工", "quantity2": "28",
         "measure2": "h", "rate2": "32.00", "basis2": "standard", "kind3": "other", "what3": "纸箱", "quantity3": "200",
         "measure3": "个", "rate3": "2.35", "basis3": "estimate"}  # fmt: skip


async def soon(settings: Settings, number: str, stage: str) -> QuoteView:
    """The quote when it has come so far in the order database."""
    engine = engine_at(settings.database_url)
    await until(lambda: show_quote(engine, number).stage == stage, f"{number} is {stage}")
    return show_quote(engine, number)


async def priced(settings: Settings, order: str, total: str) -> OrderView:
    """The order when it comes to this."""
    engine = engine_at(settings.database_url)
    await until(lambda: str(show_order(engine, order).order.total) == total, f"{order} comes to {total}")
    return show_order(engine, order)


async def shows(someone: Person, number: str, words: str) -> str:
    """The quote's page when it says so."""
    text = ""
    async for _ in looks(f"{number} says {words}"):
        text = (await someone.client.get(f"/quotes/{number}")).text
        if words in text:
            break
    return text


async def sends(someone: Person, number: str, kind: str, **fields: str) -> httpx.Response:
    """A form of a quote's page."""
    path = f"/quotes/{number}" if number else "/quotes/new"
    text = (await someone.client.get(path)).text
    token = re.search(r'name="form_token" value="([^"]+)"', text)
    once = re.search(r'name="once" value="([^"]+)"', text)
    assert token is not None, text
    given = {"form_token": token[1], "once": once[1] if once else "", "kind": kind, **fields}
    return await someone.client.post(f"{path}/tell" if number else path, data=given)


async def enquired(someone: Person, settings: Settings) -> str:
    """A salesperson takes an enquiry in and writes what it costs."""
    await someone.comes("li")
    answer = await sends(someone, "", "", **ENQUIRY)
    assert answer.status_code == 303, answer.text
    number = answer.headers["location"].split("/")[2].partition("?")[0]
    await soon(settings, number, "enquiry")
    view = show_quote(engine_at(settings.database_url), number)
    assert view.goods[0]["quantities"] == ["10000.000"]
    costed = await sends(someone, number, "cost_sheet_made", **COSTS)
    assert costed.status_code == 303, costed.text
    return number


@pytest.fixture
async def customer(door: FastAPI, staff: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of customer K1, logged in."""
    async with caller(door, Accept="text/html") as client:
        logs_in(client, door, staff, "K1")
        yield client


def logs_in(client: httpx.AsyncClient, door: FastAPI, settings: Settings, customer: str) -> None:
    """The client has a session of somebody of this customer."""
    home, mail = door.state.door, f"{customer.lower()}@example.com"
    file = CustomerRow(
        customer=customer, name="红枫", customer_class=CustomerClass.B, verified_by="chen", email=mail
    )
    import_customers(home.engine, [file])
    client.cookies.set(
        "customer", begin_session(home.engine, mail, [customer], home.now(), "-", rules_of(settings))
    )


async def test_made_approved_sent_countered_and_accepted(
    person: Person, customer: httpx.AsyncClient, staff: Settings, door: FastAPI
) -> None:
    """4.0115 is proposed; 3.95 goes to the supervisor, who approves it in the inbox; the customer counters, then accepts."""
    number = await enquired(person, staff)
    text = await shows(person, number, "4.0115")
    assert "¥28,400.00" in text
    offer = {"line0": "1", "quantity0": "10000.000", "unit_price0": "3.95", "words": "不含运费"}
    assert (await sends(person, number, "offer_made", **offer)).status_code == 303
    await soon(staff, number, "in_approval")
    refused = await sends(person, number, "offer_sent", version="1")
    assert refused.status_code == 409
    assert "还没有批准" in refused.text
    boss = Person(door)
    await boss.comes("wu")
    inbox = (await boss.client.get("/")).text
    assert number in inbox
    assert "18.75 %" in inbox
    assert "同意报价" in inbox
    approval = {"subject": "quote_approval", "outcome": "approve", "version": "1", "from": "inbox"}
    unwritten = await sends(boss, number, "decision", **approval)
    assert unwritten.status_code == 409
    assert "口头" in unwritten.text
    done = await sends(boss, number, "decision", **approval, note_reference="N-1")
    assert (done.status_code, done.headers["location"]) == (303, "/?said=accepted"), done.text
    await soon(staff, number, "to_send")
    assert (await sends(person, number, "offer_sent", version="1")).status_code == 303
    first = await soon(staff, number, "offered")
    # the customer sees prices and no costs, and asks for less
    own = (await customer.get(f"/c/quotes/{number}")).text
    assert "3.95" in own
    assert "39500.00" in own
    for secret in ("28400", "28,400", "18.75", "毛利", "原纸", "margin"):
        assert secret not in own, secret
    bid = {
        "kind": "counter_offered",
        "version": "1",
        "digest": first.offers[0].digest,
        "line0": "1",
        "quantity0": "10000.000",
    }
    path = f"/c/quotes/{number}/answer"
    assert (await customer.post(path, data=bid | {"unit_price0": "3.80"})).status_code == 303
    await soon(staff, number, "countered")
    stale = await customer.post(
        path, data={"kind": "offer_accepted", "version": "1", "digest": first.offers[0].digest}
    )
    assert stale.status_code == 409
    assert "第1版已被新版取代" in stale.text
    assert "R104" not in stale.text
    assert (await sends(person, number, "offer_made", **offer | {"unit_price0": "4.02"})).status_code == 303
    await soon(staff, number, "to_send")
    assert (await sends(person, number, "offer_sent", version="3")).status_code == 303
    view = await soon(staff, number, "offered")
    third = {"kind": "offer_accepted", "version": "3", "digest": view.offers[2].digest}
    assert (await customer.post(path, data=third)).status_code == 303
    ended = await soon(staff, number, "ordered")
    again = await customer.post(path, data=third)
    assert again.headers["location"].endswith("said=known")
    order = ended.order_number
    assert f"/c/orders/{order}" in (await customer.get(f"/c/quotes/{number}")).text
    assert number in (await customer.get("/c/quotes")).text
    with reading(engine_at(staff.database_url)) as connection:
        assert connection.scalars(select(table("orders").c.number)).all() == [order]
    compared = (await person.client.get(f"/quotes/{number}")).text
    for words in ("第1版", "客户还价", "第3版", "3.80", "4.02"):
        assert words in compared, words
    await boss.client.aclose()


async def test_an_order_that_waits_for_its_quote_goes_on_at_the_accepted_price(
    person: Person, customer: httpx.AsyncClient, staff: Settings, door: FastAPI
) -> None:
    """R104: numbered without a price; its quote is made from it, and accepted its price is the order's, and no other order is made."""
    lines = [{"line": 1, "product": "TP-80", "specification": "80", "quantity": "10000", "unit": "roll"}]
    values = {**ORDER, "request_id": "wait/1", "lines": lines, "awaits_quote": {}}
    placed = await door.state.door.on_server(lambda client: place_request(client, staff, values))
    order, engine = placed.start.number, engine_at(staff.database_url)
    await person.comes("li")
    page = (await person.client.get(f"/quotes/new?order={order}")).text
    token, once = (
        re.search(rf'name="{name}" value="([^"]+)"', page)[1]  # type: ignore[index]
        for name in ("form_token", "once")
    )
    made = await person.client.post(
        "/quotes/new", data={"form_token": token, "once": once, "for_order": order}
    )
    assert made.status_code == 303, made.text
    number = made.headers["location"].split("/")[2].partition("?")[0]
    await soon(staff, number, "enquiry")
    assert (await sends(person, number, "cost_sheet_made", **COSTS)).status_code == 303
    noted = {"competitor": "某纸业", "line": "1", "unit_price": "3.90"}
    assert (await sends(person, number, "competition_noted", **noted)).status_code == 303
    assert "某纸业" in await shows(person, number, "某纸业")
    assert (await sends(person, number, "offer_made", line0="1", quantity0="10000.000")).status_code == 303
    await soon(staff, number, "to_send")
    await sends(person, number, "offer_sent", version="1")
    view = await soon(staff, number, "offered")
    assert "某纸业" not in (await customer.get(f"/c/quotes/{number}")).text
    accepted = {"kind": "offer_accepted", "version": "1", "digest": view.offers[0].digest}
    assert (await customer.post(f"/c/quotes/{number}/answer", data=accepted)).status_code == 303
    assert (await soon(staff, number, "ordered")).order_number == order
    shown = await priced(staff, order, "40115.00")
    assert shown.order.phase == "verification"
    assert {step.key for step in shown.steps if step.closed_at is None} >= {"decision:technical:1"}
    assert "decision:price:1" not in {step.key for step in shown.steps}
    with reading(engine) as connection:
        assert connection.scalars(select(table("orders").c.number)).all() == [order]


async def test_the_quotation_is_printed_without_costs(
    person: Person, staff: Settings, customer: httpx.AsyncClient
) -> None:
    """R102, R103: what goes to the customer; both read the same bytes."""
    number = await enquired(person, staff)
    await sends(person, number, "offer_made", line0="1", quantity0="10000.000")
    await soon(staff, number, "to_send")
    await sends(person, number, "offer_sent", version="1")
    await soon(staff, number, "offered")
    press = Press(
        engine_at(staff.database_url),
        Typesetter(staff.templates, Language.ZH),
        DocumentStore(staff.documents),
    )
    (paper,) = press.print_due(number)
    assert paper.problem is None, paper.problem
    mine = await person.client.get(f"/quotes/{number}/papers/{paper.document}")
    theirs = await customer.get(f"/c/quotes/{number}/papers/{paper.document}")
    assert mine.content == theirs.content
    assert mine.content.startswith(b"%PDF")
    assert (await customer.get(f"/c/quotes/{number}/papers/{'0' * 64}")).status_code == 404


async def test_nobody_sees_what_is_not_theirs(
    person: Person, staff: Settings, customer: httpx.AsyncClient, door: FastAPI
) -> None:
    """R85, R102: another customer's quote is none; whoever has nothing to do with quotes sees no costs."""
    number = await enquired(person, staff)
    async with caller(door, Accept="text/html") as other:
        logs_in(other, door, staff, "K2")
        assert (await other.get(f"/c/quotes/{number}")).status_code == 404
        bad = await other.post(f"/c/quotes/{number}/answer", data={"kind": "offer_refused", "version": "1"})
        assert bad.status_code == 404
        assert number not in (await other.get("/c/quotes")).text
    async with caller(door, Accept="text/html") as nobody:
        assert (await nobody.get(f"/c/quotes/{number}")).headers["location"] == "/c/login"
        assert (await nobody.get("/c/quotes")).headers["location"] == "/c/login"
        assert (await nobody.get(f"/quotes/{number}")).headers["location"] == "/login"
    costs = await customer.post(f"/c/quotes/{number}/answer", data={"kind": "cost_sheet_made"} | COSTS)
    assert costs.status_code in (403, 409)
    shipper = Person(door)
    await shipper.comes("sun")
    assert (await shipper.client.get(f"/quotes/{number}")).status_code in (303, 403)
    assert [each.number for each in list_quotes(engine_at(staff.database_url), customer="K1")] == [number]
    await shipper.client.aclose()


async def test_the_customer_gets_the_offer_by_letter(
    person: Person, staff: Settings, customer: httpx.AsyncClient
) -> None:
    """R103: by name, with the paper and until when; a quote is called a quote, and no rule stands in it."""
    number = await enquired(person, staff)
    await sends(person, number, "offer_made", line0="1", quantity0="10000.000")
    await soon(staff, number, "to_send")
    await sends(person, number, "offer_sent", version="1")
    await soon(staff, number, "offered")
    typesetter, store = Typesetter(staff.templates, Language.ZH), DocumentStore(staff.documents)
    Press(engine_at(staff.database_url), typesetter, store).print_due(number)
    build_router(staff).route_due()
    build_post_office(staff).send_due()
    letters = [each.read_text() for each in (staff.var / "outbox").rglob("*") if each.suffix in (".txt", ".md", ".eml", "")
               and each.is_file()]  # fmt: skip
    offer = next(each for each in letters if "附上报价" in each)
    assert f"报价 {number} 第 1 版，含税合计 ¥40,115.00，有效至" in offer
    assert any(f"报价 {number}：询价" in each for each in letters)
    assert not any(f"订单 {number}" in each for each in letters)
    assert not re.search(r"R\d{2,3}", offer)
    with reading(engine_at(staff.database_url)) as connection:
        deliveries = table("deliveries")
        of_quote = select(deliveries.c.state).where(deliveries.c.order_number == number)
        assert set(connection.scalars(of_quote)) == {"sent"}
