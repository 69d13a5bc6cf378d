"""People who work through the door: they place orders and tell what happened, again and again until they are answered."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import httpx

from commands.stories.story_door import PLACER
from models.messages.envelope import DECISION
from rehearsal.script import Telling
from rehearsal.simulation.lives import Life
from tests.endure.faults import Fault, Faults

_AWAY = {500, 502, 503, 504, 507}
_LIMIT = 429


@dataclass(slots=True)
class Told:
    """What the door took: by fact the answer, and what was paid by the accepted ones."""

    number: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    """By fact id: `accepted`, `known`, `pending`, or the code of the refusal."""


@dataclass(slots=True)
class People:
    """Everybody of the house and all customers, with their keys."""

    url: str
    keys: dict[str, str]
    chance: Random
    faults: Faults
    pace: float
    """Seconds between two facts of an order, on average."""
    at_once: int = 6
    tries: Counter[int] = field(default_factory=Counter)
    """How often the door answered with which status; 0: it did not answer."""

    async def work(self, lives: list[Life]) -> list[Told]:
        """All orders from their placing to the last fact, some side by side."""
        places = asyncio.Semaphore(self.at_once)
        async with httpx.AsyncClient(base_url=self.url, timeout=30, trust_env=False) as http:

            async def one(life: Life) -> Told:
                async with places:
                    return await self._order(http, life)

            return list(await asyncio.gather(*(one(life) for life in lives)))

    async def _order(self, http: httpx.AsyncClient, life: Life) -> Told:
        told = Told()
        body = life.script.request.model_dump(mode="json", exclude_none=True)
        status, answer = await self._say(http, "/v1/orders", body, PLACER)
        if status not in (200, 201, 202):
            raise AssertionError(f"{life.wanted.name} was not placed: {status} {answer}")
        told.number = str(answer["order"])
        again, _ = await self._say(http, "/v1/orders", body, PLACER)
        assert again in (200, 201, 202), again
        waiting = list(life.told)
        while waiting:
            turn = 0
            if len(waiting) > 1 and self.chance.random() < 0.05:
                turn = 1
                self.faults[Fault.FACT_EARLY] += 1
            await self._tell(http, told, waiting.pop(turn))
            await asyncio.sleep(self.chance.uniform(0, 2 * self.pace))
        return told

    async def _tell(self, http: httpx.AsyncClient, told: Told, telling: Telling) -> None:
        envelope = telling.envelope
        path, body = _body(told.number, envelope)
        who = str(envelope["by"])
        if self.chance.random() < 0.04:
            self.faults[Fault.FACT_CORRUPTED] += 1
            status, _ = await self._say(
                http, path, {**body, "fact_id": f"{body['fact_id']}-broken", "happened_at": "??"}, who
            )
            assert 400 <= status < 500, status
        status, answer = await self._say(http, path, body, who)
        told.answers[str(body["fact_id"])] = _answer(status, answer)
        if self.chance.random() < 0.1:
            self.faults[Fault.FACT_REPEATED] += 1
            await self._say(http, path, body, who)

    async def _say(
        self, http: httpx.AsyncClient, path: str, body: dict[str, Any], who: str
    ) -> tuple[int, dict[str, Any]]:
        """Until it is answered; what is away or busy is asked again."""
        for _ in range(600):
            try:
                answer = await http.post(
                    path, json=body, headers={"Authorization": f"Bearer {self.keys[who]}"}
                )
            except httpx.HTTPError:
                self.tries[0] += 1
                await asyncio.sleep(0.5)
                continue
            self.tries[answer.status_code] += 1
            if answer.status_code in _AWAY or answer.status_code == _LIMIT:
                assert answer.status_code != 500, answer.text
                await asyncio.sleep(0.5)
                continue
            return answer.status_code, answer.json()
        raise AssertionError(f"never answered: {path} {body}")


def _body(number: str, envelope: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """As an interface sends it, happening now."""
    said = {
        "fact_id": envelope["fact_id"],
        "role": envelope["role"],
        "happened_at": datetime.now(UTC).isoformat(),
    }
    if envelope["kind"] == DECISION:
        return f"/v1/orders/{number}/decisions", {**said, **envelope["content"]}
    return f"/v1/orders/{number}/facts", {**said, "kind": envelope["kind"], "content": envelope["content"]}


def _answer(status: int, answer: dict[str, Any]) -> str:
    if status in (200, 202):
        return str(answer["status"])
    return str(answer.get("code", status))


def today() -> date:
    """Of this machine, where orders are placed."""
    return datetime.now(UTC).date()
