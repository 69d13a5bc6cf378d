"""What every route shares: settings, database, the Temporal server as far as it is there, who calls and from where."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from fastapi import Request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from activities.access.acts import Act, note_act
from activities.access.api_keys import admit
from activities.shop.shelf import Shelf
from activities.store.database import quick_reader
from activities.store.faults import named_faults
from gateway.known_waiting import KnownNews, KnownWaiting
from gateway.security.hashing import Hashing
from gateway.security.quotas import Quotas
from gateway.security.room import KNOWN, Listeners
from gateway.shown_names import ShownNames, names_now, product_names_now
from models.access import Caller
from models.request.order_request import OrderRequest
from models.request.order_start import OrderStart
from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.delivery.placing import Opened, begin_order, number_request
from runtime.delivery.telling import PATIENCE_SECONDS
from runtime.refusals import is_silent, named_answers
from runtime.settings import Settings
from runtime.watch.readiness import Process, Readiness, readiness
from runtime.watch.tracing import traces_of

if TYPE_CHECKING:
    from temporalio.client import Client

_READY_SECONDS = 5.0
_PAUSE_SECONDS = 3.0
"""How long a server that was away is left alone: facts go straight into the inbox then."""
_SIGN_IN = Words("请提供密钥（Authorization: Bearer …）", "give a key (Authorization: Bearer …)")
_SERVER_AWAY = Words("Temporal 服务器现在不在", "the Temporal server is away now")

_DATABASE_AWAY = Words(
    "订单数据库现在不能用，请稍后再试", "the order database cannot be used now; try again later"
)
_OF_THE_HOUSE = {Code.DATABASE_UNAVAILABLE, Code.DISK_FULL, Code.NOT_SET_UP}
_log = logging.getLogger("dingdan.gateway")


Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Door:
    """What all routes of one running gateway share: settings, database, Temporal client, what is still to be noted."""

    settings: Settings
    engine: Engine
    patience_seconds: float = PATIENCE_SECONDS
    """How long an order's answer is waited for; then the fact is stored."""
    quotas: Quotas = field(init=False)
    listeners: Listeners = field(init=False)
    _client: Client | None = None
    _away_until: float = 0.0
    _connecting: asyncio.Lock = field(default_factory=asyncio.Lock)
    unnoted: list[Act] = field(default_factory=list)
    """Acts that were told while the database could not be written to; they are kept as soon as it can."""
    _noting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One act is noted by one alone, whoever comes to note them."""
    _something_kept: asyncio.Event = field(default_factory=asyncio.Event)
    hashing: Hashing = field(default_factory=Hashing)
    """Where passwords are looked at."""
    names: ShownNames = field(default_factory=ShownNames)
    """What people and products are called, on every page."""
    waiting: KnownWaiting = field(default_factory=KnownWaiting)
    """What is open, counted once for all who listen."""
    news: KnownNews = field(default_factory=KnownNews)
    """How far everything has moved, looked at once for all who listen."""
    shelf: Shelf = field(default_factory=Shelf)
    """What the shop's catalogue is searched by."""
    _ready: tuple[float, Readiness] | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    now: Callable[[], datetime] = _now
    """The clock that log-ins, sessions and customers' links go by."""

    def __post_init__(self) -> None:
        """What keys may bring, and who listens, is counted for the whole gateway."""
        self.quotas = Quotas(self.settings)
        self.listeners = Listeners(self.settings)

    @property
    def server_is_away(self) -> bool:
        """Whether the Temporal server was found to be away a moment ago."""
        return time.monotonic() < self._away_until

    def forward_now(self) -> None:
        """Wake up the forwarder: a fact was just kept that may be told now."""
        self._something_kept.set()

    async def wait_for_kept(self, seconds: float) -> None:
        """Wait until a fact is kept, at most so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for may swallow a cancellation
                await self._something_kept.wait()
        self._something_kept.clear()

    async def look(
        self, work: Callable[Concatenate[Engine, Parameters], Result], *arguments: Parameters.args,
        **named: Parameters.kwargs,
    ) -> Result:  # fmt: skip
        """A short read on the way of every request: at once where that is possible, else off the loop."""
        quick = quick_reader(self.settings.database_url)
        if quick is not None:
            try:
                return work(quick, *arguments, **named)
            except Refusal as refusal:
                if refusal.code is not Code.DATABASE_UNAVAILABLE:
                    raise
        return await in_database(work, self.engine, *arguments, **named)

    async def know_names(self) -> None:
        """Read anew what people and products are called, where that is not fresh. Raises Refusal(database_unavailable)."""
        if self.names.are_old():
            self.names.keep(await self.look(names_now))
        if self.names.goods_are_old():
            self.names.keep_goods(await self.look(product_names_now))

    async def note_the_unnoted(self) -> None:
        """Keep the acts that are still to be kept; one that cannot be kept goes into the log and the rest is kept.

        Raises Refusal(database_unavailable).
        """
        async with self._noting:
            while self.unnoted:
                act = self.unnoted[0]
                try:
                    await asyncio.to_thread(_note, self.engine, act)
                except Refusal as refusal:
                    if refusal.code in OF_THE_WORLD:
                        raise
                    _log.error("%s %s %s was not noted", act.at, act.person, act.act)
                del self.unnoted[0]

    async def on_server(self, work: Callable[[Client], Awaitable[Result]]) -> Result:
        """Do something on the Temporal server.

        Raises Refusal(server_unavailable), and leaves a server that is silent alone for a while; and what the server says
        of what it was sent (`too_large`, `server_refuses`).
        """
        if self.server_is_away:
            raise Refusal(Code.SERVER_UNAVAILABLE, _SERVER_AWAY)
        try:
            with named_answers():
                return await work(await self._connected())
        except Refusal as refusal:
            if refusal.code is not Code.SERVER_UNAVAILABLE:
                raise
            if is_silent(refusal):
                self._away_until = time.monotonic() + _PAUSE_SECONDS
            # where the server is, and what it said, is told to the log and not to callers
            _log.info("%s", refusal.words.en)
            raise Refusal(refusal.code, _SERVER_AWAY) from refusal

    async def readiness(self) -> Readiness:
        """Whether all that is told can be done; looked at once in some seconds, whoever asks."""
        async with self._looking:
            now = time.monotonic()
            if self._ready is None or now - self._ready[0] > _READY_SECONDS:
                found = await readiness(Process.GATEWAY, self.settings, self._connected)
                self._ready = (now, found)
            return self._ready[1]

    async def number(self, request: OrderRequest, caller: Caller) -> Opened:
        """Give an order its number. Raises Refusal as `activities.orders.requests.open_request`."""

        def sees(start: OrderStart) -> bool:
            return caller.sees(start.number, start.customer.customer, start.staff.person(Role.SALESPERSON))

        return await number_request(self.settings, request, space=caller.request_space, sees=sees)

    async def begin(self, opened: Opened) -> Opened:
        """Start a numbered order; it comes back with the number that it has then. Raises Refusal(server_unavailable, request_conflict)."""
        return await self.on_server(lambda client: begin_order(client, self.settings, opened))

    async def _connected(self) -> Client:
        from runtime.connection import connect

        async with self._connecting:
            if self._client is None:
                traced = traces_of(self.settings, Process.GATEWAY)
                self._client = await connect(self.settings, interceptors=traced)
            return self._client


def _note(engine: Engine, act: Act) -> None:
    with named_faults("an act"):
        note_act(engine, act)


def door_of(request: Request) -> Door:
    """The door that a request came to."""
    found: Door = request.app.state.door
    return found


def address_of(request: Request) -> str:
    """IP address of the client; empty when unknown. What proxies say of it counts as `gateway.security.client_address` says."""
    return request.client.host if request.client is not None else ""


async def keep_act(request: Request, person: str, act: str, role: Role | None = None) -> None:
    """Write down what somebody did that is about no order. Raises as `in_database`."""
    door = door_of(request)
    done = Act(
        at=door.now(), person=person, role=role.value if role is not None else "", address=address_of(request),
        act=act, order_number="", outcome="done",
    )  # fmt: skip
    await in_database(note_act, door.engine, done)


async def service(request: Request) -> Caller:
    """The service whose key this is. Raises Refusal(not_signed_in)."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Refusal(Code.NOT_SIGNED_IN, _SIGN_IN, where="Authorization")
    order = request.path_params.get("number", "")
    admitted = await door_of(request).look(admit, secret.strip(), order, datetime.now(UTC))
    request.state.behind = admitted.behind
    request.state.author = admitted.caller.author
    setattr(request.state, KNOWN, True)
    return admitted.caller


async def in_database(
    work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
) -> Result:
    """Run a function with the database in a thread. Raises its own errors and Refusal (database_unavailable, disk_full, not_set_up)."""
    return await _told_to_the_log(asyncio.to_thread(work, *arguments, **named))


async def with_passwords(
    door: Door, work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
) -> Result:
    """The same for what hashes a password: few at once. Raises as `in_database`, and Refusal(too_many_requests)."""
    return await _told_to_the_log(door.hashing.run(work, *arguments, **named))


async def _told_to_the_log(working: Awaitable[Result]) -> Result:
    """Where the database is, and how it is set up, is told to the log and not to callers."""
    try:
        return await working
    except SQLAlchemyError as error:
        raise Refusal(Code.DATABASE_UNAVAILABLE, _DATABASE_AWAY) from error
    except Refusal as refusal:
        if refusal.code not in _OF_THE_HOUSE:
            raise
        _log.error("%s", refusal.words.en)
        raise Refusal(refusal.code, _DATABASE_AWAY) from refusal
