"""What each caller sees of other people's orders: nothing, on any route that reads; written by hand, route by route.

Two orders stand in the house, one of a customer and salesperson, one of another's. Who may see the first is shown the
first, and never a number, name or step of the second. A new route that reads stands in none of these tables, and is red.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import insert, update

from activities.access.logins import log_in_as
from activities.facts.desk_steps import open_step
from activities.notices.outbox import enter_row
from activities.orders.requests import open_request
from activities.orders.views.order_lists import progress
from activities.store import imports
from activities.store.company_files import read_policy
from activities.store.database import engine_at, writing
from gateway.app import ROUTERS, create_app
from gateway.pages.orders.order_uploads import Upload
from gateway.security.customer_links import link_for
from models.dossier.papers_due import Paper
from models.reports.desk_steps import DeskStepKind, desk_step
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.vocabulary import CustomerClass, Role, Words
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller, key_for, own_key

pytestmark = pytest.mark.postgresql
PAPER = "0" * 64
UNSCOPED = {
    "/v1/prices": "one price list for all",
    "/v1/me": "what the key itself opens",
    "/health": "of the house alone",
    "/health/live": "of the house alone",
    "/health/ready": "of the house alone",
    "/robots.txt": "the same for all",
    "/login": "a form",
    "/login/code": "a form, for who has shown a password",
    "/c/login": "a form, for customers",
    "/login/oidc": "a way to the company's log-in",
    "/login/oidc/back": "the way back",
    "/orders/new": "an empty form",
    "/orders/new/customers": "one list of customers for all who place orders",
    "/orders/new/products": "one price list for all who place orders",
    "/orders/upload": "an empty form",
    "/search": "the way to the list",
    "/introduction": "how the desk works, for everybody the same",
    "/rules/{rule}": "what a rule says, for all of the staff",
    "/sandbox": "orders to try with, by number, where nothing is real",
}
LISTS = {
    "/v1/orders", "/v1/inbox/{role}", "/v1/customers", "/", "/board", "/orders", "/orders/export.csv", "/orders/export.xlsx",
    "/palette", "/floor", "/calendar", "/calendar/tonight", "/calendar/move",
}  # fmt: skip
OF_SEVERAL_ORDERS = {"/orders/papers.pdf"}
OF_ONE_ORDER = {
    "/v1/orders/{number}",
    "/v1/orders/{number}/timeline",
    "/v1/orders/{number}/promises",
    "/v1/orders/{number}/steps",
    "/v1/orders/{number}/documents",
    "/v1/orders/{number}/notices",
    "/v1/orders/{number}/documents/{document}",
    "/orders/{number}",
    "/orders/{number}/next",
    "/orders/{number}/acts/{kind}",
    "/orders/{number}/papers/{document}",
    "/orders/{number}/steps/{key:path}",
    "/orders/{number}/held/{key}",
    "/orders/{number}/held/{key}/form",
    "/orders/{number}/files/{document}",
    "/orders/{number}/signatures/{document}",
}
OF_A_LINK = {"/c/{token}", "/c/{token}/papers/{document}"}
OF_A_CUSTOMER = {"/c/orders", "/c/orders/{number}", "/c/orders/{number}/papers/{document}"}
OF_THE_DESK = {"/desk/{key:path}", "/scans/{digest}", "/handovers/new"}
OF_AN_UPLOAD = {"/orders/upload/{upload}", "/orders/upload/{upload}/result.csv"}
NEWS = {"/events"}
OF_ONESELF = {"/account", "/account/password", "/account/second-factor"}
OF_PEOPLE = {"/people"}
OF_THE_COMPANY = {
    "/company",
    "/company/changes",
    "/company/customer",
    "/company/customer/edit",
    "/company/customer/new",
    "/company/customers",
    "/company/holiday/edit",
    "/company/holidays",
    "/company/holidays/import",
    "/company/jobs",
    "/company/stuck",
    "/company/endpoint",
    "/company/endpoints",
    "/company/endpoints/new",
    "/company/key/new",
    "/company/keys",
    "/company/line",
    "/company/line/edit",
    "/company/line/new",
    "/company/lines",
    "/company/links",
    "/company/notices",
    "/company/person",
    "/company/person/edit",
    "/company/person/new",
    "/company/price",
    "/company/price/edit",
    "/company/price/new",
    "/company/prices",
    "/company/reminders",
    "/company/reminders/pause",
    "/company/report/made",
    "/company/report/now",
    "/company/reports",
    "/company/senders",
    "/company/staff",
    "/company/statement",
    "/company/statement.pdf",
    "/company/statement.xlsx",
}
"""By role and by whose customer it is: `test_company_pages`."""
OF_A_CARD = {"/card/{token}"}
OF_THE_WRITER = {"/kept"}
"""`test_deciding`: a link from a chat opens no order that is not one's own, and a form is its writer's alone."""
FIGURES = {"/figures", "/figures/{figure}"}
OF_FINANCE = {
    "/money", "/money/split", "/money/receipt", "/money/receipts", "/money/receipts/{number}", "/shop/payments",
}  # fmt: skip
OF_WHO_PAYS = {"/shop/pay/{intent}", "/shop/pay/{intent}/back"}
"""Opened by a number that nobody guesses; tried in tests/gateway/test_shop_payments.py."""
OF_THE_FACTORY = {"/schedule", "/schedule/if", "/schedule/replan"}
OF_STOCK = {"/stock", "/stock/item", "/stock/new", "/stock/act"}
OF_PRE_SALE = {"/presale", "/presale/batch", "/presale/new", "/presale/act"}
"""Goods by number; no order of a customer but in its own page."""
OF_CREDIT = {"/credit", "/credit/customer"}
OF_QUOTES = {"/quotes", "/quotes/new", "/quotes/{number}", "/quotes/{number}/papers/{document}"}
OF_THE_SHOP = {
    "/shop", "/shop/cart", "/shop/compare", "/shop/enquiry", "/shop/login", "/shop/p/{product:path}", "/shop/pictures/{document}",
    "/shop/terms", "/v1/products",
}  # fmt: skip
"""Goods, and a cart that goes by its own signed cookie: `test_shop`."""
OF_AN_ACCOUNT = {"/shop/account", "/shop/checkout", "/shop/done/{checkout}", "/shop/orders"}
"""A shopper's own alone: `test_shop`, of another's checkout and order."""
OF_THE_CATALOGUE = {
    "/company/product", "/company/product/edit", "/company/product/new", "/company/product/picture/{document}",
    "/company/products", "/company/own-price", "/company/own-price/edit", "/company/own-price/new", "/company/own-prices",
}  # fmt: skip
OF_OTHER_SHOPS = {"/v1/endpoints", "/v1/endpoints/{endpoint}", "/v1/events", "/v1/events/schemas"}
"""`test_shop_client`: endpoints are their own key's; `test_webhooks_out`: events are of the orders that a key may read."""
OF_CASES_AT_THE_DOOR = {
    f"/v1/{each}{one}" for each in ("quotes", "cases", "contracts") for one in ("", "/{number}")
}
"""Tried in tests/gateway/test_case_doors.py."""
OF_MONEY_AT_THE_DOOR = {"/v1/receipts", "/v1/receipts/{number}"}
"""Finance's, and of a bank's key what it told of: tests/gateway/test_receipts_at_the_door.py."""
OF_A_CUSTOMERS_QUOTES = {"/c/quotes", "/c/quotes/{number}", "/c/quotes/{number}/papers/{document}"}
OF_CASES = {"/cases", "/cases/new", "/cases/statistics", "/cases/{number}"}
OF_A_CUSTOMERS_CASES = {"/c/cases", "/c/cases/new/{order}", "/c/cases/{number}", "/c/rating/{order}"}
OF_CONTRACTS = {
    "/contracts",
    "/contracts/new",
    "/contracts/{number}",
    "/contracts/{number}/papers/{document}",
}
OF_A_CUSTOMERS_CONTRACTS = {
    "/c/contracts",
    "/c/contracts/{number}",
    "/c/contracts/{number}/papers/{document}",
}
OF_INVOICES = {"/accounts", "/archive", "/archive/{number}.zip", "/invoices", "/invoices/{number}"}
"""Tried in tests/gateway/test_contracts.py, test_invoices.py and tests/activities/test_archive.py."""
OF_DUTIES = {"/orders/{number}/sheet-check", "/production-report", "/reassign"}
"""Tried in tests/gateway/test_quotes.py, test_credit_pages.py, test_cases.py and test_duty_pages.py."""
"""By role: `test_schedule`."""
READS = sorted(
    route.path
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ())
)


