"""What was taken while the Temporal server was away is told when it is back: in order, once as the order sees it.

One order or fact that cannot be told never holds up the others: it is set aside as a clerk's step, or left for later.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from activities.facts import pending_facts
from activities.store.faults import named_faults
from models.messages.reply import Status
from models.values.errors import OF_THE_WORLD, Code, Refusal
from runtime.delivery.placing import Opened, begin_order
from runtime.delivery.telling import PATIENCE_SECONDS, Told, tell_order
from runtime.quotes.placing import begin_waiting
from runtime.refusals import is_silent
from runtime.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from temporalio.client import Client

_log = logging.getLogger("dingdan.inbox")
_BEGINNING = timedelta(seconds=10)
"""How long whoever numbered an order is left alone to begin it."""
_MOST_REMEMBERED = 1000
_MOST_TROUBLES = 3
"""So many orders may meet a fault of the server's before it counts as the server's own, and all wait."""
_BRIEF_SECONDS = 0.2
"""How long an order is waited for that has just not answered: its facts are stored, and the others' turn comes."""


@dataclass(slots=True)
class _Round:
    """One round over what was kept: which orders met trouble, and which did not answer."""

    client: Client
    settings: Settings
    engine: Engine
    troubles: dict[str, Refusal] = field(default_factory=dict)
    unanswering: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    """Orders whose workflow is gone: what waits for them waits until somebody brings them back."""

    def trouble(self, order: str, refusal: Refusal) -> None:
        """Leave this order for later. Raises the refusal where the others would meet the same."""
        _log.warning("%s: %s", order, refusal.words.en)
        self.troubles[order] = refusal
        if is_silent(refusal) or len(self.troubles) >= _MOST_TROUBLES:
            raise refusal


async def forward(client: Client, settings: Settings, engine: Engine, begun: set[str]) -> int:
    """Start what was placed, then tell what waits, the oldest first; how many facts were told.

    `begun` are the orders that were started here before; they grow with every one that is started now.

    The same fact told twice changes nothing: the order knows its id. Raises Refusal where the world cannot; where it
    could not for single orders only, the others are done first.
    """
    this = _Round(client, settings, engine)
    await _begin_all(this, begun)
    count = await _tell_all(this)
    for refusal in this.troubles.values():
        raise refusal
    return count


async def _begin_all(this: _Round, begun: set[str]) -> None:
    from activities.orders.requests import not_begun
    from activities.orders.taken_numbers import misnumbered

    # What died between a number that was taken and the next one is found by the process after it.
    others = [] if begun else await asyncio.to_thread(misnumbered, this.engine)
    if len(begun) > _MOST_REMEMBERED:
        begun.clear()  # starting one of them again changes nothing
    waiting = await asyncio.to_thread(not_begun, this.engine, datetime.now(UTC) - _BEGINNING, begun)
    for number in (*others, *waiting):
        try:
            await _begin(this, number)
        except Refusal as refusal:
            if refusal.code in OF_THE_WORLD:
                this.trouble(number, refusal)
            else:
                _log.warning("%s is set aside: %s", number, refusal.words.en)
        else:
            begun.add(number)
    await begin_waiting(this.client, this.settings, begun)


async def _begin(this: _Round, number: str) -> None:
    """Begin a numbered order. What cannot be read, or is refused, is set aside before the refusal is raised."""
    from activities.orders.requests import start_of
    from activities.orders.unstarted import set_aside

    try:
        with named_faults(f"the start of {number}"):
            start = await asyncio.to_thread(start_of, this.engine, number)
    except Refusal as refusal:
        if refusal.code not in OF_THE_WORLD:
            await asyncio.to_thread(set_aside, this.engine, number, refusal, datetime.now(UTC))
        raise
    await begin_order(this.client, this.settings, Opened(start, known=True))


async def forward_order(client: Client, settings: Settings, engine: Engine, number: str) -> int:
    """Tell one order what waits for it; how many facts were told. Raises Refusal where the world cannot."""
    this = _Round(client, settings, engine)
    count = await _tell_all(this, number)
    for refusal in this.troubles.values():
        raise refusal
    return count


async def _tell_all(this: _Round, order: str | None = None) -> int:
    count = after = 0
    while found := await asyncio.to_thread(pending_facts.waiting, this.engine, after, order):
        for kept in found:
            after = kept.number
            # what comes later stands behind what is left for later
            if kept.order_number not in this.troubles and kept.order_number not in this.lost:
                count += await _tell_kept(this, kept)
    return count


async def _tell_kept(this: _Round, kept: pending_facts.Kept) -> int:
    """Whether it was told, as a number. What is refused is set aside."""
    order, now = kept.order_number, datetime.now(UTC)
    patience = _BRIEF_SECONDS if order in this.unanswering else PATIENCE_SECONDS
    try:
        with named_faults(f"{order} {kept.envelope.fact_id}"):
            told = await tell_order(this.client, this.settings, order, kept.envelope, patience)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            this.trouble(order, refusal)
        elif refusal.code is Code.UNKNOWN_ORDER:
            await asyncio.to_thread(pending_facts.mark_unplaced, this.engine, kept, now)
        else:
            _log.warning("%s %s: %s", order, kept.envelope.fact_id, refusal.code.value)
            await asyncio.to_thread(pending_facts.set_aside, this.engine, kept, refusal, now, told=False)
        return 0
    if told.lost:
        this.lost.add(order)
        return 0
    if told.stored:
        this.unanswering.add(order)
    await asyncio.to_thread(_keep_answer, this.engine, kept, told, now)
    return 1


def _keep_answer(engine: Engine, kept: pending_facts.Kept, told: Told, now: datetime) -> None:
    """A late fact has its own step already; what the order refused gets one: its sender was told that it is taken."""
    refusal = told.refusal
    if refusal is not None and not told.late:
        pending_facts.set_aside(engine, kept, refusal, now, told=True)
        return
    reply = told.reply
    if (
        reply is not None
        and reply.status is Status.KEPT_EARLY
        and kept.envelope.kind == pending_facts.MONEY_BACK
    ):
        pending_facts.ask_for_receipt(engine, kept, now)
    answer = told.reply.model_dump(mode="json") if told.reply is not None else {"status": "stored"}
    pending_facts.mark_told(engine, kept.number, answer, now)
