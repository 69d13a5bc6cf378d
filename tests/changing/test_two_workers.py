"""Yesterday's worker makes orders in every phase, tomorrow's takes them over: real processes, one server, one database."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from activities.store.database import engine_at, upgrade
from models.dossier.journal import EntryKind
from models.messages.envelope import envelope_json
from models.messages.reply import Reply, Status
from models.request.order_start import OrderStart
from models.tables.registry import table
from models.values.editions import NEWEST
from models.values.vocabulary import PhaseName, Role
from rehearsal.references import with_own_references
from runtime.delivery.order_handles import WORKFLOW, workflow_id
from runtime.server.registration import register_attributes
from runtime.settings import Settings
from tests.changing import tomorrow
from tests.changing.trees import HERE, Edit, Tree
from tests.models.life import SIGNER, Life, start
from tests.runtime.watching import PATIENCE_SECONDS, looks
from workflows.engine.carried import Outcome
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.procedure import begin, receive

PHASES = [phase.value for phase in PhaseName]


def a_whole_life(placed: datetime) -> list[dict[str, Any]]:
    """What is said to an order from its first day to its end, all in one day."""
    life = Life(placed).arrived().does("delivery_receipt", shipment="1", signed_by=SIGNER)
    return [
        envelope_json(
            entry.data["fact_id"],
            entry.subject,
            entry.data["content"],
            by=entry.by,
            role=entry.role,
            happened_at=entry.happened_at,
        )
        for entry in life.order.unsaved
        if entry.kind is EntryKind.FACT
    ]


def stands_in(placed: datetime, said: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Each phase in which the order stands for a while, and after how much it is about to leave it."""
    order, found = begin(start(placed), placed), {}
    for count, envelope in enumerate(said):
        found[order.phase.value] = count
        receive(order, envelope, placed)
    return found


