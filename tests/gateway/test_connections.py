"""Slow and many: half requests, none at all, answers nobody takes, pages that listen. Real sockets; nobody who is known waits.

Nothing sleeps here: each test waits for the close of a socket, or for an answer.
"""

from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import uvicorn

from activities.access.acts import Act, acts_of
from activities.access.logins import log_in_as, log_out
from activities.orders.requests import start_of
from activities.orders.views.order_search import Wanted, find_orders
from activities.store.database import engine_at
from gateway.__main__ import configuration, require_files
from gateway.api.placing import place_order
from gateway.app import create_app
from gateway.security.connections import GuardedConnection
from models.access import TOLD
from models.values.errors import Code, Refusal
from runtime.server.ports import free_port
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, key_for
from tests.runtime.watching import PATIENCE_SECONDS, until

HALF = b"GET /v1/me HTTP/1.1\r\nhost: door\r\nx-half: "
JSON = b"content-type: application/json\r\n"
GIVEN = b"POST /login HTTP/1.1\r\nhost: door\r\ncontent-type: application/x-www-form-urlencoded\r\n"


@dataclass
class Served:
    """A door that is served, and what knocks at it."""

    settings: Settings
    server: uvicorn.Server
    serving: asyncio.Task[None]
    port: int
    connection: type[GuardedConnection]
    opened: list[asyncio.StreamWriter] = field(default_factory=list)

    async def open(self, said: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that says this and no more."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        self.opened.append(writer)  # one that nobody holds is closed
        return reader, writer

    def client(self, **more: Any) -> httpx.AsyncClient:
        """Somebody who asks as one should."""
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=PATIENCE_SECONDS, **more
        )

    def cookies(self, person: str = "chen") -> dict[str, str]:
        """Somebody's session."""
        engine = engine_at(self.settings.database_url)
        return {"session": log_in_as(engine, person, datetime.now(UTC), "here")}


@asynccontextmanager
async def served(settings: Settings, app: Any = None, **limits: Any) -> AsyncIterator[Served]:
    port = free_port()
    own = settings.model_copy(
        update={
            "temporal_address": "127.0.0.1:9",
            "gateway_proxies": "",
            "requests_a_minute": 10**6,
            **limits,
        }
    )
    config = configuration(own, app or create_app(own), "127.0.0.1", port)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started, "the door listens")
    assert isinstance(config.http, type)
    connection = config.http
    assert issubclass(connection, GuardedConnection)
    door = Served(own, server, serving, port, connection)
    try:
        yield door
    finally:
        for writer in door.opened:
            writer.close()
        server.should_exit = server.force_exit = True
        await serving


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side closes."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def words_of(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"connection: close" in head.lower()
    found: dict[str, Any] = json.loads(body)
    assert found["zh"]
    assert found["en"]
    return found


# --- slow --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [HALF, b"G", b"POST /v1/orders HTTP/1.1\r\n"])
async def test_half_a_head_is_waited_for_a_while_and_told_so(prepared: Settings, said: bytes) -> None:
    async with served(prepared, header_seconds=0.2) as door:
        reader, writer = await door.open(said)
        answer = await rest(reader)
        assert status_of(answer) == 408
        assert words_of(answer)["status"] == 408
        writer.close()


async def test_who_says_nothing_is_not_answered_either(prepared: Settings) -> None:
    async with served(prepared, header_seconds=0.2) as door:
        reader, writer = await door.open()
        assert await rest(reader) == b""
        writer.close()


async def test_half_a_head_after_a_whole_request_is_no_better(prepared: Settings) -> None:
    """The server's own limit between two requests ends with the first byte of the next one."""
    async with served(prepared, header_seconds=0.2, idle_seconds=30) as door:
        reader, writer = await door.open(b"GET /health HTTP/1.1\r\nhost: door\r\n\r\n" + HALF)
        first = await reader.readuntil(b"\r\n\r\n")
        assert status_of(first) == 200
        assert b"408" in await rest(reader)
        writer.close()
        reader, writer = await door.open(b"GET /health HTTP/1.1\r\nhost: door\r\n\r\n")
        await reader.readuntil(b"}")
        writer.write(HALF)
        assert status_of(await rest(reader)) == 408
        writer.close()


