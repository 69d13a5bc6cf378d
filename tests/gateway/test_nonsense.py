"""Nonsense in what is asked for: every place of every route that reads, with values that nobody means.

Never a 5xx, and what is refused says in words what is wrong. On both kinds of database: what one of them takes is a fault
in the other.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import insert

from activities.access.logins import log_in_as
from activities.orders.views.cursors import cursor_of, read_cursor
from activities.orders.views.order_lists import inbox_page
from activities.orders.views.order_search import SORTS, Wanted, find_orders
from activities.store.database import engine_at, writing
from gateway.app import ROUTERS, create_app
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import caller, own_key

READS = [
    route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.path != "/events"
]
QUERIED = [route for route in READS if route.dependant.query_params]
RIGHT = {"number": "20270105-0001", "document": "0" * 64, "role": "production", "kind": "contact_logged",
         "key:path": "was_it_sent:x", "digest": "0" * 16, "token": "abc"}  # fmt: skip


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


NUMBER = "20270105-0001"
VALUES: list[str] = ["1e400", "1" * 300, "1e999999999", "-1e30", "NaN", "sNaN", "Infinity", "0.001", "٣", "1_000", "",
    "\x00", "a\x00b", "\ud800", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2027-01-05", "2027-01-05T01:00:00",
    "9999999999999999999", "9223372036854775808", "92233720368547758.08", "' or 1=1 --", "%", "😀" * 30, "null"]  # fmt: skip
CURSORS = [
    "x", "=", "====", "é", "W10=", packed([]), packed({}), packed(None), packed(1), packed([1, 2]), packed([None, None]),
    packed([[], "x"]), packed([True, "x"]), packed("[" * 200), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b"[" * 300).decode(),
    *(packed([value, NUMBER]) for value in VALUES), *(packed([NUMBER, value]) for value in VALUES),
    *(packed([value, NUMBER, "k"]) for value in VALUES), *(packed(["2027-01-05T00:00:00+00:00", value, value]) for value in VALUES),
]  # fmt: skip
LIMITS = ["-1", "0", "201", "1e3", "9" * 400, "x", "1.5", "٣", "", " 1", "\x00", "true"]
TEXTS = [
    "\x00",
    "\x01",
    "\x7f",
    "%",
    "%%",
    "_",
    "\\",
    "'",
    '"',
    "(",
    "a" * 99,
    "龍" * 30,
    "😀",
    "\u202e",
    "٣",
]


@pytest.fixture
def house(prepared: Settings) -> FastAPI:
    """A door whose server is away, with an order that can be listed."""
    engine = engine_at(prepared.database_url)
    row = {
        "number": NUMBER, "epoch": 1, "sequence": 1, "customer": "K1", "customer_name": "红枫", "placed_at": datetime.now(UTC),
    }  # fmt: skip
    orders = table("orders")
    filler: dict[str, Any] = {
        column.name: _any(column)
        for column in orders.columns
        if not column.nullable and column.default is None and column.server_default is None
    }
    with writing(engine) as connection:
        connection.execute(
            insert(orders).values({**filler, **{k: v for k, v in row.items() if k in orders.c}})
        )
    return create_app(
        prepared.model_copy(update={"temporal_address": "127.0.0.1:9", "requests_a_minute": 10**6})
    )


def _any(column: Any) -> Any:
    kind = column.type.python_type
    made = {str: "", int: 0, bool: False, dict: {}, list: [], datetime: datetime.now(UTC)}
    return made.get(kind) if kind in made else kind()


@pytest.fixture
def shown(house: FastAPI, prepared: Settings) -> tuple[str, dict[str, str]]:
    """A key and a session of somebody who may see everything."""
    key = own_key(prepared, "chief", *(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)))
    token = log_in_as(engine_at(prepared.database_url), "chief", datetime.now(UTC), "here")
    return key, {"Cookie": f"session={token}"}


def url_of(route: APIRoute, **given: str) -> str:
    path = route.path
    for name, value in {**RIGHT, **given}.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


def judged(answer: httpx.Response, asked: object) -> None:
    assert answer.status_code < 500, (asked, answer.text)
    if answer.status_code >= 400 and answer.headers["content-type"] == "application/problem+json":
        assert answer.json()["zh"], asked


@pytest.mark.parametrize("route", QUERIED, ids=lambda route: route.path)
async def test_nothing_in_a_query_is_a_fault(
    house: FastAPI, shown: tuple[str, dict[str, str]], route: APIRoute
) -> None:
    names = {each.alias for each in route.dependant.query_params}
    async with caller(house, shown[0], **shown[1]) as client:
        for name in sorted(names):
            values = CURSORS[:4] if name == "cursor" else LIMITS if name == "limit" else TEXTS
            for value in values:
                query = quote(value, safe="", errors="surrogatepass")
                judged(await client.get(f"{url_of(route)}?{name}={query}"), (name, value))
        everything = "&".join(f"{quote(text, errors='surrogatepass')}={LIMITS[0]}" for text in TEXTS)
        judged(await client.get(f"{url_of(route)}?{everything}&language=%00"), everything)


@pytest.mark.parametrize("route", [each for each in READS if "{" in each.path], ids=lambda route: route.path)
async def test_nothing_in_a_path_is_a_fault(
    house: FastAPI, shown: tuple[str, dict[str, str]], route: APIRoute
) -> None:
    names = [name for name in RIGHT if f"{{{name}}}" in route.path]
    async with caller(house, shown[0], **shown[1]) as client:
        for name in names:
            for value in [*TEXTS, "../../etc/passwd", "9" * 400]:
                given = quote(value, safe="", errors="surrogatepass")
                path = url_of(route, **{name: "PLACE"}).replace("PLACE", given)
                judged(await client.get(path), (name, value))


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{sort}" for sort in SORTS)])
def test_a_forged_cursor_is_refused_in_words(prepared: Settings, sort: str) -> None:
    """Of every order in which one may sort, with every value; the rest is a place in the list, though none is there."""
    engine = engine_at(prepared.database_url)
    found = [refusal_of(lambda: find_orders(engine, Wanted(sort=sort, cursor=each))) for each in CURSORS]  # noqa: B023
    assert found.count((Code.MALFORMED, "cursor")) > len(CURSORS) / 2
    assert set(found) <= {None, (Code.MALFORMED, "cursor")}


def test_a_forged_cursor_of_an_inbox_is_refused_in_words(prepared: Settings) -> None:
    engine = engine_at(prepared.database_url)
    found = [refusal_of(lambda: inbox_page(engine, [Role.PRODUCTION], cursor=each)) for each in CURSORS]  # noqa: B023
    assert found.count((Code.MALFORMED, "cursor")) > len(CURSORS) / 2
    assert set(found) <= {None, (Code.MALFORMED, "cursor")}


def refusal_of(ask: Callable[[], object]) -> tuple[Code, str | None] | None:
    """How it is refused; None where it is answered."""
    try:
        ask()
    except Refusal as refusal:
        return refusal.code, refusal.where
    return None


async def test_the_door_says_what_is_wrong_with_a_query(
    house: FastAPI, shown: tuple[str, dict[str, str]]
) -> None:
    async with caller(house, shown[0]) as client:
        for cursor in (packed(["1e400", NUMBER]), packed(["\x00", "\x00"]), "x"):
            answer = await client.get("/v1/orders", params={"sort": "open_balance", "cursor": cursor})
            assert (answer.status_code, answer.json()["where"]) == (400, "cursor"), answer.text
        for limit in ("-1", "0", "201", "x"):
            answer = await client.get("/v1/orders", params={"limit": limit})
            assert answer.status_code == 422
            assert answer.json()["where"] == "query.limit"


@pytest.mark.parametrize("cursor", CURSORS[:16])
def test_what_is_no_place_in_a_list_is_no_cursor(cursor: str) -> None:
    with pytest.raises(Refusal) as found:
        read_cursor(cursor, 3)
    assert (found.value.code, found.value.where) == (Code.MALFORMED, "cursor")
    assert read_cursor(cursor_of(["2027", None, "k"]), 3) == ["2027", None, "k"]
