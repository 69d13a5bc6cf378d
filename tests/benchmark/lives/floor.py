"""Workflows without any business, to compare an order's with. The sandbox loads this module for each run: keep it light.

`Bare` hears the same messages as an order, has a local activity that does nothing for each, and one timer. `Fair` is
started with as much, gives the engine the commands that an order gives it, and writes to a database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue, SearchAttributeKey, SearchAttributeUpdate

NOTHING = "nothing"
WRITE = "write"
_LIMIT = timedelta(seconds=10)
_FAR = timedelta(days=1)
_STAGE = SearchAttributeKey.for_keyword("DingdanStage")
_SALESPERSON = SearchAttributeKey.for_keyword("DingdanSalesperson")
_RULE = SearchAttributeKey.for_keyword("DingdanRule")
_WAITS_ON = SearchAttributeKey.for_keyword_list("DingdanWaitsOn")
_WAITS_FOR = SearchAttributeKey.for_keyword_list("DingdanWaitsFor")


class _Heard:
    """Counts what it hears and answers as an order does."""

    def __init__(self) -> None:
        self.heard = 0
        self.done = -1
        """How much of it is recorded; the beginning is a burst of its own, as an order's is."""

    def answer(self, fact_id: str) -> dict[str, Any]:
        """A reply of the size of an order's."""
        self.heard += 1
        return {
            "status": "accepted",
            "fact_id": fact_id,
            "sequence": self.heard,
            "code": "",
            "zh": "",
            "en": "",
        }


@workflow.defn(name="Bare")
class Bare(_Heard):
    """The messages, a local activity that does nothing for each burst, one timer."""

    @workflow.run
    async def run(self, facts: int) -> int:
        """Until all facts were heard."""
        timer = asyncio.create_task(workflow.sleep(_FAR))
        while self.done < facts:
            await workflow.wait_condition(lambda: self.heard > self.done)
            heard = self.heard
            await workflow.execute_local_activity(NOTHING, start_to_close_timeout=_LIMIT)
            self.done = heard
        timer.cancel()
        return self.done

    @workflow.update
    def tell(self, message: dict[str, Any]) -> dict[str, Any]:
        """A fact that is answered."""
        return self.answer(message["fact_id"])

    @workflow.signal(dynamic=True)
    def hear(self, name: str, messages: Sequence[RawValue]) -> None:
        """A fact that is not."""
        self.answer(name)


@workflow.defn(name="Fair")
class Fair(_Heard):
    """The same, with the start, the upserts, timers, transactions, questions and summaries of an order's life."""

    def __init__(self) -> None:
        super().__init__()
        self.to_ask = 0
        """How many facts are still to be asked about before they count."""

    @workflow.run
    async def run(self, start: dict[str, Any]) -> int:
        """`start` is what an order starts with, and `shape` says how often an order does what."""
        shape, number = start["shape"], start["number"]
        facts: int = shape["facts"]
        self.to_ask = shape["asked"]
        timers = [round(place * (facts + 1) / shape["timers"]) for place in range(shape["timers"])]
        entries = ["x" * 100] * (shape["burst_bytes"] // 103)
        timer: asyncio.Task[None] | None = None
        burst = 0
        while self.done < facts:
            await workflow.wait_condition(lambda: self.heard > self.done)
            heard = self.heard
            if burst in timers:
                if timer is not None:
                    timer.cancel()
                timer = asyncio.create_task(workflow.sleep(_FAR, summary=f"{number} waits for step {burst}"))
            if burst < shape["upserts"]:
                self._upsert(burst, shape["upserted"])
            # The last bursts are those with a place, as an order's very last is.
            if facts - heard < shape["placed"]:
                await self._write_in_place(number, heard, entries)
            else:
                await workflow.execute_local_activity(
                    WRITE,
                    args=[number, heard, entries],
                    start_to_close_timeout=_LIMIT,
                    summary=f"{number} #{heard}",
                )
            self.done, burst = heard, burst + 1
        return self.done

    async def _write_in_place(self, number: str, heard: int, entries: list[str]) -> None:
        await workflow.execute_activity(
            WRITE,
            args=[number, heard, entries],
            start_to_close_timeout=_LIMIT,
            summary=f"{number} #{heard}",
        )

    def _upsert(self, burst: int, count: int) -> None:
        updates: list[SearchAttributeUpdate[Any]] = [
            _WAITS_FOR.value_set([f"step-{burst}", "deposit"]),
            _WAITS_ON.value_set([f"person-{burst}", "service_clerk"]),
            _STAGE.value_set(f"stage-{burst}"),
            _RULE.value_set(f"R{burst}"),
            _SALESPERSON.value_set(f"person-{burst}"),
        ]
        workflow.upsert_search_attributes(updates[:count])

    @workflow.update
    async def tell(self, message: dict[str, Any]) -> dict[str, Any]:
        """A fact that is answered, some of them only when the database was asked."""
        if self.to_ask:
            self.to_ask -= 1
            await self._write_in_place("asked", self.heard, [])
        return self.answer(message["fact_id"])

    @workflow.signal(dynamic=True)
    def hear(self, name: str, messages: Sequence[RawValue]) -> None:
        """A fact that is not."""
        self.answer(name)
