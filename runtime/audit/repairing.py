"""Healing what an audit found about one order: each store gets from the other one what it lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from activities.audit.audit_steps import note_differences
from activities.audit.journal_chain import Sent, chain_of, missing_entries, write_entries
from activities.audit.rows_compared import write_rows
from activities.audit.stored_orders import StoredOrder, stored_order
from activities.orders.recording.told_again import said_in
from models.messages.authors import known_as
from models.messages.envelope import Envelope
from models.reports.server_state import ServerState
from models.reports.store_audit import AuditOutcome, Difference, Finding
from models.values.errors import OF_THE_WORLD, Refusal
from runtime.audit.comparing import PAUSE_SECONDS, Answered, Looked, compared
from runtime.audit.histories import sent_by
from runtime.audit.lost_cases import take_back_case
from runtime.databases import engine_of
from runtime.delivery.order_handles import is_case, order_handle
from runtime.delivery.recovering import lost_request, record_anew
from runtime.refusals import named_answers
from runtime.settings import Settings
from runtime.signed_facts import message_to

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from temporalio.client import Client

AUDITOR = "audit"
"""Who brings an order back where nobody asked for it."""
_UNTIL_STILL = 40
"""So many pauses an order is waited for that compares itself with the database: twenty seconds."""


async def repaired(
    client: Client, settings: Settings, looked: Looked, *, ended: bool = False
) -> list[Finding]:
    """What was found, each healed or left; what is left is a step of the desk.

    Raises Refusal(server_unavailable, database_unavailable).
    """
    engine, number = engine_of(settings), looked.stored.number
    if not looked.findings:
        await asyncio.to_thread(note_differences, engine, number, [], datetime.now(UTC))
        return []
    try:
        await _Repair(client, settings, engine, looked).heal()
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
    after = await compared(client, settings, number, ended=ended)
    left = after.identities
    found = {each.identity: each for each in (*looked.findings, *after.findings)}
    judged = [
        each.model_copy(update={"outcome": AuditOutcome.LEFT if identity in left else AuditOutcome.HEALED})
        for identity, each in found.items()
    ]
    still = [each for each in judged if each.outcome is AuditOutcome.LEFT]
    await asyncio.to_thread(note_differences, engine, number, still, datetime.now(UTC))
    return judged


class _Repair:
    """One order at work."""

    def __init__(self, client: Client, settings: Settings, engine: Engine, looked: Looked) -> None:
        self._client = client
        self._settings = settings
        self._engine = engine
        self._looked = looked
        self._number = looked.stored.number
        self._sent: dict[str, Sent] | None = None

    def _has(self, *differences: Difference) -> bool:
        return any(each.difference in differences for each in self._looked.findings)

    async def heal(self) -> None:
        """What each difference asks for, what the next ones rest on first."""
        if self._has(Difference.OTHERS, Difference.UNANSWERED):
            return
        if self._has(Difference.NO_ROW, Difference.NO_REQUEST):
            await self._take_back()
        await self._mend()
        if self._has(Difference.LOST, Difference.NOT_BEGUN):
            await self._begin()
        if self._looked.answered is None:
            return
        if self._has(Difference.BEYOND, Difference.UNKNOWN_FACT):
            await self._let_it_compare()
            await self._tell_unknown()

    async def _look_again(self) -> None:
        self._looked = await compared(self._client, self._settings, self._number, ended=True)

    async def _stored(self) -> StoredOrder:
        return await asyncio.to_thread(stored_order, self._engine, self._number)

    async def _take_back(self) -> None:
        """The row and the request, from what the workflow was started with or from what is kept of it."""
        from activities.orders.taken_numbers import kept_under, take_back

        if is_case(self._number):
            await take_back_case(self._client, self._settings, self._looked.found)
            return
        lost = await lost_request(self._client, self._settings, self._looked.found)
        if lost is None:
            lost = await asyncio.to_thread(kept_under, self._engine, self._number)
        if lost is not None and lost.start.number == self._number:
            await asyncio.to_thread(take_back, self._engine, lost, datetime.now(UTC))

    async def _mend(self) -> None:
        """The journal, from what the order once sent; then its rows, from what it is now."""
        stored, answered = await self._stored(), self._looked.answered
        at = self._target(stored, answered)
        if at is None:
            return
        if stored.stands_at != at or not chain_of(stored).is_whole:
            missing = missing_entries(stored, {}, *at)
            if missing is None:
                missing = missing_entries(stored, await self._everything_sent(), *at)
            if missing is not None:
                epoch = answered.epoch if answered is not None else 0
                await asyncio.to_thread(write_entries, self._engine, stored, missing, at, epoch)
            elif answered is not None and stored.stands_at != at:
                await self._let_it_compare()
                return
        if answered is not None:
            await asyncio.to_thread(write_rows, self._engine, await self._stored(), answered.order)

    @staticmethod
    def _target(stored: StoredOrder, answered: Answered | None) -> tuple[int, str] | None:
        """Where the order database ought to stand; None where only the workflow itself can say."""
        if answered is None:
            newest = max(stored.journal, key=lambda each: (each.epoch, each.sequence), default=None)
            if stored.sequence == 0 and newest is not None:
                return newest.sequence, newest.hash  # its row was lost, and not its journal
            return stored.stands_at if stored.row is not None else None
        order = answered.order
        is_beyond = stored.sequence > order.sequence or (
            stored.sequence == order.sequence and stored.head != order.head
        )
        return None if is_beyond else answered.stands_at

    async def _everything_sent(self) -> dict[str, Sent]:
        if self._sent is None:
            self._sent = await sent_by(self._client, self._number)
        return self._sent

    async def _begin(self) -> None:
        from runtime.cases.beginning import begin_kept
        from runtime.delivery.bringing_back import bring_back
        from runtime.delivery.placing import begin_numbered

        if is_case(self._number):
            # One that lived and whose workflow is gone is left for a person: only orders are lived anew from their journals.
            if not self._has(Difference.NOT_BEGUN):
                return
            await begin_kept(self._client, self._settings, self._number)
        elif self._has(Difference.NOT_BEGUN):
            await begin_numbered(self._client, self._settings, self._number)
        else:
            await bring_back(self._client, self._settings, self._number, AUDITOR)
        await self._look_again()
        await self._mend()

    async def _let_it_compare(self) -> None:
        """The order sends all its rows: where the database has another history it hears of it, and takes what it lacks."""
        if self._looked.found.state is not ServerState.RUNNING:
            return
        await record_anew(self._client, self._number)
        for _ in range(_UNTIL_STILL):
            await asyncio.sleep(PAUSE_SECONDS)
            await self._look_again()
            if not self._has(Difference.BEYOND, Difference.BEHIND):
                break
        await self._mend_gaps()

    async def _mend_gaps(self) -> None:
        stored, answered = await self._stored(), self._looked.answered
        if answered is not None and stored.stands_at == answered.stands_at and not chain_of(stored).is_whole:
            missing = missing_entries(stored, await self._everything_sent(), *stored.stands_at)
            if missing is not None:
                await asyncio.to_thread(
                    write_entries, self._engine, stored, missing, stored.stands_at, answered.epoch
                )

    async def _tell_unknown(self) -> None:
        """What is still unknown after that is told as it stands in the journal, in its order."""
        lacking = {each.where for each in self._looked.findings if each.difference is Difference.UNKNOWN_FACT}
        stored = await self._stored()
        handle = order_handle(self._client, self._number)
        for each in said_in(entry.row for entry in stored.journal):
            if known_as(each["by"], each["fact_id"]) in lacking:
                message = message_to(self._settings, self._number, Envelope.model_validate(each))
                with named_answers():
                    await handle.signal(each["kind"], message)
