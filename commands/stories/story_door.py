"""The door as stories use it: real requests over HTTP, each person with a key of their own.

Only the day differs: a story lives on days to come, under its own company's terms, so its order is numbered and begun by
the story and not by today.
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn

from activities.access.api_keys import create_key
from commands.desk.order_database import StoryDesk
from gateway.app import create_app
from gateway.context import Door
from models.facts.speakers import OF_THE_HOUSE, key_roles, who_may
from models.messages.authors import earlier_author, is_customer, is_key
from models.messages.envelope import DECISION
from models.messages.reply import Reply, Status
from models.service_keys import OUTSIDE
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from rehearsal.engine import Straight
from rehearsal.script import Script, Telling
from runtime.delivery.placing import Opened, begin_order
from runtime.server.ports import LOOPBACK, free_port

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from activities.store.imports import StaffRow
    from models.access import Caller
    from models.request.order_request import OrderRequest
    from runtime.settings import Settings

PLACER = "demo"
"""Whose key places orders and says nothing."""
_PATIENCE_SECONDS = 60.0
_OPENING_SECONDS = 0.02
_NO_ANSWER = Words(
    "演示时订单没有及时答复（HTTP {status}）",
    "an order did not answer in time during the demo (HTTP {status})",
)


@dataclass(slots=True)
class StoryDoor(Door):
    """A door whose orders are those of the stories."""

    scripts: dict[str, Script] = field(default_factory=dict)
    desk: StoryDesk | None = None

    async def number(self, request: OrderRequest, caller: Caller) -> Opened:
        """Number the order on the story's day, with the story's customer, prices and policy."""
        assert self.desk is not None  # noqa: S101 - by construction below
        return Opened(await asyncio.to_thread(self.desk.open, self.scripts[request.request_id]), known=False)

    async def begin(self, opened: Opened) -> Opened:
        """Start the order's workflow so that it begins at the story's first moment."""
        delay = self.scripts[opened.start.request.request_id].start - datetime.now(UTC)
        return await self.on_server(lambda client: begin_order(client, self.settings, opened, delay))


@dataclass(frozen=True, slots=True)
class ThroughTheDoor:
    """How a story's words go over HTTP."""

    http: httpx.AsyncClient
    keys: dict[str, str]
    door: StoryDoor
    desk: StoryDesk

    async def place(self, script: Script) -> str:
        """Place the story's order over HTTP, with the key of a service that may."""
        body = script.request.model_dump(mode="json", exclude_none=True)
        answer = await self._post("/v1/orders", body, PLACER)
        if answer.status_code not in (200, 201):
            raise _refusal(answer)
        return str(answer.json()["order"])

    async def tell(self, number: str, envelope: dict[str, Any]) -> Reply:
        """Tell a fact over HTTP, with the key of whoever says it in the story."""
        by_link = is_customer(str(envelope["by"])) and "link_signature" in envelope["content"]
        if (
            envelope["kind"] in OF_THE_HOUSE or by_link
        ):  # the house's own programs and pages say it, and no key
            straight = self.door
            opening = self.desk.open
            return await straight.on_server(
                lambda client: Straight(client, straight.settings.task_queue, opening).tell(number, envelope)
            )
        kept = ("fact_id", "role", "happened_at", "seen")
        said: dict[str, Any] = {name: envelope[name] for name in kept if envelope.get(name) is not None}
        path, body = "facts", {**said, "kind": envelope["kind"], "content": envelope["content"]}
        if envelope["kind"] == DECISION:
            path, body = "decisions", {**said, **envelope["content"]}
        answer = await self._post(f"/v1/orders/{number}/{path}", body, str(envelope["by"]))
        if answer.status_code == 200:
            return Reply.model_validate({k: v for k, v in answer.json().items() if k != "order"})
        refusal = _refusal(answer)
        return Reply(
            status=Status.REFUSED, fact_id=str(envelope["fact_id"]), code=refusal.code.value, zh=refusal.words.zh,
            en=refusal.words.en, where=refusal.where, rule=refusal.rule,
        )  # fmt: skip

    async def _post(self, path: str, body: dict[str, Any], who: str) -> httpx.Response:
        return await self.http.post(path, json=body, headers={"Authorization": f"Bearer {self.keys[who]}"})