@dataclass
class House:
    """Two orders, of two customers and two salespersons; and the door, whose server is away."""

    settings: Settings
    app: FastAPI
    own: str
    other: str

    def session(self, person: str) -> dict[str, str]:
        """Headers of a person who is logged in."""
        token = log_in_as(engine_at(self.settings.database_url), person, datetime.now(UTC), "here")
        return {"Cookie": f"session={token}", "Accept": "text/html"}


@pytest.fixture
def house(prepared: Settings) -> House:
    own = prepared.model_copy(update={"temporal_address": "127.0.0.1:9"})
    engine, moment = engine_at(own.database_url), datetime.now(UTC)
    people = {"li": "K1", "zhou": "K2"}
    imports.import_staff(
        engine, [imports.StaffRow(person=each, name=each, roles=(Role.SALESPERSON,)) for each in people]
    )
    names = {"K1": "红枫", "K2": "别家"}
    imports.import_customers(
        engine,
        [
            imports.CustomerRow(customer=c, name=names[c], customer_class=CustomerClass.B, salesperson=p)
            for p, c in people.items()
        ],
    )
    numbers = []
    orders, steps = table("orders"), table("open_steps")
    for person, customer in people.items():
        request = OrderRequest.model_validate({**ORDER, "request_id": f"r/{customer}", "customer": customer})
        number = open_request(engine, request, moment, read_policy(own.policy))[0].number
        numbers.append(number)
        waits = {
            "order_number": number, "key": f"k/{customer}", "kind": "decision", "roles": ["production", "salesperson"],
            "people": [person], "rule": "R13", "since": moment, "due": moment, "blocking": True, "zh": f"待 {names[customer]}",
            "en": customer, "command": "", "closed_at": None,
        }  # fmt: skip
        with writing(engine) as connection:
            connection.execute(update(orders).where(orders.c.number == number).values(sequence=7))
            connection.execute(insert(steps).values(waits))
    return House(own, create_app(own), *numbers)


