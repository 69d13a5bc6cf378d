"""A rollout by Worker Versioning: workers of two builds side by side, one of them the current one, and somebody who tells facts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from google.protobuf.field_mask_pb2 import FieldMask
from sqlalchemy import select
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.workflow.v1 import VersioningOverride, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionOptionsRequest

from activities.store.database import engine_at
from models.dossier.journal import EntryKind
from models.messages.envelope import envelope_json, read_envelope
from models.messages.reply import Status
from models.tables.registry import table
from models.values.vocabulary import Role
from rehearsal.references import with_own_references
from runtime.delivery.order_handles import workflow_id
from runtime.delivery.telling import tell_order
from runtime.worker.deployments import make_current
from tests.changing.test_two_workers import Installation
from tests.changing.trees import Tree
from tests.runtime.watching import PATIENCE_SECONDS, looks

PACE_SECONDS = 0.25
"""Between two facts of the teller: slower than answers come, so that the pace is the teller's."""

_TAKEN = (Status.ACCEPTED, Status.KEPT_EARLY)


class Rollout:
    """Which build is the current one of one deployment."""

    def __init__(self, installation: Installation, seconds: float) -> None:
        self.installation, self.seconds = installation, seconds
        self.deployment = f"d-{installation.settings.task_queue}"

    @asynccontextmanager
    async def worker(self, tree: Tree, build: str) -> AsyncIterator[None]:
        """The worker program of this tree, as an operator starts it, under this build's name."""
        own, client = self.installation.settings, self.installation.client
        log = own.var / f"worker-{build}.log"
        with log.open("wb") as said:
            worker = await asyncio.create_subprocess_exec(
                sys.executable, "worker.py",
                cwd=tree.folder,
                env={
                    **os.environ,
                    "DINGDAN_VAR": str(own.var),
                    "DINGDAN_DATABASE_URL": own.database_url,
                    "DINGDAN_TASK_QUEUE": own.task_queue,
                    "DINGDAN_DEPLOYMENT": self.deployment,
                    "DINGDAN_BUILD_ID": build,
                    "TEMPORAL_ADDRESS": client.service_client.config.target_host,
                    "TEMPORAL_NAMESPACE": client.namespace,
                },
                stdout=said,
                stderr=said,
            )  # fmt: skip
        try:
            yield
            assert worker.returncode is None, log.read_text()[-3000:]
        finally:
            with contextlib.suppress(ProcessLookupError):
                worker.terminate()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await worker.wait()

    async def lead_to(self, build: str) -> None:
        """Make this build the current one."""
        named = self.installation.settings.model_copy(
            update={"deployment": self.deployment, "build_id": build}
        )
        await make_current(self.installation.client, named, PATIENCE_SECONDS)

    async def tell(self, number: str, until: int) -> None:
        """So much of the life is said to the order, as the door says it."""
        own = self.installation
        for envelope in own.said[own.orders[number] : until]:
            content = with_own_references(number, envelope["kind"], envelope["content"])
            told = await tell_order(
                own.client, own.settings, number, read_envelope({**envelope, "content": content})
            )
            assert told.stored or (told.reply is not None and told.reply.status in _TAKEN), told
        own.orders[number] = until

    async def build_of(self, number: str) -> str:
        """On which build the order's last step was done."""
        described = await self.installation.handle(number).describe()
        return str(
            described.raw_description.workflow_execution_info.versioning_info.deployment_version.build_id
        )

    async def under_load(self, numbers: Sequence[str], build: str) -> None:
        """So long facts are told while this build is the current one; in the end every order lives on it."""
        await asyncio.sleep(self.seconds)
        for number in numbers:
            async for _ in looks(f"{number} lives on {build}"):
                if await self.build_of(number) == build:
                    break

    async def pin(self, number: str, build: str) -> None:
        """The order stays with this build, whichever is the current one."""
        pinned = VersioningOverride.PinnedOverride(
            behavior=VersioningOverride.PINNED_OVERRIDE_BEHAVIOR_PINNED,
            version=WorkerDeploymentVersion(deployment_name=self.deployment, build_id=build),
        )
        await self._override(number, VersioningOverride(pinned=pinned))

    async def unpin(self, number: str) -> None:
        """The order goes with the current build again."""
        await self._override(number, None)

    async def _override(self, number: str, override: VersioningOverride | None) -> None:
        client = self.installation.client
        await client.workflow_service.update_workflow_execution_options(
            UpdateWorkflowExecutionOptionsRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=workflow_id(number)),
                workflow_execution_options=WorkflowExecutionOptions(versioning_override=override),
                update_mask=FieldMask(paths=["versioning_override"]),
            )
        )


class Teller:
    """Tells a contact to one open order after the other, at a steady pace, and looks at every answer."""

    def __init__(self, installation: Installation, numbers: Sequence[str]) -> None:
        self.installation, self.numbers = installation, list(numbers)
        self.answered: list[tuple[str, str]] = []
        self.refused: list[str] = []
        self.slowest = 0.0
        self.stored = 0
        """How many of them were taken as signals: the server breaks an update off whose order moves to another build at that moment."""

    def also(self, number: str) -> None:
        """This order, too, from now on."""
        self.numbers.append(number)

    async def __aenter__(self) -> Self:
        self._telling = asyncio.create_task(self._tell())
        return self

    async def _tell(self) -> None:
        count = 0
        self._over = asyncio.Event()
        async with asyncio.TaskGroup() as side_by_side:
            while not self._over.is_set():
                number = self.numbers[count % len(self.numbers)]
                # The next one does not wait for this one's answer: a slow rollout must not slow the load.
                side_by_side.create_task(self._say(number, f"load/{count}"))
                count += 1
                await asyncio.sleep(PACE_SECONDS)

    async def _say(self, number: str, fact_id: str) -> None:
        envelope = envelope_json(
            fact_id,
            "contact_logged",
            {"channel": "phone", "words": fact_id},
            by="service_clerk-1",
            role=Role.SERVICE_CLERK,
            happened_at=self.installation.placed,
        )
        began = time.monotonic()
        told = await tell_order(
            self.installation.client, self.installation.settings, number, read_envelope(envelope)
        )
        self.slowest = max(self.slowest, time.monotonic() - began)
        if told.stored or (told.reply is not None and told.reply.status is Status.ACCEPTED):
            self.answered.append((number, fact_id))
            self.stored += told.stored
        else:
            self.refused.append(f"{number} {fact_id}: {told}")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        await self._telling


def all_recorded_once(installation: Installation, teller: Teller) -> list[str]:
    """What the journals have too seldom or too often of what was answered; nothing where all is well."""
    journal = table("journal")
    with engine_at(installation.settings.database_url).connect() as connection:
        rows = connection.execute(
            select(journal.c.order_number, journal.c.data).where(journal.c.kind == EntryKind.FACT.value)
        ).all()
    heard = Counter((number, data["fact_id"]) for number, data in rows)
    lives = [
        (number, envelope["fact_id"])
        for number, until in installation.orders.items()
        for envelope in installation.said[:until]
    ]
    return [
        f"{number}: {fact} is recorded {heard[number, fact]} times"
        for number, fact in (*teller.answered, *lives)
        if heard[number, fact] != 1
    ]