@dataclass
class Installation:
    """One server, one order database, and orders in it."""

    client: Client
    settings: Settings
    placed: datetime
    said: list[dict[str, Any]]
    orders: dict[str, int] = field(default_factory=dict)
    """Number -> how much was said to it."""

    async def place(self, number: str, **changes: Any) -> None:
        """An order begins."""
        begun: OrderStart = start(self.placed).model_copy(update={"number": number, **changes})
        await self.client.start_workflow(
            WORKFLOW, begun, id=workflow_id(number), task_queue=self.settings.task_queue
        )
        self.orders[number] = 0

    async def tell(self, number: str, until: int) -> None:
        """So much of the life is said to the order."""
        for envelope in self.said[self.orders[number] : until]:
            reply = await self.say(number, envelope)
            assert reply.status in (Status.ACCEPTED, Status.KEPT_EARLY), reply
        self.orders[number] = until

    async def say(self, number: str, envelope: dict[str, Any]) -> Reply:
        """One thing; money of an order has a reference of its own (R53)."""
        content = with_own_references(number, envelope["kind"], envelope["content"])
        envelope = {**envelope, "content": content}
        reply: Reply = await self.handle(number).execute_update("tell", envelope, result_type=Reply)
        return reply

    def handle(self, number: str) -> WorkflowHandle[Any, Any]:
        """The order's workflow."""
        return self.client.get_workflow_handle(workflow_id(number), result_type=Outcome)

    async def phase(self, number: str) -> str:
        """Where it stands."""
        return str((await self.handle(number).query("order"))["phase"])

    async def happened(self, number: str) -> list[str]:
        """Its events by name."""
        return [
            EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
            async for event in self.handle(number).fetch_history_events()
        ]

    async def until_a_task_fails(self, number: str) -> None:
        """Wait until a worker could not go on with it."""
        async for _ in looks("a task fails"):
            if "WORKFLOW_TASK_FAILED" in await self.happened(number):
                return

    def kept(self, number: str) -> tuple[int, list[str]]:
        """Its epoch, and the phases that it went through, as the order database has them."""
        orders, journal = table("orders"), table("journal")
        with engine_at(self.settings.database_url).connect() as connection:
            epoch = connection.scalar(select(orders.c.epoch).where(orders.c.number == number))
            phases = connection.scalars(
                select(journal.c.subject)
                .where(journal.c.order_number == number, journal.c.kind == EntryKind.PHASE.value)
                .order_by(journal.c.epoch, journal.c.sequence)
            )
            return int(epoch or 0), list(phases)

    @asynccontextmanager
    async def worker(self, tree: Tree) -> AsyncIterator[None]:
        """A worker of this tree, in a process of its own."""
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.changing.worker",
            cwd=tree.folder,
            env={
                **os.environ,
                "DINGDAN_VAR": str(self.settings.var),
                "DINGDAN_DATABASE_URL": self.settings.database_url,
                "DINGDAN_TASK_QUEUE": self.settings.task_queue,
                "TEMPORAL_ADDRESS": self.client.service_client.config.target_host,
                "TEMPORAL_NAMESPACE": self.client.namespace,
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert worker.stdin is not None
        assert worker.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await worker.stdout.readline() == b"at work\n"
        try:
            yield
        finally:
            worker.stdin.close()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await worker.wait()


@pytest.fixture
async def installation(temporal_client: Client, settings: Settings) -> Installation:
    upgrade(settings.database_url)
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    placed = datetime.now(UTC)
    return Installation(temporal_client, settings, placed, a_whole_life(placed))


def changed(folder: Path, edits: Sequence[Edit]) -> Tree:
    """A copy of the tree with these edits."""
    tree = Tree.copied_to(folder)
    tree.edit(*edits)
    return tree


async def test_tomorrows_worker_takes_every_open_order_over(
    installation: Installation, tmp_path: Path
) -> None:
    whole = len(installation.said)
    async with installation.worker(Tree(HERE)):
        for phase, said in stands_in(installation.placed, installation.said).items():
            await installation.place(f"in-{phase}")
            await installation.tell(f"in-{phase}", said)
            assert await installation.phase(f"in-{phase}") == phase
    old = list(installation.orders)
    assert len(old) >= 7

    tree = changed(tmp_path / "tomorrow", tomorrow.BY_THE_BOOK)
    tomorrow.rename_a_module(tree)
    async with installation.worker(tree):
        for number in old:
            await installation.tell(number, whole)
            assert (await installation.handle(number).result()).ending == "settled"
            epoch, went = installation.kept(number)
            assert (epoch, went) == (0, sorted(went, key=PHASES.index)), number
            assert "WORKFLOW_TASK_FAILED" not in await installation.happened(number)
        # What begins tomorrow follows the new rule.
        await installation.place("tomorrow", edition=NEWEST + 1)
        gate = next(n for n, each in enumerate(installation.said) if each["kind"] == "production_signed")
        await installation.tell("tomorrow", gate)
        assert await installation.phase("tomorrow") == PhaseName.CONFIRMATION
        checked = envelope_json(
            "finance/insurance-1",
            "decision",
            {"subject": "insurance", "outcome": "approve", "note_reference": "N-9"},
            by="finance-1",
            role=Role.FINANCE,
            happened_at=datetime.now(UTC),
        )
        assert (await installation.say("tomorrow", checked)).status is Status.ACCEPTED
        await installation.tell("tomorrow", whole)
        assert (await installation.handle("tomorrow").result()).ending == "settled"
        await installation.place("both", edition=NEWEST + 1)
        await installation.tell("both", 1)
        reported = envelope_json(
            "agency/1",
            "insurance_reported",
            {"words": "AA"},
            by="finance-1",
            role=Role.FINANCE,
            happened_at=datetime.now(UTC),
        )
        assert (await installation.say("both", reported)).status is Status.ACCEPTED
    # What tomorrow's worker began, yesterday's cannot go on with: the two are not mixed without Worker Versioning.
    async with installation.worker(Tree(HERE)):
        telling = asyncio.create_task(installation.say("both", installation.said[1]))
        await installation.until_a_task_fails("both")
        telling.cancel()
        await installation.place("early", edition=NEWEST + 1)
        await installation.until_a_task_fails("early")


@pytest.mark.endurance
@pytest.mark.parametrize("careless", ["CARELESS_GATE", "CARELESS_COMMAND"])
async def test_a_careless_worker_is_found_out(
    careless: str, installation: Installation, tmp_path: Path
) -> None:
    gate = next(n for n, each in enumerate(installation.said) if each["kind"] == "production_signed")
    number = careless.lower()
    async with installation.worker(Tree(HERE)):
        await installation.place(number)
        await installation.tell(number, gate + 1)
        assert await installation.phase(number) == PhaseName.PRODUCTION
    async with installation.worker(changed(tmp_path / "careless", getattr(tomorrow, careless))):
        telling = asyncio.create_task(installation.say(number, installation.said[gate + 1]))
        await installation.until_a_task_fails(number)
        assert not telling.done()
    # A failed task changed nothing: with yesterday's worker back the order goes on, and answers who was waiting.
    async with installation.worker(Tree(HERE)):
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert (await telling).status is Status.ACCEPTED
        assert await installation.phase(number) == PhaseName.INSPECTION
        assert installation.kept(number)[0] == 0
