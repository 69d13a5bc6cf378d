"""Connections: how many there may be, and how long each may take to say what it wants. Below the application, so that
what never becomes a request holds nothing either.

Who comes when it is full takes the place of the one that has waited longest without asking anything; only where all are at
work is it told to come again. So neither connections that say half a request nor those that say none keep people out.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import ClassVar, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from gateway.api.problems import PROBLEM, RETRY_AFTER
from gateway.security.client_address import Network, proxies_of, read_address
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.settings import Settings

STREAM = "stream"
"""Set in the state of a request that is answered for as long as somebody listens."""
_TOO_SLOW = Words("请求没有在规定时间内送完", "the request did not come in time")
_FULL = Words("连接过多，请稍后再试", "too many connections; try again soon")
_CLOSING = Words("系统正在停机，请稍后再试", "the system is closing down; try again soon")


class _Awaits(Enum):
    """What a connection is waited for."""

    REQUEST = "request"
    """Nothing was asked yet, or only half."""
    BODY = "body"
    NOTHING = "nothing"
    """A request is at work."""


@dataclass
class Crowd:
    """All connections of one gateway, by age. `proxies`: those addresses stand for many people, and have no limit of their own."""

    settings: Settings
    proxies: tuple[Network, ...]

    def __post_init__(self) -> None:
        """Nobody is there yet."""
        self._present: dict[GuardedConnection, None] = {}
        self._of_address: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._present)

    def _is_proxy(self, address: str) -> bool:
        found = read_address(address)
        return found is not None and any(found in network for network in self.proxies)

    def enter(self, connection: GuardedConnection) -> bool:
        """Let it in, in another's place where it is full; False where all others are at work."""
        address, own = connection.address, self.settings.connections_an_address
        if not self._is_proxy(address) and self._of_address[address] >= own and not self._make_room(address):
            return False
        if len(self._present) >= self.settings.connections and not self._make_room():
            return False
        self._present[connection] = None
        self._of_address[address] += 1
        return True

    def leave(self, connection: GuardedConnection) -> None:
        """It is closed, or about to be."""
        if connection in self._present:
            del self._present[connection]
            self._of_address[connection.address] -= 1
            if not self._of_address[connection.address]:
                del self._of_address[connection.address]

    def _make_room(self, address: str | None = None) -> bool:
        idle = (each for each in self._present if each.asks_nothing and address in (None, each.address))
        longest = min(idle, key=lambda each: each.since, default=None)
        if longest is None:
            return False
        self.leave(longest)
        longest.close_with(503, _FULL)
        return True


class GuardedConnection(H11Protocol):
    """One connection, which says what it wants in time, and takes what it asked for."""

    crowd: ClassVar[Crowd]
    _timer: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None
    _awaits = _Awaits.REQUEST
    _received = 0
    since = 0.0
    """When it began to be waited for, by the loop's clock."""

    @property
    def address(self) -> str:
        """Where it comes from."""
        return self.client[0] if self.client else ""

    @property
    def asks_nothing(self) -> bool:
        """Whether no request of it is at work: none came yet, or the last one is answered."""
        return self._awaits is _Awaits.REQUEST

    @property
    def _last(self) -> RequestResponseCycle | None:
        """The last request that came whole enough to be one."""
        return cast("RequestResponseCycle | None", self.cycle)

    # --- what the transport says -----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It is let in, or told to come again."""
        super().connection_made(transport)
        self.since = self.loop.time()
        if not self.crowd.enter(self):
            self.close_with(503, _FULL)
            return
        self._wait_for(_Awaits.REQUEST, self.crowd.settings.header_seconds)

    def data_received(self, data: bytes) -> None:
        """A part of a request came."""
        if self.transport.is_closing():
            return
        begins = self._awaits is _Awaits.REQUEST and self._timer is None
        self._received += len(data)
        super().data_received(data)
        self._look(begins=begins, came=len(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self.crowd.leave(self)
        self._stop_waiting()
        self._stop_writing()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Answered; what was sent behind it begins."""
        super().on_response_complete()
        self._look(begins=True)

    def pause_writing(self) -> None:
        """Whoever asked does not take the answer: for a while that is waited for."""
        super().pause_writing()
        self._stop_writing()
        self._writing = self.loop.call_later(self.crowd.settings.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It is taken."""
        self._stop_writing()
        super().resume_writing()

    def shutdown(self) -> None:
        """What is at work is answered; what is not all here yet is told to come again, and listeners are let go."""
        if self._awaits is _Awaits.BODY and not self.cycle.response_started:
            self.close_with(503, _CLOSING)
            return
        super().shutdown()
        last = self._last
        if last is not None and last.scope.get("state", {}).get(STREAM):
            self.transport.close()

    # --- waiting ---------------------------------------------------------------------------------------------------

    def _look(self, *, begins: bool, came: int = 0) -> None:
        """What is to be waited for now. `begins`: whether a new request may have begun; `came`: how many bytes just came."""
        if self.transport.is_closing():
            self._stop_waiting()
            return
        theirs, answered = self.conn.their_state, self._last is None or self._last.response_complete
        if theirs is h11.SEND_BODY and not answered:
            if self._awaits is not _Awaits.BODY:
                self._received = came
                self._wait_for(_Awaits.BODY, self.crowd.settings.body_seconds)
        elif theirs is h11.IDLE and self.conn.trailing_data[0]:
            if begins or self._awaits is not _Awaits.REQUEST:
                self._wait_for(_Awaits.REQUEST, self.crowd.settings.header_seconds)
        else:  # at work, or between two requests, which the server itself limits
            self._stop_waiting()
            awaits = _Awaits.REQUEST if answered else _Awaits.NOTHING
            if awaits is not self._awaits:
                self._awaits, self.since = awaits, self.loop.time()

    def _wait_for(self, awaits: _Awaits, seconds: float) -> None:
        self._stop_waiting()
        self._awaits, self.since = awaits, self.loop.time()
        self._timer = self.loop.call_later(seconds, self._time_is_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _stop_writing(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def _time_is_up(self) -> None:
        self._timer = None
        if self._awaits is _Awaits.BODY:
            limits = self.crowd.settings
            # a large file on a slow line earns its time by coming; a trickle does not
            left = self.since + limits.body_seconds + self._received / limits.slowest_bytes_a_second
            if left > self.loop.time():
                self._timer = self.loop.call_at(left, self._time_is_up)
                return
        self.close_with(408, _TOO_SLOW)

    # --- closing ---------------------------------------------------------------------------------------------------

    def close_with(self, status: int, words: Words) -> None:
        """Say why, where nothing else is being said, and close. One that never said a word is closed without one."""
        self._stop_waiting()
        if self.transport.is_closing():
            return
        last = self._last
        began = last is not None and last.response_started and not last.response_complete
        silent = status == HTTPStatus.REQUEST_TIMEOUT and not self._received and self.asks_nothing
        if not began and not silent:
            self.transport.write(_answer(status, words))
        self.transport.close()


def _answer(status: int, words: Words) -> bytes:
    refusal = Refusal(Code.TOO_MANY_REQUESTS, words)
    phrase = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": phrase, "status": status, "detail": words.zh, **refusal.as_json()}
    content = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status} {phrase}\r\ncontent-type: {PROBLEM}\r\ncontent-length: {len(content)}\r\n"
        f"retry-after: {RETRY_AFTER}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + content


def guarded(settings: Settings) -> type[GuardedConnection]:
    """The connections of one gateway, for uvicorn."""
    proxies = proxies_of(settings)
    return type("Connection", (GuardedConnection,), {"crowd": Crowd(settings, proxies)})
