"""The client of a measurement, a process of its own: it lives so many lives and says what that took.

It says `ready` after some lives to warm up. Each line it hears lets it live some more, and it answers with one of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client, WorkflowHandle

from runtime.connection import connect
from runtime.delivery.order_handles import start_order
from runtime.settings import Settings, load_settings
from tests.benchmark.lives.life import LifeStory, happening, life_story
from tests.benchmark.lives.processes import READY

OURS, BARE, FAIR = "ours", "bare", "fair"
UPDATE, SIGNALS = "update", "signals"
WELCOME = ("accepted", "kept_early")
Begin = Callable[[str], Awaitable[WorkflowHandle[Any, Any]]]
Handle = WorkflowHandle[Any, Any]


@dataclass(slots=True)
class Shape:
    """How often an order's life gives the engine what; the fair floor does the same."""

    facts: int
    upserts: int
    upserted: int
    """Search attributes in one upsert, on average."""
    timers: int
    burst_bytes: int
    """JSON of one burst for the recorder, on average."""
    asked: int
    """Bursts that ask something before a fact counts: whether a receipt is another order's (R53)."""
    placed: int
    """Other bursts by an ordinary activity, whose answer has a workflow task of its own."""


@dataclass(slots=True)
class Lives:
    """Lives of one kind, at one server."""

    client: Client
    settings: Settings
    story: LifeStory
    shape: dict[str, int]
    way: str
    by: str
    pause: float
    """Seconds between two signals of one order: told faster they are taken together, which flatters."""
    settle: float
    """Seconds after the start, so that the first fact is no part of the first workflow task."""
    answered: list[float] = field(default_factory=list)

    async def begin(self, number: str) -> Handle:
        """Start the workflow of this way."""
        start = self.story.order_start(number, datetime.now(UTC))
        if self.way == OURS:
            return await start_order(self.client, start, self.settings.task_queue)
        argument: Any = len(self.story.envelopes)
        if self.way == FAIR:
            argument = {**start.model_dump(mode="json"), "shape": self.shape}
        return await self.client.start_workflow(
            self.way.title(), argument, id=f"{self.way}-{number}", task_queue=self.settings.task_queue
        )

    async def live(self, number: str) -> None:
        """One life from its start to its end, each fact told alone."""
        handle = await self.begin(number)
        await asyncio.sleep(self.settle)
        for envelope in self.story.envelopes:
            said = happening(envelope, datetime.now(UTC), number)
            if self.by == UPDATE:
                before = time.perf_counter()
                reply = await handle.execute_update("tell", said)
                self.answered.append((time.perf_counter() - before) * 1000)
                if reply["status"] not in WELCOME:
                    raise RuntimeError(f"{number} took no {said['kind']}: {reply}")
            else:
                await asyncio.sleep(self.pause)
                await handle.signal(said["kind"], said)
        await handle.result()

    async def live_all(self, numbers: list[str], at_once: int) -> None:
        """So many lives side by side."""
        places = asyncio.Semaphore(at_once)

        async def one(number: str) -> None:
            async with places:
                await self.live(number)

        async with asyncio.TaskGroup() as together:
            for number in numbers:
                together.create_task(one(number))


async def run(asked: argparse.Namespace) -> None:
    """Warm up, wait for the word, live, tell."""
    settings = load_settings()
    lives = Lives(
        await connect(settings), settings, life_story(), json.loads(asked.shape), asked.way, asked.by, asked.pause,
        asked.settle,
    )  # fmt: skip
    await lives.live_all([f"{asked.series}-9{number:03}" for number in range(asked.warm_up)], asked.at_once)
    _say(READY)
    lived = 0
    while await asyncio.to_thread(sys.stdin.readline):
        numbers = [f"{asked.series}-{number:04}" for number in range(lived, lived + asked.orders)]
        lived += asked.orders
        lives.answered.clear()
        cpu, before = time.process_time(), time.perf_counter()
        await lives.live_all(numbers, asked.at_once)
        spent, seconds = time.process_time() - cpu, time.perf_counter() - before
        found = {"cpu": spent * 1000, "seconds": seconds, "numbers": numbers, "answered": lives.answered}
        _say(json.dumps(found))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """What is lived stands in the arguments, where in the environment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=[OURS, BARE, FAIR], required=True)
    parser.add_argument("--by", choices=[UPDATE, SIGNALS], default=UPDATE)
    parser.add_argument("--series", default="20270101", help="the first part of the orders' numbers")
    parser.add_argument("--orders", type=int, default=6, help="for each line that is heard")
    parser.add_argument("--at-once", type=int, default=6)
    parser.add_argument("--warm-up", type=int, default=4)
    parser.add_argument("--pause", type=float, default=0.2)
    parser.add_argument("--settle", type=float, default=1.0)
    parser.add_argument("--shape", default="{}")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