def shows_nothing_of_the_other(answer: httpx.Response, house: House) -> None:
    for mark in (house.other, "K2", "别家", "zhou"):
        assert mark not in answer.text, answer.request.url


def test_every_route_that_reads_stands_in_one_of_the_tables() -> None:
    groups = [
        set(UNSCOPED),
        LISTS,
        OF_ONE_ORDER,
        OF_A_LINK,
        OF_A_CUSTOMER,
        OF_THE_DESK,
        OF_AN_UPLOAD,
        NEWS,
        OF_ONESELF,
        OF_PEOPLE,
        OF_SEVERAL_ORDERS,
        OF_THE_COMPANY,
        OF_A_CARD,
        OF_THE_WRITER,
        FIGURES,
        OF_FINANCE,
        OF_WHO_PAYS,
        OF_THE_FACTORY,
        OF_STOCK,
        OF_PRE_SALE,
        OF_CREDIT,
        OF_QUOTES,
        OF_CASES_AT_THE_DOOR,
        OF_MONEY_AT_THE_DOOR,
        OF_OTHER_SHOPS,
        OF_THE_SHOP,
        OF_AN_ACCOUNT,
        OF_THE_CATALOGUE,
        OF_A_CUSTOMERS_QUOTES,
        OF_CASES,
        OF_A_CUSTOMERS_CASES,
        OF_CONTRACTS,
        OF_A_CUSTOMERS_CONTRACTS,
        OF_INVOICES,
        OF_DUTIES,
    ]
    assert sorted(path for group in groups for path in group) == READS


