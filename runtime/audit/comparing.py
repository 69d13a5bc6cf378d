"""One order, as the order database has it and as its workflow says: in what both differ, looked at until it stands still.

A burst may be on its way at any moment, so nothing counts that is not found twice, with a pause between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from activities.audit.audited_kinds import kind_of
from activities.audit.found_right import ENDED, Right
from activities.audit.journal_chain import chain_of
from activities.audit.rows_compared import differences_of_rows
from activities.audit.stored_orders import StoredOrder, stored_order
from activities.orders.recording.told_again import said_in
from activities.store.faults import named_faults
from models.dossier.dossier import Dossier
from models.messages.authors import known_as
from models.reports.server_state import ServerState
from models.reports.store_audit import Difference, Finding
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of_model
from runtime.cases.rooms import room_of
from runtime.databases import engine_of
from runtime.delivery.order_handles import is_case, order_handle
from runtime.delivery.server_orders import OnServer, is_order_of, look_up
from runtime.settings import Settings
from workflows.durable import RECORDED

if TYPE_CHECKING:
    from temporalio.client import Client

MOST_LOOKS = 8
PAUSE_SECONDS = 0.5
"""Between two looks at an order in which something was found: a burst needs milliseconds, a busy machine more."""
_ANSWER = timedelta(seconds=20)
"""An order that is not in a worker's memory is lived through again before it answers."""
_BEGINNING = timedelta(minutes=1)
"""How long whoever numbered an order is left alone to begin it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an order says of itself, and of what the order database has of it."""

    order: Dossier
    rows: dict[str, str]
    epoch: int
    is_idle: bool

    @property
    def stands_at(self) -> tuple[int, str]:
        """The number and hash of its last entry."""
        return self.order.sequence, self.order.head


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at an order."""

    stored: StoredOrder
    found: OnServer
    answered: Answered | None
    findings: list[Finding] = field(default_factory=list)
    life: str = ""
    """How its workflow stood before it was asked; `ENDED` where it is asked nothing any more."""

    @property
    def identities(self) -> set[object]:
        """What was found, to be compared with another look."""
        return {each.identity for each in self.findings}

    @property
    def is_moving(self) -> bool:
        """Whether something is on its way to the order database."""
        return self.answered is not None and not self.answered.is_idle

    def right(self, today: date) -> Right | None:
        """How it was found right; None where it was not, or is moving, or one of both did not say how it stands."""
        if self.findings or self.is_moving or self.stored.row is None or not self.stored.has_request:
            return None
        agrees = self.answered is not None and self.answered.stands_at == self.stored.stands_at
        if not agrees and self.life != ENDED:
            return None
        return Right(self.stored.sequence, self.stored.head, self.stored.digest, self.life, today)

    def stands_as(self, other: Looked) -> bool:
        """Whether neither store has moved between both looks."""
        mine = self.answered.stands_at if self.answered is not None else None
        others = other.answered.stands_at if other.answered is not None else None
        return (self.stored.stands_at, mine) == (other.stored.stands_at, others)


def life_of(settings: Settings, found: OnServer) -> str:
    """How the workflow stands, without asking it: which run, how many events are in its history, and who makes its rows of it."""
    return f"{NEWEST}.{settings.build_id} {found.state.value} {found.run_id} {found.events}"


async def compared(client: Client, settings: Settings, number: str, *, ended: bool = False) -> Looked:
    """In what the stores differ about this order, as far as it stands still.

    `ended`: ask the workflow of an order that has ended as well, as long as the server has it.
    Raises Refusal(server_unavailable, database_unavailable).
    """
    last = before = await _look(client, settings, number, ended=ended)
    for _ in range(MOST_LOOKS):
        if not before.findings:
            return before
        await asyncio.sleep(PAUSE_SECONDS)
        now = await _look(client, settings, number, ended=ended)
        if now.identities == before.identities and now.stands_as(before) and not now.is_moving:
            return now
        last, before = before, now
    # It never stood still: what both looks found is so.
    return Looked(
        before.stored,
        before.found,
        before.answered,
        [each for each in before.findings if each.identity in last.identities],
        before.life,
    )


async def _look(client: Client, settings: Settings, number: str, *, ended: bool) -> Looked:
    engine = engine_of(settings)
    found = await look_up(client, number)
    answered = await _ask(client, number) if found.state is ServerState.RUNNING else None
    stored = await asyncio.to_thread(stored_order, engine, number)
    lives = found.state is ServerState.RUNNING
    if found.state is ServerState.COMPLETED and (ended or not stored.has_ended):
        lives, answered = True, await _ask(client, number)
        stored = await asyncio.to_thread(stored_order, engine, number)
    others = stored.has_request and found.has_history and not await _is_ours(client, settings, found)
    findings = (
        [Finding(order=number, difference=Difference.OTHERS, workflow=found.run_id)]
        if others
        else list(_differences(settings, stored, found, answered, lives=lives))
    )
    is_over = stored.has_ended and found.state is not ServerState.RUNNING
    return Looked(stored, found, answered, findings, life=ENDED if is_over else life_of(settings, found))


async def _is_ours(client: Client, settings: Settings, found: OnServer) -> bool:
    from activities.cases.case_requests import start_kept
    from activities.orders.taken_numbers import kept_under

    if is_case(found.number):
        start = await asyncio.to_thread(start_kept, engine_of(settings), found.number)
        room = room_of(found.number)
        theirs = digest_of_model(room.start.model_validate(start)) if start is not None else ""
        return found.workflow == room.workflow and found.start in ("", theirs)
    kept = await asyncio.to_thread(kept_under, engine_of(settings), found.number)
    return kept is None or await is_order_of(client, found, kept.start, kept.space)


async def _ask(client: Client, number: str) -> Answered | None:
    """None where no worker answers."""
    from temporalio.client import WorkflowQueryFailedError, WorkflowQueryRejectedError
    from temporalio.service import RPCError

    handle, kind = order_handle(client, number), kind_of(number)
    try:
        said: dict[str, Any] = await handle.query(RECORDED, rpc_timeout=_ANSWER)
        order = kind.model.model_validate(await handle.query(kind.name, rpc_timeout=_ANSWER))
    except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
        return None
    same = (said["sequence"], said["head"]) == (order.sequence, order.head)
    return Answered(order, said["rows"], int(said["epoch"]), is_idle=bool(said["idle"]) and same)


def _differences(
    settings: Settings, stored: StoredOrder, found: OnServer, answered: Answered | None, *, lives: bool
) -> Iterator[Finding]:
    number = stored.number
    is_here = found.has_history and found.task_queue == settings.task_queue
    if stored.row is None and (is_here or stored.has_request or stored.journal):
        yield Finding(
            order=number, difference=Difference.NO_ROW, workflow=found.state.value if is_here else ""
        )
    if not stored.has_request and (is_here or stored.row is not None or stored.journal):
        yield Finding(
            order=number, difference=Difference.NO_REQUEST, workflow=found.state.value if is_here else ""
        )
    if lives and answered is None:
        yield Finding(order=number, difference=Difference.UNANSWERED, database=str(stored.sequence))
    if found.is_lost and stored.row is not None and not stored.has_ended:
        yield from _lost(stored, found)
    if stored.row is not None:
        yield from _of_the_journal(stored)
    if answered is not None:
        yield from _of_the_workflow(stored, answered)


def _lost(stored: StoredOrder, found: OnServer) -> Iterator[Finding]:
    if stored.sequence:
        yield Finding(
            order=stored.number,
            difference=Difference.LOST,
            database=str(stored.sequence),
            workflow=found.state.value,
        )
    elif stored.placed_at is not None and stored.placed_at < datetime.now(UTC) - _BEGINNING:
        yield Finding(order=stored.number, difference=Difference.NOT_BEGUN, workflow=found.state.value)


def _of_the_journal(stored: StoredOrder) -> Iterator[Finding]:
    chain = chain_of(stored)
    for first, last in chain.gaps:
        where = str(first) if first == last else f"{first}–{last}"
        yield Finding(order=stored.number, difference=Difference.JOURNAL_GAP, where=where, workflow="?")
    for entry in chain.changed:
        yield Finding(
            order=stored.number,
            difference=Difference.JOURNAL_CHANGED,
            where=str(entry.sequence),
            database=entry.hash[:12],
        )


def _of_the_workflow(stored: StoredOrder, answered: Answered) -> Iterator[Finding]:
    number, order = stored.number, answered.order
    for each in _said(stored):
        if not _knows(order, each["by"], each["fact_id"]):
            where = known_as(each["by"], each["fact_id"])
            yield Finding(
                order=number, difference=Difference.UNKNOWN_FACT, where=where, database=each["kind"]
            )
    if stored.row is None:
        return
    if stored.stands_at == answered.stands_at:
        yield from differences_of_rows(stored, order, answered.rows)
        return
    difference = Difference.BEHIND if stored.sequence < order.sequence else Difference.BEYOND
    yield Finding(
        order=number,
        difference=difference,
        database=f"{stored.sequence} {stored.head[:12]}",
        workflow=f"{order.sequence} {order.head[:12]}",
    )


def _said(stored: StoredOrder) -> Iterator[dict[str, Any]]:
    """What its journal says was said to it; an entry that cannot be read is named as one that was changed."""
    known = set[str]()
    for entry in stored.journal:
        try:
            with named_faults(f"journal entry {stored.number}/{entry.sequence}"):
                said = said_in([entry.row])
        except Refusal as refusal:
            if refusal.code is not Code.FAULT:
                raise
            continue
        for each in said:
            identity = known_as(each["by"], each["fact_id"])
            if identity not in known:
                known.add(identity)
                yield each


def _knows(order: Dossier, by: str, fact_id: str) -> bool:
    """Whether it knows the fact, or has refused it when it was told again, which is somebody's step."""
    return (
        known_as(by, fact_id) in order.seen
        or fact_id in order.seen
        or any(key.startswith(f"told-again-{fact_id}"[:200]) for key in order.troubles)
    )
