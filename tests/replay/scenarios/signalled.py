"""Whole lives told by signals: one by one, or all that is told at one moment in one burst."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from temporalio.service import RPCError, RPCStatusCode

from models.dossier.journal import EntryKind, JournalEntry
from models.messages.reply import Reply, Status
from models.order.order import Order
from models.values.errors import Code
from rehearsal.engine import Stage as Play
from rehearsal.engine import Straight, play
from rehearsal.moments import read_offset
from rehearsal.script import Telling
from runtime.delivery.order_handles import order_handle
from tests.replay.scenarios.stage import Scene, Stage, live_until, script

_STATUS = {
    EntryKind.FACT: Status.ACCEPTED,
    EntryKind.EARLY: Status.KEPT_EARLY,
    EntryKind.REFUSED: Status.REFUSED,
}


class Signalling(Straight):
    """What a story says is signalled; its answer is read from the journal."""

    def __init__(self, stage: Stage, queue: str) -> None:
        super().__init__(stage.client, queue, stage.desk.open)
        self.stage = stage

    async def tell(self, number: str, envelope: dict[str, Any]) -> Reply:
        """By the signal that has the name of its kind."""
        handle = order_handle(self.client, number)
        fact_id = str(envelope["fact_id"])
        before = Order.model_validate(await handle.query("order")).sequence
        try:
            await handle.signal(str(envelope["kind"]), envelope)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return Reply(
                status=Status.REFUSED, fact_id=fact_id, code=Code.ORDER_ENDED.value, zh="", en="ended"
            )
        # A query is answered after the signals that came before it.
        order = Order.model_validate(await handle.query("order"))
        journal = await self._journal(order)
        return answer_of(journal[before:], fact_id)

    async def _journal(self, order: Order) -> list[JournalEntry]:
        journal: list[JournalEntry] = []
        while len(journal) < order.sequence:
            journal = await asyncio.to_thread(self.stage.desk.journal, order.number)
        return journal


def answer_of(entries: list[JournalEntry], fact_id: str) -> Reply:
    """What the entries that a signal brought say of it, as an update would have been answered."""
    for entry in entries:
        if entry.kind is EntryKind.REFUSED or (entry.kind in _STATUS and entry.data["fact_id"] == fact_id):
            return Reply(
                status=_STATUS[entry.kind],
                fact_id=fact_id,
                code=str(entry.data.get("code", "")),
                zh=str(entry.data.get("zh", "")),
                en=str(entry.data.get("en", "")),
            )
    return Reply(status=Status.KNOWN, fact_id=fact_id)


def by_signals(story: str) -> Scene:
    """The scenario that plays a story by signals alone, one by one."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        async with stage.worker(queue):
            way = Signalling(stage, queue)
            played = await play(
                Play(stage.client, queue, stage.desk, way, stage.providers), script(story, name)
            )
            assert played.as_expected, f"{name}: {played.differences[0].words.en}"
            await stage.keep(name, "a life told by signals", order_handle(stage.client, played.number))

    return scene


def in_bursts(story: str, *pauses: str) -> Scene:
    """The scenario that tells all that happened up to each pause at once then: several signals in one task."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        async with stage.worker(queue):
            ready = script(story, name)
            handle = order_handle(stage.client, await Signalling(stage, queue).place(ready))
            told = [move.envelope for move in ready.moves if isinstance(move, Telling)]
            for pause in pauses:
                moment = ready.start + read_offset(pause)
                await live_until(stage.client, handle, moment)
                while told and datetime.fromisoformat(told[0]["happened_at"]) <= moment:
                    await handle.signal(told[0]["kind"], told.pop(0))
                await stage.recorded(handle)
            assert not told
            await stage.keep(name, "a life told by signals in bursts", handle)

    return scene