async def test_a_head_that_trickles_has_no_more_time(prepared: Settings) -> None:
    async with served(prepared, header_seconds=0.4) as door:
        reader, writer = await door.open(b"GET /health HTTP/1.1\r\n")
        sent = await trickle(reader, writer, b"x: y\r\n")
        assert 0 < sent < 40
        writer.close()


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, part: bytes) -> int:
    """Send a part again and again until the other side answers or closes; how often."""
    for count in range(1, 1000):
        writer.write(part)
        try:
            async with asyncio.timeout(0.05):
                await reader.read(1)
        except TimeoutError:
            continue
        except ConnectionResetError:
            return count
        return count
    raise AssertionError("it was waited for to the end")


async def test_half_a_body_is_waited_for_a_while_and_nothing_comes_of_it(prepared: Settings) -> None:
    key = key_for(prepared, "shop", places_orders=True)
    body = json.dumps(ORDER).encode()
    head = b"POST /v1/orders HTTP/1.1\r\nhost: door\r\nauthorization: Bearer %b\r\n%bcontent-length: %d\r\n\r\n" % (
        key.encode(), JSON, len(body),
    )  # fmt: skip
    async with served(prepared, body_seconds=0.3) as door:
        reader, writer = await door.open(head + body[:-1])
        answer = await rest(reader)
        assert status_of(answer) == 408
        words_of(answer)
        writer.close()
        assert find_orders(engine_at(door.settings.database_url), Wanted()).orders == []
        reader, writer = await door.open(head + body)
        assert status_of(await reader.readuntil(b"\r\n\r\n")) == 202
        writer.close()


async def test_a_trickle_earns_no_time_and_a_large_file_does(prepared: Settings) -> None:
    async with served(prepared, body_seconds=0.4, slowest_bytes_a_second=1000) as door:
        reader, writer = await door.open(GIVEN + b"content-length: 60000\r\n\r\n")
        assert await trickle(reader, writer, b"a") < 100
        writer.close()
        reader, writer = await door.open(GIVEN + b"content-length: 50008\r\n\r\nx=" + b"a" * 50_000)
        other, _ = await door.open(GIVEN + b"content-length: 9\r\n\r\nx")
        assert status_of(await rest(other)) == 408  # its time is up, that of the large one is not
        writer.write(b"a" * 6)
        assert status_of(await reader.readuntil(b"\r\n\r\n")) == 401
        writer.close()


async def test_an_answer_that_nobody_takes_is_not_held_for_ever(prepared: Settings) -> None:
    gone = asyncio.Event()

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        watching = asyncio.create_task(receive())
        while not watching.done():
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
            await asyncio.sleep(0)
        gone.set()

    async with served(prepared, endless, write_seconds=0.3) as door:
        taker, _ = await door.open(b"GET / HTTP/1.1\r\nhost: door\r\n\r\n")
        _, writer = await door.open(b"GET / HTTP/1.1\r\nhost: door\r\n\r\n")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not gone.is_set():
                await taker.read(1_000_000)
        assert len(await taker.read(1000)) > 0
        writer.close()


# --- many --------------------------------------------------------------------------------------------------------


async def test_half_requests_keep_nobody_out(prepared: Settings) -> None:
    """Four hundred of one address: no more than its share stays, and whoever asks something comes in."""
    async with (
        served(prepared, connections=60, connections_an_address=40, header_seconds=60) as door,
        AsyncExitStack() as half,
    ):
        for _ in range(400):
            _, writer = await door.open(HALF)
            half.callback(writer.close)
        assert len(door.connection.crowd) <= 40
        async with door.client(cookies=door.cookies()) as person, door.client() as stranger:
            assert (await person.get("/")).status_code == 200
            assert (await stranger.get("/login")).status_code == 200
            assert (await stranger.post("/login", data={"person": "x", "password": "y"})).status_code == 401
        assert len(door.connection.crowd) <= 40


async def test_the_one_that_waited_longest_makes_room_and_is_told_why(prepared: Settings) -> None:
    async with served(prepared, connections=3, header_seconds=60) as door:
        readers = [(await door.open(HALF))[0] for _ in range(3)]
        async with door.client() as client:
            assert (await client.get("/health")).status_code == 200
            answer = await rest(readers[0])
            assert status_of(answer) == 503
            words_of(answer)
        for reader in readers[1:]:
            assert not reader.at_eof()