def _refusal(answer: httpx.Response) -> Refusal:
    body = answer.json()
    if "code" not in body:
        raise Refusal(Code.SERVER_UNAVAILABLE, _NO_ANSWER.filled(status=answer.status_code))
    words = Words(body["zh"], body["en"])
    return Refusal(Code(body["code"]), words, where=body.get("where", ""), rule=body.get("rule", ""))


@dataclass(slots=True)
class _Said:
    """In which roles somebody speaks in the stories, and what they say."""

    roles: set[Role] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)


@asynccontextmanager
async def open_door(
    settings: Settings, scripts: Sequence[Script], desk: StoryDesk
) -> AsyncIterator[ThroughTheDoor]:
    """A door on a free port for as long as the block runs, and a key for everybody who speaks in the stories."""
    port = free_port()
    own = settings.model_copy(
        update={"gateway_address": f"{LOOPBACK}:{port}", "requests_a_minute": sys.maxsize}
    )
    by_request = {each.request.request_id: each for script in scripts for each in script.all_alike}
    door = StoryDoor(own, desk.engine, patience_seconds=_PATIENCE_SECONDS, scripts=by_request, desk=desk)
    server = uvicorn.Server(
        uvicorn.Config(create_app(own, door), host=LOOPBACK, port=port, log_level="warning", access_log=False)
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(_OPENING_SECONDS)
    address = f"http://{LOOPBACK}:{port}"
    try:
        async with httpx.AsyncClient(
            base_url=address, timeout=2 * _PATIENCE_SECONDS, trust_env=False
        ) as http:
            yield ThroughTheDoor(http, keys_of(desk.engine, scripts), door, desk)
    finally:
        server.should_exit = True
        await serving


def keys_of(engine: Engine, scripts: Sequence[Script]) -> dict[str, str]:
    """A key for everybody, in the roles in which they speak and for what they say: persons have their own.

    A carrier of the staff list has a service's: no person sees orders as a carrier alone (R85).
    """
    from activities.store.imports import import_staff

    said: defaultdict[str, _Said] = defaultdict(_Said)
    for script in scripts:
        for move in script.moves:
            if isinstance(move, Telling):
                speaker = said[str(move.envelope["by"])]
                speaker.roles.add(Role(move.envelope["role"]))
                speaker.facts.add(str(move.envelope["kind"]))
    now = datetime.now(UTC)
    end = now + timedelta(days=1)
    listed = {each.person for script in scripts for each in script.company.staff}
    people = {
        name: each
        for name, each in said.items()
        if (name in listed and each.roles != {Role.LOGISTICS})
        or not (is_key(name) or is_customer(name) or each.roles <= OUTSIDE)
    }
    import_staff(engine, list(_staff_of(scripts, people)))
    keys = {
        name: create_key(
            engine, earlier_author(name), in_order(each.roles), now, end, facts=_may_say(each, own=name in people),
            person=name if name in people else "",
        ).secret
        for name, each in said.items()
    }  # fmt: skip
    placer = create_key(engine, PLACER, (Role.SYSTEM,), now, end, facts=(), places_orders=True)
    return {**keys, PLACER: placer.secret}


def _may_say(said: _Said, *, own: bool) -> tuple[str, ...]:
    """What of it a key may be made for; the rest is refused, as a story that tries it expects."""
    may = who_may if own else key_roles
    return tuple(sorted(kind for kind in said.facts if said.roles & set(may(kind))))


def in_order(roles: set[Role]) -> tuple[Role, ...]:
    """Roles as they stand in their list."""
    return tuple(role for role in Role if role in roles)


def _staff_of(scripts: Sequence[Script], people: Mapping[str, _Said]) -> Iterator[StaffRow]:
    """Who speaks for the house: of the companies, with the roles in which a story lets them speak all the same."""
    from activities.store.imports import StaffRow

    known = {each.person: each for script in scripts for each in script.company.staff}
    for name, speaker in people.items():
        listed = known.get(name)
        roles = in_order(speaker.roles | set(listed.roles if listed is not None else ()))
        row = listed.model_dump() if listed is not None else {"person": name, "name": name}
        yield StaffRow.model_validate({**row, "roles": roles})
