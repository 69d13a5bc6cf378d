"""The player on the real engine: the product's own workflow, told by updates, with skipped time.

What a case has done for it outside is worked out by the stories' own activities, as on the pure model.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.service import RPCError, RPCStatusCode

from models.dossier.journal import JournalEntry
from models.messages.reply import Reply
from rehearsal.beside.kind import D, S, StoryKind
from rehearsal.beside.on_model import after_its_end, with_digest
from rehearsal.beside.played import Played
from rehearsal.skipped_order import SHORT_WAIT, SkippedOrder
from runtime.cases.rooms import room_of
from runtime.delivery.telling import refused_by
from workflows import case

SIDE_BY_SIDE = 4
"""Stories that run at once."""
MOST_WAITS = 1200
"""A minute: on a machine with other work a workflow task may take half of that."""
_NOT_YET = (RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED)
"""A run that just began has no task yet, and a busy worker answers too late."""

JournalOf = Callable[[str], list[JournalEntry]]
"""The journal of a number as the database has it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where stories are played: a server with a worker on this queue, and a database."""

    client: Client
    task_queue: str
    journal_of: JournalOf


async def play_all(kind: StoryKind[D, S], place: Place, scripts: Sequence[S]) -> list[Played[D, S]]:
    """All stories, some side by side, each on its own day."""
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(script: S) -> Played[D, S]:
        async with places:
            return await play(EngineLife(kind, place, script))

    return list(await asyncio.gather(*(one(script) for script in scripts)))


async def play(life: EngineLife[D, S]) -> Played[D, S]:
    """One story from its start to its last moment."""
    await life.begin()
    kind, script = life.kind, life.script
    dossier, journal = await life.look(script.begins)
    played = Played(kind, script, dossier, journal)
    for move in script.moves:
        await life.live_until(move.at)
        dossier, journal = await life.look(move.at)
        if move.envelope is not None:
            played.told(move, await life.tell(with_digest(kind, move.envelope, dossier), move.at))
        else:
            played.looked(move, dossier, journal)
    played.dossier, played.journal = await life.look(script.moves[-1].at)
    return played


class EngineLife(Generic[D, S]):
    """One case on the engine, from its start."""

    def __init__(self, kind: StoryKind[D, S], place: Place, script: S, *, events_of_a_run: int = 0) -> None:
        """`events_of_a_run`: continued as new after so many; zero leaves it to the server."""
        self.kind, self.place, self.script, self.events = kind, place, script, events_of_a_run
        self.number = script.start.number
        self.skipped = SkippedOrder(place.client, self.number, place.journal_of)

    async def begin(self) -> None:
        """Start it on the day of its story."""
        script = self.script
        argument = (
            self.kind.carried(self.kind.begin(script.start, script.begins), self.events)
            if self.events
            else script.start
        )
        await self.place.client.start_workflow(
            room_of(self.number).workflow,
            argument,
            id=self.skipped.handle.id,
            task_queue=self.place.task_queue,
            start_delay=script.begins - datetime.now(UTC),
        )
        described = await self.skipped.handle.describe()
        await self.skipped.live_until(max(script.begins, described.execution_time or script.begins))

    async def live_until(self, moment: datetime) -> None:
        """Skip time up to it."""
        await self.skipped.live_until(moment)

    async def tell(self, envelope: dict[str, Any], at: datetime) -> Reply:
        """Say it; a case that has ended answers as the door does, from what it was."""
        try:
            return await self.said(envelope)
        except WorkflowUpdateFailedError as failed:
            return refused_by(failed, str(envelope["fact_id"]))
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return after_its_end(self.kind, await self.asked(), envelope, at)

    async def said(self, envelope: dict[str, Any]) -> Reply:
        """By update."""
        reply: Reply = await self.skipped.handle.execute_update("tell", envelope, result_type=Reply)
        return reply

    async def look(self, at: datetime) -> tuple[D, list[JournalEntry]]:
        """The case when what was due by then has happened and its errands are done, and its journal in the database."""
        dossier = await self.asked()
        for _ in range(MOST_WAITS):
            due = case.next_deadline(self.kind.durable.case, dossier)
            if (due is None or due > at) and self.kind.durable.errand(dossier) is None:
                break
            await asyncio.sleep(SHORT_WAIT)
            dossier = await self.asked()
        if not dossier.lives:
            await self._completed()
        journal: list[JournalEntry] = []
        for _ in range(MOST_WAITS):
            journal = await asyncio.to_thread(self.place.journal_of, self.number)
            if len(journal) >= dossier.sequence:
                break
            await asyncio.sleep(SHORT_WAIT)
        return dossier, journal

    async def _completed(self) -> None:
        """Time that is skipped while a workflow completes is waited for without end."""
        for _ in range(MOST_WAITS):
            if (await self.skipped.handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                break
            await asyncio.sleep(SHORT_WAIT)

    async def asked(self) -> D:
        """The case as its query shows it, as soon as it can be asked."""
        for _ in range(MOST_WAITS):
            try:
                return self._read(await self.skipped.handle.query(self.kind.word))
            except WorkflowQueryFailedError:
                pass
            except RPCError as error:
                if error.status not in _NOT_YET:
                    raise
            await asyncio.sleep(SHORT_WAIT)
        return self._read(await self.skipped.handle.query(self.kind.word))

    def _read(self, shown: Any) -> D:
        return self.kind.dossier.model_validate(shown)