async def test_where_all_are_at_work_a_newcomer_is_told_to_come_again(prepared: Settings) -> None:
    async with served(prepared, connections=2) as door, AsyncExitStack() as pages:
        for _ in range(2):
            client = await pages.enter_async_context(door.client(cookies=door.cookies()))
            listening = await pages.enter_async_context(client.stream("GET", "/events"))
            assert listening.status_code == 200
        reader, writer = await door.open(b"GET /health HTTP/1.1\r\nhost: door\r\n\r\n")
        answer = await rest(reader)
        assert status_of(answer) == 503
        assert b"retry-after: 5" in answer
        words_of(answer)
        writer.close()
    async with served(prepared, connections_an_address=1) as door, AsyncExitStack() as pages:
        client = await pages.enter_async_context(door.client(cookies=door.cookies()))
        await pages.enter_async_context(client.stream("GET", "/events"))
        reader, writer = await door.open(b"GET /health HTTP/1.1\r\nhost: door\r\n\r\n")
        assert status_of(await rest(reader)) == 503
        writer.close()


async def test_a_proxy_stands_for_many_people(prepared: Settings) -> None:
    async with served(prepared, connections_an_address=1, gateway_proxies="127.0.0.1") as door:
        readers = [(await door.open(HALF))[0] for _ in range(5)]
        async with door.client() as client:
            assert (await client.get("/health")).status_code == 200
        assert len(door.connection.crowd) >= 5
        assert not any(reader.at_eof() for reader in readers)


async def test_what_is_closed_is_not_counted(prepared: Settings) -> None:
    async with served(prepared, connections_an_address=2, header_seconds=0.2) as door:
        for _ in range(5):
            reader, writer = await door.open(HALF)
            assert status_of(await rest(reader)) == 408
            writer.close()
        assert len(door.connection.crowd) == 0


async def test_between_two_requests_a_connection_stays_open_for_a_while(prepared: Settings) -> None:
    async with served(prepared, idle_seconds=1, header_seconds=60) as door:
        reader, writer = await door.open(b"GET /health HTTP/1.1\r\nhost: door\r\n\r\n")
        assert status_of(await rest(reader)) == 200
        writer.close()


async def test_those_who_are_known_find_room_when_strangers_fill_it(prepared: Settings) -> None:
    """Whose body does not come holds a place; a quarter of the places is not for them, nor the half for one address."""
    key = key_for(prepared, "shop")
    async with served(prepared, requests_at_work=4, room_seconds=0.1, body_seconds=60) as door:
        shop = door.client(headers={"Authorization": f"Bearer {key}"})
        async with shop, door.client(cookies=door.cookies()) as person, door.client() as stranger:
            assert (await shop.get("/v1/me")).status_code == 200
            assert (await person.get("/board")).status_code == 200
            for _ in range(3):
                await door.open(GIVEN + b"content-length: 9\r\n\r\nx")
            refused = await until_refused(lambda: stranger.get("/login"))
            assert refused.headers["connection"] == "close"
            assert int(refused.headers["retry-after"]) == 5
            assert (await shop.get("/v1/me")).status_code == 200
            assert (await person.get("/board")).status_code == 200
            wrong = await stranger.get("/board", headers={"cookie": "session=nonsense"})
            assert wrong.status_code == 503