# --- a key -------------------------------------------------------------------------------------------------------


def keys(house: House) -> dict[str, tuple[str, int]]:
    """Keys that see the first order and not the second, and what they are told of the second: that there is none, or, to
    one of the staff, that it is not theirs."""
    return {
        "a service for one customer": (key_for(house.settings, "s", customers=("K1",)), 404),
        "a customer": (key_for(house.settings, "c", Role.CUSTOMER, customers=("K1",)), 404),
        "a salesperson": (own_key(house.settings, "li", Role.SALESPERSON), 403),
        "production, for one customer": (
            own_key(house.settings, "ma", Role.PRODUCTION, customers=("K1",)),
            403,
        ),
    }


@pytest.mark.parametrize("path", sorted(each for each in OF_ONE_ORDER if each.startswith("/v1/")))
async def test_a_key_is_shown_its_own_order_and_of_another_nothing(house: House, path: str) -> None:
    for name, (key, status) in keys(house).items():
        async with caller(house.app, key) as client:
            own = await client.get(path.format(number=house.own, document=PAPER))
            other = await client.get(path.format(number=house.other, document=PAPER))
        if path.endswith("{document}"):  # there is no paper; of the other order not even that is said
            assert (own.status_code, own.json()["where"]) == (404, PAPER), name
        else:
            assert own.status_code == 200, (name, own.text)
        shows_nothing_of_the_other(own, house)
        assert (other.status_code, other.json()["where"]) == (status, house.other), name
        assert "别家" not in other.text
        assert "K2" not in other.text


@pytest.mark.parametrize(
    "query", [{}, {"q": "20"}, {"customer": "K2"}, {"q": "别家"}, {"salesperson": "zhou"}, {"limit": "1"}]
)
async def test_a_list_of_orders_holds_ones_own_alone(house: House, query: dict[str, str]) -> None:
    for name, (key, _) in keys(house).items():
        async with caller(house.app, key) as client:
            answer = await client.get("/v1/orders", params=query)
        assert answer.status_code == 200
        shows_nothing_of_the_other(answer, house)
        found = [each["number"] for each in answer.json()["orders"]]
        asks_for_the_other = query.keys() & {"customer", "salesperson"} or query.get("q") == "别家"
        if not asks_for_the_other:
            assert found == [house.own], name
            assert answer.json()["next"] == "", name


@pytest.mark.parametrize("query", [{}, {"limit": "1"}, {"limit": "200"}])
async def test_an_inbox_holds_steps_of_ones_own_orders_alone(house: House, query: dict[str, str]) -> None:
    asking = {name: key for name, (key, _) in keys(house).items()}
    asking["a service for one customer"] = key_for(house.settings, "p", Role.PRODUCTION, customers=("K1",))
    for name, key in asking.items():
        role = {"a salesperson": "salesperson", "a customer": "customer"}.get(name, "production")
        async with caller(house.app, key) as client:
            answer = await client.get(f"/v1/inbox/{role}", params=query)
            assert answer.status_code == 200, name
            shows_nothing_of_the_other(answer, house)
            assert "link" not in answer.headers, name
            expected = [] if role == "customer" else [house.own]
            assert [each["order_number"] for each in answer.json()] == expected, name
    async with caller(house.app, key_for(house.settings, "all", Role.PRODUCTION)) as client:
        everything = (await client.get("/v1/inbox/production")).json()
        assert {each["order_number"] for each in everything} == {house.own, house.other}


async def test_a_key_knows_its_own_customers_alone(house: House) -> None:
    async with caller(house.app, key_for(house.settings, "s", customers=("K1",))) as client:
        answer = await client.get("/v1/customers")
        assert [each["customer"] for each in answer.json()] == ["K1"]
        shows_nothing_of_the_other(answer, house)


