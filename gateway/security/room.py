"""Room at the door: how many requests are at work at once, with some kept for those who are known, and who may listen."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api.problems import TooOften, problem
from gateway.security.connections import STREAM
from models.values.vocabulary import Words
from runtime.settings import Settings

KNOWN = "known"
"""Set in the state of a request that came with a key or a session that is good."""
_KEPT_FREE = 4
"""A part in so many of the room is kept for those who have shown who they are."""
_OF_ONE_ADDRESS = 2
"""Strangers of one address have a part in so many of the strangers' room."""
_MOST_KNOWN = 10_000
_RETRY_SECONDS = 5
_STREAM_RETRY_SECONDS = 60
_FULL = Words("现在太忙，请稍后再试", "too busy now; try again soon")
_LISTENING = Words(
    "打开的页面过多，此页不再自动更新", "too many pages are open; this one does not renew itself"
)


class Room:
    """So many requests at work at once. Strangers have less of it, and those of one address half of theirs: whoever has
    come in before finds room, and one address does not keep the others from logging in."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._all = settings.requests_at_work
        self._strangers = max(1, self._all - max(1, self._all // _KEPT_FREE))
        self._at_work = 0
        self._patience = settings.room_seconds
        self._freed = asyncio.Event()
        self._of_address: Counter[str] = Counter()
        self._known: dict[str, None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it work, or say that it is full and close the connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        who, address = _credential(request), request.client.host if request.client is not None else ""
        if not await self._finds_room(who, address):
            refused = problem(request, TooOften(_FULL, _RETRY_SECONDS), 503)
            refused.headers["Connection"] = "close"
            await refused(scope, receive, send)
            return
        place = _Place(self, "" if who in self._known else address)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and scope.get("state", {}).get(STREAM):
                place.give_back()  # who listens is counted by itself
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            place.give_back()
            if who:
                self._remember(who, good=bool(scope.get("state", {}).get(KNOWN)))

    async def _finds_room(self, who: str, address: str) -> bool:
        """Whether there is room, waiting a little for it; whoever is known sooner finds it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while not self._has_room(who, address):
                    await self._freed.wait()
                return True
        return False

    def _has_room(self, who: str, address: str) -> bool:
        if who in self._known:
            return self._at_work < self._all
        own = max(1, self._strangers // _OF_ONE_ADDRESS)
        return self._at_work < self._strangers and self._of_address[address] < own

    def take(self, address: str) -> None:
        """One more is at work; `address` is a stranger's."""
        self._at_work += 1
        self._of_address[address] += 1

    def give_back(self, address: str) -> None:
        """It is done, and others may look again."""
        self._at_work -= 1
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]
        self._freed.set()
        self._freed = asyncio.Event()

    def _remember(self, who: str, *, good: bool) -> None:
        self._known.pop(who, None)
        if good:
            self._known[who] = None
            if len(self._known) > _MOST_KNOWN:
                del self._known[next(iter(self._known))]


class _Place:
    """A place in the room, given back once."""

    def __init__(self, room: Room, address: str) -> None:
        self._room: Room | None = room
        self._address = address
        room.take(address)

    def give_back(self) -> None:
        room, self._room = self._room, None
        if room is not None:
            room.give_back(self._address)


def _credential(request: Request) -> str:
    """What the request shows of who it is, as a hash: no secret stays in memory."""
    shown = request.headers.get("authorization", "") or request.headers.get("cookie", "")
    return hashlib.sha256(shown.encode()).hexdigest() if shown else ""


class Listeners:
    """Who listens for news: so many pages of a session, of a person, and in all."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._of: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._of[""]

    def require_room(self, session: str, person: str) -> None:
        """Raises TooOften where no more pages may listen."""
        if not self._has_room(session, person):
            raise TooOften(_LISTENING, _STREAM_RETRY_SECONDS)

    @contextmanager
    def listening(self, session: str, person: str) -> Iterator[bool]:
        """Counted while it lasts; False where there is no room."""
        if not self._has_room(session, person):
            yield False
            return
        names = self._names(session, person)
        self._of.update(names)
        try:
            yield True
        finally:
            self._of.subtract(names)
            for name in names:
                if not self._of[name]:
                    del self._of[name]

    def _has_room(self, session: str, person: str) -> bool:
        limits = self._settings
        most = (limits.streams_a_session, limits.streams_a_person, limits.streams)
        return all(
            self._of[name] < each for name, each in zip(self._names(session, person), most, strict=True)
        )

    @staticmethod
    def _names(session: str, person: str) -> tuple[str, str, str]:
        return f"session {session}", f"person {person}", ""