async def until_refused(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """What is said when it is full; those that fill it have come by then."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await ask()).status_code != 503:
            assert answer.status_code == 200
    return answer


async def test_a_burst_waits_for_room_and_is_all_answered(prepared: Settings) -> None:
    key = key_for(prepared, "shop")
    async with (
        served(prepared, requests_at_work=4, room_seconds=20) as door,
        door.client(
            headers={"Authorization": f"Bearer {key}"}, limits=httpx.Limits(max_connections=60)
        ) as shop,
    ):
        answers = await asyncio.gather(*(shop.get("/v1/me") for _ in range(60)))
        assert {answer.status_code for answer in answers} == {200}


def test_as_many_files_as_connections_or_it_is_said_at_the_start(prepared: Settings) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
        require_files(prepared)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= prepared.connections + 100
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with pytest.raises(Refusal) as found:
        require_files(prepared.model_copy(update={"connections": 10**9}))
    assert (found.value.code, found.value.where) == (Code.MALFORMED, "DINGDAN_CONNECTIONS")


# --- who listens -------------------------------------------------------------------------------------------------


async def test_pages_that_listen_are_so_many_of_a_session_a_person_and_in_all(prepared: Settings) -> None:
    limits = {"streams_a_session": 2, "streams_a_person": 3, "streams": 4}
    async with served(prepared, **limits) as door, AsyncExitStack() as pages:

        async def listen(cookies: dict[str, str]) -> int:
            client = await pages.enter_async_context(door.client(cookies=cookies))
            answer = await pages.enter_async_context(client.stream("GET", "/events"))
            if answer.status_code == 429:
                assert int(answer.headers["retry-after"]) == 60
                assert json.loads(await answer.aread())["zh"]
            return answer.status_code

        first, second = door.cookies(), door.cookies()
        assert [await listen(first) for _ in range(3)] == [200, 200, 429]
        assert [await listen(second) for _ in range(2)] == [200, 429]
        assert [await listen(door.cookies("li")) for _ in range(2)] == [200, 429]
        async with door.client(cookies=first) as client:
            assert (await client.get("/board")).status_code == 200


async def test_a_page_that_is_closed_gives_its_place_back(prepared: Settings) -> None:
    async with served(prepared, streams=1, requests_at_work=2) as door:
        cookies = door.cookies()
        for _ in range(4):
            async with door.client(cookies=cookies) as client, asyncio.timeout(PATIENCE_SECONDS):
                while True:  # the door hears of the close a moment later
                    async with client.stream("GET", "/events") as answer:
                        if answer.status_code == 200:
                            break


async def test_listening_ends_with_the_session(prepared: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.pages.desk.staff_pages._LOOK_SECONDS", 0.05)
    async with served(prepared) as door:
        cookies = door.cookies()
        async with door.client(cookies=cookies) as client, client.stream("GET", "/events") as answer:
            assert answer.status_code == 200
            log_out(engine_at(door.settings.database_url), cookies["session"])
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert "moved" not in (await answer.aread()).decode()


# --- the end -----------------------------------------------------------------------------------------------------


async def test_closing_down_answers_what_is_at_work_and_loses_nothing(
    prepared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not all here yet is told to come again, listeners are let go, nobody new comes in."""
    at_work, go_on = asyncio.Event(), asyncio.Event()
    place = place_order

    async def slowly(*arguments: Any) -> Any:
        at_work.set()
        await go_on.wait()
        return await place(*arguments)

    monkeypatch.setattr("gateway.api.orders.place_order", slowly)
    key = key_for(prepared, "shop", places_orders=True)
    async with served(prepared, body_seconds=60) as door:
        async with (
            door.client(headers={"Authorization": f"Bearer {key}"}) as shop,
            door.client(cookies=door.cookies()) as client,
            client.stream("GET", "/events") as page,
            asyncio.timeout(9),  # the server's own patience is longer
        ):
            placing = asyncio.create_task(shop.post("/v1/orders", json=ORDER))
            half, _ = await door.open(GIVEN + b"content-length: 9\r\n\r\nx")
            silent, _ = await door.open()
            await at_work.wait()
            door.server.should_exit = True
            answer = await rest(half)
            assert status_of(answer) == 503
            words_of(answer)
            assert await rest(silent) == b""
            with pytest.raises(httpx.RemoteProtocolError):
                await page.aread()  # the browser knocks again by itself
            with pytest.raises(OSError, match="Connect"):
                await door.open()
            go_on.set()
            placed = await placing
            assert placed.status_code == 202
            await door.serving
        kept = start_of(engine_at(door.settings.database_url), placed.json()["order"])
        assert kept.request.request_id == ORDER["request_id"]


async def test_acts_that_could_not_be_noted_are_kept_before_the_door_closes(prepared: Settings) -> None:
    app = create_app(prepared)
    act = Act(
        at=datetime.now(UTC),
        person="key:shop",
        role="system",
        address="",
        act="x",
        order_number="1",
        outcome=TOLD,
    )
    async with app.router.lifespan_context(app):
        await asyncio.sleep(0)
        app.state.door.unnoted.append(act)
    assert acts_of(engine_at(prepared.database_url), "1") == [act]