# --- a session ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?tab=role",
        "/board",
        "/orders",
        "/orders?q=20",
        "/orders?q=别家",
        "/orders?cursor=&salesperson=zhou&q=别家",
        "/orders/export.csv",
        "/board?q=20",
        "/board?q=别家",
        "/palette?q=20",
        "/palette?q=别家",
    ],
)
async def test_a_page_lists_ones_own_orders_alone(house: House, path: str) -> None:
    async with caller(house.app, **house.session("li")) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    assert house.other not in answer.text
    assert (house.own in answer.text) == (not path.endswith("q=别家"))
    assert "K2" not in answer.text


@pytest.mark.parametrize("path", sorted(each for each in OF_ONE_ORDER if not each.startswith("/v1/")))
async def test_a_page_of_another_order_is_not_ones_own(house: House, path: str) -> None:
    async with caller(house.app, **house.session("li")) as client:
        path = path.replace(":path", "")
        named = {"document": PAPER, "kind": "contact_logged", "key": "a" * 32 if "/held/" in path else "k/K1"}
        own = await client.get(path.format(number=house.own, **named))
        other = await client.get(path.format(number=house.other, **named))
    nothing_there = path.endswith(("{document}", "/form"))
    assert own.status_code == (404 if nothing_there else 200)
    assert other.status_code == 403
    assert "别家" not in other.text


def test_news_is_of_ones_own_orders_alone(house: House) -> None:
    """What moves elsewhere changes nothing that a salesperson's page listens to."""
    engine, orders = engine_at(house.settings.database_url), table("orders")
    before = {who: progress(engine, who) for who in (None, "li", "zhou")}
    with writing(engine) as connection:
        connection.execute(update(orders).where(orders.c.number == house.other).values(sequence=100))
    after = {who: progress(engine, who) for who in (None, "li", "zhou")}
    assert after["li"] == before["li"]
    assert after["zhou"] != before["zhou"]
    assert after[None] != before[None]


def test_news_comes_to_who_is_asked_by_name(house: House) -> None:
    """A carrier sells nothing, and hears of the orders whose steps name them."""
    engine, steps, orders = engine_at(house.settings.database_url), table("open_steps"), table("orders")
    alone = progress(engine, "carrier")
    with writing(engine) as connection:
        named = update(steps).where(steps.c.order_number == house.other)
        connection.execute(named.values(people=["carrier"]))
    named_there = progress(engine, "carrier")
    assert named_there != alone
    with writing(engine) as connection:
        connection.execute(update(orders).where(orders.c.number == house.own).values(sequence=100))
    assert progress(engine, "carrier") == named_there


async def test_the_desk_shows_a_step_to_those_whose_it_is(house: House) -> None:
    engine = engine_at(house.settings.database_url)
    step = desk_step(
        DeskStepKind.LATE_FACT, "x", datetime.now(UTC), rule="R47", order=house.other, roles=(Role.FINANCE,),
        ended=house.other, what_zh="款", what_en="money", said_zh="1", said_en="1",
    )  # fmt: skip
    with writing(engine) as connection:
        open_step(connection, step)
    imports.import_staff(engine, [imports.StaffRow(person="fang", name="方", roles=(Role.FINANCE,))])
    async with caller(house.app, **house.session("li")) as client:
        assert (await client.get(f"/desk/{step.key}")).status_code == 403
        assert house.other not in (await client.get("/")).text
        assert (await client.get(f"/scans/{'0' * 16}")).status_code in (403, 404)
        theirs = await client.get(f"/handovers/new?order={house.other}&step=k/K2")
        assert theirs.status_code == 403
        assert "别家" not in theirs.text
        own = await client.get(f"/handovers/new?order={house.own}&step=k/K1")
        assert own.status_code == 200
        assert "红枫" in own.text
    async with caller(house.app, **house.session("fang")) as client:
        assert (await client.get(f"/desk/{step.key}")).status_code == 200
        assert house.other in (await client.get("/")).text


