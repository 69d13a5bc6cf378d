"""A desk that says things to orders and cases as the command line does, again and again until they are taken."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError

from activities.cases.case_views import journal_of_case
from activities.orders.views.order_views import journal_of
from activities.store.database import reading
from models.messages.envelope import envelope_json, read_envelope
from models.messages.reply import Reply, Status
from models.order.order import Order
from models.tables.registry import table
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Role
from rehearsal.simulation.chances import Chances
from rehearsal.simulation.usual_answers import Asked, usual_answer
from runtime.delivery.order_handles import is_case, order_handle
from runtime.delivery.telling import Told, tell_order
from runtime.settings import Settings
from tests.endure.estate import PATIENCE_SECONDS, Stuck

T = TypeVar("T")
_AGAIN_SECONDS = 0.3


@dataclass
class PatientDesk:
    """One person with the command line, and what it was answered."""

    client: Client
    settings: Settings
    engine: Engine
    pace: float
    answers: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By number and fact id: what was answered."""
    refused: list[str] = field(default_factory=list)

    async def again(self, what: str, doing: Callable[[], Awaitable[T]]) -> T:
        """Until the world lets it. Raises Stuck, and every refusal that is no trouble of the world."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await doing()
            except Refusal as refusal:
                if refusal.code not in OF_THE_WORLD:
                    raise
                trouble: Exception = refusal
            except (RPCError, WorkflowQueryFailedError) as error:
                trouble = error
            if time.monotonic() > until:
                raise Stuck(f"{what}: {trouble}") from trouble
            await asyncio.sleep(_AGAIN_SECONDS)

    async def in_database(self, what: str, doing: Callable[[], T]) -> T:
        """The same of what asks or changes the order database."""
        return await self.again(what, lambda: asyncio.to_thread(doing))

    async def looked(self, number: str, query: str) -> Any:
        """How it says that it stands."""
        return await self.again(f"{number} is asked", lambda: order_handle(self.client, number).query(query))

    async def becomes(self, what: str, is_so: Callable[[], Awaitable[object]]) -> None:
        """Wait until it is so. Raises Stuck."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not await is_so():
            if time.monotonic() > until:
                raise Stuck(what)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def say(
        self, number: str, kind: str, content: Mapping[str, Any], role: Role, by: str, *, fact_id: str
    ) -> None:
        """One fact or decision. It is in the journal when this comes back, or it was refused and is noted as that."""
        envelope = read_envelope(
            envelope_json(fact_id, kind, dict(content), by=by, role=role, happened_at=datetime.now(UTC))
        )

        async def tell() -> Told:
            return await tell_order(self.client, self.settings, number, envelope)

        told = await self.again(f"{number} is told {kind}", tell)
        self._note(number, fact_id, told)
        if told.stored:
            await self.becomes(f"{number} hears {fact_id}", lambda: self._knows(number, fact_id))
        await asyncio.sleep(self.pace)

    def _note(self, number: str, fact_id: str, told: Told) -> None:
        reply: Reply | None = told.reply
        answer = reply.status.value if reply is not None else "stored" if told.stored else "late"
        self.answers[number][fact_id] = answer
        if reply is not None and reply.status is Status.REFUSED:
            self.refused.append(f"{number} {fact_id}: {reply.en}")

    async def _knows(self, number: str, fact_id: str) -> bool:
        read = journal_of_case if is_case(number) else journal_of
        journal = await self.in_database("the journal", lambda: read(self.engine, number))
        return any(entry.data.get("fact_id") == fact_id for entry in journal)

    async def ended(self, number: str) -> bool:
        """Whether the order database has the order's end."""
        orders = table("orders")

        def look() -> bool:
            with reading(self.engine) as connection:
                ended = connection.scalar(select(orders.c.ended_at).where(orders.c.number == number))
                return ended is not None

        return await self.in_database("the end", look)

    async def live_on(
        self,
        number: str,
        *,
        until: Callable[[Order], object] = lambda order: False,
        otherwise: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Somebody does what the order waits for, again and again, until it has ended or is as wanted.

        `otherwise`: by the subject of a decision, what is decided in place of the usual. Raises Stuck.
        """
        asked: set[tuple[str, str]] = set()
        waits: list[str] = []
        stop = time.monotonic() + 2 * PATIENCE_SECONDS
        while time.monotonic() < stop:
            if await self.ended(number):
                return
            order = Order.model_validate(await self.looked(number, "order"))
            if until(order):
                return
            waits = sorted(order.steps)
            waiting = [
                (step, (step.key, step.roles[0].value))
                for step in order.steps.values()
                if step.roles and (step.key, step.roles[0].value) not in asked
            ]
            for step, name in waiting:
                asked.add(name)
                reference = f"{number}/{len(self.answers[number]) + 1}"
                answer = usual_answer(Asked(order, step, Chances(number), reference))
                if answer is None:
                    continue
                content = (otherwise or {}).get(str(answer.content.get("subject", "")), {})
                by = order.staff.people.get(answer.role, "somebody")
                await self.say(
                    number, answer.kind, {**answer.content, **content}, answer.role,
                    order.request.contact if answer.role is Role.CUSTOMER else by, fact_id=reference,
                )  # fmt: skip
            if not waiting:
                await asyncio.sleep(_AGAIN_SECONDS)
        raise Stuck(f"{number} has no end; it waits for {waits}; refused: {self.refused}")