@pytest.mark.parametrize("path", sorted(OF_AN_UPLOAD))
async def test_a_file_is_followed_by_who_brought_it_alone(house: House, path: str) -> None:
    key = "f" * 32
    upload = Upload("zhou", "别家.xlsx", 1, key=key)
    house.app.state.uploads._kept[key] = upload
    async with caller(house.app, **house.session("zhou")) as client:
        assert (await client.get(path.format(upload=key))).status_code == 200
    async with caller(house.app, **house.session("li")) as client:
        other = await client.get(path.format(upload=key))
        assert other.status_code == 404
        assert "别家" not in other.text


@pytest.mark.parametrize("path", sorted(OF_ONESELF))
async def test_what_is_ones_own_shows_nobody_else(house: House, path: str) -> None:
    engine = engine_at(house.settings.database_url)
    log_in_as(engine, "zhou", datetime.now(UTC), "10.9.8.7")
    async with caller(house.app, **house.session("li")) as client:
        page = await client.get(path)
    assert page.status_code == 200
    assert "10.9.8.7" not in page.text
    assert "zhou" not in page.text


@pytest.mark.parametrize("path", sorted(OF_PEOPLE))
async def test_who_may_log_in_is_shown_to_administrators_alone(house: House, path: str) -> None:
    engine = engine_at(house.settings.database_url)
    imports.import_staff(engine, [imports.StaffRow(person="guan", name="管", roles=(Role.ADMINISTRATOR,))])
    async with caller(house.app, **house.session("li")) as client:
        assert (await client.get(path)).status_code == 403
    async with caller(house.app, **house.session("guan")) as client:
        assert "zhou" in (await client.get(path)).text


# --- a link ------------------------------------------------------------------------------------------------------


async def test_a_link_opens_one_order(house: House) -> None:
    token = link_for(house.settings, house.own).rpartition("/")[2]
    with writing(engine_at(house.settings.database_url)) as connection:
        enter_row(
            connection, order=house.other, identity="x", paper=Paper.PAYMENT, to=(Role.CUSTOMER,), words=Words("x", "x"),
            rule="R53", created_at=datetime.now(UTC), content=None,
        )  # fmt: skip
        connection.execute(update(table("outbox")).values(document=PAPER))
    async with caller(house.app) as client:
        page = await client.get(f"/c/{token}")
        assert page.status_code == 200
        assert house.own in page.text
        shows_nothing_of_the_other(page, house)
        assert (await client.get(f"/c/{token}/papers/{PAPER}")).status_code == 404


# --- figures and money -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/figures", "/figures/new", "/figures/waits?step=decision", "/figures/collected"]
)
async def test_figures_are_of_ones_own_orders_alone(house: House, path: str) -> None:
    """R86: a salesperson counts the own orders; who leads counts all; nobody else is shown a figure."""
    imports.import_staff(
        engine_at(house.settings.database_url),
        [
            imports.StaffRow(person="zhao", name="赵", roles=(Role.MARKETING_DIRECTOR,)),
            imports.StaffRow(person="ma", name="马", roles=(Role.PRODUCTION,)),
        ],
    )
    async with caller(house.app, **house.session("li")) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    shows_nothing_of_the_other(answer, house)
    async with caller(house.app, **house.session("zhao")) as client:
        both = await client.get(path)
    if path in ("/figures/new", "/figures/waits?step=decision"):
        assert house.own in answer.text
        assert house.other in both.text
    async with caller(house.app, **house.session("ma")) as client:
        assert (await client.get(path)).status_code == 403


@pytest.mark.parametrize("path", sorted(OF_THE_FACTORY))
async def test_the_plan_is_shown_to_no_salesperson(house: House, path: str) -> None:
    async with caller(house.app, **house.session("li")) as client:
        answer = await client.get(path)
    assert answer.status_code == 403
    shows_nothing_of_the_other(answer, house)


@pytest.mark.parametrize("path", sorted(OF_FINANCE))
async def test_the_money_desk_is_shown_to_nobody_else(house: House, path: str) -> None:
    async with caller(house.app, **house.session("li")) as client:
        answer = await client.get(path)
    assert answer.status_code == 403
    shows_nothing_of_the_other(answer, house)
